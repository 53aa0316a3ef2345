//! Times the core alone: no Python, no response headers.
//!
//! Here: each stage with what a server sees all day, and three attacks by name: endless commas,
//! endless white space, one allowed name repeated. The answer is asserted before the loop, and
//! what is built is built before the loop, unless building is the case.
//! Not here: the twin, and the bounds that must hold (`test_*.py`).
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

use std::hint::black_box;
use std::time::Duration;

use corsac::parse::fields::RequestedNames;
use corsac::{
    Facts, NameSet, Origin, OriginMatcher, OriginRegex, Pattern, Route, Routes, Rules, Way,
};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;

const ORIGIN: &str = "https://shop.example.com";
const VECTORS: &str = include_str!("../tests/vectors/origins.json");
/// One less than the limit on all bytes of the names asked for: each line counts for one more.
const LONGEST: usize = corsac::grammar::MAX_FIELD_BYTES - 1;

type Line<'a> = (&'a [u8], &'a [u8]);

/// The longest values that the limits let through, and one that they do not.
fn attacks() -> [(&'static str, Vec<u8>, bool); 3] {
    let most = corsac::grammar::MAX_NAMES;
    let mut repeated = b"a,".repeat(most);
    repeated.pop();
    [
        ("endless-commas", vec![b','; LONGEST], false),
        ("endless-white-space", vec![b' '; LONGEST], true),
        ("one-name-repeated", repeated, true),
    ]
}

/// Times a function that answers, once it has given the right answer.
fn time<T: PartialEq + std::fmt::Debug>(
    criterion: &mut Criterion,
    case: &str,
    expected: T,
    mut answer: impl FnMut() -> T,
) {
    assert_eq!(expected, answer(), "{case}");
    criterion.bench_function(case, |bencher| bencher.iter(&mut answer));
}

fn parse(criterion: &mut Criterion) {
    time(criterion, "parse/origin", true, || {
        Origin::parse(black_box(ORIGIN.as_bytes())).is_some()
    });
    let rows: Vec<Value> = serde_json::from_str(VECTORS).expect("the vectors are JSON");
    let values: Vec<(&str, bool)> = rows
        .iter()
        .filter_map(|row| Some((row["value"].as_str()?, !row["origin"].is_null())))
        .filter(|(value, _)| value.is_ascii())
        .collect();
    let parsing = values.iter().filter(|(_, parses)| *parses).count();
    time(criterion, "parse/vectors", parsing, || {
        let parsed = values
            .iter()
            .filter_map(|(value, _)| Origin::parse(black_box(value.as_bytes())));
        parsed.count()
    });
    time(criterion, "parse/pattern", true, || {
        Pattern::parse(black_box("https://*.example.com:*")).is_ok()
    });
    let read = |line: &[u8]| RequestedNames::new().read(black_box(line), |_| true);
    time(criterion, "parse/names", true, || {
        read(b"authorization,content-type")
    });
    for (attack, line, passes) in attacks() {
        let case = format!("parse/{attack}");
        time(criterion, &case, passes, || read(&line));
    }
}

fn exact(number: usize) -> String {
    format!("https://shop-{number}.example.com")
}

fn wildcard(number: usize) -> String {
    format!("https://*.shop-{number}.example.com")
}

fn matcher<'a>(patterns: impl IntoIterator<Item = &'a String>) -> OriginMatcher {
    let patterns = patterns
        .into_iter()
        .map(|pattern| Pattern::parse(pattern).expect("the pattern parses"));
    OriginMatcher::new(patterns, &[]).expect("there is no regex")
}

/// How many patterns: one, a configuration file's, a database's.
const SIZES: [(&str, usize); 3] = [("one", 1), ("thousand", 1_000), ("million", 1_000_000)];

fn build(criterion: &mut Criterion) {
    for (name, size) in SIZES {
        let patterns: Vec<String> = (0..size).map(exact).collect();
        time(criterion, &format!("build/{name}"), size, || {
            matcher(black_box(&patterns)).len()
        });
    }
    time(criterion, "build/regex", true, || {
        OriginRegex::parse(black_box(r"https://shop-\d+\.example\.com"), false).is_ok()
    });
}

