//! The ASGI middleware: scopes in, messages out.
//!
//! Here: the request path of `corsac.adapters.asgi`. Not here: CORS rules and header lines
//! (`answers.rs`), what a server looks at before it calls (`adapters/asgi.py`).
//! Spec: <https://asgi.readthedocs.io/en/latest/specs/www.html>

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::answers::Answers;
use super::assembled::{Assembled, Choice};
use super::criteria::Criteria;
use super::echo::Asked;
use super::request::Method;
use super::wrapped::{Reply, Wrapped};

const HTTP: &str = "http";
const START: &str = "http.response.start";

/// An ASGI application around another.
#[pyclass(frozen, subclass)]
pub struct ASGIMiddleware(Wrapped<Answer>);

/// A coroutine function that takes `send` and the first message, and ends an answer.
type Answer = Py<PyAny>;

#[pymethods]
impl ASGIMiddleware {
    #[new]
    #[pyo3(signature = (*_arguments, **_keywords))]
    fn new(_arguments: &Bound<'_, PyTuple>, _keywords: Option<&Bound<'_, PyDict>>) -> Self {
        Self(Wrapped::new())
    }

    /// Without anything assembled, `_serve` chooses the answers for each request.
    #[pyo3(signature = (app, assembled, answer, /))]
    fn __init__(
        &self,
        app: Py<PyAny>,
        assembled: &Bound<'_, PyAny>,
        answer: Answer,
    ) -> PyResult<()> {
        self.0.set(app, Assembled::of(assembled)?, answer)
    }

    #[getter]
    fn app(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.0.app()?.clone_ref(py))
    }

    #[pyo3(signature = (*arguments))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        arguments: &Bound<'py, PyTuple>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = arguments.py();
        let [scope, receive, send] = arguments.as_slice() else {
            return Err(PyTypeError::new_err(
                "an ASGI application is called with scope, receive and send",
            ));
        };
        let Some(parts) = slf.get().0.plain() else {
            return call_other(slf, scope, receive, send);
        };
        let app = parts.app.bind(py);
        if !is_text(&type_of(scope)?, intern!(py, HTTP), HTTP) {
            return app.call1((scope, receive, send));
        }
        let (scope, headers) = headers_of(scope.clone())?;
        let method = Method::In(&scope, intern!(py, "method"));
        let asked = parts.answers.get().read(method, &headers)?;
        reply(
            app,
            &parts.answers,
            &parts.more,
            asked,
            scope,
            receive,
            send,
        )
    }

    /// Serves a request of HTTP under these answers, watched where somebody watches.
    #[pyo3(signature = (answers, scope, receive, send, /))]
    fn under<'py>(
        &self,
        answers: &Bound<'py, Answers>,
        scope: Bound<'py, PyAny>,
        receive: &Bound<'py, PyAny>,
        send: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let parts = self.0.other()?;
        serve(
            &parts.app,
            answers.as_unbound(),
            &parts.more,
            scope,
            receive,
            send,
        )
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}

/// Serves a middleware that is watched, or that has its policies chosen.
#[inline(never)]
fn call_other<'py>(
    middleware: &Bound<'py, ASGIMiddleware>,
    scope: &Bound<'py, PyAny>,
    receive: &Bound<'py, PyAny>,
    send: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = scope.py();
    let parts = middleware.get().0.other()?;
    if !is_text(&type_of(scope)?, intern!(py, HTTP), HTTP) {
        return middleware.call_method1(intern!(py, "_serve"), (scope, receive, send));
    }
    let choice = match &parts.assembled {
        Some(Assembled::One(answers)) => {
            let scope = scope.clone();
            return serve(&parts.app, answers, &parts.more, scope, receive, send);
        }
        Some(assembled) => match scope.cast_exact::<PyDict>() {
            Ok(scope) => assembled.choose(py, Criteria::Scope(scope))?,
            Err(_) => Choice::LeftToPython,
        },
        None => Choice::LeftToPython,
    };
    match choice {
        Choice::Nothing => parts.app.bind(py).call1((scope, receive, send)),
        Choice::Answers(answers) => {
            let (scope, answers) = (scope.clone(), answers.as_unbound());
            serve(&parts.app, answers, &parts.more, scope, receive, send)
        }
        Choice::LeftToPython => {
            middleware.call_method1(intern!(py, "_serve"), (scope, receive, send))
        }
    }
}

