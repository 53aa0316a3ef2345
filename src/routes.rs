//! Routes by the host and the path of a request.
//!
//! Here: `Routes`, and which of them a request takes. Not here: how a route is written
//! (`_policy_map.py`), what stands at it, where a request has its host and path (`python/routes.rs`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc3986#section-3>

mod paths;

use std::borrow::Cow;
use std::collections::HashMap;

use paths::{Paths, Shape};

/// A route: a host in lower case, which may begin with `*.` and end with a port, and a path without
/// a slash at its end; each empty where all are meant. `choice`: what stands there, by its number;
/// None for nothing.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// Empty: every host.
    pub host: &'a [u8],
    /// Empty: every path.
    pub path: &'a [u8],
    /// Several routes may have the same one.
    pub choice: Option<usize>,
}

/// Where a request comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To nothing, since no route covers it, or one without a choice does.
    Nothing,
    /// To a route with this choice.
    To(usize),
    /// To one choice as its path stands, and to another one when the dots in it are followed; None
    /// for nothing.
    Forked(Option<usize>, Option<usize>),
}

/// Many routes, built once, asked often.
///
/// The more exact host counts first: itself, then the longest wildcard, then every host; of each
/// with its port before all ports. Under it counts the longest path of whole segments. Where no
/// path of one host covers the request's, the next host is asked.
///
/// ```
/// use corsac::{Route, Routes, Way};
///
/// let route = |host: &'static str, path: &'static str, choice| Route {
///     host: host.as_bytes(),
///     path: path.as_bytes(),
///     choice,
/// };
/// let routes = Routes::new([route("", "/api", Some(0)), route("*.example.com", "", Some(1))]);
/// assert_eq!(routes.find(b"example.org", b"/api/items"), Way::To(0));
/// assert_eq!(routes.find(b"shop.example.com:8080", b"/api"), Way::To(1));
/// assert_eq!(routes.find(b"example.org", b"/apis"), Way::Nothing);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Routes {
    every_host: Paths,
    hosts: HashMap<Box<[u8]>, Ports>,
    /// By what follows the star.
    wildcards: HashMap<Box<[u8]>, Ports>,
    /// In bytes, so that of a host with thousands of labels only few are looked up.
    longest_wildcard: usize,
}

/// What stands under a name.
#[derive(Clone, Debug, Default)]
struct Ports {
    every: Paths,
    /// By their digits.
    exact: HashMap<Box<[u8]>, Paths>,
}

impl Routes {
    /// Of two routes of the same host and path either may be found.
    pub fn new<'a>(routes: impl IntoIterator<Item = Route<'a>>) -> Self {
        let mut built = Self::default();
        for route in routes {
            let (name, port) = split_host(route.host);
            let ports = match name.strip_prefix(b"*") {
                _ if route.host.is_empty() => {
                    built.every_host.add(route.path, route.choice);
                    continue;
                }
                // What is no host covers none.
                None if name.is_empty() => continue,
                None => built.hosts.entry(name.into()).or_default(),
                Some(end) => {
                    built.longest_wildcard = built.longest_wildcard.max(end.len());
                    built.wildcards.entry(end.into()).or_default()
                }
            };
            let paths = match port {
                b"" => &mut ports.every,
                _ => ports.exact.entry(port.into()).or_default(),
            };
            paths.add(route.path, route.choice);
        }
        built.every_host.finish();
        let names = built.hosts.values_mut().chain(built.wildcards.values_mut());
        for ports in names {
            ports.every.finish();
            ports.exact.values_mut().for_each(Paths::finish);
        }
        built
    }

    /// Whether a host makes a difference.
    pub fn is_by_host(&self) -> bool {
        !(self.hosts.is_empty() && self.wildcards.is_empty())
    }

    /// Where a request comes to. `host`: as it came, in any case, with a port or without, empty
    /// where there is none. `path`: decoded; its empty segments do not count.
    pub fn find(&self, host: &[u8], path: &[u8]) -> Way {
        let host = if host.iter().any(u8::is_ascii_uppercase) {
            Cow::Owned(host.to_ascii_lowercase())
        } else {
            Cow::Borrowed(host)
        };
        let shape = Shape::of(path);
        let path = if shape.is_uneven {
            Cow::Owned(paths::drop_empty_segments(path))
        } else {
            Cow::Borrowed(path)
        };
        let choice = self.choice_at(&host, &path);
        if shape.has_dots {
            let followed = self.choice_at(&host, &paths::follow_dots(&path));
            if followed != choice {
                return Way::Forked(choice, followed);
            }
        }
        choice.map_or(Way::Nothing, Way::To)
    }

    fn choice_at(&self, host: &[u8], path: &[u8]) -> Option<usize> {
        let under_host = if self.is_by_host() {
            self.find_under(host, path)
        } else {
            None
        };
        under_host
            .or_else(|| self.every_host.find(path))
            .and_then(|found| found.choice)
    }

    fn find_under(&self, host: &[u8], path: &[u8]) -> Option<paths::Found> {
        let (name, port) = split_host(host);
        let find = |ports: &Ports| {
            let exact = match port {
                b"" => None,
                _ => ports.exact.get(port).and_then(|paths| paths.find(path)),
            };
            exact.or_else(|| ports.every.find(path))
        };
        // A wildcard stands for one label at least, so that no dot at the beginning counts.
        let first = name.len().saturating_sub(self.longest_wildcard).max(1);
        let ends = (first..name.len()).filter(|&dot| name[dot] == b'.');
        let mut wildcards = ends.filter_map(|dot| self.wildcards.get(&name[dot..]));
        let exact = self.hosts.get(name).and_then(find);
        exact.or_else(|| wildcards.find_map(find))
    }
}

/// The name and the digits of the port. A name has no dot behind it, which leads to the same server;
/// what cannot be a host has none.
fn split_host(host: &[u8]) -> (&[u8], &[u8]) {
    let digits = host.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let (front, port) = host.split_at(host.len() - digits.count());
    let (name, port) = match front {
        [name @ .., b':'] => (name, port),
        _ => (host, &b""[..]),
    };
    let name = name.strip_suffix(b".").unwrap_or(name);
    if name.contains(&b':') && !name.ends_with(b"]") {
        return (b"", b"");
    }
    (name, port)
}
