//! Configured patterns and regexes, as Python sees them.
//!
//! Here: classes that wrap the core's own, and the one way from its errors to Python's.
//! Not here: rules (`parse/pattern.rs`, `parse/regex.rs`), what is built of them (`matcher.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#origin-header>

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::error::Refusal;
use crate::{matcher, parse};

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

pub fn build_matcher(
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
