//! `Rules`, as Python sees them: one call a request.
//!
//! Here: what a policy allows, and the facts of a request under it.
//! Not here: how header lines are read out of Python objects (`request.rs`), facts (`facts.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::echo::{Asked, Echoes};
use super::patterns::{Patterns, Regex, build_matcher};
use super::request::{Kind, Method, Request, Text};
use crate::grammar::MAX_ORIGIN_BYTES;
use crate::{Facts, NameSet};

/// What a policy allows, as far as requests can ask for it.
#[pyclass(frozen)]
pub struct Rules {
    rules: crate::Rules,
    /// What answers name of what was asked for, so that it must be handed over.
    echoes: Echoes,
}

/// The facts as bits, the allowed origin, and what was asked for: method and names, each empty
/// where the answer does not name it.
pub type FactsOfRequest<'py> = (
    usize,
    Option<Bound<'py, PyAny>>,
    Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
);

#[pymethods]
impl Rules {
    #[new]
    #[pyo3(signature = (patterns, regexes, /, *, null, methods, headers, echoes, passing))]
    fn new(
        patterns: &Patterns,
        regexes: Vec<PyRef<'_, Regex>>,
        null: bool,
        methods: Vec<String>,
        headers: Vec<String>,
        echoes: bool,
        passing: bool,
    ) -> PyResult<Self> {
        let rules = crate::Rules {
            origins: build_matcher(patterns, &regexes)?,
            null,
            methods: NameSet::of_methods(methods.iter().map(String::as_str)),
            headers: NameSet::of_headers(headers.iter().map(String::as_str)),
        };
        let echoes = match (echoes, passing) {
            (false, _) => Echoes::Origin,
            (true, false) => Echoes::Allowed,
            (true, true) => Echoes::Passing,
        };
        Ok(Self { rules, echoes })
    }

    /// Whether an origin is allowed, `null` too.
    #[pyo3(signature = (origin, /))]
    fn allows_origin(&self, origin: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.allows(Text::of(origin)?))
    }

    #[pyo3(signature = (method, headers, /))]
    fn facts<'py>(
        &self,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<FactsOfRequest<'py>> {
        let asked = self.read(Method::of(method)?, headers, Kind::Str)?;
        Ok(self.facts_of(asked, method.py()))
    }

    #[pyo3(signature = (environ, /))]
    fn facts_of_environ<'py>(&self, environ: &Bound<'py, PyDict>) -> PyResult<FactsOfRequest<'py>> {
        let asked = self.read_environ(environ, Kind::Str)?;
        Ok(self.facts_of(asked, environ.py()))
    }
}

impl Rules {
    pub fn allows(&self, origin: Text<'_, '_>) -> bool {
        self.rules.allows_origin(origin.bytes(MAX_ORIGIN_BYTES))
    }

    /// Reads a request by its method and its header lines.
    #[inline]
    pub fn read<'py>(
        &self,
        method: Method<'_, 'py>,
        headers: &Bound<'py, PyAny>,
        kind: Kind,
    ) -> PyResult<Asked<'py>> {
        let mut request = Request::new(&self.rules, self.echoes, Some(method));
        request.read_headers(headers)?;
        request.finish(headers.py(), kind)
    }

    /// Reads a request by its WSGI environ, which brings its method along.
    #[inline]
    pub fn read_environ<'py>(
        &self,
        environ: &Bound<'py, PyDict>,
        kind: Kind,
    ) -> PyResult<Asked<'py>> {
        let mut request = Request::new(&self.rules, self.echoes, None);
        request.read_environ(environ)?;
        request.finish(environ.py(), kind)
    }

    /// What was read, in plain values.
    #[inline]
    pub fn facts_of<'py>(&self, asked: Asked<'py>, py: Python<'py>) -> FactsOfRequest<'py> {
        let Asked { facts, echo } = asked;
        let allowed = Facts::METHOD_ALLOWED.bits() | Facts::HEADERS_ALLOWED.bits();
        let repeats = match self.echoes {
            Echoes::Origin => false,
            Echoes::Allowed => facts.bits() & allowed == allowed,
            Echoes::Passing => facts.contains(Facts::IS_PREFLIGHT),
        };
        let asked = (repeats && echo.origin.is_some()).then(|| {
            let empty = || PyString::intern(py, "").into_any();
            let (method, names) = (echo.method, echo.names);
            (method.unwrap_or_else(empty), names.unwrap_or_else(empty))
        });
        (facts.bits(), echo.origin, asked)
    }
}
