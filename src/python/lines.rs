//! Header lines that are finished, and how they join an application's.
//!
//! Here: lines of one outcome with gaps for what echoes a request, the common shapes of header
//! lines merged. Not here: any header's name, the lines themselves, and rarer shapes: Python hands
//! those in (`_headers.py`), and merges whatever is left to it.
//! Spec: <https://fetch.spec.whatwg.org/#http-responses>

mod named;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PySequence, PyString, PyTuple};

use super::echo::Echo;
use super::request::{Kind, Text};
use crate::NameSet;

/// Which header names the policy alone speaks, and how the one is merged that others may speak too.
#[pyclass(frozen)]
pub struct Spoken {
    /// Bit `n`: a name has `n` bytes. It tells nearly all of an application's names apart.
    lengths: u64,
    /// The replaced names, and the merged one, as keys of a dict.
    keys: (Vec<Py<PyString>>, Py<PyString>),
    replaced: NameSet,
    merged: NameSet,
    /// From our value and the application's values to one value, all str or bytes.
    merge: Py<PyAny>,
}

#[pymethods]
impl Spoken {
    #[new]
    #[pyo3(signature = (replaced, merged, merge, /))]
    fn new(py: Python<'_>, replaced: Vec<String>, merged: &str, merge: Py<PyAny>) -> Self {
        let names = || replaced.iter().map(String::as_str);
        let key = |name| PyString::intern(py, name).unbind();
        Self {
            keys: (names().map(key).collect(), key(merged)),
            lengths: names()
                .chain([merged])
                .fold(0, |lengths, name| lengths | length_bit(name.len())),
            replaced: NameSet::of_headers(names()),
            merged: NameSet::of_headers([merged]),
            merge,
        }
    }
}

/// Whose a header line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Speaker {
    Application,
    Policy,
    Both,
}

impl Spoken {
    /// Whose line this is, and of which type; None for what is no pair of bytes or str.
    #[inline]
    fn speaker(&self, line: &Bound<'_, PyAny>) -> Option<(Speaker, Kind)> {
        if let Ok(pair) = line.cast::<PyTuple>() {
            let [name, _] = pair.as_slice() else {
                return None;
            };
            return self.speaker_of(name);
        }
        let pair = line.cast::<PyList>().ok().filter(|pair| pair.len() == 2)?;
        self.speaker_of(&pair.get_item(0).ok()?)
    }

    #[inline]
    fn speaker_of(&self, name: &Bound<'_, PyAny>) -> Option<(Speaker, Kind)> {
        let text = Text::of(name).ok()?;
        let kind = match text {
            Text::Bytes(_) => Kind::Bytes,
            Text::Str(_) => Kind::Str,
        };
        let name = text.bytes(MAX_NAME_BYTES);
        let speaker = if self.lengths & length_bit(name.len()) == 0 {
            Speaker::Application
        } else if self.replaced.contains(name) {
            Speaker::Policy
        } else if self.merged.contains(name) {
            Speaker::Both
        } else {
            Speaker::Application
        };
        Some((speaker, kind))
    }
}

/// The longest name that `lengths` can hold.
const MAX_NAME_BYTES: usize = 63;

/// No bit for a longer name.
#[inline]
fn length_bit(length: usize) -> u64 {
    1_u64.checked_shl(length as u32).unwrap_or(0)
}

/// A value that the request fills in; a line whose value is empty is left out.
#[derive(Clone, Copy, Debug)]
enum Gap {
    Origin,
    Method,
    Names,
}

impl Gap {
    fn of(number: &Bound<'_, PyAny>) -> PyResult<Self> {
        match number.extract()? {
            0 => Ok(Gap::Origin),
            1 => Ok(Gap::Method),
            2 => Ok(Gap::Names),
            number => Err(PyValueError::new_err(format!("no such gap: {number}"))),
        }
    }
}

