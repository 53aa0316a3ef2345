//! Routes, as Python sees them.
//!
//! Here: what stands at a route. Not here: which route a request takes (`routes.rs` of the core),
//! where a request has its host and path (`criteria.rs`, `_requests.py`), what a map is
//! (`_policy_map.py`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc3986#section-3>

use pyo3::exceptions::PyIndexError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::{Route, Way};

/// Routes, and what stands at each.
#[pyclass(frozen)]
pub struct Routes {
    routes: crate::Routes,
    /// By number; the first is for paths that lead to two of them.
    pub choices: Vec<Py<PyAny>>,
}

/// Host, path, and the number of the choice; None for no CORS.
type Row<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>, Option<usize>);

#[pymethods]
impl Routes {
    #[new]
    #[pyo3(signature = (rows, choices, /))]
    fn new(rows: Vec<Row<'_>>, choices: Vec<Py<PyAny>>) -> PyResult<Self> {
        let numbers = rows.iter().filter_map(|row| row.2);
        if numbers.max().unwrap_or(0) >= choices.len() {
            return Err(PyIndexError::new_err("each number is that of a choice"));
        }
        let routes = rows.iter().map(|(host, path, choice)| Route {
            host: host.as_bytes(),
            path: path.as_bytes(),
            choice: *choice,
        });
        Ok(Self {
            routes: crate::Routes::new(routes),
            choices,
        })
    }

    /// Whether a host makes a difference.
    #[getter]
    pub fn is_by_host(&self) -> bool {
        self.routes.is_by_host()
    }

    #[pyo3(signature = (host, path, /))]
    fn choose(
        &self,
        host: &Bound<'_, PyString>,
        path: &Bound<'_, PyString>,
    ) -> PyResult<Option<Py<PyAny>>> {
        let py = path.py();
        let number = match (host.to_str(), path.to_str()) {
            (Ok(host), Ok(path)) => self.number(py, host.as_bytes(), path.as_bytes())?,
            _ => self.number(py, encode(host)?.as_bytes(), encode(path)?.as_bytes())?,
        };
        Ok(number.map(|number| self.choices[number].clone_ref(py)))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.choices
            .iter()
            .try_for_each(|choice| visit.call(choice))
    }
}

impl Routes {
    /// The number of what stands where a request comes to; None for no CORS.
    pub fn number(&self, py: Python<'_>, host: &[u8], path: &[u8]) -> PyResult<Option<usize>> {
        match self.routes.find(host, path) {
            Way::Nothing => Ok(None),
            Way::To(number) => Ok(Some(number)),
            // To an equal policy the dots lead nowhere else.
            Way::Forked(Some(one), Some(other))
                if self.choices[one].bind(py).eq(&self.choices[other])? =>
            {
                Ok(Some(one))
            }
            Way::Forked(..) => Ok(Some(0)),
        }
    }
}

/// A text that may be no Unicode; routes are spelled in the same way.
fn encode<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    let name = intern!(text.py(), "encode");
    let bytes = text.call_method1(name, ("utf-8", "surrogatepass"))?;
    Ok(bytes.cast_into()?)
}
