//! Header lines that are finished, and how they join an application's.
//!
//! Here: lines of one outcome with gaps for what echoes a request, the common shapes of header
//! lines merged. Not here: any header's name, the lines themselves, and rarer shapes: Python hands
//! those in (`_headers.py`), and merges whatever is left to it.
//! Spec: <https://fetch.spec.whatwg.org/#http-responses>

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};

use super::request::{Echo, Kind, Text};
use crate::NameSet;

/// Which header names the policy alone speaks, and how the one is merged that others may speak too.
#[pyclass(frozen)]
pub struct Spoken {
    replaced: NameSet,
    merged: NameSet,
    /// From our value and the application's values to one value, all str or bytes.
    merge: Py<PyAny>,
}

#[pymethods]
impl Spoken {
    #[new]
    #[pyo3(signature = (replaced, merged, merge, /))]
    fn new(replaced: Vec<String>, merged: &str, merge: Py<PyAny>) -> Self {
        Self {
            replaced: NameSet::of_headers(replaced.iter().map(String::as_str)),
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
        let name = text.bytes(usize::MAX);
        let speaker = if self.replaced.contains(name) {
            Speaker::Policy
        } else if self.merged.contains(name) {
            Speaker::Both
        } else {
            Speaker::Application
        };
        Some((speaker, kind))
    }
}

/// A value that the request fills in; a line whose value is empty is left out.
#[derive(Clone, Copy, Debug)]
enum Gap {
    Origin,
    Method,
    Names,
}

enum Line {
    Finished(Py<PyTuple>),
    WithGap(Py<PyAny>, Gap),
}

/// The header lines of one outcome, in one type of text.
struct Typed {
    lines: Vec<Line>,
    /// The line that is merged; always the last.
    merged: Option<Py<PyTuple>>,
    merged_name: Py<PyAny>,
}

/// The header lines of one outcome under one policy.
#[pyclass(frozen)]
pub struct FinishedLines {
    spoken: Py<Spoken>,
    bytes: Typed,
    text: Typed,
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
        Ok(Self {
            spoken,
            bytes: Typed::new(py, Kind::Bytes, &lines, &merged)?,
            text: Typed::new(py, Kind::Str, &lines, &merged)?,
            merged: merged.1.map(Bound::unbind),
        })
    }

    /// The application's header lines with these in them; None for shapes that are rare.
    #[pyo3(name = "merge", signature = (origin, asked, headers, as_bytes, /))]
    fn merge_texts<'py>(
        &self,
        origin: Option<Bound<'py, PyAny>>,
        asked: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        headers: &Bound<'py, PyAny>,
        as_bytes: Option<bool>,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        let Some(merged) = snapshot(headers) else {
            return Ok(None);
        };
        let first = || self.spoken.get().speaker(&merged.get_item(0).ok()?);
        let kind = match as_bytes {
            Some(true) => Kind::Bytes,
            Some(false) => Kind::Str,
            None => first().map_or(Kind::Str, |(_, kind)| kind),
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
        self.merge_into(merged, kind, &echo)
    }
}

impl FinishedLines {
    /// The application's header lines with these in them; None for shapes that are rare.
    #[inline]
    pub fn merge<'py>(
        &self,
        headers: &Bound<'py, PyAny>,
        kind: Kind,
        echo: &Echo<'py>,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        match snapshot(headers) {
            Some(merged) => self.merge_into(merged, kind, echo),
            None => Ok(None),
        }
    }

    fn merge_into<'py>(
        &self,
        mut merged: Bound<'py, PyList>,
        kind: Kind,
        echo: &Echo<'py>,
    ) -> PyResult<Option<Bound<'py, PyList>>> {
        let py = merged.py();
        let spoken = self.spoken.get();
        let mut is_spoken = false;
        for line in merged.iter() {
            match spoken.speaker(&line) {
                Some((speaker, _)) => is_spoken |= speaker != Speaker::Application,
                None => return Ok(None),
            }
        }
        let mut theirs = Vec::new();
        if is_spoken {
            let Some(taken) = self.take_out(&merged)? else {
                return Ok(None);
            };
            (merged, theirs) = taken;
        }
        let ours = match kind {
            Kind::Bytes => &self.bytes,
            Kind::Str => &self.text,
        };
        for line in &ours.lines {
            match line {
                Line::Finished(line) => merged.append(line)?,
                Line::WithGap(name, gap) => {
                    let value = match gap {
                        Gap::Origin => &echo.origin,
                        Gap::Method => &echo.method,
                        Gap::Names => &echo.names,
                    };
                    if let Some(value) = value {
                        merged.append((name, value))?;
                    }
                }
            }
        }
        match (&ours.merged, &self.merged) {
            (Some(_), Some(value)) if !theirs.is_empty() => {
                theirs.insert(0, value.bind(py).clone().into_any());
                let value = spoken.merge.bind(py).call1(PyTuple::new(py, theirs)?)?;
                let value = match kind {
                    Kind::Bytes => value.call_method1("encode", ("latin-1", "replace"))?,
                    Kind::Str => value,
                };
                merged.append((&ours.merged_name, value))?;
            }
            (Some(line), _) => merged.append(line)?,
            (None, _) => {}
        }
        Ok(Some(merged))
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
                    let value = line.get_item(1)?;
                    if Text::of(&value).is_err() {
                        return Ok(None);
                    }
                    values.push(value);
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
        let line = |(text, value): &(String, Bound<'_, PyAny>)| -> PyResult<Line> {
            if let Ok(value) = value.cast::<PyString>() {
                let value = kind.new_text(py, value.to_str()?);
                return Ok(Line::Finished(
                    PyTuple::new(py, [name(text), value])?.unbind(),
                ));
            }
            let gap = match value.extract()? {
                0 => Gap::Origin,
                1 => Gap::Method,
                2 => Gap::Names,
                gap => return Err(PyValueError::new_err(format!("no such gap: {gap}"))),
            };
            Ok(Line::WithGap(name(text).unbind(), gap))
        };
        let finish = |value: &Bound<'_, PyString>| -> PyResult<Py<PyTuple>> {
            let value = kind.new_text(py, value.to_str()?);
            Ok(PyTuple::new(py, [name(merged_name), value])?.unbind())
        };
        Ok(Self {
            lines: lines.iter().map(line).collect::<PyResult<_>>()?,
            merged: merged.as_ref().map(finish).transpose()?,
            merged_name: name(merged_name).unbind(),
        })
    }
}

/// The lines as a list of their own, which nobody else can change while it is read.
#[inline]
fn snapshot<'py>(headers: &Bound<'py, PyAny>) -> Option<Bound<'py, PyList>> {
    if let Ok(list) = headers.cast_exact::<PyList>() {
        return Some(list.get_slice(0, list.len()));
    }
    Some(headers.cast_exact::<PyTuple>().ok()?.to_list())
}
