//! `Rules`, as Python sees them: one call a request.
//!
//! Here: what a policy allows, and the facts of a request under it.
//! Not here: how header lines are read out of Python objects (`request.rs`), facts (`facts.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::patterns::{Pattern, Regex, build_matcher};
use super::request::{read_environ, read_headers};
use crate::NameSet;

/// What a policy allows, as far as requests can ask for it.
#[pyclass(frozen)]
pub struct Rules {
    rules: crate::Rules,
    /// Whether answers name what was asked for, so that it must be handed over.
    echoes: bool,
}

pub type FactsOfRequest<'py> = (
    u8,
    Option<Bound<'py, PyString>>,
    Option<(Bound<'py, PyString>, String)>,
);

#[pymethods]
impl Rules {
    #[new]
    #[pyo3(signature = (patterns, regexes, /, *, null, methods, headers, echoes))]
    fn new(
        patterns: Vec<PyRef<'_, Pattern>>,
        regexes: Vec<PyRef<'_, Regex>>,
        null: bool,
        methods: Vec<String>,
        headers: Vec<String>,
        echoes: bool,
    ) -> PyResult<Self> {
        let rules = crate::Rules {
            origins: build_matcher(&patterns, &regexes)?,
            null,
            methods: NameSet::of_methods(methods.iter().map(String::as_str)),
            headers: NameSet::of_headers(headers.iter().map(String::as_str)),
        };
        Ok(Self { rules, echoes })
    }

    #[pyo3(signature = (method, headers, /))]
    fn facts<'py>(
        &self,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<FactsOfRequest<'py>> {
        let Ok(method) = method.cast::<PyString>() else {
            let kind = method.get_type();
            let message = format!("a method is str, not {}", kind.name()?);
            return Err(PyTypeError::new_err(message));
        };
        read_headers(&self.rules, self.echoes, method, headers)?.facts(method.py())
    }

    #[pyo3(signature = (environ, /))]
    fn facts_of_environ<'py>(&self, environ: &Bound<'py, PyDict>) -> PyResult<FactsOfRequest<'py>> {
        read_environ(&self.rules, self.echoes, environ)?.facts(environ.py())
    }
}
