//! Laws that hold for every input, and the naive twin, which gives the same answers slowly.
//!
//! Here: the laws. A failing input is printed, and belongs into `tests/vectors` as a row.
//! Not here: the twin itself (`fuzz/naive.rs`), the inputs (`properties/near_misses.rs`), single
//! cases (`vectors/`).
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

#[path = "fuzz/naive.rs"]
mod naive;
#[path = "fuzz/naive_routes.rs"]
mod naive_routes;
#[path = "properties/near_misses.rs"]
mod near_misses;
#[path = "properties/near_routes.rs"]
mod near_routes;

use std::sync::LazyLock;

use corsac::grammar::{
    MAX_FIELD_BYTES, MAX_HOST_BYTES, MAX_LABEL_BYTES, MAX_NAMES, MAX_ORIGIN_BYTES, MAX_SCHEME_BYTES,
};
use corsac::parse::fields::RequestedNames;
use corsac::{Host, NameSet, Origin, OriginMatcher, OriginRegex, Pattern, Port, Route, Routes};
use naive::NaiveRules;
use near_misses::*;
use near_routes::*;
use proptest::collection::{hash_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn parse_all(texts: &[String]) -> Vec<Pattern<'_>> {
    texts
        .iter()
        .filter_map(|text| Pattern::parse(text).ok())
        .collect()
}

fn reads<'a>(names: &NameSet, lines: impl IntoIterator<Item = &'a [u8]>) -> bool {
    let mut reader = RequestedNames::new();
    lines
        .into_iter()
        .all(|line| reader.read(line, |name| names.contains(name)))
}

fn spell_port(port: Port) -> String {
    match port {
        Port::Implicit => String::new(),
        Port::Exact(port) => format!(":{port}"),
        Port::Any => ":*".to_owned(),
    }
}

/// The message says what to write, and that is right; the position is a place in the text.
fn is_helpful(text: &str, error: &corsac::PatternError) -> bool {
    text.is_char_boundary(error.position)
        && error.spelling.as_ref().is_none_or(|spelling| {
            Pattern::parse(spelling).is_ok() && error.to_string().contains(spelling.as_str())
        })
}

/// How many patterns of each kind the crowd has.
const CROWDED: u32 = 70_000;

/// `https://shop-N.example`, and the names below `https://shop-N.example.org` and, with any port,
/// below `http://shop-N.example`.
static CROWD: LazyLock<OriginMatcher> = LazyLock::new(|| {
    let texts: Vec<String> = (0..CROWDED)
        .flat_map(|n| {
            [
                format!("https://shop-{n}.example"),
                format!("https://*.shop-{n}.example.org"),
                format!("http://*.shop-{n}.example:*"),
            ]
        })
        .collect();
    OriginMatcher::new(parse_all(&texts), &[]).unwrap()
});

fn near_crowd() -> impl Strategy<Value = String> {
    const FORMS: &[&str] = &[
        "https://shop-N.example",
        "https://a.shop-N.example.org",
        "https://shop-N.shop-N.example.org",
        "https://shop-N.example.org",
        "http://a.b.shop-N.example:81",
        "http://a.shop-N.example",
    ];
    (select(FORMS), 0..CROWDED + 1_000).prop_map(|(form, n)| form.replace('N', &n.to_string()))
}

fn is_in_crowd(value: &[u8]) -> bool {
    let Some(Origin::Tuple(origin)) = Origin::parse(value) else {
        return false;
    };
    let (Host::Domain(host) | Host::Subdomains(host) | Host::Ip(host)) = origin.host;
    let (below, name) = host
        .rsplit_once(".shop-")
        .map_or(("", host), |(below, _)| (below, &host[below.len() + 1..]));
    let number = |end: &str| {
        let digits = name
            .strip_prefix("shop-")
            .and_then(|name| name.strip_suffix(end));
        digits
            .and_then(|digits| {
                digits
                    .parse::<u32>()
                    .ok()
                    .filter(|n| n.to_string() == digits && *n < CROWDED)
            })
            .is_some()
    };
    match (origin.scheme, below.is_empty(), origin.port) {
        ("https", true, Port::Implicit) => number(".example"),
        ("https", false, Port::Implicit) => number(".example.org"),
        ("http", false, _) => number(".example"),
        _ => false,
    }
}

