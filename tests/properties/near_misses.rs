//! Makes inputs for the laws: texts that are nearly right.
//!
//! Here: origins, patterns, names, lines and regexes, put together from pieces of which a few are
//! wrong or exactly too long, and then perhaps changed by one byte.
//! Not here: any law.
//! Spec: <https://url.spec.whatwg.org/#origin>

use corsac::grammar::{MAX_LABEL_BYTES, MAX_METHOD_BYTES, MAX_SCHEME_BYTES};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Pieces of hosts of which some are no labels, some are numbers, and some are exactly too long.
pub fn label() -> impl Strategy<Value = String> {
    const LABELS: &[&str] = &[
        "a", "b", "ab", "example", "com", "_a", "x--y", "1", "127", "0x1", "0x", "1a",
    ];
    const WRONG: &[&str] = &["", "-a", "a-", "A", "*", "é", "a+", "256", "01"];
    prop_oneof![
        20 => select(LABELS).prop_map(str::to_owned),
        1 => select(WRONG).prop_map(str::to_owned),
        2 => (MAX_LABEL_BYTES - 1..=MAX_LABEL_BYTES + 1).prop_map(|length| "a".repeat(length)),
    ]
}

pub fn host() -> impl Strategy<Value = String> {
    const ADDRESSES: &[&str] = &[
        "127.0.0.1",
        "1.2.3.4",
        "1.2.3.04",
        "1.2.3",
        "[::1]",
        "[2001:db8::1]",
        "[2001:DB8::1]",
        "[::ffff:102:304]",
        "[::ffff:1.2.3.4]",
        "[::1",
        "[0:0::1]",
        "[1:2:3:4:5:6:7:8]",
        "[::1]a",
    ];
    let ending = select(&["", "", "", "."]);
    prop_oneof![
        8 => (vec(label(), 1..5), ending).prop_map(|(labels, end)| labels.join(".") + end),
        2 => select(ADDRESSES).prop_map(str::to_owned),
        1 => (120_usize..130, select(&["", "a", "aa", "aaa"])).prop_map(|(depth, end)| "a.".repeat(depth) + end),
        1 => (vec(60_usize..=63, 4), select(&["", "."])).prop_map(|(lengths, end)| {
            lengths.iter().map(|&length| "a".repeat(length)).collect::<Vec<_>>().join(".") + end
        }),
    ]
}

pub fn scheme() -> impl Strategy<Value = String> {
    const SCHEMES: &[&str] = &[
        "https", "http", "ws", "ftp", "app", "a+b-c.1", "null", "file", "1a", "HTTPS", "",
    ];
    prop_oneof![
        20 => select(&SCHEMES[..2]).prop_map(str::to_owned),
        10 => select(SCHEMES).prop_map(str::to_owned),
        1 => (MAX_SCHEME_BYTES - 1..=MAX_SCHEME_BYTES + 1).prop_map(|length| "a".repeat(length)),
    ]
}

pub fn port() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        4 => Just(""),
        4 => select(&[":8080", ":1", ":65535"]),
        1 => select(&[":80", ":443", ":21", ":0", ":65536", ":08080", ":", ":a", ":*", "/"]),
    ]
}

pub fn origin() -> impl Strategy<Value = String> {
    (scheme(), host(), port()).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"))
}

pub fn pattern() -> impl Strategy<Value = String> {
    let wildcard = select(&["", "", "*.", "*.", "*"]);
    let port = prop_oneof![3 => port(), 1 => Just(":*")];
    prop_oneof![
        30 => (scheme(), wildcard, host(), port)
            .prop_map(|(scheme, wildcard, host, port)| format!("{scheme}://{wildcard}{host}{port}")),
        1 => select(&["*", "null", ""]).prop_map(str::to_owned),
    ]
}

