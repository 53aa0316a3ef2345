//! Makes routes, and requests that nearly come to them.
//!
//! Here: hosts and paths out of few pieces, so that many cover each other.
//! Not here: any law.
//! Spec: <https://www.rfc-editor.org/rfc/rfc3986#section-3>

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Hosts of routes, with wildcards and ports, and none.
pub fn route_host() -> impl Strategy<Value = String> {
    let star = select(&["", "", "*."]);
    let name = vec(select(&["a", "b", "a-b"]), 1..4).prop_map(|labels| labels.join("."));
    let port = select(&["", "", ":80", ":8080"]);
    prop_oneof![
        4 => Just(String::new()),
        4 => (star, name, port).prop_map(|(star, name, port)| format!("{star}{name}{port}")),
        1 => select(&["[::1]", "[::1]:80"]).prop_map(str::to_owned),
    ]
}

/// Paths of routes, which have no empty segments and no dots to follow.
pub fn route_path() -> impl Strategy<Value = String> {
    vec(select(&["a", "b", "ab", "A", "é", ".a", "a b"]), 0..4).prop_map(join)
}

/// Hosts as requests have them.
pub fn request_host() -> impl Strategy<Value = String> {
    let name = vec(select(&["a", "b", "a-b", "A", "", "\u{ff}"]), 0..6);
    let end = select(&["", "", ".", ":", ":80", ":8080", ".:80", ":80:80", ":x"]);
    prop_oneof![
        8 => (name, end).prop_map(|(labels, end)| labels.join(".") + end),
        1 => select(&["[::1]", "[::1]:80", "[::1]:8080", "::1", "[::1].", ""]).prop_map(str::to_owned),
    ]
}

/// Paths as requests have them.
pub fn request_path() -> impl Strategy<Value = String> {
    let segment = select(&[
        "a", "b", "ab", "A", "é", ".a", "a b", "", ".", "..", "...", "x",
    ]);
    (vec(segment, 0..7), any::<bool>()).prop_map(|(segments, is_rooted)| {
        let path = join(segments);
        path[usize::from(!is_rooted && !path.is_empty())..].to_owned()
    })
}

fn join(segments: Vec<&str>) -> String {
    segments
        .iter()
        .map(|segment| format!("/{segment}"))
        .collect()
}
