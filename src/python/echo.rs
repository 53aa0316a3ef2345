//! What an answer repeats of a request.
//!
//! Here: which answers repeat what, and the repeated texts in the type of their protocol.
//! Not here: how a request is read (`request.rs`), where the texts stand in an answer (`lines.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>

use pyo3::prelude::*;

use super::request::Text;
use crate::Facts;
use crate::grammar::MAX_FIELD_BYTES;
use crate::parse::fields::RequestedNames;

/// What the answers to preflights repeat of them, beside the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echoes {
    /// Nothing.
    Origin,
    /// What was asked for, where all of it is allowed.
    Allowed,
    /// What passed, also where something else did not.
    Passing,
}

impl Echoes {
    /// Whether a line of names is kept; `goes_on` says that nothing was refused so far.
    #[inline]
    pub fn keeps(self, goes_on: bool) -> bool {
        match self {
            Echoes::Origin => false,
            Echoes::Allowed => goes_on,
            Echoes::Passing => true,
        }
    }
}

/// A request that was read. All words, since a byte among them would make each copy of it wait.
pub struct Asked<'py> {
    pub facts: Facts,
    pub echo: Echo<'py>,
}

/// What an answer repeats of a request, in the type that the answer has.
#[derive(Default)]
pub struct Echo<'py> {
    pub origin: Option<Bound<'py, PyAny>>,
    pub method: Option<Bound<'py, PyAny>>,
    pub names: Option<Bound<'py, PyAny>>,
}

impl<'py> Echo<'py> {
    /// For an actual response, which repeats nothing but the origin.
    #[inline]
    pub fn of_origin(py: Python<'py>, origin: Option<&Py<PyAny>>) -> Self {
        Self {
            origin: origin.map(|origin| origin.bind(py).clone()),
            ..Self::default()
        }
    }
}

/// The requested names that pass, as they were spelled, with empty elements left out.
pub fn join_names(lines: &[Bound<'_, PyAny>], passes: impl Fn(&[u8]) -> bool) -> PyResult<String> {
    let mut joined = String::new();
    let mut reader = RequestedNames::new();
    for line in lines {
        reader.read(Text::of(line)?.bytes(MAX_FIELD_BYTES), |name| {
            if !passes(name) {
                return true;
            }
            if !joined.is_empty() {
                joined.push_str(", ");
            }
            joined.extend(name.iter().map(|&byte| char::from(byte)));
            true
        });
    }
    Ok(joined)
}
