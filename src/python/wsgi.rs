//! The WSGI middleware: an environ in, `start_response` out.
//!
//! Here: the request path of `corsac.adapters.wsgi`. Not here: CORS rules and header lines
//! (`answers.rs`), how the middleware is made (`adapters/wsgi.py`).
//! Spec: <https://peps.python.org/pep-3333/>

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::answers::Answers;
use super::assembled::{Assembled, Choice};
use super::criteria::Criteria;
use super::echo::Asked;
use super::wrapped::{Reply, Wrapped};

/// A WSGI application around another.
#[pyclass(frozen, subclass)]
pub struct WSGIMiddleware(Wrapped<()>);

#[pymethods]
impl WSGIMiddleware {
    #[new]
    #[pyo3(signature = (*_arguments, **_keywords))]
    fn new(_arguments: &Bound<'_, PyTuple>, _keywords: Option<&Bound<'_, PyDict>>) -> Self {
        Self(Wrapped::new())
    }

    /// Without anything assembled, `_serve` chooses the answers for each request.
    #[pyo3(signature = (app, assembled, /))]
    fn __init__(&self, app: Py<PyAny>, assembled: &Bound<'_, PyAny>) -> PyResult<()> {
        self.0.set(app, Assembled::of(assembled)?, ())
    }

    #[getter]
    fn app(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.0.app()?.clone_ref(py))
    }

    #[pyo3(signature = (environ, start_response, /))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        environ: Bound<'py, PyDict>,
        start_response: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let Some(parts) = slf.get().0.plain() else {
            return call_other(slf, environ, start_response);
        };
        let asked = parts.answers.get().read_environ(&environ)?;
        reply(&parts.app, &parts.answers, asked, environ, start_response)
    }

    /// Serves a request under these answers, watched where somebody watches.
    #[pyo3(signature = (answers, environ, start_response, /))]
    fn under<'py>(
        &self,
        answers: &Bound<'py, Answers>,
        environ: Bound<'py, PyDict>,
        start_response: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let app = &self.0.other()?.app;
        serve(app, answers.as_unbound(), environ, start_response)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}

/// Serves a middleware that is watched, or that has its policies chosen.
#[inline(never)]
fn call_other<'py>(
    middleware: &Bound<'py, WSGIMiddleware>,
    environ: Bound<'py, PyDict>,
    start_response: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = environ.py();
    let parts = middleware.get().0.other()?;
    let choice = match &parts.assembled {
        Some(Assembled::One(answers)) => {
            return serve(&parts.app, answers, environ, start_response);
        }
        // A dict of another class may read its entries in its own way.
        Some(assembled) if environ.is_exact_instance_of::<PyDict>() => {
            assembled.choose(py, Criteria::Environ(&environ))?
        }
        _ => Choice::LeftToPython,
    };
    match choice {
        Choice::Nothing => parts.app.bind(py).call1((environ, start_response)),
        Choice::Answers(answers) => {
            serve(&parts.app, answers.as_unbound(), environ, start_response)
        }
        Choice::LeftToPython => {
            middleware.call_method1(intern!(py, "_serve"), (environ, start_response))
        }
    }
}

fn serve<'py>(
    app: &Py<PyAny>,
    answers: &Py<Answers>,
    environ: Bound<'py, PyDict>,
    start_response: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let asked = answers.get().read_environ_watched(&environ, &environ)?;
    reply(app, answers, asked, environ, start_response)
}

/// Answers, or lets the application answer with our header lines in its own.
#[inline(always)]
fn reply<'py>(
    app: &Py<PyAny>,
    answers: &Py<Answers>,
    asked: Asked<'py>,
    environ: Bound<'py, PyDict>,
    start_response: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = environ.py();
    if let Some((status, headers)) = answers.get().start(py, &asked)? {
        start_response.call1((status, headers))?;
        return Ok(PyList::empty(py).into_any());
    }
    let responder = Responder(Reply::new(&start_response, answers, asked));
    let start_response = Bound::new(py, responder)?.getattr(intern!(py, "start_response"))?;
    app.bind(py).call1((environ, start_response))
}

/// The `start_response` of one request.
#[pyclass(frozen)]
struct Responder(Reply);

#[pymethods]
impl Responder {
    #[pyo3(signature = (status, headers, exc_info=None, /))]
    fn start_response<'py>(
        &self,
        py: Python<'py>,
        status: Bound<'py, PyAny>,
        headers: Bound<'py, PyAny>,
        exc_info: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let merged = self.0.merge(&headers)?;
        let start_response = self.0.server.bind(py);
        // Only on demand: not every server's `start_response` takes it where it is None.
        match exc_info {
            Some(error) if error.is_truthy()? => start_response.call1((status, merged, error)),
            _ => start_response.call1((status, merged)),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}
