//! `Rules`, as Python sees them: one call a request.
//!
//! Here: what a policy allows, and the facts of a request under it.
//! Not here: how header lines are read out of Python objects (`request.rs`), facts (`facts.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::patterns::{Patterns, Regex, build_matcher};
use super::request::{Asked, Kind, Method, Request};
use crate::{Facts, NameSet};

/// What a policy allows, as far as requests can ask for it.
#[pyclass(frozen)]
pub struct Rules {
    rules: crate::Rules,
    /// Whether answers name what was asked for, so that it must be handed over.
    echoes: bool,
}

/// The facts as bits, the allowed origin, and what was asked for: method and names, each empty
/// where the answer does not name it.
type FactsOfRequest<'py> = (
    usize,
    Option<Bound<'py, PyAny>>,
    Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
);

#[pymethods]
impl Rules {
    #[new]
    #[pyo3(signature = (patterns, regexes, /, *, null, methods, headers, echoes))]
    fn new(
        patterns: &Patterns,
        regexes: Vec<PyRef<'_, Regex>>,
        null: bool,
        methods: Vec<String>,
        headers: Vec<String>,
        echoes: bool,
    ) -> PyResult<Self> {
        let rules = crate::Rules {
            origins: build_matcher(patterns, &regexes)?,
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
        let mut request = self.request(Some(Method::of(method)?));
        request.read_headers(headers)?;
        self.facts_of(request, method.py())
    }

    #[pyo3(signature = (environ, /))]
    fn facts_of_environ<'py>(&self, environ: &Bound<'py, PyDict>) -> PyResult<FactsOfRequest<'py>> {
        let mut request = self.request(None);
        request.read_environ(environ)?;
        self.facts_of(request, environ.py())
    }
}

impl Rules {
    /// Begins to read a request.
    #[inline(always)]
    pub fn request<'a, 'py>(&self, method: Option<Method<'a, 'py>>) -> Request<'a, '_, 'py> {
        Request::new(&self.rules, self.echoes, method)
    }

    fn facts_of<'py>(
        &self,
        mut request: Request<'_, '_, 'py>,
        py: Python<'py>,
    ) -> PyResult<FactsOfRequest<'py>> {
        let Asked { facts, echo } = request.finish(py, Kind::Str)?;
        let allowed = Facts::METHOD_ALLOWED.bits() | Facts::HEADERS_ALLOWED.bits();
        let asked = (self.echoes && echo.origin.is_some() && facts.bits() & allowed == allowed)
            .then(|| {
                let empty = || PyString::intern(py, "").into_any();
                let (method, names) = (echo.method, echo.names);
                (method.unwrap_or_else(empty), names.unwrap_or_else(empty))
            });
        Ok((facts.bits(), echo.origin, asked))
    }
}
