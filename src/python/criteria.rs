//! What the policy of a request is chosen by.
//!
//! Here: the path, the host and the origin in a scope and in an environ. Not here: requests of a
//! shape that is rare, which are left to Python (`_requests.py`); what is chosen (`assembled.rs`).
//! Spec: <https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope>,
//! <https://peps.python.org/pep-3333/#environ-variables>

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::value::value_of;

/// A request. Each of its parts is empty where the request has none, and None where it is left to
/// Python.
#[derive(Clone, Copy)]
pub enum Criteria<'a, 'py> {
    /// As ASGI hands it over.
    Scope(&'a Bound<'py, PyDict>),
    /// As WSGI hands it over.
    Environ(&'a Bound<'py, PyDict>),
}

/// A path below the prefix where a server mounts the application.
pub struct Path<'py> {
    text: Bound<'py, PyString>,
    prefix: usize,
}

impl Path<'_> {
    pub fn text(&self) -> PyResult<&str> {
        Ok(&self.text.to_str()?[self.prefix..])
    }
}

impl<'a, 'py> Criteria<'a, 'py> {
    pub fn path(self) -> PyResult<Option<Path<'py>>> {
        let py = self.dict().py();
        let (text, prefix) = match self {
            Criteria::Scope(_) => (
                self.text(intern!(py, "path"))?,
                self.text(intern!(py, "root_path"))?,
            ),
            Criteria::Environ(_) => {
                let text = self.text(intern!(py, "PATH_INFO"))?;
                // Anything else is UTF-8 whose bytes stand there as Latin-1.
                let is_ascii = |text: &Bound<'_, PyString>| text.to_str().is_ok_and(str::is_ascii);
                (text.filter(is_ascii), Some(self.nothing()))
            }
        };
        let (Some(text), Some(prefix)) = (text, prefix) else {
            return Ok(None);
        };
        let (Ok(path), Ok(prefix)) = (text.to_str(), prefix.to_str()) else {
            return Ok(None);
        };
        let prefix = prefix_in(path, prefix);
        Ok(Some(Path { text, prefix }))
    }

    pub fn host(self) -> PyResult<Option<Bound<'py, PyString>>> {
        self.value("host", intern!(self.dict().py(), "HTTP_HOST"))
    }

    /// The one origin, which of several lines none is.
    pub fn origin(self) -> PyResult<Option<Bound<'py, PyString>>> {
        let value = self.value("origin", intern!(self.dict().py(), "HTTP_ORIGIN"))?;
        Ok(value.map(|value| match value.to_str() {
            Ok(origin) if !origin.contains(',') => value,
            _ => self.nothing(),
        }))
    }

    /// The empty text.
    pub fn nothing(self) -> Bound<'py, PyString> {
        intern!(self.dict().py(), "").clone()
    }

    fn dict(self) -> &'a Bound<'py, PyDict> {
        let (Criteria::Scope(dict) | Criteria::Environ(dict)) = self;
        dict
    }

    fn value(
        self,
        name: &str,
        key: &Bound<'py, PyString>,
    ) -> PyResult<Option<Bound<'py, PyString>>> {
        let value = match self {
            Criteria::Scope(scope) => {
                let lines = scope.get_item(intern!(scope.py(), "headers"))?;
                match lines.as_ref().map(Bound::cast_exact::<PyList>) {
                    Some(Ok(lines)) => value_of(lines, name)?,
                    _ => return Ok(None),
                }
            }
            Criteria::Environ(environ) => environ
                .get_item(key)?
                .and_then(|value| value.cast_into().ok()),
        };
        Ok(Some(value.unwrap_or_else(|| self.nothing())))
    }

    /// An entry; None for what is no text.
    fn text(self, key: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyString>>> {
        Ok(match self.dict().get_item(key)? {
            Some(value) => value.cast_into().ok(),
            None => Some(self.nothing()),
        })
    }
}

/// How many bytes of a path are the prefix.
fn prefix_in(path: &str, prefix: &str) -> usize {
    let prefix = prefix.trim_end_matches('/');
    match path.strip_prefix(prefix) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => prefix.len(),
        _ => 0,
    }
}
