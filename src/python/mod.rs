//! The module `corsac._core`: the core, as Python sees it.
//!
//! Here: the list of what crosses. Not here: rules of CORS. In order: configured patterns
//! (`patterns.rs`), many origins (`matcher.rs`), reading Python objects (`request.rs`), what answers
//! repeat (`echo.rs`), facts (`rules.rs`), who looks at them (`watch.rs`), finished header lines
//! (`lines.rs`), answers (`answers.rs`), what frameworks ask from Python (`exchange.rs`), one header
//! of a request (`value.rs`), what a policy is chosen by (`criteria.rs`), routes (`routes.rs`), what
//! answers are taken from (`assembled.rs`), what middleware are made of (`wrapped.rs`), the two
//! protocols.
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

mod answers;
mod asgi;
mod assembled;
mod criteria;
mod echo;
mod exchange;
mod lines;
mod matcher;
mod patterns;
mod request;
mod routes;
mod rules;
mod value;
mod watch;
mod wrapped;
mod wsgi;

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
        answers::Answers,
        asgi::ASGIMiddleware,
        assembled::{HeldAnswers, OriginAnswers, RoutedAnswers},
        exchange::Exchange,
        is_token,
        lines::{FinishedLines, Spoken},
        matcher::OriginMatcher,
        patterns::{Pattern, PatternError, Patterns, Regex},
        routes::Routes,
        rules::Rules,
        value::value_of,
        watch::{Counter, Watch, hear},
        wsgi::WSGIMiddleware,
    };
}
