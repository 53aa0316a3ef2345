//! One request to a framework that asks from Python, until its response is there.
//!
//! Here: what is kept between the two, and header lines in a dict under their names in lower case.
//! Not here: CORS rules and header lines (`answers.rs`, `lines.rs`), frameworks (`adapters/`).
//! Spec: <https://fetch.spec.whatwg.org/#http-responses>

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::answers::Answers;
use super::echo::{Asked, Echo};
use crate::Facts;

/// What was decided of a request.
#[pyclass(frozen)]
pub struct Exchange {
    answers: Py<Answers>,
    facts: Facts,
    origin: Option<Py<PyAny>>,
    /// How the answer begins, and all its header lines, where it needs no application.
    #[pyo3(get)]
    start: Option<(Py<PyAny>, Py<PyAny>)>,
}

#[pymethods]
impl Exchange {
    /// Whether the request has an origin, and it is refused.
    #[getter]
    fn refuses_origin(&self) -> bool {
        self.facts.contains(Facts::HAS_ORIGIN) && !self.facts.contains(Facts::ORIGIN_ALLOWED)
    }

    /// The application's header lines with ours in them.
    #[pyo3(signature = (headers, /))]
    fn merge<'py>(&self, headers: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let echo = Echo::of_origin(headers.py(), self.origin.as_ref());
        self.answers.get().merge(self.facts, &echo, headers)
    }

    /// Merges the header lines into a dict of the application's.
    #[pyo3(signature = (lines, /))]
    fn place(&self, lines: &Bound<'_, PyDict>) -> PyResult<()> {
        let origin = self.origin.as_ref().map(|origin| origin.bind(lines.py()));
        self.answers.get().place(self.facts, origin, lines)
    }
}

impl Exchange {
    #[inline]
    pub fn new<'py>(answers: &Bound<'py, Answers>, asked: Asked<'py>) -> PyResult<Self> {
        let start = answers.get().start(answers.py(), &asked)?;
        Ok(Self {
            answers: answers.clone().unbind(),
            facts: asked.facts,
            origin: asked.echo.origin.map(Bound::unbind),
            start: start.map(|(start, lines)| (start.unbind(), lines.unbind())),
        })
    }
}
