//! Counts look-ups of names: growing sets, and growing names.
//!
//! Here: `NameSet`, where all names of a set have one length, and where each has its own.
//! Not here: what a wildcard covers, methods: they differ from header names in case alone.
//! Spec: <https://fetch.spec.whatwg.org/#http-new-header-syntax>

use corsac::NameSet;

use crate::{Series, no, yes};

pub fn count() {
    let ask = |series: Series, size, set: &NameSet, names: &[String]| {
        series.count(size, names, |name| set.contains(name.as_bytes()));
    };
    for size in [16, 64, 256, 1_024, 4_096] {
        let names: Vec<String> = (0..size).map(scattered).collect();
        let set = set(&names);
        ask(yes("names/hit"), size, &set, &names);
        let strangers: Vec<String> = (4_096..4_096 + size).map(scattered).collect();
        ask(no("names/miss"), size, &set, &strangers);
    }
    for size in [1, 4, 16, 64, 256] {
        let names: Vec<String> = (1..=size).map(|bytes| "x".repeat(bytes)).collect();
        let set = set(&names);
        let strangers = vec!["y".to_owned(); size];
        ask(no("names/lengths"), size, &set, &strangers);
    }
    for bytes in [64, 128, 256, 512, 1_024] {
        let stem = "x".repeat(bytes - 1);
        let names: Vec<String> = ('a'..='z').map(|last| format!("{stem}{last}")).collect();
        let capitals = [names[0].to_uppercase()];
        let few = set(&names[..1]);
        ask(yes("names/name-in-capitals"), bytes, &few, &capitals);
        ask(yes("names/name-among-many"), bytes, &set(&names), &names);
    }
}

fn set(names: &[String]) -> NameSet {
    NameSet::of_headers(names.iter().map(String::as_str))
}

/// Names that differ in their first bytes. The multiplier is odd, so that no two are the same.
pub fn scattered(number: usize) -> String {
    format!("{:08x}-name", (number as u32).wrapping_mul(0x9e37_79b1))
}
