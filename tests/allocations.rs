//! Proves that nothing on the request path allocates, and how little a large matcher takes.
//!
//! Here: requests of every kind, and a matcher built, under a counting allocator. A crate provides
//! it: a counting allocator of our own would be `unsafe`, which no line of ours is.
//! Not here: what the answers are, beyond that the requests are of the kind that they claim to be.
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use allocation_counter::measure;
use corsac::{Facts, NameSet, OriginMatcher, OriginRegex, Pattern, Route, Routes, Rules, Way};

type Line<'a> = (&'a [u8], &'a [u8]);

const ORIGIN: &[u8] = b"Origin";
const METHOD: &[u8] = b"Access-Control-Request-Method";
const HEADERS: &[u8] = b"Access-Control-Request-Headers";

/// Everything that a request can be granted.
const ALL: usize = Facts::COUNT - 1;
/// The bits of a preflight of which nothing is allowed.
const NOTHING: usize = Facts::HAS_ORIGIN.bits() | Facts::IS_PREFLIGHT.bits();

fn rules(patterns: &[&str], regexes: &[&str], names: &[&str]) -> Rules {
    let patterns = patterns
        .iter()
        .map(|text| Pattern::parse(text).expect("a pattern"));
    let regexes: Vec<_> = regexes
        .iter()
        .map(|source| OriginRegex::parse(source, false).expect("a regex"))
        .collect();
    Rules {
        origins: OriginMatcher::new(patterns, &regexes).expect("a matcher"),
        null: true,
        methods: NameSet::of_methods(names.iter().copied()),
        headers: NameSet::of_headers(names.iter().copied()),
    }
}

/// The facts of a request, and how many allocations it took to find them.
fn count(rules: &Rules, method: &[u8], lines: &[Line<'_>]) -> (usize, u64) {
    let mut facts = Facts::default();
    let allocations = measure(|| facts = rules.facts(method, lines.iter().copied()));
    (facts.bits(), allocations.count_total)
}

fn preflight<'a>(origin: &'a [u8], method: &'a [u8], names: &'a [u8]) -> [Line<'a>; 3] {
    [(ORIGIN, origin), (METHOD, method), (HEADERS, names)]
}

#[test]
fn the_counter_counts() {
    assert_eq!(
        1,
        measure(|| drop(std::hint::black_box(Box::new(1)))).count_total
    );
}

#[test]
fn an_allowed_request_allocates_nothing() {
    let rules = rules(
        &[
            "https://example.com",
            "https://*.example.com",
            "http://*.example.org:*",
            "http://[::1]:*",
        ],
        &[],
        &["PUT", "X-Alpha"],
    );
    let origins = [
        &b"https://example.com"[..],
        b"https://a.b.c.d.e.f.example.com",
        b"http://a.b.c.example.org:8080",
        b"http://[::1]:3000",
        b"null",
    ];
    for origin in origins {
        assert_eq!(
            (Facts::HAS_ORIGIN.bits() | Facts::ORIGIN_ALLOWED.bits(), 0),
            count(&rules, b"GET", &[(ORIGIN, origin)]),
        );
        let lines = preflight(origin, b"PUT", b"x-alpha,\tX-ALPHA ,,x-alpha");
        assert_eq!((ALL, 0), count(&rules, b"OPTIONS", &lines));
    }
}

#[test]
fn a_request_under_wildcards_allocates_nothing() {
    let rules = rules(&["*"], &[], &["*"]);
    for origin in [
        &b"https://example.com"[..],
        b"app://x",
        b"http://[2001:db8::1]:1",
        b"null",
    ] {
        let lines = preflight(origin, b"PROPFIND", b"x-anything, content-type");
        assert_eq!((ALL, 0), count(&rules, b"OPTIONS", &lines));
    }
}

#[test]
fn a_hostile_request_allocates_nothing() {
    let patterns = [
        "https://*.example.com",
        "https://*.example.com:*",
        "https://example.com:*",
    ];
    let rules = rules(&patterns, &[], &["PUT", "X-Alpha"]);
    let long = vec![b'a'; 1 << 20];
    let deep = format!("https://{}a", "a.".repeat(126)).into_bytes();
    let origins = [
        &b""[..],
        b"*",
        b"https://*.example.com",
        b"https://example.com.evil.test",
        b"https://example.com\xff\0",
        b"http://[::ffff:1.2.3.4]",
        &deep,
        &long,
    ];
    for origin in origins {
        for names in [
            b",".repeat(1 << 16),
            b" ".repeat(1 << 16),
            b"x-alpha\xff".to_vec(),
        ] {
            let lines = preflight(origin, &long, &names);
            assert_eq!((NOTHING, 0), count(&rules, b"OPTIONS", &lines));
        }
    }
    let mut lines = vec![(ORIGIN, &b"https://a.example.com"[..]); 500];
    lines.extend([(METHOD, &b"PUT"[..]); 500]);
    lines.extend([(HEADERS, &b"x-alpha"[..]); 2_000]);
    lines.extend([(&long[..], &long[..]); 3]);
    assert_eq!((NOTHING, 0), count(&rules, b"OPTIONS", &lines));
}

