//! The core of corsac: the text of a CORS request in, facts out.
//!
//! It holds no policy and writes no response header: it parses `Origin` and
//! `Access-Control-Request-*`, matches origins against patterns, and says what is so. In the order
//! in which a request flows:
//!
//! 1. [`grammar`]: byte classes and limits.
//! 2. [`parse`]: [`Origin`] and [`parse::fields`] from requests; [`Pattern`] and [`OriginRegex`]
//!    from configuration, with a [`PatternError`] for each mistake.
//! 3. [`OriginMatcher`] and [`NameSet`]: built once, asked often.
//! 4. [`Routes`]: which of several policies, by host and path.
//! 5. [`Rules`] and a request give [`Facts`].
//!
//! No input makes it panic, nothing on the request path allocates but a thread's first match of a
//! regex and a path or host that must be spelled anew to be looked up, and the time is linear in the
//! length of the input, under the limits in [`grammar`]; a host is looked up once for each of its
//! labels that a pattern or a route can end in.
//!
//! ```
//! use corsac::{OriginMatcher, Pattern};
//!
//! let matcher = OriginMatcher::new([Pattern::parse("https://*.example.com")?], &[])?;
//! assert!(matcher.matches(b"https://shop.example.com"));
//! assert!(!matcher.matches(b"https://example.com.evil.test"));
//! # Ok::<(), corsac::PatternError>(())
//! ```
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod grammar;
pub mod parse;

mod error;
mod facts;
mod matcher;
mod names;
#[cfg(feature = "python")]
mod python;
mod routes;

pub use error::{PatternError, PatternErrorKind, Refusal};
pub use facts::{Facts, FactsReader, Line, Rules};
pub use matcher::OriginMatcher;
pub use names::NameSet;
pub use parse::host::{Host, Port};
pub use parse::origin::{Origin, TupleOrigin};
pub use parse::pattern::{Pattern, TuplePattern};
pub use parse::regex::OriginRegex;
pub use routes::{Route, Routes, Way};
