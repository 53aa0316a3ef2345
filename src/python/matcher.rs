//! `OriginMatcher`, as Python sees it.
//!
//! Here: origins out of Python objects, one or many. Not here: matching (`matcher.rs` of the core).
//! Spec: <https://fetch.spec.whatwg.org/#origin-header>

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

use super::patterns::{Patterns, Regex, build_matcher};
use super::request::Text;
use crate::{grammar, matcher};

/// Matches origins against patterns.
#[pyclass(frozen, subclass)]
pub struct OriginMatcher(matcher::OriginMatcher);

#[pymethods]
impl OriginMatcher {
    #[new]
    #[pyo3(signature = (patterns, regexes, /))]
    fn new(patterns: &Patterns, regexes: Vec<PyRef<'_, Regex>>) -> PyResult<Self> {
        Ok(Self(build_matcher(patterns, &regexes)?))
    }

    /// Whether the origin, a str, bytes or None, is covered by a pattern; TypeError for other types.
    #[pyo3(signature = (origin, /))]
    fn matches(&self, origin: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.0.matches(bytes_of(origin)?))
    }

    fn __contains__(&self, origin: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.matches(origin)
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// As `matches`, for an iterable of origins: a list of bool in their order; TypeError for one str.
    #[pyo3(signature = (origins, /))]
    fn match_many<'py>(&self, origins: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
        let py = origins.py();
        let origins = if let Ok(list) = origins.cast::<PyList>() {
            // One loop in C, and then nobody can change the list while it is read.
            list.to_tuple()
        } else if let Ok(tuple) = origins.cast::<PyTuple>() {
            tuple.clone()
        } else if origins.is_instance_of::<PyString>() || origins.is_instance_of::<PyBytes>() {
            return Err(PyTypeError::new_err(
                "match_many() takes an iterable of origins; for one origin call matches()",
            ));
        } else {
            let origins = origins.try_iter()?.collect::<PyResult<Vec<_>>>()?;
            PyTuple::new(py, origins)?
        };
        let origins = origins.as_slice().iter();
        let texts = origins.map(bytes_of).collect::<PyResult<Vec<_>>>()?;
        // What the texts lie in is held by the tuple, and never changes.
        let answers = if texts.len() < DETACHED {
            self.0.match_many(&texts)
        } else {
            py.detach(|| self.0.match_many(&texts))
        };
        PyList::new(py, answers)
    }
}

/// From how many origins on other threads may run meanwhile. Chosen by us because fewer take less
/// than a millisecond, a fifth of what the interpreter grants any thread, and because of the price:
/// beside a thread that computes, a call that let go of the lock may wait that long to get it back.
/// <https://docs.python.org/3/library/sys.html#sys.setswitchinterval>
const DETACHED: usize = 16_384;

/// The bytes of an origin; none for None, which no pattern covers, as there is no origin.
#[inline(always)]
fn bytes_of<'a>(origin: &'a Bound<'_, PyAny>) -> PyResult<&'a [u8]> {
    match Text::try_of(origin) {
        Some(text) => Ok(text.bytes(grammar::MAX_ORIGIN_BYTES)),
        None if origin.is_none() => Ok(b""),
        None => Err(not_an_origin(origin)),
    }
}

#[cold]
fn not_an_origin(origin: &Bound<'_, PyAny>) -> PyErr {
    match origin.get_type().name() {
        Ok(kind) => PyTypeError::new_err(format!("an origin is str, bytes or None, not {kind}")),
        Err(error) => error,
    }
}
