//! Counts facts: growing requests, and growing policies.
//!
//! Here: `Rules::facts` with header lines of each kind, of the protocol and of strangers.
//! Not here: single values (`parse.rs`), single look-ups (`matches.rs`, `names.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use corsac::{Facts, NameSet, Rules};

use crate::matches::{exact, matcher};
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
fn ask(series: Series, size: usize, rules: &Rules, lines: &[Line<'_>]) {
    let granted = |lines: &Vec<Line<'_>>| {
        let lines = lines
            .iter()
            .map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        usize::from(rules.facts(b"OPTIONS", lines).bits()) == Facts::COUNT - 1
    };
    series.count(size, &[lines.to_vec()], granted);
}

fn requests() {
    let rules = rules(10);
    for lines in [64, 128, 256, 512, 1_024, 2_048] {
        let ask = |series, line| {
            let more = [line].repeat(lines);
            ask(series, lines, &rules, &[&PREFLIGHT[..], &more].concat());
        };
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
        let ask = |series, name| {
            let more = [(name, &value[..])];
            ask(series, bytes, &rules, &[&PREFLIGHT[..], &more].concat());
        };
        ask(yes("facts/stranger-value"), "user-agent");
        ask(no("facts/second-origin-value"), ORIGIN.0);
        ask(no("facts/second-method-value"), METHOD.0);
    }
}

fn policies() {
    for size in [10, 100, 1_000, 10_000, 100_000] {
        let rules = rules(size);
        ask(yes("facts/policy"), size, &rules, &PREFLIGHT);
        let names = &PREFLIGHT[..2];
        ask(yes("facts/policy-no-names"), size, &rules, names);
    }
}
