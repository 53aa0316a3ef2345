//! Counts matching: growing policies, and growing origins under one policy.
//!
//! Here: `OriginMatcher` with patterns of each kind, asked for what it covers and what it does not.
//! Not here: how a matcher is built, parsing by itself (`parse.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>

use corsac::grammar::MAX_ORIGIN_BYTES;
use corsac::{OriginMatcher, OriginRegex, Pattern};

use crate::{Series, no, yes};

/// Questions in one count. Chosen by us because fewer would let the keys of the hashes show.
const QUESTIONS: usize = 256;
/// Ends of origins under which there is a pattern at each depth.
const TAILS: usize = 32;
/// As many digits as the largest policy needs, so that all texts of a kind have one length.
const SIZES: [usize; 6] = [1, 10, 100, 1_000, 10_000, 100_000];

pub fn count() {
    policies();
    regexes();
    origins();
}

pub fn matcher(patterns: impl IntoIterator<Item = String>) -> OriginMatcher {
    let patterns: Vec<String> = patterns.into_iter().collect();
    let patterns = patterns
        .iter()
        .map(|pattern| Pattern::parse(pattern).expect("the pattern parses"));
    OriginMatcher::new(patterns, &[]).expect("there is no regex")
}

pub fn exact(number: usize) -> String {
    format!("https://shop-{number:06}.example.com")
}

/// Some of the first `size` texts of a kind, spread evenly, as often as it takes.
pub fn some(size: usize, text: impl Fn(usize) -> String) -> Vec<String> {
    let spread = (0..QUESTIONS).map(|number| number * size.max(QUESTIONS) / QUESTIONS % size);
    spread.map(text).collect()
}

/// As many matchers of a size as even out their keys: a small table has few places to collide in.
fn matchers(size: usize, text: impl Fn(usize) -> String) -> Vec<OriginMatcher> {
    let copies = (10_000 / size).clamp(1, 64);
    (0..copies).map(|_| matcher((0..size).map(&text))).collect()
}

/// Asks the matchers in turn.
fn ask(series: Series, size: usize, matchers: &[OriginMatcher], origins: &[String]) {
    let questions: Vec<_> = matchers.iter().cycle().zip(origins).collect();
    series.count(size, &questions, |(matcher, origin)| {
        matcher.matches(origin.as_bytes())
    });
}

fn policies() {
    for size in SIZES {
        let exacts = matchers(size, exact);
        ask(yes("match/exact-hit"), size, &exacts, &some(size, exact));
        let stranger = |number| format!("https://shop-{number:06}.example.org");
        let strangers = some(QUESTIONS, stranger);
        ask(no("match/exact-miss"), size, &exacts, &strangers);
        drop(exacts);

        let wildcards = matchers(size, |n| format!("https://*.shop-{n:06}.example.com"));
        let below = some(size, |n| format!("https://eu.shop-{n:06}.example.com"));
        ask(yes("match/wildcard-hit"), size, &wildcards, &below);
        let strangers = some(QUESTIONS, |n| format!("https://eu.shop-{n:06}.example.org"));
        ask(no("match/wildcard-miss"), size, &wildcards, &strangers);
        drop(wildcards);

        let any_port = matchers(size, |n| exact(n) + ":*");
        let ports = some(size, |n| exact(n) + ":8443");
        ask(yes("match/any-port-hit"), size, &any_port, &ports);
        let strangers = some(QUESTIONS, |n| stranger(n) + ":8443");
        ask(no("match/any-port-miss"), size, &any_port, &strangers);
    }
}

fn regexes() {
    for size in [1, 4, 16, 64] {
        let regexes: Vec<OriginRegex> = (0..size)
            .map(|n| {
                let source = format!(r"https://[a-z]+\.shop-{n:06}\.example\.com");
                OriginRegex::parse(&source, false).expect("the regex parses")
            })
            .collect();
        let matcher = [OriginMatcher::new([], &regexes).expect("the regexes are small")];
        let below = some(size, |n| format!("https://eu.shop-{n:06}.example.com"));
        ask(yes("match/regex-hit"), size, &matcher, &below);
        let strangers = some(size, |n| format!("https://eu.shop-{n:06}.example.org"));
        ask(no("match/regex-miss"), size, &matcher, &strangers);
    }
}

fn origins() {
    let one = [matcher(["https://*.com".to_owned()])];
    // A pattern at each depth that an origin can have, each with the origin's own end.
    let every = (0..TAILS).flat_map(|tail| {
        (0..120).map(move |labels| format!("https://*.b{}.{tail:02}z", ".a".repeat(labels)))
    });
    let every = [matcher(every)];
    let source = r"https://(?:a\.)+example-\d+\.com".to_owned();
    let regex = OriginRegex::parse(&source, false).expect("the regex parses");
    let regex = [OriginMatcher::new([], &[regex]).expect("the regex is small")];
    // Longer than what may be read in another way.
    for labels in [28, 49, 70, 91, 112] {
        let deep = |rest: &str| {
            let labels = "a.".repeat(labels);
            some(QUESTIONS, |n| {
                format!("https://{labels}example-{n:03}.{rest}")
            })
        };
        let (below, strangers) = (deep("com"), deep("org"));
        ask(yes("match/labels-hit"), labels, &one, &below);
        ask(no("match/labels-miss"), labels, &one, &strangers);
        ask(yes("match/labels-regex-hit"), labels, &regex, &below);
        ask(no("match/labels-regex-miss"), labels, &regex, &strangers);
        let tails = some(TAILS, |tail| {
            format!("https://{}{tail:02}z", "a.".repeat(labels))
        });
        ask(no("match/labels-every-depth"), labels, &every, &tails);
    }
    for bytes in [MAX_ORIGIN_BYTES + 1, 1 << 16, 1 << 20] {
        let long = vec!["a".repeat(bytes)];
        ask(no("match/past-limit"), bytes, &every, &long);
    }
}
