//! What is seen of requests beside their answers: counts, another policy's facts, and whom to tell.
//!
//! Here: counters without a lock, and when Python is told of a request. Not here: what it makes of
//! it (`_watch.py`), answers (`answers.rs`). A policy that nobody watches never comes here.
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use pyo3::exceptions::PyValueError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::echo::Asked;
use super::request::{Kind, Method};
use super::rules::{FactsOfRequest, Rules};
use crate::Facts;

/// Whether anybody wants to hear of refused requests.
static HEARD: AtomicBool = AtomicBool::new(false);

/// Says whether anybody wants to hear of refused requests.
#[pyfunction]
#[pyo3(signature = (heard, /))]
pub fn hear(heard: bool) {
    HEARD.store(heard, Ordering::Relaxed);
}

/// How many requests had each set of facts.
#[pyclass(frozen)]
pub struct Counter([AtomicU64; Facts::COUNT]);

#[pymethods]
impl Counter {
    #[new]
    fn new() -> Self {
        Self([const { AtomicU64::new(0) }; Facts::COUNT])
    }

    /// The counts by the bits of the facts, each read once.
    fn snapshot(&self) -> Vec<u64> {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        self.0.iter().map(read).collect()
    }
}

impl Counter {
    #[inline]
    fn add(&self, facts: Facts) {
        self.0[facts.bits()].fetch_add(1, Ordering::Relaxed);
    }
}

/// Looks at the requests of one policy.
#[pyclass(frozen)]
pub struct Watch {
    counter: Option<Py<Counter>>,
    /// Decides beside the real one, and is only counted.
    shadow: Option<Py<Rules>>,
    /// Bit `n`: Python is always told of facts `n`, and may find others.
    always: u32,
    /// Bit `n`: Python is told of facts `n` where anybody wants to hear.
    heard: u32,
    /// From the facts, the shadow's facts and the request to the facts that count.
    tell: Py<PyAny>,
}

#[pymethods]
impl Watch {
    #[new]
    #[pyo3(signature = (counter, shadow, always, heard, tell, /))]
    fn new(
        counter: Option<Py<Counter>>,
        shadow: Option<Py<Rules>>,
        always: u32,
        heard: u32,
        tell: Py<PyAny>,
    ) -> Self {
        Self {
            counter,
            shadow,
            always,
            heard,
            tell,
        }
    }

    /// What `Rules.facts` says, watched. `request` is what Python is told; without it, the rest.
    #[pyo3(signature = (rules, method, headers, request=None, /))]
    fn facts<'py>(
        &self,
        rules: &Rules,
        method: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        request: Option<Bound<'py, PyAny>>,
    ) -> PyResult<FactsOfRequest<'py>> {
        let headers = &readable(headers)?;
        let request = match request {
            Some(request) => request,
            None => (method, headers).into_pyobject(method.py())?.into_any(),
        };
        let asked = self.read(rules, Method::of(method)?, headers, Kind::Str, &request)?;
        Ok(rules.facts_of(asked, method.py()))
    }

    /// What `Rules.facts_of_environ` says, watched.
    #[pyo3(signature = (rules, environ, /))]
    fn facts_of_environ<'py>(
        &self,
        rules: &Rules,
        environ: &Bound<'py, PyDict>,
    ) -> PyResult<FactsOfRequest<'py>> {
        let asked = self.read_environ(rules, environ, Kind::Str, environ.as_any())?;
        Ok(rules.facts_of(asked, environ.py()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.tell)
    }
}

impl Watch {
    /// Reads a request; `request` is what Python is told of it.
    pub fn read<'py>(
        &self,
        rules: &Rules,
        method: Method<'_, 'py>,
        headers: &Bound<'py, PyAny>,
        kind: Kind,
        request: &Bound<'py, PyAny>,
    ) -> PyResult<Asked<'py>> {
        let asked = rules.read(method, headers, kind)?;
        let shadow = match &self.shadow {
            Some(shadow) => Some(shadow.get().read(method, headers, kind)?.facts),
            None => None,
        };
        self.look(asked, shadow, request)
    }

    /// The same for a WSGI environ.
    pub fn read_environ<'py>(
        &self,
        rules: &Rules,
        environ: &Bound<'py, PyDict>,
        kind: Kind,
        request: &Bound<'py, PyAny>,
    ) -> PyResult<Asked<'py>> {
        let asked = rules.read_environ(environ, kind)?;
        let shadow = match &self.shadow {
            Some(shadow) => Some(shadow.get().read_environ(environ, kind)?.facts),
            None => None,
        };
        self.look(asked, shadow, request)
    }

    #[inline]
    fn look<'py>(
        &self,
        mut asked: Asked<'py>,
        shadow: Option<Facts>,
        request: &Bound<'py, PyAny>,
    ) -> PyResult<Asked<'py>> {
        let bit = 1_u32 << asked.facts.bits();
        if self.always & bit != 0
            || (self.heard & bit != 0 && HEARD.load(Ordering::Relaxed))
            || shadow.is_some_and(|shadow| shadow != asked.facts)
        {
            asked.facts = self.told(asked.facts, shadow, request)?;
        }
        if let Some(counter) = &self.counter {
            counter.get().add(asked.facts);
        }
        Ok(asked)
    }

    /// What Python finds of the facts. Precondition: it finds no more allowed than was.
    #[cold]
    fn told(
        &self,
        facts: Facts,
        shadow: Option<Facts>,
        request: &Bound<'_, PyAny>,
    ) -> PyResult<Facts> {
        let arguments = (facts.bits(), shadow.map(Facts::bits), request);
        let found = self.tell.bind(request.py()).call1(arguments)?;
        Facts::of_bits(found.extract()?).ok_or_else(|| PyValueError::new_err("no such facts"))
    }
}

/// Header lines that can be read more than once: the shadow, and whoever is told, read them too.
#[inline]
fn readable<'py>(headers: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if headers.is_instance_of::<PyList>() {
        return Ok(headers.clone());
    }
    match headers.try_iter() {
        Ok(lines) if lines.is(headers) => {
            let lines = lines.collect::<PyResult<Vec<_>>>()?;
            Ok(PyList::new(headers.py(), lines)?.into_any())
        }
        _ => Ok(headers.clone()),
    }
}
