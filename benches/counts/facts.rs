//! Counts facts: growing requests, and growing policies.
//!
//! Here: `Rules::facts` with header lines of each kind, of the protocol and of strangers.
//! Not here: single values (`parse.rs`), single look-ups (`matches.rs`, `names.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use corsac::{Facts, NameSet, Rules};

use crate::matches::{exact, matcher, some};
use crate::names::scattered;
use crate::{Series, no, yes};

type Line<'a> = (&'a str, &'a str);

const ORIGIN: Line<'_> = ("origin", "https://shop-000000.example.com");
const METHOD: Line<'_> = ("access-control-request-method", "PUT");
const HEADERS: &str = "access-control-request-headers";
const PREFLIGHT: [Line<'_>; 3] = [ORIGIN, METHOD, (HEADERS, "content-type,00000000-name")];

pub fn count() {
    requests();
    values();
    policies();
}

/// A policy with as many origins, methods and header names.
fn rules(size: usize) -> Rules {
    let names: Vec<String> = (0..size).map(scattered).collect();
    let names = names.iter().map(String::as_str);
    Rules {
        origins: matcher((0..size).map(exact)),
        null: false,
        methods: NameSet::of_methods(names.clone().chain(["PUT"])),
        headers: NameSet::of_headers(names.chain(["content-type"])),
    }
}

/// Whether a preflight with these lines is granted all that it asks for.
fn is_granted(rules: &Rules, lines: &[Line<'_>]) -> bool {
    let lines = lines
        .iter()
        .map(|(name, value)| (name.as_bytes(), value.as_bytes()));
    rules.facts(b"OPTIONS", lines).bits() == Facts::COUNT - 1
}

/// Asks about a preflight with one more line, so many times.
fn ask(series: Series, size: usize, rules: &Rules, line: Line<'_>, times: usize) {
    let lines = [&PREFLIGHT[..], &[line].repeat(times)].concat();
    series.count(size, &[lines], |lines| is_granted(rules, lines));
}

fn requests() {
    let rules = rules(10);
    for lines in [64, 128, 256, 512, 1_024, 2_048] {
        let ask = |series, line| ask(series, lines, &rules, line, lines);
        ask(yes("facts/strangers"), ("user-agent", "none"));
        // As long as a line of the protocol, and different from it in the last byte.
        ask(yes("facts/strangers-6-bytes"), ("origi_", "none"));
        ask(
            yes("facts/strangers-30-bytes"),
            ("access-control-request-header_", "none"),
        );
        ask(no("facts/origins"), ORIGIN);
        ask(no("facts/methods"), METHOD);
        ask(no("facts/names-refused"), (HEADERS, "x y"));
        if lines < corsac::grammar::MAX_NAMES {
            ask(yes("facts/names"), (HEADERS, "00000000-name"));
        }
    }
}

/// Nothing reads the value of a second line, nor of a stranger's.
fn values() {
    let rules = rules(10);
    for bytes in [16, 1 << 10, 1 << 16, 1 << 20] {
        let value = "a".repeat(bytes);
        let ask = |series, name| ask(series, bytes, &rules, (name, &value), 1);
        ask(yes("facts/stranger-value"), "user-agent");
        ask(no("facts/second-origin-value"), ORIGIN.0);
        ask(no("facts/second-method-value"), METHOD.0);
    }
}

fn policies() {
    for size in [10, 100, 1_000, 10_000, 100_000] {
        let rules = rules(size);
        let names = some(size, scattered);
        yes("facts/policy").count(size, &names, |name| {
            is_granted(&rules, &[ORIGIN, METHOD, (HEADERS, name)])
        });
        let origins = some(size, exact);
        yes("facts/policy-no-names").count(size, &origins, |origin| {
            is_granted(&rules, &[(ORIGIN.0, origin), METHOD])
        });
    }
}