fn serve<'py>(
    app: &Py<PyAny>,
    answers: &Py<Answers>,
    answer: &Answer,
    scope: Bound<'py, PyAny>,
    receive: &Bound<'py, PyAny>,
    send: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = scope.py();
    let (scope, headers) = headers_of(scope)?;
    let method = Method::In(&scope, intern!(py, "method"));
    let asked = answers.get().read_watched(method, &headers, &scope)?;
    reply(app.bind(py), answers, answer, asked, scope, receive, send)
}

/// Answers, or lets the application answer with our header lines in its own.
#[inline(always)]
fn reply<'py>(
    app: &Bound<'py, PyAny>,
    answers: &Py<Answers>,
    answer: &Answer,
    asked: Asked<'py>,
    scope: Bound<'py, PyAny>,
    receive: &Bound<'py, PyAny>,
    send: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    if let Some((start, headers)) = answers.get().start(py, &asked)? {
        let start = start.cast::<PyDict>()?.copy()?;
        start.set_item(intern!(py, "headers"), headers)?;
        return answer.bind(py).call1((send, start));
    }
    let responder = Responder(Reply::new(send, answers, asked));
    let send = Bound::new(py, responder)?.getattr(intern!(py, "send"))?;
    app.call1((scope, receive, send))
}

/// The `send` of one request: puts header lines on the message that has some.
#[pyclass(frozen)]
struct Responder(Reply);

#[pymethods]
impl Responder {
    #[pyo3(signature = (message, /))]
    fn send<'py>(
        &self,
        py: Python<'py>,
        message: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let send = self.0.server.bind(py);
        if !is_text(&type_of(message)?, intern!(py, START), START) {
            return send.call1((message,));
        }
        let key = intern!(py, "headers");
        let (start, headers) = match message.cast_exact::<PyDict>() {
            Ok(message) => {
                let start = message.copy()?;
                let headers = start.get_item(key)?;
                (start, headers)
            }
            Err(_) => {
                let start = PyDict::new(py);
                start.update(message.cast()?)?;
                let headers = message.call_method1("get", (key, PyTuple::empty(py)))?;
                (start, Some(headers))
            }
        };
        let headers = headers.unwrap_or_else(|| PyTuple::empty(py).into_any());
        start.set_item(key, self.0.merge(&headers)?)?;
        send.call1((start,))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}

/// The type of a scope or of a message. It is the first entry of nearly all of them, which takes no
/// search; where another thread may change the dict, the section keeps it as it is.
#[inline]
fn type_of<'py>(mapping: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let key = intern!(mapping.py(), "type");
    if let Ok(dict) = mapping.cast_exact::<PyDict>()
        && let Some((name, value)) = with_critical_section(dict, || dict.iter().next())
        && name.is(key)
    {
        return Ok(value);
    }
    item(mapping, key)
}

/// An entry of a scope or of a message.
#[inline]
fn item<'py>(
    mapping: &Bound<'py, PyAny>,
    key: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(dict) = mapping.cast_exact::<PyDict>()
        && let Some(value) = dict.get_item(key)?
    {
        return Ok(value);
    }
    mapping.get_item(key)
}

/// Whether the value is this text, of which there is a constant too: servers and applications have
/// one as well, and often it is the very same object.
#[inline]
fn is_text(value: &Bound<'_, PyAny>, constant: &Bound<'_, PyString>, text: &str) -> bool {
    value.is(constant)
        || value
            .cast::<PyString>()
            .is_ok_and(|value| value.to_str().is_ok_and(|value| value == text))
}

/// The scope, and its header lines; a copy where they can be read once only, since the application
/// reads them too.
#[inline(always)]
fn headers_of<'py>(scope: Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let key = intern!(scope.py(), "headers");
    let headers = item(&scope, key)?;
    if headers.is_instance_of::<PyList>() || headers.is_instance_of::<PyTuple>() {
        return Ok((scope, headers));
    }
    let lines = headers.try_iter()?;
    if !lines.is(&headers) {
        return Ok((scope, headers));
    }
    let headers = PyList::new(scope.py(), lines.collect::<PyResult<Vec<_>>>()?)?.into_any();
    let copy = PyDict::new(scope.py());
    copy.update(scope.cast()?)?;
    copy.set_item(key, &headers)?;
    Ok((copy.into_any(), headers))
}
