//! Invariant: a regex matches whole origins only, and exactly as its branches between anchors do; it begins as it says.
//!
//! Here: `OriginRegex` and the matcher of one. Input: the regex on the first line, with `i` before
//! it where case does not matter, and values on the others.
//! Not here: patterns that are no regexes.
//! Spec: <https://docs.rs/regex/latest/regex/#syntax>

#![no_main]

use corsac::{Origin, OriginMatcher, OriginRegex};
use libfuzzer_sys::fuzz_target;
use regex::bytes::RegexBuilder;

fuzz_target!(|input: &str| {
    let mut lines = input.split('\n');
    let first = lines.next().unwrap_or_default();
    let (source, ignores_case) = match first.strip_prefix('i') {
        Some(source) => (source, true),
        None => (first, false),
    };
    let regex = match OriginRegex::parse(source, ignores_case) {
        Ok(regex) => regex,
        Err(error) => {
            assert!(source.is_char_boundary(error.position), "{error:?}");
            assert!(error.spelling.is_none());
            return;
        }
    };
    let matcher = OriginMatcher::new([], std::slice::from_ref(&regex)).expect("it compiled alone");
    let alone = RegexBuilder::new(&format!("^(?:{source})$"))
        .case_insensitive(ignores_case)
        .unicode(false)
        .build()
        .expect("it compiled");
    assert!(!matcher.matches(b"null"));
    for value in lines.chain(["http://a.example", "https://a.example", "app://a"]) {
        let is_origin = matches!(Origin::parse(value.as_bytes()), Some(Origin::Tuple(_)));
        let matches = matcher.matches(value.as_bytes());
        assert_eq!(
            is_origin && alone.is_match(value.as_bytes()),
            matches,
            "{value}"
        );
        assert!(
            !(matches && value.starts_with("http:") && regex.begins_with_scheme())
                || regex.lets_http_through()
        );
    }
});
