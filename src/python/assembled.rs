//! What answers to requests are taken from.
//!
//! Here: `Assembled`, one kind for each of Python's policies, maps, lists by origin, and handles, and
//! the choice for one request. Not here: what Python makes them of, and calls by itself
//! (`_sources.py`); what a policy is chosen by (`criteria.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-cors-protocol>

use std::sync::OnceLock;

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::answers::Answers;
use super::criteria::Criteria;
use super::routes::Routes;

/// Answers, or a way to them.
pub enum Assembled {
    One(Py<Answers>),
    Routed(Py<RoutedAnswers>),
    ByOrigin(Py<OriginAnswers>),
    Held(Py<HeldAnswers>),
}

/// Whose answer a request gets.
pub enum Choice<'py> {
    /// The application's own: no CORS.
    Nothing,
    /// One of these.
    Answers(Bound<'py, Answers>),
    /// Python says.
    LeftToPython,
}

/// A choice, or what comes before it.
enum Step<'py> {
    Done(Choice<'py>),
    Next(Assembled),
}

impl Assembled {
    /// What Python has made; None where it must choose by itself.
    pub fn of(value: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        // Not `extract`, which makes an error of each kind that it is not.
        Ok(Some(if let Ok(answers) = value.cast::<Answers>() {
            Assembled::One(answers.clone().unbind())
        } else if let Ok(routed) = value.cast::<RoutedAnswers>() {
            Assembled::Routed(routed.clone().unbind())
        } else if let Ok(by_origin) = value.cast::<OriginAnswers>() {
            Assembled::ByOrigin(by_origin.clone().unbind())
        } else if let Ok(held) = value.cast::<HeldAnswers>() {
            Assembled::Held(held.clone().unbind())
        } else if value.is_none() {
            return Ok(None);
        } else {
            return Err(PyTypeError::new_err("give answers, or a way to them"));
        }))
    }

    pub fn choose<'py>(
        &self,
        py: Python<'py>,
        criteria: Criteria<'_, 'py>,
    ) -> PyResult<Choice<'py>> {
        let mut step = self.step(py, criteria)?;
        // A loop, since maps may be nested more deeply than a stack is high.
        loop {
            match step {
                Step::Done(choice) => return Ok(choice),
                Step::Next(next) => step = next.step(py, criteria)?,
            }
        }
    }

    fn step<'py>(&self, py: Python<'py>, criteria: Criteria<'_, 'py>) -> PyResult<Step<'py>> {
        match self {
            Assembled::One(answers) => Ok(Step::of_answers(py, answers)),
            Assembled::Routed(routed) => routed.get().step(py, criteria),
            Assembled::ByOrigin(by_origin) => by_origin.get().step(py, criteria),
            Assembled::Held(held) => held.get().step(py),
        }
    }

    fn clone_ref(&self, py: Python<'_>) -> Self {
        match self {
            Assembled::One(answers) => Assembled::One(answers.clone_ref(py)),
            Assembled::Routed(routed) => Assembled::Routed(routed.clone_ref(py)),
            Assembled::ByOrigin(by_origin) => Assembled::ByOrigin(by_origin.clone_ref(py)),
            Assembled::Held(held) => Assembled::Held(held.clone_ref(py)),
        }
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self {
            Assembled::One(answers) => visit.call(answers),
            Assembled::Routed(routed) => visit.call(routed),
            Assembled::ByOrigin(by_origin) => visit.call(by_origin),
            Assembled::Held(held) => visit.call(held),
        }
    }
}

impl<'py> Step<'py> {
    fn of_answers(py: Python<'py>, answers: &Py<Answers>) -> Self {
        Step::Done(Choice::Answers(answers.bind(py).clone()))
    }

    fn of_next(next: Option<Assembled>) -> Self {
        next.map_or(Step::Done(Choice::LeftToPython), Step::Next)
    }
}

/// The answers of every route, made when a request comes to it.
#[pyclass(frozen)]
pub struct RoutedAnswers {
    routes: Py<Routes>,
    /// Makes them of a choice, or gives None where Python must choose by itself.
    assemble: Py<PyAny>,
    /// What it gave, by the number of the choice.
    assembled: Vec<OnceLock<Option<Assembled>>>,
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
        assembled.try_for_each(|assembled| assembled.traverse(&visit))
    }
}

impl RoutedAnswers {
    fn step<'py>(&self, py: Python<'py>, criteria: Criteria<'_, 'py>) -> PyResult<Step<'py>> {
        let routes = self.routes.get();
        let host = if routes.is_by_host() {
            criteria.host()?
        } else {
            Some(criteria.nothing())
        };
        let (Some(host), Some(path)) = (host, criteria.path()?) else {
            return Ok(Step::Done(Choice::LeftToPython));
        };
        let Ok(host) = host.to_str() else {
            return Ok(Step::Done(Choice::LeftToPython));
        };
        let Some(number) = routes.number(py, host.as_bytes(), path.text()?.as_bytes())? else {
            return Ok(Step::Done(Choice::Nothing));
        };
        let assembled = &self.assembled[number];
        let next = match assembled.get() {
            Some(next) => next,
            None => {
                let made = self.assemble.bind(py).call1((&routes.choices[number],))?;
                let made = Assembled::of(&made)?;
                assembled.get_or_init(|| made)
            }
        };
        Ok(match next {
            Some(Assembled::One(answers)) => Step::of_answers(py, answers),
            next => Step::of_next(next.as_ref().map(|next| next.clone_ref(py))),
        })
    }
}

/// The answers of several policies, of which the first that allows the origin counts, or else the
/// last.
#[pyclass(frozen)]
pub struct OriginAnswers(Vec<Py<Answers>>);

#[pymethods]
impl OriginAnswers {
    #[new]
    #[pyo3(signature = (policies, /))]
    fn new(policies: Vec<Py<Answers>>) -> Self {
        Self(policies)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.iter().try_for_each(|answers| visit.call(answers))
    }
}

impl OriginAnswers {
    fn step<'py>(&self, py: Python<'py>, criteria: Criteria<'_, 'py>) -> PyResult<Step<'py>> {
        let Some(origin) = criteria.origin()? else {
            return Ok(Step::Done(Choice::LeftToPython));
        };
        let mut policies = self.0.iter();
        let found = policies.find(|answers| answers.get().allows_origin(&origin));
        Ok(match found.or(self.0.last()) {
            Some(answers) => Step::of_answers(py, answers),
            None => Step::Done(Choice::LeftToPython),
        })
    }
}

/// The answers of what a `PolicyHandle` holds at the moment.
#[pyclass(frozen)]
pub struct HeldAnswers {
    handle: Py<PyAny>,
    /// Makes them of what is held, and leaves them in its `_answers` under `key`; or gives None
    /// where Python must choose by itself.
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
    fn step<'py>(&self, py: Python<'py>) -> PyResult<Step<'py>> {
        let held = self.handle.bind(py).getattr(intern!(py, "_policy"))?;
        if held.is_none() {
            return Ok(Step::Done(Choice::Nothing));
        }
        let mut made = None;
        // A class of the application's own may have none.
        if let Some(answers) = held.getattr_opt(intern!(py, "_answers"))?
            && let Ok(answers) = answers.cast_exact::<PyDict>()
        {
            made = answers.get_item(&self.key)?;
        }
        let made = match made {
            Some(made) => made,
            None => self.assemble.bind(py).call1((held,))?,
        };
        Ok(Step::of_next(Assembled::of(&made)?))
    }
}