/// The header lines of one outcome, in one type of text.
struct Typed {
    /// All lines; the values that the request fills in are empty. The merged line is the last.
    lines: Py<PyList>,
    /// The places of those, the last one first, with the names that stand there.
    gaps: Vec<(usize, Py<PyAny>, Gap)>,
    merged_name: Py<PyAny>,
}

/// The header lines of one outcome under one policy.
#[pyclass(frozen)]
pub struct FinishedLines {
    spoken: Py<Spoken>,
    bytes: Typed,
    text: Typed,
    keys: Vec<named::Key>,
    /// Our value of the line that is merged.
    merged: Option<Py<PyString>>,
}

#[pymethods]
impl FinishedLines {
    /// `lines`: pairs (name, value) of str, where a value can be a gap: 0 for the origin, 1 for the
    /// method, 2 for the header names. `merged`: the name and our value of the merged line.
    #[new]
    #[pyo3(signature = (spoken, lines, merged, /))]
    fn new(
        py: Python<'_>,
        spoken: Py<Spoken>,
        lines: Vec<(String, Bound<'_, PyAny>)>,
        merged: (String, Option<Bound<'_, PyString>>),
    ) -> PyResult<Self> {
        let text = Typed::new(py, Kind::Str, &lines, &merged)?;
        Ok(Self {
            spoken,
            bytes: Typed::new(py, Kind::Bytes, &lines, &merged)?,
            keys: named::keys_of(py, &lines, &merged.0, &text),
            text,
            merged: merged.1.map(Bound::unbind),
        })
    }

    /// The application's header lines with these in them; None for shapes that are rare.
    #[pyo3(name = "merge", signature = (origin, asked, headers, /))]
    fn merge_texts<'py>(
        &self,
        origin: Option<Bound<'py, PyAny>>,
        asked: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        let Some(kind) = self.kind_of(headers) else {
            return Ok(None);
        };
        let (method, names) = asked.unzip();
        let text = |value: Option<Bound<'py, PyAny>>| -> PyResult<_> {
            match value {
                Some(text) if text.is_truthy()? => Ok(Some(kind.text(text)?)),
                _ => Ok(None),
            }
        };
        let echo = Echo {
            origin: text(origin)?,
            method: text(method)?,
            names: text(names)?,
        };
        self.merge(headers, kind, &echo)
    }
}

