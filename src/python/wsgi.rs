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

    #[pyo3(signature = (app, answers, /))]
    fn __init__(&self, app: Py<PyAny>, answers: Py<Answers>) -> PyResult<()> {
        self.0.set(app, answers, ())
    }

    #[getter]
    fn app(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.0.parts()?.app.clone_ref(py))
    }

    #[pyo3(signature = (environ, start_response, /))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        environ: Bound<'py, PyDict>,
        start_response: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let parts = self.0.parts()?;
        let answers = parts.answers.get();
        let asked = answers.read_environ(&environ)?;
        if let Some((status, headers)) = answers.start(py, &asked)? {
            start_response.call1((status, headers))?;
            return Ok(PyList::empty(py).into_any());
        }
        let responder = Responder(Reply::new(&start_response, &parts.answers, asked));
        let start_response = Bound::new(py, responder)?.getattr(intern!(py, "start_response"))?;
        parts.app.bind(py).call1((environ, start_response))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
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
