//! The naive twin: the core's answers again, in the slow and obvious way.
//!
//! Here: loops over everything, without an index, a budget that is counted down, or a short cut.
//! The property tests and the fuzz targets share it.
//! Not here: parsing of origins and patterns, which `tests/vectors` proves.
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

use corsac::grammar::{
    MAX_EMPTY_ELEMENTS, MAX_FIELD_BYTES, MAX_METHOD_BYTES, MAX_NAMES, is_safelisted_method,
    is_token,
};
use corsac::{
    Facts, Host, NameSet, Origin, OriginMatcher, Pattern, Port, Rules, TupleOrigin, TuplePattern,
};

/// What a policy allows, as lists.
#[derive(Clone, Debug, Default)]
pub struct NaiveRules<'a> {
    pub origins: Vec<Pattern<'a>>,
    pub null: bool,
    pub methods: Vec<&'a str>,
    pub headers: Vec<&'a str>,
}

impl NaiveRules<'_> {
    /// The core's own rules of the same policy.
    pub fn build(&self) -> Rules {
        Rules {
            origins: OriginMatcher::new(self.origins.iter().copied(), &[]).expect("no regex"),
            null: self.null,
            methods: NameSet::of_methods(self.methods.iter().copied()),
            headers: NameSet::of_headers(self.headers.iter().copied()),
        }
    }
}

/// Whether a pattern covers the origin: scheme, host and port are compared one by one.
pub fn matches(patterns: &[Pattern<'_>], value: &[u8]) -> bool {
    let origin = Origin::parse(value);
    patterns.iter().any(|pattern| match (pattern, origin) {
        (Pattern::Any, Some(_)) => true,
        (Pattern::Tuple(pattern), Some(Origin::Tuple(origin))) => covers(pattern, &origin),
        _ => false,
    })
}

fn covers(pattern: &TuplePattern<'_>, origin: &TupleOrigin<'_>) -> bool {
    let host = match (pattern.host, origin.host) {
        (Host::Subdomains(base), Host::Domain(name)) => name
            .strip_suffix(base)
            .and_then(|labels| labels.strip_suffix('.'))
            .is_some_and(|labels| !labels.is_empty()),
        (pattern, origin) => pattern == origin,
    };
    let port = pattern.port == Port::Any || pattern.port == origin.port;
    pattern.scheme == origin.scheme && host && port
}

/// Whether a list of methods covers this one.
pub fn allows_method(listed: &[&str], method: &[u8]) -> bool {
    is_safelisted_method(method)
        || method.len() <= MAX_METHOD_BYTES
            && method != b"*"
            && is_token(method)
            && listed
                .iter()
                .any(|listed| *listed == "*" || listed.as_bytes() == method)
}

/// Whether a list of header names covers this one.
pub fn allows_header(listed: &[&str], name: &[u8]) -> bool {
    let covered = !name.eq_ignore_ascii_case(b"authorization") && listed.contains(&"*");
    name != b"*"
        && (covered
            || listed
                .iter()
                .any(|listed| listed.as_bytes().eq_ignore_ascii_case(name)))
}

/// The list elements of all lines, without the white space around them.
pub fn elements<'a>(lines: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let white_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    lines
        .iter()
        .flat_map(|line| line.split(|&byte| byte == b','))
        .map(|element| {
            let start = element.iter().take_while(|byte| white_space(byte)).count();
            let element = &element[start..];
            let end = element.iter().rev().take_while(|byte| white_space(byte));
            &element[..element.len() - end.count()]
        })
        .collect()
}

/// Whether all lines together stay within the limits, and hold nothing but tokens that are listed.
pub fn allows_lines(listed: &[&str], lines: &[&[u8]]) -> bool {
    let (empty, names): (Vec<_>, Vec<_>) = elements(lines)
        .into_iter()
        .partition(|name| name.is_empty());
    lines.iter().map(|line| line.len() + 1).sum::<usize>() <= MAX_FIELD_BYTES
        && empty.len() <= MAX_EMPTY_ELEMENTS
        && names.len() <= MAX_NAMES
        && names
            .iter()
            .all(|name| is_token(name) && allows_header(listed, name))
}

/// The facts of a request, bit by bit.
pub fn facts(rules: &NaiveRules<'_>, method: &[u8], lines: &[(&[u8], &[u8])]) -> usize {
    let values = |wanted: &str| -> Vec<&[u8]> {
        lines
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes()))
            .map(|&(_, value)| value)
            .collect()
    };
    let origins = values("Origin");
    let methods = values("Access-Control-Request-Method");
    let headers = values("Access-Control-Request-Headers");
    let is_preflight = method == b"OPTIONS" && !origins.is_empty() && !methods.is_empty();
    let origin_allowed = matches!(origins[..], [origin]
        if rules.null && origin == b"null" || matches(&rules.origins, origin));
    let method_allowed = matches!(methods[..], [method] if allows_method(&rules.methods, method));
    [
        (Facts::HAS_ORIGIN, !origins.is_empty()),
        (Facts::IS_PREFLIGHT, is_preflight),
        (Facts::ORIGIN_ALLOWED, origin_allowed),
        (Facts::METHOD_ALLOWED, is_preflight && method_allowed),
        (
            Facts::HEADERS_ALLOWED,
            is_preflight && allows_lines(&rules.headers, &headers),
        ),
    ]
    .iter()
    .filter(|(_, so)| *so)
    .fold(0, |bits, (fact, _)| bits | fact.bits())
}
