//! Configured patterns and regexes, as Python sees them.
//!
//! Here: classes that wrap the core's own, one for a whole list, and the one way from its errors to
//! Python's.
//! Not here: rules (`parse/pattern.rs`, `parse/regex.rs`), what is built of them (`matcher.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#origin-header>

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

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
        PatternError::new_err(spell_out(&error))
    }
}

/// The arguments of a `PatternError`.
fn spell_out(error: &crate::PatternError) -> (&'static str, String, usize) {
    let refusal = match error.refusal() {
        Refusal::Invalid => "invalid",
        Refusal::Prohibited => "prohibited",
    };
    (refusal, error.to_string(), error.position)
}

/// A configured pattern that parsed, with what makes it dangerous.
#[pyclass(frozen)]
pub struct Pattern {
    #[pyo3(get)]
    is_insecure: bool,
    #[pyo3(get)]
    is_under_public_suffix: bool,
}

#[pymethods]
impl Pattern {
    #[new]
    #[pyo3(signature = (text, /))]
    fn new(text: &str) -> PyResult<Self> {
        let (is_insecure, is_under_public_suffix) = match parse::pattern::Pattern::parse(text)? {
            parse::pattern::Pattern::Any => (false, false),
            parse::pattern::Pattern::Tuple(pattern) => {
                (pattern.is_insecure(), pattern.is_under_public_suffix())
            }
        };
        Ok(Self {
            is_insecure,
            is_under_public_suffix,
        })
    }
}

/// A list of configured patterns, read in one call, without an object for each that parsed.
#[pyclass(frozen)]
pub struct Patterns {
    values: Py<PyTuple>,
    matcher: matcher::OriginMatcher,
    /// The places of what is no text.
    #[pyo3(get)]
    others: Vec<usize>,
    /// The places of texts that are no patterns, each with the arguments of its `PatternError`.
    #[pyo3(get)]
    refused: Vec<(usize, (&'static str, String, usize))>,
}

#[pymethods]
impl Patterns {
    #[new]
    #[pyo3(signature = (values, skipped, /))]
    fn new(values: Bound<'_, PyTuple>, skipped: &str) -> Self {
        let (mut others, mut refused) = (Vec::new(), Vec::new());
        let texts = values.as_slice().iter().enumerate();
        let patterns = texts.filter_map(|(place, value)| match text_of(value) {
            Some(text) if text == skipped => None,
            Some(text) => parse::pattern::Pattern::parse(text)
                .map_err(|error| refused.push((place, spell_out(&error))))
                .ok(),
            None => {
                others.push(place);
                None
            }
        });
        let matcher = matcher::OriginMatcher::of_patterns(patterns);
        Self {
            values: values.unbind(),
            matcher,
            others,
            refused,
        }
    }

    /// The places of the patterns that are `*`, or dangerous together with credentials.
    fn dangerous(&self, py: Python<'_>) -> Vec<usize> {
        let is_dangerous = |value: &Bound<'_, PyAny>| {
            let pattern = text_of(value).map(parse::pattern::Pattern::parse);
            pattern.is_some_and(|pattern| match pattern {
                Err(_) => false,
                Ok(parse::pattern::Pattern::Any) => true,
                Ok(parse::pattern::Pattern::Tuple(pattern)) => {
                    pattern.is_insecure() || pattern.is_under_public_suffix()
                }
            })
        };
        let values = self.values.bind(py).as_slice().iter().enumerate();
        let dangerous = values.filter(|(_, value)| is_dangerous(value));
        dangerous.map(|(place, _)| place).collect()
    }
}

/// The text of a str that is Unicode.
fn text_of<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    value.cast::<PyString>().ok()?.to_str().ok()
}

/// A configured regex that parsed.
#[pyclass(frozen)]
pub struct Regex(parse::regex::OriginRegex);

#[pymethods]
impl Regex {
    #[new]
    #[pyo3(signature = (source, ignores_case, leniently=false, /))]
    fn new(source: &str, ignores_case: bool, leniently: bool) -> PyResult<Self> {
        let parse = if leniently {
            parse::regex::OriginRegex::parse_leniently
        } else {
            parse::regex::OriginRegex::parse
        };
        Ok(Self(parse(source, ignores_case)?))
    }

    #[getter]
    fn matches_everything(&self) -> bool {
        self.0.matches_everything()
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
    patterns: &Patterns,
    regexes: &[PyRef<'_, Regex>],
) -> PyResult<matcher::OriginMatcher> {
    let regexes: Vec<_> = regexes.iter().map(|regex| regex.0.clone()).collect();
    Ok(patterns.matcher.clone().with_regexes(&regexes)?)
}
