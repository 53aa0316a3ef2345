//! Parses the `Origin` request header.
//!
//! Here: `Origin` and the one function that makes it from bytes.
//! Not here: hosts and ports (`host.rs`), configured patterns (`pattern.rs`), any decision, any
//! error text.
//! Spec: <https://fetch.spec.whatwg.org/#origin-header>

use super::host::{Host, Port, parse_port};
use crate::grammar::{MAX_ORIGIN_BYTES, default_port, is_scheme, is_special_scheme};

/// A serialized origin, as a browser sends it; it borrows the bytes that it was parsed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// `null`: an opaque origin.
    Null,
    /// Scheme, host and port.
    Tuple(TupleOrigin<'a>),
}

/// Scheme, host and port of an origin that is not opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TupleOrigin<'a> {
    /// The whole, as it was sent.
    pub text: &'a str,
    /// The scheme, without `://`.
    pub scheme: &'a str,
    /// A [`Host::Domain`] or a [`Host::Ip`].
    pub host: Host<'a>,
    /// A [`Port::Implicit`] or a [`Port::Exact`].
    pub port: Port,
}

impl<'a> Origin<'a> {
    /// Parses the value of one `Origin` line; `None` where it is no serialized origin.
    ///
    /// Nothing is trimmed, lower-cased or decoded: browsers send exactly one spelling, and a
    /// second one would be a second key in caches and a second chance for an attacker.
    ///
    /// ```
    /// use corsac::{Origin, Port};
    ///
    /// let Some(Origin::Tuple(origin)) = Origin::parse(b"https://example.com:8443") else { panic!() };
    /// assert_eq!(("https", Port::Exact(8443)), (origin.scheme, origin.port));
    /// assert_eq!(Some(Origin::Null), Origin::parse(b"null"));
    /// assert_eq!(None, Origin::parse(b"https://example.com/"));
    /// ```
    /// <https://fetch.spec.whatwg.org/#origin-header>
    pub fn parse(value: &'a [u8]) -> Option<Origin<'a>> {
        if value.len() > MAX_ORIGIN_BYTES {
            return None;
        }
        if value == b"null" {
            return Some(Origin::Null);
        }
        let text = std::str::from_utf8(value).ok()?;
        let (scheme, rest) = text.split_at_checked(value.iter().position(|&byte| byte == b':')?)?;
        let rest = rest.strip_prefix("://")?;
        if !is_scheme(scheme.as_bytes()) {
            return None;
        }
        let (host, port) = split_port(rest)?;
        let host = Host::parse(host, is_special_scheme(scheme.as_bytes()))?;
        let port = match port {
            None => Port::Implicit,
            Some(digits) => {
                let port = parse_port(digits.as_bytes())?;
                if default_port(scheme.as_bytes()) == Some(port) {
                    return None;
                }
                Port::Exact(port)
            }
        };
        Some(Origin::Tuple(TupleOrigin {
            text,
            scheme,
            host,
            port,
        }))
    }
}

/// Splits host and port; a colon between brackets belongs to the host.
fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    let bytes = text.as_bytes();
    let from = if bytes.first() == Some(&b'[') {
        bytes.iter().position(|&byte| byte == b']')?
    } else {
        0
    };
    match bytes[from..].iter().position(|&byte| byte == b':') {
        None => Some((text, None)),
        Some(colon) => {
            let (host, port) = text.split_at_checked(from + colon)?;
            Some((host, Some(port.strip_prefix(':')?)))
        }
    }
}
