//! The host of a serialized origin, and its port.
//!
//! Here: the grammar that origins and patterns share, as yes or no.
//! Not here: reasons (`pattern.rs`), schemes (`grammar.rs`).
//! Spec: <https://url.spec.whatwg.org/#host-serializing>

use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

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

impl<'a> Host<'a> {
    /// Parses a host that holds no wildcard. `special` says whether the scheme is special.
    /// <https://url.spec.whatwg.org/#host-parsing>
    pub(crate) fn parse(text: &'a str, special: bool) -> Option<Host<'a>> {
        if let Some(address) = text.strip_prefix('[') {
            return is_ipv6(address.strip_suffix(']')?).then_some(Host::Ip(text));
        }
        if special && ends_in_number(text) {
            return text.parse::<Ipv4Addr>().is_ok().then_some(Host::Ip(text));
        }
        is_domain(text.as_bytes()).then_some(Host::Domain(text))
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

/// Labels between dots; one dot may end the name, and is part of it.
fn is_domain(host: &[u8]) -> bool {
    if host.len() > MAX_HOST_BYTES {
        return false;
    }
    let labels = host.strip_suffix(b".").unwrap_or(host);
    labels.split(|&byte| byte == b'.').all(is_label)
}

fn is_label(label: &[u8]) -> bool {
    match (label.first(), label.last()) {
        (Some(b'-'), _) | (_, Some(b'-')) | (None, _) => false,
        _ => label.len() <= MAX_LABEL_BYTES && label.iter().all(|&byte| is_label_byte(byte)),
    }
}

/// Whether the last label looks like a number, so that the whole must be an IPv4 address.
/// <https://url.spec.whatwg.org/#ends-in-a-number-checker>
pub(crate) fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or(host).as_bytes();
    match last.strip_prefix(b"0x") {
        Some(hexadecimal) => hexadecimal.iter().all(u8::is_ascii_hexdigit),
        None => !last.is_empty() && last.iter().all(u8::is_ascii_digit),
    }
}

/// Whether the text between the brackets is an IPv6 address as the URL Standard serializes it.
///
/// The standard library spells addresses as the URL Standard does, but for those that embed an
/// IPv4 address: there the URL Standard stays hexadecimal.
/// <https://url.spec.whatwg.org/#concept-ipv6-serializer>
fn is_ipv6(text: &str) -> bool {
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
