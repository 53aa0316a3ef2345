//! Invariant: a request comes to where it comes when every route is asked, whatever the order of routes.
//!
//! Here: `Routes`. Input: routes, an empty line, then host and path of a request, each on a line.
//! Not here: what is a route, beyond that none has a slash at its end.
//! Spec: <https://www.rfc-editor.org/rfc/rfc3986#section-3>

#![no_main]

#[path = "../naive_routes.rs"]
mod naive_routes;

use std::collections::HashMap;

use corsac::{Route, Routes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|&byte| byte == b'\n');
    let keys: Vec<Vec<u8>> = lines
        .by_ref()
        .take_while(|line| !line.is_empty())
        .map(<[u8]>::to_ascii_lowercase)
        .collect();
    let mut routes = HashMap::new();
    for (number, key) in keys.iter().enumerate() {
        let slash = key.iter().position(|&byte| byte == b'/');
        let (host, path) = key.split_at(slash.unwrap_or(key.len()));
        if !is_route(host, path) {
            continue;
        }
        // Every third one has no choice, and the others have two.
        let choice = number.is_multiple_of(3).then_some(number % 2);
        routes.insert((host, path), Route { host, path, choice });
    }
    let mut routes: Vec<_> = routes.into_values().collect();
    let host = lines.next().unwrap_or_default();
    let path = lines.next().unwrap_or_default();

    let expected = naive_routes::find(&routes, host, path);
    assert_eq!(
        expected,
        Routes::new(routes.iter().copied()).find(host, path)
    );
    routes.reverse();
    assert_eq!(expected, Routes::new(routes).find(host, path));
});

/// Hosts without a dot at the end and with a port of digits, paths without empty segments.
fn is_route(host: &[u8], path: &[u8]) -> bool {
    let name = host.strip_prefix(b"*.").unwrap_or(host);
    let (name, port) = match name.iter().position(|&byte| byte == b':') {
        Some(colon) if !name.ends_with(b"]") => (&name[..colon], Some(&name[colon + 1..])),
        _ => (name, None),
    };
    let is_port = |port: &[u8]| !port.is_empty() && port.iter().all(u8::is_ascii_digit);
    let has_name = !name.is_empty() && !name.ends_with(b".") && !name.starts_with(b"*");
    (host.is_empty() || has_name && port.is_none_or(is_port))
        && path
            .split(|&byte| byte == b'/')
            .skip(1)
            .all(|segment| !segment.is_empty())
}
