//! The module `corsac._core`: the core, as Python sees it.
//!
//! Here: classes that wrap the core's own, and the one way from its errors to Python's.
//! Not here: rules; and how header lines are read out of Python objects (`request.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

mod request;

use pyo3::create_exception;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};

use crate::error::Refusal;
use crate::{NameSet, grammar, matcher, parse};
use request::{Text, read_environ, read_headers};

create_exception!(
    _core,
    PatternError,
    PyValueError,
    "A text is no pattern: (refusal, message, position)."
);

impl From<crate::PatternError> for PyErr {
    fn from(error: crate::PatternError) -> Self {
        let refusal = match error.refusal() {
            Refusal::Invalid => "invalid",
            Refusal::Prohibited => "prohibited",
        };
        PatternError::new_err((refusal, error.to_string(), error.position))
    }
}

/// A configured pattern that parsed.
#[pyclass(frozen)]
pub struct Pattern {
    text: String,
    #[pyo3(get)]
    is_insecure: bool,
    #[pyo3(get)]
    is_under_public_suffix: bool,
}

impl Pattern {
    fn parsed(&self) -> Result<parse::pattern::Pattern<'_>, crate::PatternError> {
        parse::pattern::Pattern::parse(&self.text)
    }
}

#[pymethods]
impl Pattern {
    #[new]
    #[pyo3(signature = (text, /))]
    fn new(text: String) -> PyResult<Self> {
        let (is_insecure, is_under_public_suffix) = match parse::pattern::Pattern::parse(&text)? {
            parse::pattern::Pattern::Any => (false, false),
            parse::pattern::Pattern::Tuple(pattern) => {
                (pattern.is_insecure(), pattern.is_under_public_suffix())
            }
        };
        Ok(Self {
            text,
            is_insecure,
            is_under_public_suffix,
        })
    }
}

/// A configured regex that parsed.
#[pyclass(frozen)]
pub struct Regex(parse::regex::OriginRegex);

#[pymethods]
impl Regex {
    #[new]
    #[pyo3(signature = (source, ignores_case, /))]
    fn new(source: &str, ignores_case: bool) -> PyResult<Self> {
        Ok(Self(parse::regex::OriginRegex::parse(
            source,
            ignores_case,
        )?))
    }

    #[getter]
    fn begins_with_scheme(&self) -> bool {
        self.0.begins_with_scheme()
    }

    #[getter]
    fn is_under_public_suffix(&self) -> bool {
        self.0.is_under_public_suffix()
    }

    #[getter]
    fn lets_http_through(&self) -> bool {
        self.0.lets_http_through()
    }
}

fn build_matcher(
    patterns: &[PyRef<'_, Pattern>],
    regexes: &[PyRef<'_, Regex>],
) -> PyResult<matcher::OriginMatcher> {
    let patterns = patterns
        .iter()
        .map(|pattern| pattern.parsed())
        .collect::<Result<Vec<_>, _>>()?;
    let regexes: Vec<_> = regexes.iter().map(|regex| regex.0.clone()).collect();
    Ok(matcher::OriginMatcher::new(patterns, &regexes)?)
}

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

/// What a policy allows, as far as requests can ask for it.
#[pyclass(frozen)]
pub struct Rules {
    rules: crate::Rules,
    /// Whether answers name what was asked for, so that it must be handed over.
    echoes: bool,
}

type FactsOfRequest<'py> = (
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

/// Whether the text is a token, the form of methods and header names.
#[pyfunction]
#[pyo3(signature = (text, /))]
fn is_token(text: &str) -> bool {
    grammar::is_token(text.as_bytes())
}

#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::{OriginMatcher, Pattern, PatternError, Regex, Rules, is_token};
}
