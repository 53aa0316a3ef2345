//! Text in, values out: the lenient and fast parsers of requests, the strict ones of configuration.
//!
//! Here: the modules, nothing else.
//! Not here: matching, allow-lists.
//! Spec: <https://fetch.spec.whatwg.org/#http-new-header-syntax>

pub mod fields;
pub mod host;
pub mod origin;
pub mod pattern;
pub mod regex;