/// The text with one byte more, less, or other; or as it was.
pub fn nearly(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<u8>> {
    let byte = select(b"*.:/@-[]a0A,%\0 \xff".as_slice());
    (text, any::<Index>(), byte, 0..6).prop_map(|(text, index, byte, edit)| {
        let mut bytes = text.into_bytes();
        let place = index.index(bytes.len() + 1);
        match edit {
            0 => bytes.insert(place, byte),
            1 if place < bytes.len() => bytes[place] = byte,
            2 if place < bytes.len() => drop(bytes.remove(place)),
            _ => {}
        }
        bytes
    })
}

/// Patterns, and values that they cover or nearly cover.
pub fn patterns_and_values() -> impl Strategy<Value = (Vec<String>, Vec<Vec<u8>>)> {
    vec(pattern(), 1..8).prop_flat_map(|patterns| {
        let instance = (select(patterns.clone()), vec(label(), 0..3), port()).prop_map(
            |(pattern, labels, port)| {
                let labels = labels
                    .iter()
                    .map(|label| format!("{label}."))
                    .collect::<String>();
                pattern.replace("*.", &labels).replace(":*", port)
            },
        );
        let values =
            prop_oneof![4 => nearly(instance), 1 => nearly(origin()), 1 => Just(b"null".to_vec())];
        (Just(patterns), vec(values, 1..6))
    })
}

/// Tokens and near misses, out of so few that they repeat.
pub fn name() -> impl Strategy<Value = String> {
    const NAMES: &[&str] = &[
        "X-A",
        "x-a",
        "X-B",
        "x-ab",
        "PUT",
        "put",
        "GET",
        "Authorization",
        "authorization",
        "*",
        "a",
        "x a",
        "",
    ];
    prop_oneof![9 => select(NAMES).prop_map(str::to_owned), 1 => "[!-~]{0,4}"]
}

pub fn line() -> impl Strategy<Value = Vec<u8>> {
    let separator = select(&[",", ", ", " ,\t", ",,"]);
    let short = (vec(name(), 0..6), separator).prop_map(|(names, separator)| names.join(separator));
    let repeated = (
        select(&[",", "x-a,", " ", "a"]),
        prop_oneof![62_usize..67, 1_022_usize..1_027, 16_381_usize..16_386],
    )
        .prop_map(|(unit, times)| unit.repeat(times));
    prop_oneof![6 => nearly(short), 1 => nearly(repeated)]
}

pub fn header_lines() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let origins = vec(
        (select(&["Origin", "ORIGIN", "x-origin"]), nearly(origin())),
        0..3,
    );
    let methods = vec(
        (
            Just("Access-Control-Request-Method"),
            prop_oneof![
                9 => name().prop_map(String::into_bytes),
                1 => (MAX_METHOD_BYTES - 1..=MAX_METHOD_BYTES + 1).prop_map(|length| vec![b'A'; length]),
            ],
        ),
        0..3,
    );
    let headers = vec(
        (
            select(&["access-control-request-headers", "Accept"]),
            line(),
        ),
        0..4,
    );
    (origins, methods, headers)
        .prop_map(|(origins, methods, headers)| [origins, methods, headers].concat())
        .prop_shuffle()
}

/// Regexes that begin with a scheme in one of many ways, or nearly, and go on with pieces that are
/// often a regex when joined.
pub fn regex() -> impl Strategy<Value = String> {
    const SCHEMES: &[&str] = &[
        "https://",
        "https?://",
        "(?:http|app)://",
        "(?i:HTTP)s?://",
        "HTTPs{0,1}://",
        "[gh]ttps?://",
        "(https://a|http://a)",
        "(?:https)?://",
        "[a-z]+://",
        "^https?://",
        "http",
        "h?",
    ];
    const PIECES: &[&str] = &[
        "a", "b", "[ab]+", "[^.]*", r".*\.", r"\.", r"(:\d+)?", "^", "$", "(", ")", "?", "*", ".",
        "[", "&&", r"\b",
    ];
    const BRANCHES: &[&str] = &["", "", "|http://a", "|h[a-z]+://a", "|[^:]*://[ab]", "|"];
    (select(SCHEMES), vec(select(PIECES), 0..5), select(BRANCHES))
        .prop_map(|(scheme, pieces, branch)| format!("{scheme}{}{branch}", pieces.concat()))
}

/// Origins that such regexes match now and then.
pub fn short_origin() -> impl Strategy<Value = String> {
    (
        select(&["http", "https", "app"]),
        "[ab]{1,3}",
        select(&["", ".a", ".b.a", ":1"]),
    )
        .prop_map(|(scheme, host, end)| format!("{scheme}://{host}{end}"))
}
