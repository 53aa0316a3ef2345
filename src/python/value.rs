//! One header of a request, for whoever chooses a policy by it.
//!
//! Here: the value of a name among header lines. Not here: the lines that CORS reads (`request.rs`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc9110#section-5.3>

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use super::request::Text;

/// The longest name that is looked for, in bytes.
const MAX_NAME_BYTES: usize = 63;

/// What the lines of this name say, in whatever case it is written, several joined as one; None
/// for no such line, and for lines of a shape that is left to Python.
#[pyfunction]
#[pyo3(signature = (lines, name, /))]
pub fn value_of<'py>(
    lines: &Bound<'py, PyList>,
    name: &str,
) -> PyResult<Option<Bound<'py, PyString>>> {
    let mut values = Vec::new();
    for line in lines.iter() {
        // A line as servers hand it over is looked at where it lies.
        if let Ok(tuple) = line.cast::<PyTuple>() {
            if let [key, value, ..] = tuple.as_slice() {
                values.extend(value_under(name, key, value));
            }
        } else if let (Ok(key), Ok(value)) = (line.get_item(0), line.get_item(1)) {
            values.extend(value_under(name, &key, &value));
        }
    }
    match values.len() {
        0 | 1 => Ok(values.pop()),
        _ => {
            let comma = PyString::intern(lines.py(), ", ");
            let joined = comma.call_method1("join", (PyList::new(lines.py(), values)?,))?;
            Ok(Some(joined.cast_into()?))
        }
    }
}

/// What a line says, if it has this name.
fn value_under<'py>(
    name: &str,
    key: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
) -> Option<Bound<'py, PyString>> {
    let key = Text::try_of(key)?.bytes(MAX_NAME_BYTES);
    if !key.eq_ignore_ascii_case(name.as_bytes()) {
        return None;
    }
    Some(match Text::try_of(value)? {
        Text::Str(value) => value.clone(),
        Text::Bytes(value) => PyString::new(value.py(), &latin_1(value.as_bytes())),
    })
}

fn latin_1(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}
