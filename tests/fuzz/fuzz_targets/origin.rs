//! Invariant: an accepted origin is spelled by its parts, is a pattern, and is what a URL serializes to.
//!
//! Here: `Origin::parse` on any bytes, against the `url` crate. Input: an `Origin` value.
//! Not here: matching.
//! Spec: <https://fetch.spec.whatwg.org/#origin-header>

#![no_main]

use corsac::grammar::{MAX_HOST_BYTES, MAX_ORIGIN_BYTES, MAX_SCHEME_BYTES, is_special_scheme};
use corsac::{Host, Origin, Pattern, Port};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|value: &[u8]| {
    match Origin::parse(value) {
        Some(Origin::Null) => assert_eq!(b"null", value),
        Some(Origin::Tuple(origin)) => {
            let (Host::Domain(host) | Host::Ip(host)) = origin.host else {
                panic!("a wildcard in an origin");
            };
            let port = match origin.port {
                Port::Implicit => String::new(),
                Port::Exact(port) => format!(":{port}"),
                Port::Any => panic!("a wildcard in an origin"),
            };
            let scheme = origin.scheme;
            assert_eq!(value, format!("{scheme}://{host}{port}").as_bytes());
            assert!(value.len() <= MAX_ORIGIN_BYTES);
            assert!(scheme.len() <= MAX_SCHEME_BYTES && host.len() <= MAX_HOST_BYTES);
            let Ok(Pattern::Tuple(pattern)) = Pattern::parse(origin.text) else {
                panic!("an origin that is no pattern");
            };
            let parts = (pattern.scheme, pattern.host, pattern.port);
            assert_eq!((scheme, origin.host, origin.port), parts);
            // A label that begins like Punycode and is none makes no URL, so no browser sends it.
            if is_special_scheme(scheme.as_bytes()) && !host.contains("xn--") {
                assert_eq!(Some(origin.text), serialize(origin.text).as_deref());
            }
        }
        None => {
            // Of what URLs serialize to, only port 0 and some hosts are refused.
            let text = std::str::from_utf8(value).unwrap_or_default();
            if serialize(text).as_deref() == Some(text) {
                let url = Url::parse(text).expect("it was serialized");
                let is_refused = url.host_str().is_some_and(is_refused);
                assert!(is_refused || url.port() == Some(0), "{text}");
            }
        }
    }
});

/// The origin of a URL of a special scheme.
fn serialize(text: &str) -> Option<String> {
    let origin = Url::parse(text).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// Whether the host has bytes or lengths that we refuse.
fn is_refused(host: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    host.len() > MAX_HOST_BYTES
        || host
            .strip_suffix('.')
            .unwrap_or(host)
            .split('.')
            .any(|label| {
                label.is_empty()
                    || label.len() > 63
                    || label.starts_with('-')
                    || label.ends_with('-')
                    || !label.bytes().all(is_plain)
            })
}
