//! Invariant: lines are accepted exactly where a naive splitter accepts them, however they are split at commas.
//!
//! Here: `RequestedNames` and `NameSet`. Input: allowed names, then field lines, each on a line.
//! Not here: facts (`facts.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-access-control-request-headers>

#![no_main]

#[path = "../naive.rs"]
#[allow(dead_code)] // Only the part of the twin that reads fields.
mod naive;

use corsac::NameSet;
use corsac::grammar::is_safelisted_method;
use corsac::parse::fields::{RequestedNames, parse_method};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut lines: Vec<&[u8]> = input.split(|&byte| byte == b'\n').collect();
    let listed = std::str::from_utf8(lines.remove(0)).unwrap_or_default();
    let listed: Vec<&str> = listed.split(',').filter(|name| !name.is_empty()).collect();
    let names = NameSet::of_headers(listed.iter().copied());

    let mut accepted = Vec::new();
    let mut reader = RequestedNames::new();
    let all = lines.iter().all(|line| {
        reader.read(line, |name| {
            accepted.push(name);
            names.contains(name)
        })
    });
    assert_eq!(naive::allows_lines(&listed, &lines), all);

    let mut elements = naive::elements(&lines);
    elements.retain(|element| !element.is_empty());
    if all {
        assert_eq!(elements, accepted);
    }

    let mut reader = RequestedNames::new();
    let mut split = lines
        .iter()
        .flat_map(|line| line.split(|&byte| byte == b','));
    assert_eq!(
        all,
        split.all(|line| reader.read(line, |name| names.contains(name)))
    );

    let methods = NameSet::of_methods(listed.iter().copied());
    for name in accepted {
        assert_eq!(naive::allows_header(&listed, name), names.contains(name));
        let allowed = parse_method(name)
            .is_some_and(|method| is_safelisted_method(method) || methods.contains(method));
        assert_eq!(naive::allows_method(&listed, name), allowed);
    }
});
