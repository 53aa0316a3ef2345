//! Invariant: the facts of a request are those of the naive twin, in every order of its lines.
//!
//! Here: rules and request together. Input, a line each: the patterns, the methods, the header
//! names (with commas between), the method; then header lines, of which a first letter names the
//! header: `o`, `m`, `h`, or another one.
//! Not here: regexes (`regex.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

#![no_main]

#[path = "../naive.rs"]
mod naive;

use corsac::Pattern;
use libfuzzer_sys::fuzz_target;
use naive::NaiveRules;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|&byte| byte == b'\n');
    let mut list = || -> Vec<&str> {
        let line = std::str::from_utf8(lines.next().unwrap_or_default()).unwrap_or_default();
        line.split(',').filter(|text| !text.is_empty()).collect()
    };
    let (patterns, methods, headers) = (list(), list(), list());
    let rules = NaiveRules {
        null: patterns.contains(&"null"),
        origins: patterns
            .iter()
            .filter_map(|text| Pattern::parse(text).ok())
            .collect(),
        methods,
        headers,
    };
    let method = lines.next().unwrap_or_default();
    let mut lines: Vec<(&[u8], &[u8])> = lines
        .map(|line| match line.split_first() {
            Some((b'o', value)) => (&b"Origin"[..], value),
            Some((b'm', value)) => (&b"Access-Control-Request-Method"[..], value),
            Some((b'h', value)) => (&b"access-control-request-headers"[..], value),
            _ => (line, line),
        })
        .collect();
    let built = rules.build();
    let facts = built.facts(method, lines.iter().copied());
    assert_eq!(naive::facts(&rules, method, &lines), facts.bits());

    lines.reverse();
    assert_eq!(facts, built.facts(method, lines.iter().copied()));
    lines.sort_unstable();
    assert_eq!(facts, built.facts(method, lines));
});