/// The regex engine keeps a cache for each thread, and makes it at that thread's first match.
#[test]
fn a_regex_allocates_nothing_after_the_first_match_of_its_thread() {
    let rules = rules(
        &[],
        &[
            r"https://pr-\d+\.example\.com",
            r"https://[a-z]+\.example\.org",
        ],
        &["*"],
    );
    let origins = [
        (&b"https://pr-7.example.com"[..], ALL),
        (b"https://pr-12345.example.com", ALL),
        (b"https://abc.example.org", ALL),
        (
            b"https://pr-x.example.com",
            ALL & !Facts::ORIGIN_ALLOWED.bits(),
        ),
        (
            b"https://pr-7.example.com.evil.test",
            ALL & !Facts::ORIGIN_ALLOWED.bits(),
        ),
    ];
    for (origin, _) in origins {
        rules.origins.matches(origin);
    }
    for (origin, expected) in origins {
        let lines = preflight(origin, b"PUT", b"x-alpha");
        assert_eq!((expected, 0), count(&rules, b"OPTIONS", &lines));
    }
}

#[test]
fn a_look_up_of_a_route_allocates_nothing() {
    let route = |host: &'static [u8], path: &'static [u8], choice| Route {
        host,
        path,
        choice: Some(choice),
    };
    let routes = Routes::new([
        route(b"", b"/api", 0),
        route(b"api.example.com", b"/v1", 1),
        route(b"*.example.com:8080", b"", 2),
    ]);
    let deep = "/x".repeat(1 << 16);
    for (host, path, expected) in [
        (&b"api.example.com"[..], &b"/v1/items"[..], Way::To(1)),
        (b"api.example.com:8080", b"/v2", Way::To(2)),
        (b"example.org", b"/api/items/42", Way::To(0)),
        (b"example.org", deep.as_bytes(), Way::Nothing),
    ] {
        let mut way = Way::Forked(None, None);
        let allocations = measure(|| way = routes.find(host, path));
        assert_eq!((expected, 0), (way, allocations.count_total));
    }
}

/// An eighth of the table is free at least, and more than half where it has just grown: its size is
/// a power of two, so that this is the same for a million.
#[test]
fn a_pattern_takes_at_most_32_bytes_over_its_text() {
    let full = (1 << 17) / 8 * 7;
    for count in [1_000, full, full + 1] {
        for base in ["https://", "https://*.", "http://*.shop."] {
            let texts: Vec<String> = (0..count)
                .map(|n| format!("{base}shop-{n}.example"))
                .collect();
            let texts_alone: usize = texts.iter().map(String::len).sum();
            let mut matcher = OriginMatcher::default();
            let taken = measure(|| {
                let patterns = texts
                    .iter()
                    .map(|text| Pattern::parse(text).expect("a pattern"));
                matcher = OriginMatcher::new(patterns, &[]).expect("there is no regex");
            });
            assert_eq!(count, matcher.len());
            let over = taken.bytes_current - texts_alone as i64;
            assert!(over <= 32 * count as i64, "{over} bytes over {count} texts");
            // One growing arena and one growing table: no allocation for each pattern.
            assert!(taken.count_total < 200, "{} allocations", taken.count_total);
        }
    }
}

#[test]
fn many_at_once_allocate_their_answers_alone() {
    let texts: Vec<String> = (0..70_000)
        .map(|n| format!("https://*.shop-{n}.example"))
        .collect();
    let patterns = texts
        .iter()
        .map(|text| Pattern::parse(text).expect("a pattern"));
    let matcher = OriginMatcher::new(patterns, &[]).expect("there is no regex");
    let origins: Vec<String> = texts.iter().map(|text| text.replace('*', "eu")).collect();
    let values: Vec<&[u8]> = origins.iter().map(String::as_bytes).collect();
    let mut answers = Vec::new();
    let allocations = measure(|| answers = matcher.match_many(&values));
    assert_eq!((1, vec![true; 70_000]), (allocations.count_total, answers));
}
