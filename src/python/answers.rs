//! A policy's answers, one for each set of facts: what the adapters of a protocol ask.
//!
//! Here: rules and finished header lines in one table, and the way back to Python for shapes of
//! header lines that are rare. Not here: which facts lead to which answer (`_decision.py`), lines
//! (`lines.rs`), protocols (`asgi.rs`, `wsgi.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-responses>

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::echo::{Asked, Echo};
use super::exchange::Exchange;
use super::lines::FinishedLines;
use super::request::{Kind, Method, Text};
use super::rules::Rules;
use super::watch::Watch;
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
    /// Who looks at the requests that are read as watched ones.
    watch: Option<Py<Watch>>,
    kind: Kind,
    by_facts: Arc<[Answer]>,
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
    #[pyo3(signature = (rules, watch, rows, /, *, as_bytes))]
    fn new(
        rules: Py<Rules>,
        watch: Option<Py<Watch>>,
        rows: Vec<Row>,
        as_bytes: bool,
    ) -> PyResult<Self> {
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
            watch,
            kind: if as_bytes { Kind::Bytes } else { Kind::Str },
            by_facts: rows.into_iter().map(answer).collect(),
        })
    }

    /// The same answers under other rules.
    #[pyo3(signature = (rules, watch, /))]
    fn under(&self, rules: Py<Rules>, watch: Option<Py<Watch>>) -> Self {
        Self {
            rules,
            watch,
            kind: self.kind,
            by_facts: Arc::clone(&self.by_facts),
        }
    }

    /// Whether somebody watches.
    #[getter]
    pub fn is_watched(&self) -> bool {
        self.watch.is_some()
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

    /// The same where somebody watches; `request` is what is told of it.
    #[pyo3(signature = (method, headers, request, /))]
    fn ask_watched<'py>(
        slf: &Bound<'py, Self>,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        request: &Bound<'py, PyAny>,
    ) -> PyResult<Exchange> {
        let method = Method::of(method)?;
        Exchange::new(slf, slf.get().read_watched(method, headers, request)?)
    }

    /// The same for a WSGI environ, which is what is told where there is no `request`.
    #[pyo3(signature = (environ, request=None, /))]
    fn ask_environ_watched<'py>(
        slf: &Bound<'py, Self>,
        environ: &Bound<'py, PyDict>,
        request: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Exchange> {
        let request = request.unwrap_or_else(|| environ.clone().into_any());
        Exchange::new(slf, slf.get().read_environ_watched(environ, &request)?)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.watch)
    }
}

impl Answers {
    #[inline]
    pub fn read<'py>(
        &self,
        method: Method<'_, 'py>,
        headers: &Bound<'py, PyAny>,
    ) -> PyResult<Asked<'py>> {
        self.rules.get().read(method, headers, self.kind)
    }

    #[inline]
    pub fn read_environ<'py>(&self, environ: &Bound<'py, PyDict>) -> PyResult<Asked<'py>> {
        self.rules.get().read_environ(environ, self.kind)
    }

    /// Whether the policy allows an origin.
    pub fn allows_origin(&self, origin: &Bound<'_, PyString>) -> bool {
        self.rules.get().allows(Text::Str(origin))
    }

    pub fn read_watched<'py>(
        &self,
        method: Method<'_, 'py>,
        headers: &Bound<'py, PyAny>,
        request: &Bound<'py, PyAny>,
    ) -> PyResult<Asked<'py>> {
        let rules = self.rules.get();
        match &self.watch {
            Some(watch) => watch.get().read(rules, method, headers, self.kind, request),
            None => rules.read(method, headers, self.kind),
        }
    }

    pub fn read_environ_watched<'py>(
        &self,
        environ: &Bound<'py, PyDict>,
        request: &Bound<'py, PyAny>,
    ) -> PyResult<Asked<'py>> {
        let rules = self.rules.get();
        match &self.watch {
            Some(watch) => watch.get().read_environ(rules, environ, self.kind, request),
            None => rules.read_environ(environ, self.kind),
        }
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
