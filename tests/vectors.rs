//! Runs the vectors that Rust and Python share against the core.
//!
//! Here: the reading of `tests/vectors`, in which an unknown key is an error, and one test a table.
//! Not here: the rows; `decisions.json`, which is about policies, and so is asked of Python only.
//! Spec: the link in each row.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use corsac::parse::fields::RequestedNames;
use corsac::{
    Host, NameSet, Origin, OriginMatcher, OriginRegex, Pattern, PatternError, Port, Refusal,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A value of bytes: each character is one, as in Latin-1. A long one is spelled by its repeats.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Plain(String),
    Repeated(Repeated),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeated {
    unit: String,
    times: usize,
    prefix: String,
    suffix: String,
    /// How many such lines there are, where the value is a line.
    lines: Option<usize>,
}

impl Value {
    /// The bytes, and how often they come.
    fn bytes(&self) -> (Vec<u8>, usize) {
        let (text, lines) = match self {
            Value::Plain(text) => (text.clone(), 1),
            Value::Repeated(value) => {
                let text = format!(
                    "{}{}{}",
                    value.prefix,
                    value.unit.repeat(value.times),
                    value.suffix
                );
                (text, value.lines.unwrap_or(1))
            }
        };
        let bytes = text
            .chars()
            .map(|c| u8::try_from(c).expect("one byte a character"));
        (bytes.collect(), lines)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginRow {
    name: String,
    spec: String,
    value: Value,
    origin: Option<ExpectedOrigin>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ExpectedOrigin {
    Null(String),
    Tuple(ExpectedTuple),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedTuple {
    scheme: String,
    host: String,
    port: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldsRow {
    name: String,
    spec: String,
    allowed: Vec<String>,
    lines: Vec<Value>,
    accepted: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PatternRow {
    Good(GoodPattern),
    Bad(BadPattern),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoodPattern {
    name: String,
    spec: String,
    pattern: String,
    #[serde(default)]
    regex: bool,
    #[serde(default)]
    ignores_case: bool,
    matches: Vec<String>,
    does_not_match: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BadPattern {
    name: String,
    spec: String,
    pattern: String,
    #[serde(default)]
    regex: bool,
    #[serde(default)]
    ignores_case: bool,
    error: String,
    position: usize,
    refusal: String,
    spelling: Option<String>,
}

/// What a row has beside its input and its answer.
trait Row: DeserializeOwned {
    fn name_and_spec(&self) -> (&str, &str);
    /// What is wrong, where anything is.
    fn verdict(&self) -> Result<(), String>;
}

fn expect<T: PartialEq + Debug>(expected: T, actual: T) -> Result<(), String> {
    if expected == actual {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, got {actual:?}"))
    }
}

/// Asks every row of a table, and names all that are wrong.
fn run<R: Row>(table: &str, at_least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(table);
    let text = fs::read_to_string(path).expect("a readable table");
    let rows: Vec<R> = serde_json::from_str(&text).expect("rows with the keys of this table only");
    assert!(
        rows.len() >= at_least,
        "{table} has {} rows, fewer than {at_least}",
        rows.len()
    );
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let (name, spec) = row.name_and_spec();
            let verdict = match spec.starts_with("https://") {
                true => row.verdict(),
                false => Err("no link".to_owned()),
            };
            verdict.err().map(|problem| format!("{name}: {problem}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong rows in {table}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

impl Row for OriginRow {
    fn name_and_spec(&self) -> (&str, &str) {
        (&self.name, &self.spec)
    }

    fn verdict(&self) -> Result<(), String> {
        let (value, _) = self.value.bytes();
        let actual = Origin::parse(&value);
        let Some(expected) = &self.origin else {
            return expect(None, actual);
        };
        match (expected, actual) {
            (ExpectedOrigin::Null(null), actual) => {
                expect("null", null)?;
                expect(Some(Origin::Null), actual)
            }
            (ExpectedOrigin::Tuple(expected), Some(Origin::Tuple(actual))) => {
                let (Host::Domain(host) | Host::Subdomains(host) | Host::Ip(host)) = actual.host;
                let port = expected.port.map_or(Port::Implicit, Port::Exact);
                expect(
                    (&*expected.scheme, &*expected.host, port),
                    (actual.scheme, host, actual.port),
                )
            }
            (_, actual) => Err(format!("expected a tuple origin, got {actual:?}")),
        }
    }
}

impl Row for FieldsRow {
    fn name_and_spec(&self) -> (&str, &str) {
        (&self.name, &self.spec)
    }

    fn verdict(&self) -> Result<(), String> {
        let allowed = NameSet::of_headers(self.allowed.iter().map(String::as_str));
        let mut reader = RequestedNames::new();
        let accepted = self.lines.iter().map(Value::bytes).all(|(line, times)| {
            (0..times).all(|_| reader.read(&line, |name| allowed.contains(name)))
        });
        expect(self.accepted, accepted)
    }
}

impl Row for PatternRow {
    fn name_and_spec(&self) -> (&str, &str) {
        match self {
            PatternRow::Good(row) => (&row.name, &row.spec),
            PatternRow::Bad(row) => (&row.name, &row.spec),
        }
    }

    fn verdict(&self) -> Result<(), String> {
        match self {
            PatternRow::Good(row) => row.verdict(),
            PatternRow::Bad(row) => row.verdict(),
        }
    }
}

/// A matcher of one pattern, or of one regex.
fn build(pattern: &str, regex: bool, ignores_case: bool) -> Result<OriginMatcher, PatternError> {
    if regex {
        OriginMatcher::new([], &[OriginRegex::parse(pattern, ignores_case)?])
    } else {
        OriginMatcher::new([Pattern::parse(pattern)?], &[])
    }
}

impl GoodPattern {
    fn verdict(&self) -> Result<(), String> {
        let matcher =
            build(&self.pattern, self.regex, self.ignores_case).map_err(|e| e.to_string())?;
        let matching = |origins: &[String], so: bool| -> Vec<String> {
            let wrong = |origin: &&String| matcher.matches(origin.as_bytes()) != so;
            origins.iter().filter(wrong).cloned().collect()
        };
        expect(
            (vec![], vec![]),
            (
                matching(&self.matches, true),
                matching(&self.does_not_match, false),
            ),
        )
    }
}

impl BadPattern {
    fn verdict(&self) -> Result<(), String> {
        let Err(error) = build(&self.pattern, self.regex, self.ignores_case) else {
            return Err(format!("expected {}, got a pattern", self.error));
        };
        let kind = format!("{:?}", error.kind);
        // Some kinds carry a detail, which a row does not repeat.
        let kind = kind.split('(').next().unwrap_or_default();
        let refusal = match error.refusal() {
            Refusal::Invalid => "invalid",
            Refusal::Prohibited => "prohibited",
        };
        expect(
            (
                &*self.error,
                self.position,
                &*self.refusal,
                self.spelling.as_deref(),
            ),
            (kind, error.position, refusal, error.spelling.as_deref()),
        )
    }
}

#[test]
fn an_origin_parses_as_its_row_says() {
    run::<OriginRow>("origins.json", 240);
}

#[test]
fn requested_names_are_accepted_as_their_row_says() {
    run::<FieldsRow>("fields.json", 140);
}

#[test]
fn a_pattern_matches_or_fails_as_its_row_says() {
    run::<PatternRow>("patterns.json", 150);
}

#[test]
fn a_row_with_an_unknown_key_is_an_error() {
    let origin = r#"{"name": "", "spec": "", "value": "", "origin": null"#;
    let fields = r#"{"name": "", "spec": "", "allowed": [], "lines": [], "accepted": true"#;
    let good = r#"{"name": "", "spec": "", "pattern": "", "matches": [], "does_not_match": []"#;
    for (end, so) in [("}", true), (r#", "note": ""}"#, false)] {
        let parses = [
            serde_json::from_str::<OriginRow>(&format!("{origin}{end}")).is_ok(),
            serde_json::from_str::<FieldsRow>(&format!("{fields}{end}")).is_ok(),
            serde_json::from_str::<PatternRow>(&format!("{good}{end}")).is_ok(),
        ];
        assert_eq!([so; 3], parses);
    }
}
