//! Writes the vectors as the corpora from which the fuzzer begins.
//!
//! Here: each row of `tests/vectors` as a file, in the form that its target reads.
//! Not here: the targets, which say what that form is.
//! Spec: <https://llvm.org/docs/LibFuzzer.html#corpus>

use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Longer seeds would slow the fuzzer down, and are proved by the vectors.
const MAX_SEED_BYTES: usize = 32 * 1024;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    for row in rows("origins.json")? {
        let value = bytes(&row["value"]);
        let request = [
            b"https://*.example.com,http://localhost:*,null\nPUT\nX-A\nGET\no",
            &value[..],
        ]
        .concat();
        seed("origin", &value)?;
        seed("facts", &request)?;
    }
    for row in rows("patterns.json")? {
        let pattern = row["pattern"].as_str().unwrap_or_default();
        let is_regex = row["regex"] == true;
        let origins: Vec<&str> = ["matches", "does_not_match"]
            .iter()
            .filter_map(|key| row[key].as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if is_regex {
            let flag = if row["ignores_case"] == true { "i" } else { "" };
            seed(
                "regex",
                format!("{flag}{pattern}\n{}", origins.join("\n")).as_bytes(),
            )?;
        } else {
            seed("pattern", pattern.as_bytes())?;
        }
        for origin in origins {
            seed("origin", origin.as_bytes())?;
            seed(
                "facts",
                format!("{pattern}\nPUT,*\n\nOPTIONS\no{origin}\nmPUT").as_bytes(),
            )?;
        }
    }
    for row in rows("fields.json")? {
        let list = |key: &str| row[key].as_array().into_iter().flatten();
        let allowed: Vec<&str> = list("allowed").filter_map(Value::as_str).collect();
        let allowed = allowed.join(",").into_bytes();
        let lines = list("lines").flat_map(|line| {
            let times = line["lines"].as_u64().unwrap_or(1);
            (0..times).map(|_| bytes(line))
        });
        let lines: Vec<Vec<u8>> = lines.collect();
        let mut fields = allowed.clone();
        let mut request = [
            b"https://a.example\nPUT\n",
            &allowed[..],
            b"\nOPTIONS\nohttps://a.example\nmPUT",
        ]
        .concat();
        for line in &lines {
            fields.extend([b"\n", &line[..]].concat());
            request.extend([b"\nh", &line[..]].concat());
        }
        seed("fields", &fields)?;
        seed("facts", &request)?;
    }
    for row in rows("choices.json")? {
        let Some(routes) = row["policy"]["map"].as_object() else {
            continue;
        };
        let keys: Vec<&str> = routes.keys().map(String::as_str).collect();
        let request = &row["request"];
        let lines = request["headers"].as_array().into_iter().flatten();
        let host = lines
            .filter(|line| line[0] == "Host")
            .find_map(|line| line[1].as_str())
            .unwrap_or_default();
        let path = request["path"].as_str().unwrap_or_default();
        seed(
            "routes",
            format!("{}\n\n{host}\n{path}", keys.join("\n")).as_bytes(),
        )?;
    }
    Ok(())
}

fn rows(table: &str) -> Result<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../vectors")
        .join(table);
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// A character of a vector is a byte; a long value is spelled by its repeats.
fn bytes(value: &Value) -> Vec<u8> {
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let part = |key: &str| value[key].as_str().unwrap_or_default();
            let times = value["times"].as_u64().unwrap_or_default() as usize;
            [part("prefix"), &part("unit").repeat(times), part("suffix")].concat()
        }
    };
    text.chars().filter_map(|c| u8::try_from(c).ok()).collect()
}

/// Writes a seed under the name of its contents, so that the same seed is the same file.
fn seed(target: &str, contents: &[u8]) -> Result<()> {
    if contents.len() > MAX_SEED_BYTES {
        return Ok(());
    }
    let hash = contents
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(format!("{hash:016x}")), contents)?)
}
