//! Where requests have what their policy is chosen by.
//!
//! Here: the path, the host and the origin in a scope and in an environ. Not here: requests of a
//! shape that is rare, which are left to Python (`_requests.py`); what is chosen (`source.rs`).
//! Spec: <https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope>,
//! <https://peps.python.org/pep-3333/#environ-variables>

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::value::value_of;

/// A request. What it gives is None where that is left to Python.
#[derive(Clone, Copy)]
pub enum Place<'a, 'py> {
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

/// The value of a header; None where the request has none.
type Value<'py> = Option<Bound<'py, PyString>>;

impl<'py> Path<'py> {
    pub fn text(&self) -> PyResult<&str> {
        Ok(&self.text.to_str()?[self.prefix..])
    }
}

impl<'py> Place<'_, 'py> {
    pub fn path(&self) -> PyResult<Option<Path<'py>>> {
        let (text, prefix) = match self {
            Place::Scope(scope) => (
                text_in(scope, intern!(scope.py(), "path"))?,
                text_in(scope, intern!(scope.py(), "root_path"))?,
            ),
            Place::Environ(environ) => {
                let text = text_in(environ, intern!(environ.py(), "PATH_INFO"))?;
                // Anything else is UTF-8 whose bytes stand there as Latin-1.
                let is_ascii = |text: &Bound<'_, PyString>| text.to_str().is_ok_and(str::is_ascii);
                (
                    text.filter(is_ascii),
                    Some(PyString::intern(environ.py(), "")),
                )
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

    pub fn host(&self) -> PyResult<Option<Value<'py>>> {
        self.value("host", |py| intern!(py, "HTTP_HOST"))
    }

    /// The one origin, which of several lines none is.
    pub fn origin(&self) -> PyResult<Option<Value<'py>>> {
        let value = self.value("origin", |py| intern!(py, "HTTP_ORIGIN"))?;
        let is_one = |origin: &Bound<'_, PyString>| {
            origin.to_str().is_ok_and(|origin| !origin.contains(','))
        };
        Ok(value.map(|value| value.filter(is_one)))
    }

    fn value(
        &self,
        name: &str,
        key: impl FnOnce(Python<'py>) -> &'py Bound<'py, PyString>,
    ) -> PyResult<Option<Value<'py>>> {
        Ok(match self {
            Place::Scope(scope) => {
                let lines = scope.get_item(intern!(scope.py(), "headers"))?;
                match lines.as_ref().map(Bound::cast_exact::<PyList>) {
                    Some(Ok(lines)) => Some(value_of(lines, name)?),
                    _ => None,
                }
            }
            Place::Environ(environ) => {
                let value = environ.get_item(key(environ.py()))?;
                Some(value.and_then(|value| value.cast_into().ok()))
            }
        })
    }
}

/// A text, empty where there is none; None for what is no text.
fn text_in<'py>(
    dict: &Bound<'py, PyDict>,
    key: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyString>>> {
    Ok(match dict.get_item(key)? {
        Some(value) => value.cast_into().ok(),
        None => Some(PyString::intern(dict.py(), "")),
    })
}

/// How many bytes of a path are the prefix.
fn prefix_in(path: &str, prefix: &str) -> usize {
    let prefix = prefix.trim_end_matches('/');
    match path.strip_prefix(prefix) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => prefix.len(),
        _ => 0,
    }
}
