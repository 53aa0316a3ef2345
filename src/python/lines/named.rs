//! Finished header lines in a dict, each under its name in lower case.
//!
//! Here: how they join an application's lines there. Not here: lists of lines (`lines.rs`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc9110#section-5.1>

use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::{PyDict, PyString};

use super::{FinishedLines, Gap, Speaker, Typed};
use crate::python::request::Kind;

/// A line's key in the dict, and its name where the origin is its value.
pub(super) type Key = (Py<PyString>, Option<Py<PyAny>>);

/// The keys of the lines, and of the merged one behind them.
pub(super) fn keys_of(
    py: Python<'_>,
    lines: &[(String, Bound<'_, PyAny>)],
    merged: &String,
    typed: &Typed,
) -> Vec<Key> {
    let names = lines.iter().map(|(name, _)| name).chain([merged]);
    let key = |(place, name): (usize, &String)| {
        let mut gaps = typed.gaps.iter();
        let gap = gaps.find(|(at, _, gap)| *at == place && matches!(gap, Gap::Origin));
        let key = PyString::intern(py, &name.to_ascii_lowercase()).unbind();
        (key, gap.map(|(_, name, _)| name.clone_ref(py)))
    };
    names.enumerate().map(key).collect()
}

impl FinishedLines {
    /// Merges these into a dict that holds each of the application's lines, a pair of str, under
    /// its name in lower case.
    pub fn place<'py>(
        &self,
        lines: &Bound<'py, PyDict>,
        origin: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let py = lines.py();
        let spoken = self.spoken.get();
        let is_ours = |name: &Bound<'py, PyAny>| {
            let speaker = spoken.speaker_of(name).map(|(speaker, _)| speaker);
            speaker.is_some_and(|speaker| speaker != Speaker::Application)
        };
        let is_spoken =
            with_critical_section(lines, || lines.iter().any(|(name, _)| is_ours(&name)));
        let theirs = if is_spoken {
            self.take_out_of(lines)?
        } else {
            None
        };
        let ours = self.text.lines.bind(py);
        for ((key, gap), line) in self.keys.iter().zip(ours.iter()) {
            match (gap, origin) {
                (None, _) => lines.set_item(key, line)?,
                (Some(name), Some(origin)) => lines.set_item(key, (name, origin))?,
                (Some(_), None) => {}
            }
        }
        if let Some(theirs) = theirs
            && let Some(value) = self.merged_value(py, Kind::Str, vec![theirs])?
        {
            lines.set_item(&spoken.keys.1, (&self.text.merged_name, value))?;
        }
        Ok(())
    }

    /// Takes out what the policy speaks, and gives the value that is to be merged.
    #[cold]
    fn take_out_of<'py>(&self, lines: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (replaced, merged) = &self.spoken.get().keys;
        for name in replaced {
            if lines.contains(name)? {
                lines.del_item(name)?;
            }
        }
        match lines.get_item(merged)? {
            Some(line) if self.merged.is_some() => line.get_item(1).map(Some),
            _ => Ok(None),
        }
    }
}
