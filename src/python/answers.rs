//! A policy's answers, one for each set of facts: what the adapters of a protocol ask.
//!
//! Here: rules and finished header lines in one table, and the way back to Python for shapes of
//! header lines that are rare. Not here: which facts lead to which answer (`_decision.py`), lines
//! (`lines.rs`), protocols (`asgi.rs`, `wsgi.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-responses>

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::exchange::Exchange;
use super::lines::FinishedLines;
use super::request::{Asked, Echo, Kind, Method};
use super::rules::Rules;
use crate::Facts;

/// What becomes of a request with certain facts.
struct Answer {
    lines: Py<FinishedLines>,
    /// Merges the shapes that `lines` leaves to it: `HeaderLines.merge_any` of `_headers.py`.
    merge_any: Py<PyAny>,
    /// How an answer begins that needs no application, and its header lines without ours.
    start: Option<(Py<PyAny>, Py<PyList>)>,
}

/// The answers of one policy in the type of one protocol.
#[pyclass(frozen)]
pub struct Answers {
    rules: Py<Rules>,
    kind: Kind,
    by_facts: Vec<Answer>,
}

/// The parts of an `Answer`, in their order.
type Row = (
    Py<FinishedLines>,
    Py<PyAny>,
    Option<(Py<PyAny>, Py<PyList>)>,
);

#[pymethods]
impl Answers {
    #[new]
    #[pyo3(signature = (rules, rows, /, *, as_bytes))]
    fn new(rules: Py<Rules>, rows: Vec<Row>, as_bytes: bool) -> PyResult<Self> {
        if rows.len() != Facts::COUNT {
            return Err(PyValueError::new_err("one answer for each set of facts"));
        }
        let answer = |(lines, merge_any, start)| Answer {
            lines,
            merge_any,
            start,
        };
        Ok(Self {
            rules,
            kind: if as_bytes { Kind::Bytes } else { Kind::Str },
            by_facts: rows.into_iter().map(answer).collect(),
        })
    }

    #[pyo3(signature = (method, headers, /))]
    fn ask<'py>(
        slf: &Bound<'py, Self>,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<Exchange> {
        Exchange::new(slf, slf.get().read(Method::of(method)?, headers)?)
    }

    #[pyo3(signature = (environ, /))]
    fn ask_environ<'py>(
        slf: &Bound<'py, Self>,
        environ: &Bound<'py, PyDict>,
    ) -> PyResult<Exchange> {
        Exchange::new(slf, slf.get().read_environ(environ)?)
    }
}

impl Answers {
    #[inline]
    pub fn read<'py>(
        &self,
        method: Method<'_, 'py>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<Asked<'py>> {
        let mut request = self.rules.get().request(Some(method));
        request.read_headers(headers)?;
        request.finish(headers.py(), self.kind)
    }

    #[inline]
    pub fn read_environ<'py>(&self, environ: &Bound<'py, PyDict>) -> PyResult<Asked<'py>> {
        let mut request = self.rules.get().request(None);
        request.read_environ(environ)?;
        request.finish(environ.py(), self.kind)
    }

    /// How the answer begins, and all its header lines, where it needs no application.
    #[inline]
    pub fn start<'py>(
        &self,
        py: Python<'py>,
        asked: &Asked<'py>,
    ) -> PyResult<Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
        let answer = self.answer(asked.facts);
        let Some((start, lines)) = &answer.start else {
            return Ok(None);
        };
        let lines = self.merge(asked.facts, &asked.echo, lines.bind(py).as_any())?;
        Ok(Some((start.bind(py).clone(), lines)))
    }

    /// The application's header lines with ours in them.
    #[inline]
    pub fn merge<'py>(
        &self,
        facts: Facts,
        echo: &Echo<'py>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let answer = self.answer(facts);
        match answer.lines.get().merge(headers, self.kind, echo)? {
            Some(lines) => Ok(lines.into_any()),
            None => {
                let origin = echo.origin.clone().map(|origin| Kind::Str.text(origin));
                let as_bytes = self.kind == Kind::Bytes;
                let arguments = (origin.transpose()?, headers.py().None(), headers, as_bytes);
                answer.merge_any.bind(headers.py()).call1(arguments)
            }
        }
    }

    /// Merges our header lines into a dict that holds each under its name in lower case.
    #[inline]
    pub fn place<'py>(
        &self,
        facts: Facts,
        origin: Option<&Bound<'py, PyAny>>,
        lines: &Bound<'py, PyDict>,
    ) -> PyResult<()> {
        self.answer(facts).lines.get().place(lines, origin)
    }

    fn answer(&self, facts: Facts) -> &Answer {
        &self.by_facts[facts.bits()]
    }
}