proptest! {
    // Nothing is kept in files: what fails belongs into the vectors.
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_matcher_answers_as_a_loop_over_its_patterns((texts, values) in patterns_and_values()) {
        let patterns = parse_all(&texts);
        let matcher = OriginMatcher::new(patterns.iter().copied(), &[]).unwrap();
        for value in &values {
            prop_assert_eq!(naive::matches(&patterns, value), matcher.matches(value), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn many_at_once_are_answered_as_one_by_one((texts, values) in patterns_and_values()) {
        let matcher = OriginMatcher::new(parse_all(&texts), &[]).unwrap();
        let asked: Vec<&[u8]> = values.iter().map(Vec::as_slice).cycle().take(70).collect();
        let expected: Vec<bool> = asked.iter().map(|value| matcher.matches(value)).collect();
        prop_assert_eq!(expected, matcher.match_many(&asked));
    }

    /// Of so many patterns that the matcher reads ahead.
    #[test]
    fn a_crowd_of_patterns_is_matched_as_each_of_them(values in vec(nearly(near_crowd()), 1..70)) {
        let asked: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        for (value, answer) in asked.iter().zip(CROWD.match_many(&asked)) {
            let expected = (is_in_crowd(value), CROWD.matches(value));
            prop_assert_eq!(expected, (answer, answer), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn adding_a_pattern_never_removes_a_match((texts, values) in patterns_and_values(), more in pattern()) {
        let patterns = parse_all(&texts);
        let fewer = OriginMatcher::new(patterns.iter().copied(), &[]).unwrap();
        let more = OriginMatcher::new(patterns.iter().copied().chain(Pattern::parse(&more).ok()), &[]).unwrap();
        prop_assert!(values.iter().all(|value| !fewer.matches(value) || more.matches(value)));
    }

    #[test]
    fn order_and_duplicates_of_patterns_do_not_matter((texts, values) in patterns_and_values()) {
        let patterns = parse_all(&texts);
        let matcher = OriginMatcher::new(patterns.iter().copied(), &[]).unwrap();
        let twice = OriginMatcher::new(patterns.iter().rev().chain(&patterns).copied(), &[]).unwrap();
        prop_assert_eq!(matcher.len(), twice.len());
        prop_assert!(values.iter().all(|value| matcher.matches(value) == twice.matches(value)));
    }

    #[test]
    fn the_parts_of_an_origin_spell_it_again_within_the_limits(value in nearly(origin())) {
        if let Some(Origin::Tuple(origin)) = Origin::parse(&value) {
            let (Host::Domain(host) | Host::Subdomains(host) | Host::Ip(host)) = origin.host;
            let spelling = format!("{}://{host}{}", origin.scheme, spell_port(origin.port));
            prop_assert_eq!(spelling.as_bytes(), &value[..]);
            prop_assert_eq!(origin.text, &spelling);
            prop_assert!(value.len() <= MAX_ORIGIN_BYTES && origin.scheme.len() <= MAX_SCHEME_BYTES);
            prop_assert!(host.len() <= MAX_HOST_BYTES);
            prop_assert!(host.starts_with('[') || host.split('.').all(|label| label.len() <= MAX_LABEL_BYTES));
            prop_assert!(!host.contains('*') && origin.port != Port::Any && origin.port != Port::Exact(0));
        }
    }

    #[test]
    fn the_parts_of_a_pattern_spell_it_again(text in pattern()) {
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert_eq!(&text, &pattern.to_string());
            let spelling = pattern.to_string();
            prop_assert_eq!(Ok(pattern), Pattern::parse(&spelling));
            if let Pattern::Tuple(pattern) = pattern {
                let host = match pattern.host {
                    Host::Subdomains(base) => format!("*.{base}"),
                    Host::Domain(host) | Host::Ip(host) => host.to_owned(),
                };
                prop_assert!(host.len() <= MAX_HOST_BYTES);
                prop_assert_eq!(&text, &format!("{}://{host}{}", pattern.scheme, spell_port(pattern.port)));
            }
        }
    }

    #[test]
    fn an_origin_and_a_pattern_without_wildcard_are_the_same_texts(text in prop_oneof![origin(), pattern()]) {
        let has_wildcard = |pattern: &Pattern<'_>| match pattern {
            Pattern::Any => true,
            Pattern::Tuple(pattern) => matches!(pattern.host, Host::Subdomains(_)) || pattern.port == Port::Any,
        };
        let pattern = match Pattern::parse(&text).ok().filter(|pattern| !has_wildcard(pattern)) {
            Some(Pattern::Tuple(pattern)) => Some((pattern.scheme, pattern.host, pattern.port)),
            _ => None,
        };
        let origin = match Origin::parse(text.as_bytes()) {
            Some(Origin::Tuple(origin)) => Some((origin.scheme, origin.host, origin.port)),
            _ => None,
        };
        prop_assert_eq!(origin, pattern);
    }

    /// The `url` crate follows the standard, so it spells every origin of a special scheme as we
    /// take it. It refuses `xn--` labels that are no Punycode, which no browser sends either.
    #[test]
    fn an_origin_is_one_to_the_url_standard_too(value in nearly(origin())) {
        if let Some(Origin::Tuple(origin)) = Origin::parse(&value)
            && corsac::grammar::is_special_scheme(origin.scheme.as_bytes())
        {
            let url = url::Url::parse(origin.text).map(|url| url.origin().ascii_serialization());
            prop_assert_eq!(Ok(origin.text.to_owned()), url);
        }
    }

    /// And the other way round, but for the hosts whose bytes and lengths we refuse.
    #[test]
    fn what_the_url_standard_serializes_is_an_origin(address in any::<u128>(), port in 1..=u16::MAX, sparse: bool) {
        let address = if sparse { address & 0xffff_0000_0000_ffff_0000_0000_0000_0001 } else { address };
        let address = std::net::Ipv6Addr::from(address);
        for text in [format!("https://[{address}]:{port}"), format!("http://{}:{port}", address.to_bits() as u32)] {
            let serialized = url::Url::parse(&text).unwrap().origin().ascii_serialization();
            prop_assert!(Origin::parse(serialized.as_bytes()).is_some(), "{}", serialized);
        }
    }

    #[test]
    fn an_error_of_a_pattern_helps(text in prop_oneof![pattern(), "\\PC{0,12}", "https?:/{1,3}\\PC{0,12}"]) {
        if let Err(error) = Pattern::parse(&text) {
            prop_assert!(is_helpful(&text, &error), "{:?}", error);
        }
    }

    #[test]
    fn a_set_of_names_answers_as_a_loop(listed in vec(name(), 0..8), asked in vec(name(), 1..8)) {
        let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        let methods = NameSet::of_methods(listed.iter().copied());
        let headers = NameSet::of_headers(listed.iter().copied());
        for name in asked.iter().map(String::as_bytes).filter(|name| corsac::grammar::is_token(name)) {
            prop_assert_eq!(naive::allows_header(&listed, name), headers.contains(name));
            let safelisted = corsac::grammar::is_safelisted_method(name);
            prop_assert_eq!(naive::allows_method(&listed, name), safelisted || methods.contains(name));
        }
    }

    #[test]
    fn lines_are_read_as_a_splitter_reads_them(listed in vec(name(), 0..6), lines in vec(line(), 0..5)) {
        let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
        let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let names = NameSet::of_headers(listed.iter().copied());
        let accepted = reads(&names, lines.iter().copied());
        prop_assert_eq!(naive::allows_lines(&listed, &lines), accepted);
        // It does not matter at which commas a list is split into lines, nor in which order they come.
        let split = lines.iter().flat_map(|line| line.split(|&byte| byte == b','));
        prop_assert_eq!(accepted, reads(&names, split));
        prop_assert_eq!(accepted, reads(&names, lines.iter().rev().copied()));
        if accepted && !lines.is_empty() {
            prop_assert_eq!(accepted, reads(&names, [&lines.join(&b',')[..]]));
        }
        if accepted {
            prop_assert!(lines.concat().len() < MAX_FIELD_BYTES);
            prop_assert!(naive::elements(&lines).iter().filter(|name| !name.is_empty()).count() <= MAX_NAMES);
        }
    }

    #[test]
    fn the_facts_are_the_naive_ones_in_every_order_of_lines(
        (origins, values) in patterns_and_values(), null: bool, method in select(&["OPTIONS", "OPTIONS", "options", "GET"]),
        methods in vec(name(), 0..3), headers in vec(name(), 0..5), mut lines in header_lines(),
    ) {
        lines.extend(values.into_iter().take(1).map(|value| ("origin", value)));
        let rules = NaiveRules {
            origins: parse_all(&origins),
            null,
            methods: methods.iter().map(String::as_str).collect(),
            headers: headers.iter().map(String::as_str).collect(),
        };
        let built = rules.build();
        let lines: Vec<_> = lines.iter().map(|(name, value)| (name.as_bytes(), &value[..])).collect();
        let facts = built.facts(method.as_bytes(), lines.iter().copied());
        prop_assert_eq!(naive::facts(&rules, method.as_bytes(), &lines), facts.bits());
        prop_assert_eq!(facts, built.facts(method.as_bytes(), lines.iter().rev().copied()));
    }

    #[test]
    fn a_request_comes_to_where_it_comes_when_every_route_is_asked(
        places in hash_map((route_host(), route_path()), option::of(0..3_usize), 0..12),
        requests in vec((nearly(request_host()), nearly(request_path())), 1..12),
    ) {
        let list: Vec<_> = places.iter().map(|((host, path), &choice)| {
            Route { host: host.as_bytes(), path: path.as_bytes(), choice }
        }).collect();
        let routes = Routes::new(list.iter().copied());
        for (host, path) in &requests {
            let expected = naive_routes::find(&list, host, path);
            prop_assert_eq!(expected, routes.find(host, path), "{:?}", (host, path));
        }
    }

    #[test]
    fn nothing_panics(text: String, bytes in vec(any::<u8>(), 0..400), ignores_case: bool) {
        let _ = (Origin::parse(&bytes), Origin::parse(text.as_bytes()), Pattern::parse(&text));
        let _ = OriginRegex::parse(&text, ignores_case);
        let _ = OriginRegex::parse(&String::from_utf8_lossy(&bytes), ignores_case);
        RequestedNames::new().read(&bytes, |_| true);
        let rules = NaiveRules { origins: vec![Pattern::Any], ..NaiveRules::default() }.build();
        for name in ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"] {
            rules.facts(&bytes, [(name.as_bytes(), &bytes[..]), (&bytes, text.as_bytes())]);
        }
    }
}

proptest! {
    // Compiling takes long.
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_regex_keeps_what_it_says_of_its_schemes(
        source in regex(), ignores_case: bool, mut values in vec(nearly(short_origin()), 1..9),
    ) {
        match OriginRegex::parse(&source, ignores_case) {
            Err(error) => prop_assert!(is_helpful(&source, &error), "{:?}", error),
            Ok(regex) => {
                let matcher = OriginMatcher::new([], std::slice::from_ref(&regex)).unwrap();
                prop_assert!(!matcher.matches(b"null"));
                values.push(b"http://a".to_vec());
                for value in values.iter().filter(|value| matcher.matches(value)) {
                    prop_assert!(matches!(Origin::parse(value), Some(Origin::Tuple(_))));
                    let says_so = !regex.begins_with_scheme() || regex.lets_http_through();
                    prop_assert!(says_so || !value.starts_with(b"http:"), "{}", value.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn an_escaped_origin_is_a_regex_of_that_origin_only(text in origin(), other in nearly(origin())) {
        let is_origin = Origin::parse(text.as_bytes()).is_some();
        match OriginRegex::parse(&regex::escape(&text), false) {
            Err(_) => prop_assert!(!is_origin),
            Ok(regex) => {
                let matcher = OriginMatcher::new([], &[regex]).unwrap();
                prop_assert_eq!(is_origin, matcher.matches(text.as_bytes()));
                prop_assert_eq!(is_origin && other == text.as_bytes(), matcher.matches(&other));
            }
        }
    }
}
