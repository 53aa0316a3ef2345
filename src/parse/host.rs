//! The host of a serialized origin, and its port.
//!
//! Here: the grammar that origins and patterns share, as yes or no.
//! Not here: reasons (`pattern.rs`), schemes (`grammar.rs`).
//! Spec: <https://url.spec.whatwg.org/#host-serializing>

use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::grammar::lanes::{LANES, Lanes, is_full, next};
use crate::grammar::{MAX_HOST_BYTES, MAX_LABEL_BYTES, is_label_byte};

/// The host of an origin or a pattern, as it is spelled there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host<'a> {
    /// A name, whole: `example.com`.
    Domain(&'a str),
    /// `*.` and a name, of which this is the name: any number of labels before it, but at least one.
    Subdomains(&'a str),
    /// An IPv4 address, or an IPv6 address with its brackets.
    Ip(&'a str),
}

/// What a host is, whatever its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Domain,
    Ip,
}

impl Kind {
    /// Tells what a host without a wildcard is; `None` where it is no host. `special` says whether
    /// the scheme is special. A host is ASCII. <https://url.spec.whatwg.org/#host-parsing>
    #[inline]
    pub(crate) fn of(host: &[u8], special: bool) -> Option<Kind> {
        if host.first() == Some(&b'[') {
            is_ipv6(host).then_some(Kind::Ip)
        } else if special && ends_in_number(host) {
            is_ipv4(host).then_some(Kind::Ip)
        } else {
            is_domain(host).then_some(Kind::Domain)
        }
    }
}

impl<'a> Host<'a> {
    /// Parses a host that holds no wildcard.
    pub(crate) fn parse(text: &'a str, special: bool) -> Option<Host<'a>> {
        match Kind::of(text.as_bytes(), special)? {
            Kind::Domain => Some(Host::Domain(text)),
            Kind::Ip => Some(Host::Ip(text)),
        }
    }
}

/// The port of an origin or a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// The scheme's default port, which a serialized origin leaves out.
    Implicit,
    /// Any other port, from 1 to 65535.
    Exact(u16),
    /// `:*`, in a pattern: whatever port, or none.
    Any,
}

/// Parses the digits of a port: 1 to 65535, no leading zero.
///
/// Deviation: the URL Standard has a port 0 too. Fetch blocks it, so that no page comes from there;
/// the cost is nothing. <https://fetch.spec.whatwg.org/#port-blocking>
/// <https://url.spec.whatwg.org/#port-state>
pub(crate) fn parse_port(digits: &[u8]) -> Option<u16> {
    if digits.is_empty() || digits.len() > 5 || digits[0] == b'0' {
        return None;
    }
    let mut port: u32 = 0;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        port = port * 10 + u32::from(digit - b'0');
    }
    u16::try_from(port).ok()
}

/// Splits an authority, or a whole origin, before the colon of its port. A colon that only digits
/// follow is that colon: within a host it stands between brackets.
#[inline]
pub(crate) fn split_port(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    // One digit more than a port has, so that a longer number is not cut in two.
    let digits = text.iter().rev().take(6).take_while(|b| b.is_ascii_digit());
    let (before, digits) = text.split_at(text.len() - digits.count());
    match before.strip_suffix(b":") {
        Some(host) if !digits.is_empty() => (host, Some(digits)),
        _ => (text, None),
    }
}

/// Labels between dots; one dot may end the name, and is part of it.
#[inline]
fn is_domain(host: &[u8]) -> bool {
    host.len() <= MAX_HOST_BYTES && are_labels(host.strip_suffix(b".").unwrap_or(host))
}

/// Whether the text is one label, or several with a dot between each two.
#[inline]
pub(crate) fn are_labels(text: &[u8]) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b'.' | b'-'));
    if is_end(text.first()) || is_end(text.last()) {
        return false;
    }
    let Some(last) = text.last_chunk::<LANES>() else {
        return are_short_labels(text);
    };
    // In steps of seven, so that each two neighbours meet in a word.
    text.windows(LANES)
        .step_by(LANES - 1)
        .all(|window| window.first_chunk().is_some_and(are_label_bytes))
        && are_label_bytes(last)
        && (text.len() <= MAX_LABEL_BYTES || are_short_enough(text))
}

/// Whether the bytes are a piece of a name: no label that is empty, or whose hyphen stands at an
/// end that lies within the piece.
#[inline(always)]
fn are_label_bytes(bytes: &[u8; LANES]) -> bool {
    let bytes = Lanes::forwards(bytes);
    if !bytes.are_ascii() {
        return false;
    }
    let dots = bytes.between(b'.', b'.');
    let ends = bytes.between(b'-', b'.');
    let others = bytes.between(b'a', b'z') | bytes.between(b'0', b'9') | bytes.between(b'_', b'_');
    is_full(ends | others) && next(dots) & ends == 0 && next(ends) & dots == 0
}

/// Does the same byte by byte, where there are not eight. Precondition: no label's end is wrong at
/// the ends of the text.
fn are_short_labels(text: &[u8]) -> bool {
    let are_neighbours = |pair: &[u8]| !matches!(pair, b".." | b".-" | b"-.");
    text.iter().all(|&byte| byte == b'.' || is_label_byte(byte))
        && text.windows(2).all(are_neighbours)
}

fn are_short_enough(text: &[u8]) -> bool {
    text.split(|&byte| byte == b'.')
        .all(|label| label.len() <= MAX_LABEL_BYTES)
}

/// Whether the last label looks like a number, so that the whole must be an IPv4 address.
/// <https://url.spec.whatwg.org/#ends-in-a-number-checker>
#[inline]
pub(crate) fn ends_in_number(host: &[u8]) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    let start = host.iter().rposition(|&byte| byte == b'.');
    let last = &host[start.map_or(0, |dot| dot + 1)..];
    // Both forms begin with a digit, as hardly any label does.
    last.first().is_some_and(u8::is_ascii_digit)
        && match last.strip_prefix(b"0x") {
            Some(hexadecimal) => hexadecimal.iter().all(u8::is_ascii_hexdigit),
            None => last.iter().all(u8::is_ascii_digit),
        }
}

#[cold]
fn is_ipv4(host: &[u8]) -> bool {
    std::str::from_utf8(host).is_ok_and(|text| text.parse::<Ipv4Addr>().is_ok())
}

/// Whether the text is, between brackets, an IPv6 address as the URL Standard serializes it.
///
/// The standard library spells addresses as the URL Standard does, but for those that embed an
/// IPv4 address: there the URL Standard stays hexadecimal.
/// <https://url.spec.whatwg.org/#concept-ipv6-serializer>
#[cold]
fn is_ipv6(host: &[u8]) -> bool {
    let inner = host.strip_prefix(b"[").and_then(|it| it.strip_suffix(b"]"));
    let Some(text) = inner.and_then(|it| std::str::from_utf8(it).ok()) else {
        return false;
    };
    let Ok(address) = text.parse::<Ipv6Addr>() else {
        return false;
    };
    let mut canonical = [0; "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff".len()];
    let mut unwritten = &mut canonical[..];
    let written = match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => write!(unwritten, "::ffff:{high:x}:{low:x}"),
        _ => write!(unwritten, "{address}"),
    };
    let unused = unwritten.len();
    written.is_ok() && text.as_bytes() == &canonical[..canonical.len() - unused]
}
