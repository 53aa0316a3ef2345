//! The naive twin of routes: every route is asked whether it covers the request, and how exactly.
//!
//! Here: a loop over all of them. The property tests and a fuzz target share it.
//! Not here: what is a route (`_policy_map.py`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc3986#section-3>

use corsac::{Route, Way};

/// Where a request comes to.
pub fn find(routes: &[Route<'_>], host: &[u8], path: &[u8]) -> Way {
    let mut plain = segments(path);
    let choice = choose(routes, host, &plain);
    let mut kept = Vec::new();
    for segment in plain.drain(..) {
        if segment == b".." {
            kept.pop();
        } else if segment != b"." {
            kept.push(segment);
        }
    }
    let followed = choose(routes, host, &kept);
    match choice {
        _ if choice != followed => Way::Forked(choice, followed),
        Some(choice) => Way::To(choice),
        None => Way::Nothing,
    }
}

fn choose(routes: &[Route<'_>], host: &[u8], path: &[&[u8]]) -> Option<usize> {
    let covering = routes.iter().filter_map(|route| {
        let beginning = segments(route.path);
        let exactness = exactness(route.host, host)?;
        path.starts_with(&beginning)
            .then_some((exactness, beginning.len(), route.choice))
    });
    covering
        .max_by_key(|&(exactness, length, _)| (exactness, length))
        .and_then(|(_, _, choice)| choice)
}

fn segments(path: &[u8]) -> Vec<&[u8]> {
    path.split(|&byte| byte == b'/')
        .filter(|segment| !segment.is_empty())
        .collect()
}

/// How exactly a route's host is the request's: its kind, its length, and whether its port counts.
fn exactness(route: &[u8], host: &[u8]) -> Option<(u8, usize, bool)> {
    if route.is_empty() {
        return Some((0, 0, false));
    }
    let (name, port) = split(host);
    let (route, route_port) = split(route);
    let has_two_ports = name.contains(':') && !name.ends_with(']');
    if has_two_ports || !(route_port.is_empty() || route_port == port) {
        return None;
    }
    let kind = match route.strip_prefix('*') {
        None => (route == name).then_some(2),
        Some(end) => (name.len() > end.len() && name.ends_with(end)).then_some(1),
    };
    Some((kind?, route.len(), !route_port.is_empty()))
}

/// Name and port; the bytes as characters.
fn split(host: &[u8]) -> (String, String) {
    let host: String = host
        .to_ascii_lowercase()
        .iter()
        .map(|&byte| char::from(byte))
        .collect();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
        _ => (&host[..], ""),
    };
    (
        name.strip_suffix('.').unwrap_or(name).to_owned(),
        port.to_owned(),
    )
}