impl FinishedLines {
    /// The application's header lines with these in them; None for shapes that are rare.
    pub fn merge<'py>(
        &self,
        headers: &Bound<'py, PyAny>,
        kind: Kind,
        echo: &Echo<'py>,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        let py = headers.py();
        let ours = match kind {
            Kind::Bytes => &self.bytes,
            Kind::Str => &self.text,
        };
        let lines = ours.lines.bind(py);
        let Some(mut merged) = joined(headers, lines)? else {
            return Ok(None);
        };
        // Looked at in the new list, which nobody else can change.
        let mut before = merged.len() - lines.len();
        let spoken = self.spoken.get();
        let mut is_spoken = false;
        for line in merged.iter().take(before) {
            match spoken.speaker(&line) {
                Some((speaker, _)) => is_spoken |= speaker != Speaker::Application,
                None => return Ok(None),
            }
        }
        if is_spoken {
            let Some((theirs, values)) = self.take_out(&merged.get_slice(0, before))? else {
                return Ok(None);
            };
            before = theirs.len();
            merged = concat(theirs.as_sequence(), lines)?;
            if let Some(value) = self.merged_value(py, kind, values)? {
                merged.set_item(merged.len() - 1, (&ours.merged_name, value))?;
            }
        }
        for (place, name, gap) in &ours.gaps {
            let value = match gap {
                Gap::Origin => &echo.origin,
                Gap::Method => &echo.method,
                Gap::Names => &echo.names,
            };
            match value {
                Some(value) => merged.set_item(before + place, (name, value))?,
                None => merged.del_item(before + place)?,
            }
        }
        Ok(Some(merged))
    }

    /// The type of the first line; str where there is none.
    fn kind_of(&self, headers: &Bound<'_, PyAny>) -> Option<Kind> {
        let first = if let Ok(list) = headers.cast_exact::<PyList>() {
            list.get_item(0)
        } else {
            headers.cast_exact::<PyTuple>().ok()?.get_item(0)
        };
        match first {
            Ok(line) => Some(self.spoken.get().speaker(&line)?.1),
            Err(_) => Some(Kind::Str),
        }
    }

    /// Our value and theirs in one; None where there is nothing to merge.
    fn merged_value<'py>(
        &self,
        py: Python<'py>,
        kind: Kind,
        mut values: Vec<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (Some(ours), false) = (&self.merged, values.is_empty()) else {
            return Ok(None);
        };
        values.insert(0, ours.bind(py).clone().into_any());
        let merge = self.spoken.get().merge.bind(py);
        let value = merge.call1(PyTuple::new(py, values)?)?;
        Ok(Some(match kind {
            Kind::Bytes => value.call_method1("encode", ("latin-1", "replace"))?,
            Kind::Str => value,
        }))
    }

    /// The lines without those that the policy speaks, and the values that are to be merged.
    #[cold]
    fn take_out<'py>(&self, lines: &Bound<'py, PyList>) -> PyResult<Option<Taken<'py>>> {
        let spoken = self.spoken.get();
        let kept = PyList::empty(lines.py());
        let mut values = Vec::new();
        for line in lines.iter() {
            match spoken.speaker(&line) {
                Some((Speaker::Policy, _)) => {}
                Some((Speaker::Both, _)) if self.merged.is_some() => {
                    // Another thread may shorten a line that is a list.
                    match line.get_item(1) {
                        Ok(value) if Text::try_of(&value).is_some() => values.push(value),
                        _ => return Ok(None),
                    }
                }
                _ => kept.append(line)?,
            }
        }
        Ok(Some((kept, values)))
    }
}

/// The lines that stay, and the values that are to be merged.
type Taken<'py> = (Bound<'py, PyList>, Vec<Bound<'py, PyAny>>);

impl Typed {
    fn new(
        py: Python<'_>,
        kind: Kind,
        lines: &[(String, Bound<'_, PyAny>)],
        (merged_name, merged): &(String, Option<Bound<'_, PyString>>),
    ) -> PyResult<Self> {
        let name = |name: &str| match kind {
            Kind::Bytes => kind.new_text(py, &name.to_ascii_lowercase()),
            Kind::Str => kind.new_text(py, name),
        };
        let list = PyList::empty(py);
        let mut gaps = Vec::new();
        for (text, value) in lines {
            let name = name(text);
            let value = if let Ok(value) = value.cast::<PyString>() {
                value.to_str()?
            } else {
                gaps.push((list.len(), name.clone().unbind(), Gap::of(value)?));
                ""
            };
            list.append((name, kind.new_text(py, value)))?;
        }
        if let Some(value) = merged {
            list.append((name(merged_name), kind.new_text(py, value.to_str()?)))?;
        }
        // A line that is taken out must not move the others.
        gaps.reverse();
        Ok(Self {
            lines: list.unbind(),
            gaps,
            merged_name: name(merged_name).unbind(),
        })
    }
}

/// A new list of both; None for header lines of a rare shape.
#[inline]
fn joined<'py>(
    headers: &Bound<'py, PyAny>,
    ours: &Bound<'py, PyList>,
) -> PyResult<Option<Bound<'py, PyList>>> {
    if let Ok(list) = headers.cast_exact::<PyList>() {
        return concat(list.as_sequence(), ours).map(Some);
    }
    match headers.cast_exact::<PyTuple>() {
        Ok(tuple) => concat(tuple.to_list().as_sequence(), ours).map(Some),
        Err(_) => Ok(None),
    }
}

#[inline]
fn concat<'py>(
    list: &Bound<'py, PySequence>,
    ours: &Bound<'py, PyList>,
) -> PyResult<Bound<'py, PyList>> {
    Ok(list.concat(ours.as_sequence())?.cast_into::<PyList>()?)
}
