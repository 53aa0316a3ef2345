//! Counts parsing: growing values, and values past the limits.
//!
//! Here: `Origin` and `Access-Control-Request-*` values, each with one part that grows.
//! Not here: which values parse (`tests/vectors/`), what the counts may be (`tests/counts.json`).
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use corsac::Origin;
use corsac::grammar::{
    MAX_EMPTY_ELEMENTS, MAX_FIELD_BYTES, MAX_METHOD_BYTES, MAX_NAMES, MAX_ORIGIN_BYTES,
};
use corsac::parse::fields::{RequestedNames, parse_method};

use crate::{Series, no, yes};

const MIB: usize = 1 << 20;
/// Longest single line of names: each line counts for one byte more.
const LONGEST: usize = MAX_FIELD_BYTES - 1;

pub fn count() {
    origins();
    names();
    methods();
}

fn origins() {
    let parses = |series: Series, size, origin: String| {
        series.count(size, &[origin], |it| Origin::parse(it.as_bytes()).is_some());
    };
    // Short hosts may be read in another way than long ones, so that each kind grows by itself.
    for labels in [2, 3, 5, 8] {
        let host = ["example"].repeat(labels).join(".");
        parses(
            yes("parse/short-host"),
            host.len(),
            format!("https://{host}"),
        );
    }
    for labels in [9, 14, 20, 25, 31] {
        let host = ["example"].repeat(labels).join(".");
        parses(yes("parse/host"), host.len(), format!("https://{host}"));
        // The last byte of all gives it away.
        parses(no("parse/host-bad"), host.len(), format!("https://{host}-"));
    }
    for bytes in [15, 31, 47, 63] {
        let label = "a".repeat(bytes);
        parses(yes("parse/label"), bytes, format!("https://{label}"));
    }
    for labels in [40, 60, 80, 100, 126] {
        let host = ["a"].repeat(labels).join(".");
        parses(yes("parse/labels"), labels, format!("https://{host}"));
    }
    for bytes in [MAX_ORIGIN_BYTES + 1, 1024, 1 << 16, MIB] {
        let origin = format!("https://{}", "a".repeat(bytes - "https://".len()));
        parses(no("parse/origin-past-limit"), bytes, origin);
    }
}

fn names() {
    let reads = |series: Series, size, line: String| {
        series.count(size, &[line], |it| {
            RequestedNames::new().read(it.as_bytes(), |_| true)
        });
    };
    for names in [64, 128, 256, 512, MAX_NAMES] {
        let list = |name: &str| [name].repeat(names).join(",");
        reads(yes("parse/names"), names, list("x-name"));
        reads(yes("parse/names-in-white-space"), names, list("\tx-name "));
    }
    for names in [MAX_NAMES + 1, 2 * MAX_NAMES, LONGEST / 2] {
        let list = ["a"].repeat(names).join(",");
        reads(no("parse/names-past-limit"), names, list);
    }
    for bytes in [1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13] {
        reads(yes("parse/name"), bytes, "a".repeat(bytes));
        reads(yes("parse/white-space"), bytes, " ".repeat(bytes));
        reads(no("parse/name-bad"), bytes, "a".repeat(bytes) + "\0");
    }
    // A comma ends an element, and the end of the line one more.
    for elements in [4, 8, 16, 32, MAX_EMPTY_ELEMENTS] {
        let commas = ",".repeat(elements - 1);
        reads(yes("parse/empty-elements"), elements, commas);
    }
    for elements in [MAX_EMPTY_ELEMENTS + 1, 1024, LONGEST + 1] {
        let commas = ",".repeat(elements - 1);
        reads(no("parse/empty-elements-past-limit"), elements, commas);
    }
    for bytes in [LONGEST + 1, 1 << 16, MIB] {
        reads(no("parse/commas-past-limit"), bytes, ",".repeat(bytes));
        reads(no("parse/white-space-past-limit"), bytes, " ".repeat(bytes));
        reads(no("parse/name-past-limit"), bytes, "a".repeat(bytes));
    }
}

fn methods() {
    let parses = |series: Series, bytes| {
        series.count(bytes, &["A".repeat(bytes)], |it| {
            parse_method(it.as_bytes()).is_some()
        });
    };
    for bytes in [1 << 9, 1 << 10, 1 << 11, 1 << 12, MAX_METHOD_BYTES] {
        parses(yes("parse/method"), bytes);
    }
    for bytes in [MAX_METHOD_BYTES + 1, 1 << 16, MIB] {
        parses(no("parse/method-past-limit"), bytes);
    }
}
