//! What the middleware of both protocols are made of.
//!
//! Here: an application with the answers that stand before it, and the reply to one request.
//! Not here: the protocols (`asgi.rs`, `wsgi.rs`), the answers (`answers.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-responses>

use std::sync::OnceLock;

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use super::answers::Answers;
use super::request::{Asked, Echo};
use crate::Facts;

/// What a middleware is given once, in `__init__`, and then only read.
pub struct Wrapped<More>(OnceLock<Parts<More>>);

pub struct Parts<More> {
    pub app: Py<PyAny>,
    pub answers: Py<Answers>,
    /// What only one protocol needs.
    pub more: More,
}

impl<More> Wrapped<More> {
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    pub fn set(&self, app: Py<PyAny>, answers: Py<Answers>, more: More) -> PyResult<()> {
        self.0
            .set(Parts { app, answers, more })
            .map_err(|_| PyTypeError::new_err("a middleware cannot be changed; make another one"))
    }

    #[inline]
    pub fn parts(&self) -> PyResult<&Parts<More>> {
        self.0.get().ok_or_else(|| {
            PyTypeError::new_err(
                "the middleware has no application: call super().__init__(app, policy)",
            )
        })
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.0.get() {
            Some(parts) => {
                visit.call(&parts.app)?;
                visit.call(&parts.answers)
            }
            None => Ok(()),
        }
    }
}

/// The reply to one request, on its way from the application to the server.
pub struct Reply {
    /// What takes the header lines: ASGI's `send`, WSGI's `start_response`.
    pub server: Py<PyAny>,
    answers: Py<Answers>,
    facts: Facts,
    origin: Option<Py<PyAny>>,
}

impl Reply {
    #[inline]
    pub fn new<'py>(server: &Bound<'py, PyAny>, answers: &Py<Answers>, asked: Asked<'py>) -> Self {
        Self {
            server: server.clone().unbind(),
            answers: answers.clone_ref(server.py()),
            facts: asked.facts,
            origin: asked.echo.origin.map(Bound::unbind),
        }
    }

    /// The application's header lines with ours in them.
    #[inline]
    pub fn merge<'py>(&self, headers: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let echo = Echo::of_origin(headers.py(), self.origin.as_ref());
        self.answers.get().merge(self.facts, &echo, headers)
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.server)?;
        visit.call(&self.answers)
    }
}
