//! Counts look-ups of routes: growing maps, and growing hosts and paths.
//!
//! Here: `Routes`, by path and by host, and what strangers send to make a look-up long.
//! Not here: what a map is.
//! Spec: <https://www.rfc-editor.org/rfc/rfc3986#section-3>

use corsac::{Route, Routes, Way};

use crate::names::scattered;
use crate::{Series, no, yes};

/// Host and path.
type Place = (String, String);

pub fn count() {
    let ask = |series: Series, size, routes: &[Place], requests: &[Place]| {
        let routes = build(routes);
        series.count(size, requests, |(host, path)| {
            routes.find(host.as_bytes(), path.as_bytes()) != Way::Nothing
        });
    };
    let place = |host: &str, path: &str| (host.to_owned(), path.to_owned());
    for size in [16, 64, 256, 1_024, 4_096] {
        let numbered = |form: &dyn Fn(&str) -> Place| -> Vec<Place> {
            (0..size).map(|number| form(&scattered(number))).collect()
        };
        let paths = numbered(&|name| place("", &format!("/api/{name}")));
        let below = numbered(&|name| place("any.example", &format!("/api/{name}/items/1")));
        ask(yes("routes/paths"), size, &paths, &below);
        let others = numbered(&|name| place("any.example", &format!("/apis/{name}/items/1")));
        ask(no("routes/paths-miss"), size, &paths, &others);
        let hosts = numbered(&|name| place(&format!("{name}.example"), ""));
        ask(yes("routes/hosts"), size, &hosts, &hosts);
        let wildcards = numbered(&|name| place(&format!("*.{name}.example"), ""));
        let deep = numbered(&|name| place(&format!("a.b.c.{name}.example:8080"), "/"));
        ask(yes("routes/wildcards"), size, &wildcards, &deep);
    }
    for size in [1_024, 4_096, 16_384, 65_536] {
        // A route below each of the others, and a path that is below none of them but the first.
        let nested: Vec<Place> = (0..32)
            .map(|depth| place("", &"/a".repeat(depth)))
            .collect();
        let asked = |path: String| [place("any.example", &path)];
        ask(
            yes("routes/long-segment"),
            size,
            &nested,
            &asked(format!("/a/{}", "x".repeat(size))),
        );
        ask(
            yes("routes/many-segments"),
            size,
            &nested,
            &asked("/x".repeat(size)),
        );
        ask(
            yes("routes/slashes"),
            size,
            &nested,
            &asked("/".repeat(size)),
        );
        ask(
            yes("routes/dots"),
            size,
            &nested,
            &asked("/a/..".repeat(size)),
        );
        let wildcard = [place("*.example", "")];
        ask(
            no("routes/labels"),
            size,
            &wildcard,
            &[place(&"a.".repeat(size), "/")],
        );
    }
}

fn build(routes: &[Place]) -> Routes {
    let routes = routes.iter().enumerate();
    Routes::new(routes.map(|(number, (host, path))| Route {
        host: host.as_bytes(),
        path: path.as_bytes(),
        choice: Some(number),
    }))
}
