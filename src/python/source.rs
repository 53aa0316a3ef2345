//! What the answers to a request are taken from.
//!
//! Here: `Source`, one kind for each of Python's policies, maps, lists by origin, and handles.
//! Not here: functions of the application, which Python calls (`_sources.py`); where a request has
//! what it is chosen by (`place.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

use std::sync::OnceLock;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::answers::Answers;
use super::place::Place;
use super::routes::Routes;

/// Answers, or a way to them.
pub enum Source {
    One(Py<Answers>),
    Routed(Py<RoutedAnswers>),
    ByOrigin(Py<OriginAnswers>),
    Held(Py<HeldAnswers>),
}

/// Who serves a request.
pub enum Server<'py> {
    /// The application alone: no CORS.
    Application,
    /// The middleware, with these answers.
    Middleware(Bound<'py, Answers>),
    /// Whom Python chooses.
    Chosen,
}

impl Source {
    /// What Python gives for a source; None where Python must choose.
    pub fn of(value: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        // Not `extract`, which makes an error of each kind that it is not.
        Ok(Some(if let Ok(answers) = value.cast::<Answers>() {
            Source::One(answers.clone().unbind())
        } else if let Ok(routed) = value.cast::<RoutedAnswers>() {
            Source::Routed(routed.clone().unbind())
        } else if let Ok(by_origin) = value.cast::<OriginAnswers>() {
            Source::ByOrigin(by_origin.clone().unbind())
        } else if let Ok(held) = value.cast::<HeldAnswers>() {
            Source::Held(held.clone().unbind())
        } else if value.is_none() {
            return Ok(None);
        } else {
            return Err(PyTypeError::new_err(
                "a source is answers, or a way to them",
            ));
        }))
    }

    pub fn server<'py>(&self, py: Python<'py>, place: Place<'_, 'py>) -> PyResult<Server<'py>> {
        match self {
            Source::One(answers) => Ok(Server::Middleware(answers.bind(py).clone())),
            Source::Routed(routed) => routed.get().server(py, place),
            Source::ByOrigin(by_origin) => by_origin.get().server(py, place),
            Source::Held(held) => held.get().server(py, place),
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Source::One(answers) => visit.call(answers),
            Source::Routed(routed) => visit.call(routed),
            Source::ByOrigin(by_origin) => visit.call(by_origin),
            Source::Held(held) => visit.call(held),
        }
    }
}

/// The answers of every route, made when a request comes to it.
#[pyclass(frozen)]
pub struct RoutedAnswers {
    routes: Py<Routes>,
    /// Gives the source of a choice, or None where Python must choose.
    assemble: Py<PyAny>,
    /// What it gave, by the number of the choice.
    assembled: Vec<OnceLock<Option<Source>>>,
}

#[pymethods]
impl RoutedAnswers {
    #[new]
    #[pyo3(signature = (routes, assemble, /))]
    fn new(routes: Bound<'_, Routes>, assemble: Py<PyAny>) -> Self {
        let choices = &routes.get().choices;
        Self {
            assembled: choices.iter().map(|_| OnceLock::new()).collect(),
            routes: routes.unbind(),
            assemble,
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.routes)?;
        visit.call(&self.assemble)?;
        let mut assembled = self.assembled.iter().filter_map(OnceLock::get).flatten();
        assembled.try_for_each(|source| source.traverse(&visit))
    }
}

impl RoutedAnswers {
    fn server<'py>(&self, py: Python<'py>, place: Place<'_, 'py>) -> PyResult<Server<'py>> {
        let routes = self.routes.get();
        let host = if routes.is_by_host() {
            place.host()?
        } else {
            Some(None)
        };
        let (Some(host), Some(path)) = (host, place.path()?) else {
            return Ok(Server::Chosen);
        };
        let Ok(host) = host.as_ref().map_or(Ok(""), |host| host.to_str()) else {
            return Ok(Server::Chosen);
        };
        let Some(number) = routes.number(host.as_bytes(), path.text()?.as_bytes()) else {
            return Ok(Server::Application);
        };
        let assembled = &self.assembled[number];
        let source = match assembled.get() {
            Some(source) => source,
            None => {
                let source = self.assemble.bind(py).call1((&routes.choices[number],))?;
                let source = Source::of(&source)?;
                assembled.get_or_init(|| source)
            }
        };
        match source {
            Some(source) => source.server(py, place),
            None => Ok(Server::Chosen),
        }
    }
}

/// The answers of several policies, of which the first that allows the origin counts.
#[pyclass(frozen)]
pub struct OriginAnswers {
    policies: Vec<Py<Answers>>,
    /// For an origin that none allows.
    last: Py<Answers>,
}

#[pymethods]
impl OriginAnswers {
    #[new]
    #[pyo3(signature = (policies, /))]
    fn new(py: Python<'_>, policies: Vec<Py<Answers>>) -> PyResult<Self> {
        match policies.last().map(|last| last.clone_ref(py)) {
            Some(last) => Ok(Self { policies, last }),
            None => Err(PyValueError::new_err("one policy at least")),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.policies
            .iter()
            .try_for_each(|answers| visit.call(answers))?;
        visit.call(&self.last)
    }
}

impl OriginAnswers {
    fn server<'py>(&self, py: Python<'py>, place: Place<'_, 'py>) -> PyResult<Server<'py>> {
        let Some(origin) = place.origin()? else {
            return Ok(Server::Chosen);
        };
        let mut found = None;
        if let Some(origin) = origin {
            found = self
                .policies
                .iter()
                .find(|answers| answers.get().allows_origin(&origin));
        }
        let answers = found.unwrap_or(&self.last);
        Ok(Server::Middleware(answers.bind(py).clone()))
    }
}

/// The answers of what a handle holds at the moment.
#[pyclass(frozen)]
pub struct HeldAnswers {
    handle: Py<PyAny>,
    /// Gives the source of what is held, and leaves it there under `key`; or None where Python must
    /// choose.
    assemble: Py<PyAny>,
    key: Py<PyAny>,
}

#[pymethods]
impl HeldAnswers {
    #[new]
    #[pyo3(signature = (handle, assemble, key, /))]
    fn new(handle: Py<PyAny>, assemble: Py<PyAny>, key: Py<PyAny>) -> Self {
        Self {
            handle,
            assemble,
            key,
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.handle)?;
        visit.call(&self.assemble)?;
        visit.call(&self.key)
    }
}

impl HeldAnswers {
    fn server<'py>(&self, py: Python<'py>, place: Place<'_, 'py>) -> PyResult<Server<'py>> {
        let held = self.handle.bind(py).getattr(intern!(py, "_policy"))?;
        if held.is_none() {
            return Ok(Server::Application);
        }
        let assembled = held.getattr(intern!(py, "_answers"))?;
        let source = match assembled.cast_exact::<PyDict>() {
            Ok(assembled) => assembled.get_item(&self.key)?,
            Err(_) => None,
        };
        let source = match source {
            Some(source) => source,
            None => self.assemble.bind(py).call1((held,))?,
        };
        match Source::of(&source)? {
            Some(source) => source.server(py, place),
            None => Ok(Server::Chosen),
        }
    }
}