fn matches(criterion: &mut Criterion) {
    let asks =
        |matcher: &OriginMatcher, origin: &str| matcher.matches(black_box(origin.as_bytes()));
    for (name, size) in SIZES {
        let origins: Vec<String> = (0..size).map(exact).collect();
        let exacts = matcher(&origins);
        let last = &origins[size - 1];
        time(criterion, &format!("match/{name}"), true, || {
            asks(&exacts, last)
        });
        let case = format!("match/{name}-miss");
        time(criterion, &case, false, || asks(&exacts, ORIGIN));

        let wildcards = matcher(&(0..size).map(wildcard).collect::<Vec<_>>());
        let below = last.replacen("://", "://eu.", 1);
        let case = format!("match/{name}-wildcard");
        time(criterion, &case, true, || asks(&wildcards, &below));
        let case = format!("match/{name}-wildcard-miss");
        time(criterion, &case, false, || asks(&wildcards, ORIGIN));
    }

    // In an order of its own, so that each lies somewhere else than the one before.
    for (name, size) in SIZES {
        let patterns: Vec<String> = (0..size).map(wildcard).collect();
        let wildcards = matcher(&patterns);
        let number = |n: usize| n * 7_919 % size;
        let origins: Vec<String> = (0..10_000)
            .map(|n| patterns[number(n)].replace('*', "eu"))
            .collect();
        let values: Vec<&[u8]> = origins.iter().map(String::as_bytes).collect();
        let hits = |answers: Vec<bool>| answers.into_iter().filter(|&so| so).count();
        time(
            criterion,
            &format!("match_many/{name}-wildcard"),
            values.len(),
            || hits(wildcards.match_many(black_box(&values))),
        );
    }

    let regex = OriginRegex::parse(r"https://[a-z]+\.example\.com", false).expect("it parses");
    let regexes = OriginMatcher::new([], &[regex]).expect("it is small");
    time(criterion, "match/regex", true, || asks(&regexes, ORIGIN));
    time(criterion, "match/regex-miss", false, || {
        asks(&regexes, "https://shop.example.org")
    });

    // As many labels as a host can have, under a wildcard of each depth that there can be.
    let labels = "a.".repeat(125) + "a";
    let deep: Vec<String> = (1..125)
        .map(|count| format!("https://*.b{}", ".a".repeat(count)))
        .collect();
    let deep = matcher(&deep);
    let origin = format!("https://{labels}");
    time(criterion, "match/adversarial", false, || {
        asks(&deep, &origin)
    });
}

fn facts(criterion: &mut Criterion) {
    let rules = Rules {
        origins: matcher(&[ORIGIN.to_owned(), wildcard(0)]),
        null: false,
        methods: NameSet::of_methods(["PUT", "DELETE"]),
        headers: NameSet::of_headers(["Content-Type", "Authorization", "a"]),
    };
    let plain: [Line<'_>; 8] = [
        (b"host", b"api.example.com"),
        (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64)"),
        (b"accept", b"*/*"),
        (b"accept-language", b"en-US,en;q=0.5"),
        (b"accept-encoding", b"gzip, deflate, br, zstd"),
        (b"referer", b"https://shop.example.com/"),
        (b"connection", b"keep-alive"),
        (b"sec-fetch-mode", b"cors"),
    ];
    let origin: Line<'_> = (b"origin", ORIGIN.as_bytes());
    let method: Line<'_> = (b"access-control-request-method", b"PUT");
    let preflight = |names| {
        let names: Line<'_> = (b"access-control-request-headers", names);
        [&plain[..], &[origin, method, names]].concat()
    };

    let is_so = |method: &[u8], lines: &[Line<'_>], facts| {
        let lines = black_box(lines).iter().copied();
        rules.facts(black_box(method), lines).contains(facts)
    };
    time(criterion, "facts/no-origin", false, || {
        is_so(b"GET", &plain, Facts::HAS_ORIGIN)
    });
    let actual = [&plain[..], &[origin]].concat();
    time(criterion, "facts/actual", true, || {
        is_so(b"GET", &actual, Facts::ORIGIN_ALLOWED)
    });
    let lines = preflight(b"authorization,content-type");
    time(criterion, "facts/preflight", true, || {
        is_so(b"OPTIONS", &lines, Facts::HEADERS_ALLOWED)
    });
    let attacks = attacks();
    for (attack, names, passes) in &attacks {
        let lines = preflight(names);
        time(criterion, &format!("facts/{attack}"), *passes, || {
            is_so(b"OPTIONS", &lines, Facts::HEADERS_ALLOWED)
        });
    }
}

fn routes(criterion: &mut Criterion) {
    let route = |host: &'static str, path: &'static str, choice| Route {
        host: host.as_bytes(),
        path: path.as_bytes(),
        choice: Some(choice),
    };
    let by_path = [
        route("", "", 0),
        route("", "/api", 1),
        route("", "/api/internal", 2),
    ];
    let by_host = [
        route("api.example.com", "", 3),
        route("*.example.com", "/api", 4),
    ];
    let all = Routes::new([&by_path[..], &by_host[..]].concat());
    let by_path = Routes::new(by_path);
    let find = |routes: &Routes, host: &str, path: &str| {
        routes.find(black_box(host.as_bytes()), black_box(path.as_bytes()))
    };
    time(criterion, "routes/path", Way::To(1), || {
        find(&by_path, "", "/api/items/42")
    });
    time(criterion, "routes/host", Way::To(3), || {
        find(&all, "api.example.com:8080", "/items/42")
    });
    time(criterion, "routes/wildcard", Way::To(4), || {
        find(&all, "eu.shop.example.com", "/api/items/42")
    });
    time(
        criterion,
        "routes/dots",
        Way::Forked(Some(1), Some(0)),
        || find(&by_path, "", "/api/../items"),
    );
}

criterion_group! {
    name = core;
    config = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = parse, build, matches, routes, facts
}
criterion_main!(core);
