//! The module `corsac._core`: the core, as Python sees it.
//!
//! Here: the list of what crosses. Not here: rules; patterns (`patterns.rs`), matching
//! (`matcher.rs`), facts (`rules.rs`), reading of Python objects (`request.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

mod matcher;
mod patterns;
mod request;
mod rules;

use pyo3::prelude::*;

use crate::grammar;

/// Whether the text is a token, the form of methods and header names.
#[pyfunction]
#[pyo3(signature = (text, /))]
fn is_token(text: &str) -> bool {
    grammar::is_token(text.as_bytes())
}

#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::{
        is_token,
        matcher::OriginMatcher,
        patterns::{Pattern, PatternError, Regex},
        rules::Rules,
    };
}
