//! Invariant: a pattern has one spelling, and an error's spelling is a pattern; without wildcards it is an origin, and matches itself only.
//!
//! Here: `Pattern::parse` on any text. Input: the text of a pattern.
//! Not here: sets of patterns (`facts.rs`).
//! Spec: <https://url.spec.whatwg.org/#origin>

#![no_main]

use corsac::grammar::MAX_HOST_BYTES;
use corsac::{Host, Origin, OriginMatcher, Pattern, Port};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let pattern = match Pattern::parse(text) {
        Ok(pattern) => pattern,
        Err(error) => {
            assert!(text.is_char_boundary(error.position), "{error:?}");
            if let Some(spelling) = &error.spelling {
                assert!(
                    Pattern::parse(spelling).is_ok() && spelling != text,
                    "{error:?}"
                );
                assert!(error.to_string().contains(spelling.as_str()));
            }
            return;
        }
    };
    assert_eq!(text, pattern.to_string());
    let Pattern::Tuple(tuple) = pattern else {
        assert_eq!("*", text);
        return;
    };
    let (wildcard, host) = match tuple.host {
        Host::Subdomains(base) => ("*.", base),
        Host::Domain(host) | Host::Ip(host) => ("", host),
    };
    let port = match tuple.port {
        Port::Implicit => String::new(),
        Port::Exact(port) => format!(":{port}"),
        Port::Any => ":*".to_owned(),
    };
    let scheme = tuple.scheme;
    assert_eq!(text, format!("{scheme}://{wildcard}{host}{port}"));
    assert!(wildcard.len() + host.len() <= MAX_HOST_BYTES);

    let matcher = OriginMatcher::new([pattern], &[]).expect("no regex");
    assert_eq!(1, matcher.len());
    let origin = Origin::parse(text.as_bytes());
    let has_wildcard = !wildcard.is_empty() || port == ":*";
    assert_eq!(has_wildcard, origin.is_none());
    assert_eq!(has_wildcard, !matcher.matches(text.as_bytes()));
    // Its nearest relatives, of which each is covered by one kind of wildcard.
    let any_port = tuple.port == Port::Any;
    let fixed = if any_port { "" } else { &port };
    let prefixed = wildcard.len() + host.len() <= MAX_HOST_BYTES && !host.starts_with('[');
    let apex = format!("{scheme}://{host}{fixed}");
    assert_eq!(wildcard.is_empty(), matcher.matches(apex.as_bytes()));
    if prefixed && !wildcard.is_empty() {
        assert!(matcher.matches(format!("{scheme}://a.{host}{fixed}").as_bytes()));
        assert!(!matcher.matches(format!("{scheme}://a{host}{fixed}").as_bytes()));
        assert!(!matcher.matches(format!("{scheme}://.{host}{fixed}").as_bytes()));
    }
    assert!(!matcher.matches(format!("{apex}.evil.test").as_bytes()));
    assert!(!matcher.matches(format!("a{apex}").as_bytes()));
});
