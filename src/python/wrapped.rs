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
use super::assembled::Assembled;
use super::echo::{Asked, Echo};
use crate::Facts;

/// What a middleware is given once, in `__init__`, and then only read.
///
/// Most have one policy, and nobody watches: they find their parts with the one look that tells
/// whether there are any. All others are found behind that.
pub struct Wrapped<More> {
    plain: OnceLock<Parts<More>>,
    other: OnceLock<OtherParts<More>>,
}

pub struct Parts<More> {
    pub app: Py<PyAny>,
    pub answers: Py<Answers>,
    /// What only one protocol needs.
    pub more: More,
}

/// Of a middleware whose requests are watched, or have their policy chosen.
pub struct OtherParts<More> {
    pub app: Py<PyAny>,
    /// None where Python chooses the policy of each request.
    pub assembled: Option<Assembled>,
    pub more: More,
}

impl<More> Wrapped<More> {
    pub const fn new() -> Self {
        Self {
            plain: OnceLock::new(),
            other: OnceLock::new(),
        }
    }

    pub fn set(&self, app: Py<PyAny>, assembled: Option<Assembled>, more: More) -> PyResult<()> {
        let is_new = self.plain.get().is_none() && self.other.get().is_none();
        let is_set = is_new
            && match assembled {
                Some(Assembled::One(answers)) if !answers.get().is_watched() => {
                    self.plain.set(Parts { app, answers, more }).is_ok()
                }
                assembled => {
                    let parts = OtherParts {
                        app,
                        assembled,
                        more,
                    };
                    self.other.set(parts).is_ok()
                }
            };
        if is_set {
            return Ok(());
        }
        Err(PyTypeError::new_err(
            "a middleware cannot be changed; make another one",
        ))
    }

    #[inline]
    pub fn plain(&self) -> Option<&Parts<More>> {
        self.plain.get()
    }

    /// The parts of a middleware that has no plain ones.
    pub fn other(&self) -> PyResult<&OtherParts<More>> {
        self.other.get().ok_or_else(|| {
            PyTypeError::new_err(
                "the middleware has no application: call super().__init__(app, policy)",
            )
        })
    }

    pub fn app(&self) -> PyResult<&Py<PyAny>> {
        match self.plain() {
            Some(parts) => Ok(&parts.app),
            None => Ok(&self.other()?.app),
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(parts) = self.plain.get() {
            visit.call(&parts.app)?;
            visit.call(&parts.answers)?;
        }
        if let Some(parts) = self.other.get() {
            visit.call(&parts.app)?;
            if let Some(assembled) = &parts.assembled {
                assembled.traverse(visit)?;
            }
        }
        Ok(())
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
