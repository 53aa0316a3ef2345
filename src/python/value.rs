//! One header of a request, for whoever chooses a policy by it.
//!
//! Here: the value of a name among header lines. Not here: the lines that CORS reads (`request.rs`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc9110#section-5.3>

use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

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
    let mut values: Vec<Bound<'py, PyString>> = Vec::new();
    for line in lines.iter() {
        let (Ok(key), Ok(value)) = (line.get_item(0), line.get_item(1)) else {
            continue;
        };
        let (Some(key), Some(value)) = (Text::try_of(&key), Text::try_of(&value)) else {
            continue;
        };
        if key
            .bytes(MAX_NAME_BYTES)
            .eq_ignore_ascii_case(name.as_bytes())
        {
            values.push(match value {
                Text::Str(value) => value.clone(),
                Text::Bytes(value) => {
                    let text: String = value.as_bytes().iter().copied().map(char::from).collect();
                    PyString::new(lines.py(), &text)
                }
            });
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
