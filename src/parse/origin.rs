//! Parses the `Origin` request header.
//!
//! Here: `Origin` and the one function that makes it from bytes.
//! Not here: hosts and ports (`host.rs`), configured patterns (`pattern.rs`), any decision, any
//! error text.
//! Spec: <https://fetch.spec.whatwg.org/#origin-header>

use std::ops::Range;

use super::host::{Host, Kind, Port, parse_port, split_port};
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
        if value == b"null" {
            return Some(Origin::Null);
        }
        let parts = Parts::of(value)?;
        let text = std::str::from_utf8(value).ok()?;
        let host = &text[parts.host];
        Some(Origin::Tuple(TupleOrigin {
            text,
            scheme: &text[..parts.scheme],
            host: match parts.kind {
                Kind::Domain => Host::Domain(host),
                Kind::Ip => Host::Ip(host),
            },
            port: parts.port,
        }))
    }
}

/// Where the parts of an origin lie in its bytes, for whoever needs no text of them.
pub(crate) struct Parts {
    scheme: usize,
    host: Range<usize>,
    kind: Kind,
    port: Port,
}

impl Parts {
    /// Finds the parts of an origin that is not opaque. Such an origin is ASCII.
    pub(crate) fn of(value: &[u8]) -> Option<Parts> {
        if value.len() > MAX_ORIGIN_BYTES {
            return None;
        }
        let authority = authority(value)?;
        let scheme = &value[..authority - "://".len()];
        if !is_scheme(scheme) {
            return None;
        }
        let (host, digits) = split_port(&value[authority..]);
        let port = match digits {
            None => Port::Implicit,
            Some(digits) => Port::Exact(parse_serialized_port(scheme, digits)?),
        };
        Some(Parts {
            scheme: scheme.len(),
            host: authority..authority + host.len(),
            kind: Kind::of(host, is_special_scheme(scheme))?,
            port,
        })
    }
}

/// Where the authority of an origin begins: behind the first colon, and two slashes.
#[inline]
pub(crate) fn authority(value: &[u8]) -> Option<usize> {
    // Nearly every origin has one of two schemes.
    if value.starts_with(b"https://") {
        return Some("https://".len());
    }
    let scheme = value.iter().position(|&byte| byte == b':')?;
    value[scheme..]
        .starts_with(b"://")
        .then_some(scheme + "://".len())
}

/// Parses the digits of a port that is not the scheme's own, since a serialized origin leaves that out.
fn parse_serialized_port(scheme: &[u8], digits: &[u8]) -> Option<u16> {
    parse_port(digits).filter(|&port| default_port(scheme) != Some(port))
}

/// Whether an origin can go on with a colon and these digits. Precondition: without a port it is one.
pub(crate) fn is_serialized_port(origin: &[u8], digits: &[u8]) -> bool {
    let scheme = origin.split(|&byte| byte == b':').next();
    scheme.is_some_and(|scheme| parse_serialized_port(scheme, digits).is_some())
}
