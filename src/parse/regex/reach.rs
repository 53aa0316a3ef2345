//! How far a regex reaches: which schemes it lets through, and whether to strangers.
//!
//! Here: answers found by trying, with what every match begins and ends with.
//! Not here: the syntax (`shapes.rs`), what a policy permits.
//! Spec: <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>

use std::ops::Range;

use regex::bytes::Regex;
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};

use crate::grammar::{MAX_LABEL_BYTES, is_scheme};

/// Most literals that are looked at on each side. Chosen by us because a regex with more
/// alternatives at one end is a list in disguise, and each pair of them is tried.
const MAX_LITERALS: usize = 16;

/// A name that anybody could register; the others are made of one letter or of one digit, in every
/// length. A regex that wants both in one name, in certain places, gets past them.
const STRANGER: &str = "corsac-canary";

/// Sites that have nothing in common.
const UNRELATED: [&str; 3] = ["corsac-canary.test", "a.corsaccanary.com", "0.co.uk"];

/// What was found out about one regex.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reach {
    /// The schemes with which a match can begin; empty where it can begin otherwise.
    pub(super) schemes: Vec<String>,
    /// Whether it matches sites that have nothing in common.
    pub(super) is_everything: bool,
    /// Whether it matches a name that anybody could register.
    pub(super) is_under_public_suffix: bool,
}

impl Reach {
    pub(super) fn of(hir: &Hir, regex: &Regex) -> Self {
        let prefixes = literals(hir, ExtractKind::Prefix);
        let starts = texts(&prefixes);
        let ends = texts(&literals(hir, ExtractKind::Suffix));
        let strangers = strangers();
        Self {
            schemes: schemes(&prefixes),
            is_everything: ["https", "http"].iter().any(|scheme| {
                UNRELATED
                    .iter()
                    .all(|host| regex.is_match(format!("{scheme}://{host}").as_bytes()))
            }),
            is_under_public_suffix: starts.iter().any(|start| {
                ends.iter()
                    .any(|end| lets_in(regex, &strangers, start, end))
            }),
        }
    }
}

fn strangers() -> Vec<String> {
    let repeated = |length| ["x", "0"].map(|byte| byte.repeat(length));
    let mut strangers = vec![STRANGER.to_owned()];
    strangers.extend((1..=MAX_LABEL_BYTES).flat_map(repeated));
    strangers
}

/// Puts a stranger's name, alone or as a label, between a begin and an end of the regex's own,
/// and sees whether the whole matches, and the name is part of what is registered.
fn lets_in(regex: &Regex, strangers: &[String], start: &str, end: &str) -> bool {
    let start = if start.contains("://") {
        start
    } else {
        "https://"
    };
    strangers.iter().any(|name| {
        ["", "."].iter().any(|dot| {
            let origin = format!("{start}{name}{dot}{end}");
            let named = start.len()..start.len() + name.len();
            regex.is_match(origin.as_bytes())
                && registered(&origin).is_some_and(|registered| {
                    registered.start < named.end && named.start < registered.end
                })
        })
    })
}

/// Where in the origin the name stands that somebody registers under a listed suffix.
fn registered(origin: &str) -> Option<Range<usize>> {
    let start = origin.find("://")? + "://".len();
    let end = origin[start..]
        .find(':')
        .map_or(origin.len(), |colon| start + colon);
    let host = &origin[start..end];
    let host = host.strip_suffix('.').unwrap_or(host);
    let domain = psl::domain(host.as_bytes())?;
    let end = start + host.len();
    domain
        .suffix()
        .is_known()
        .then(|| end - domain.as_bytes().len()..end)
}

/// What every match begins or ends with. A class of more than the two cases of a letter is not
/// spelled out, so that it is left to the strangers.
fn literals(hir: &Hir, kind: ExtractKind) -> Seq {
    Extractor::new().kind(kind).limit_class(2).extract(hir)
}

fn texts(literals: &Seq) -> Vec<String> {
    let literals = literals
        .literals()
        .unwrap_or_default()
        .iter()
        .take(MAX_LITERALS);
    let mut texts: Vec<String> = literals
        .map(|literal| String::from_utf8_lossy(literal.as_bytes()).to_ascii_lowercase())
        .collect();
    texts.dedup();
    if texts.is_empty() {
        texts.push(String::new());
    }
    texts
}

fn schemes(prefixes: &Seq) -> Vec<String> {
    let schemes = prefixes
        .literals()
        .unwrap_or_default()
        .iter()
        .map(|literal| {
            let text = std::str::from_utf8(literal.as_bytes()).ok()?;
            let (scheme, _) = text.split_once("://")?;
            let scheme = scheme.to_ascii_lowercase();
            is_scheme(scheme.as_bytes()).then_some(scheme)
        });
    schemes.collect::<Option<Vec<_>>>().unwrap_or_default()
}
