//! `OriginMatcher`, as Python sees it.
//!
//! Here: origins out of Python objects, one or many. Not here: matching (`matcher.rs` of the core).
//! Spec: <https://fetch.spec.whatwg.org/#origin-header>

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

use super::patterns::{Pattern, Regex, build_matcher};
use super::request::Text;
use crate::{grammar, matcher};

/// Matches origins against patterns.
#[pyclass(frozen, subclass)]
pub struct OriginMatcher(matcher::OriginMatcher);

#[pymethods]
impl OriginMatcher {
    #[new]
    #[pyo3(signature = (patterns, regexes, /))]
    fn new(patterns: Vec<PyRef<'_, Pattern>>, regexes: Vec<PyRef<'_, Regex>>) -> PyResult<Self> {
        Ok(Self(build_matcher(&patterns, &regexes)?))
    }

    /// Whether the origin, a str, bytes or None, is covered by a pattern; TypeError for other types.
    #[pyo3(signature = (origin, /))]
    fn matches(&self, origin: &Bound<'_, PyAny>) -> PyResult<bool> {
        if origin.is_none() {
            return Ok(false);
        }
        let Ok(text) = Text::of(origin) else {
            let kind = origin.get_type();
            let message = format!("an origin is str, bytes or None, not {}", kind.name()?);
            return Err(PyTypeError::new_err(message));
        };
        Ok(self.0.matches(text.bytes(grammar::MAX_ORIGIN_BYTES)))
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
        let answers: Vec<bool> = if let Ok(list) = origins.cast::<PyList>() {
            list.iter()
                .map(|origin| self.matches(&origin))
                .collect::<PyResult<_>>()?
        } else if let Ok(tuple) = origins.cast::<PyTuple>() {
            tuple
                .iter_borrowed()
                .map(|origin| self.matches(&origin))
                .collect::<PyResult<_>>()?
        } else if origins.is_instance_of::<PyString>() || origins.is_instance_of::<PyBytes>() {
            return Err(PyTypeError::new_err(
                "match_many() takes an iterable of origins; for one origin call matches()",
            ));
        } else {
            origins
                .try_iter()?
                .map(|origin| self.matches(&origin?))
                .collect::<PyResult<_>>()?
        };
        PyList::new(origins.py(), answers)
    }
}
