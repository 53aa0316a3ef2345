//! Reads the header lines of a request out of Python objects.
//!
//! Here: each shape in which servers hand over headers. Not here: what an answer repeats (`echo.rs`);
//! rules: the lines go to the core one by one, and nothing else of them is looked at.
//! Spec: <https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope>,
//! <https://peps.python.org/pep-3333/#environ-variables>

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMapping, PyString, PyTuple};

use super::echo::{Asked, Echo, Echoes, join_names};
use crate::facts::{Facts, FactsReader, Line, Rules};
use crate::grammar::{MAX_FIELD_BYTES, MAX_METHOD_BYTES, MAX_ORIGIN_BYTES, is_safelisted_method};

/// A value that none of our grammars takes, in place of one whose bytes are not looked at.
const UNREADABLE: &[u8] = b"\xff";

/// A name or a value, before its bytes are needed.
#[derive(Clone, Copy)]
pub enum Text<'a, 'py> {
    Bytes(&'a Bound<'py, PyBytes>),
    Str(&'a Bound<'py, PyString>),
}

impl<'a, 'py> Text<'a, 'py> {
    #[inline]
    pub fn of(value: &'a Bound<'py, PyAny>) -> PyResult<Self> {
        Self::try_of(value).ok_or_else(|| not_text(value))
    }

    #[inline(always)]
    pub fn try_of(value: &'a Bound<'py, PyAny>) -> Option<Self> {
        if let Ok(bytes) = value.cast::<PyBytes>() {
            Some(Text::Bytes(bytes))
        } else if let Ok(text) = value.cast::<PyString>() {
            Some(Text::Str(text))
        } else {
            None
        }
    }

    /// The bytes; unreadable ones for a str of more than `longest` characters, or that is no
    /// Unicode. The length is looked at first, since to encode a long text would take time.
    #[inline]
    pub fn bytes(self, longest: usize) -> &'a [u8] {
        match self {
            Text::Bytes(bytes) => bytes.as_bytes(),
            Text::Str(text) if text.len().is_ok_and(|length| length <= longest) => {
                text.to_str().map_or(UNREADABLE, str::as_bytes)
            }
            Text::Str(_) => UNREADABLE,
        }
    }
}

/// The type of a protocol's texts: bytes in ASGI, str in WSGI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bytes,
    Str,
}

impl Kind {
    /// The value in this type, and of no subclass. Precondition: it is ASCII, as all that is
    /// allowed is.
    pub fn text<'py>(self, value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let is_kind = match self {
            Kind::Bytes => value.is_exact_instance_of::<PyBytes>(),
            Kind::Str => value.is_exact_instance_of::<PyString>(),
        };
        if is_kind {
            return Ok(value);
        }
        let text = String::from_utf8_lossy(Text::of(&value)?.bytes(usize::MAX));
        Ok(self.new_text(value.py(), &text))
    }

    pub fn new_text<'py>(self, py: Python<'py>, text: &str) -> Bound<'py, PyAny> {
        match self {
            Kind::Bytes => PyBytes::new(py, text.as_bytes()).into_any(),
            Kind::Str => PyString::new(py, text).into_any(),
        }
    }
}

#[cold]
fn not_text(value: &Bound<'_, PyAny>) -> PyErr {
    match value.get_type().name() {
        Ok(kind) => PyTypeError::new_err(format!(
            "a header's name and value are str or bytes, not {kind}"
        )),
        Err(error) => error,
    }
}

/// Where a request's method is found: it matters only where there are lines of a preflight.
#[derive(Clone, Copy)]
pub enum Method<'a, 'py> {
    Here(&'a Bound<'py, PyString>),
    In(&'a Bound<'py, PyAny>, &'a Bound<'py, PyString>),
}

impl<'a, 'py> Method<'a, 'py> {
    /// The method of a caller's choice, which must be a str.
    pub fn of(method: &'a Bound<'py, PyAny>) -> PyResult<Self> {
        match method.cast::<PyString>() {
            Ok(method) => Ok(Method::Here(method)),
            Err(_) => {
                let kind = method.get_type();
                let message = format!("a method is str, not {}", kind.name()?);
                Err(PyTypeError::new_err(message))
            }
        }
    }
}

/// A request whose lines are read. It is large, and read where it lies: to move it would cost as much
/// as to read a line.
pub struct Request<'a, 'r, 'py> {
    reader: FactsReader<'r>,
    unread_method: Option<Method<'a, 'py>>,
    echoes: Echoes,
    origin: Option<Bound<'py, PyAny>>,
    method: Option<Bound<'py, PyAny>>,
    names: Vec<Bound<'py, PyAny>>,
}

impl<'a, 'r, 'py> Request<'a, 'r, 'py> {
    /// Begins to read a request; an environ brings its method along.
    #[inline(always)]
    pub fn new(rules: &'r Rules, echoes: Echoes, unread_method: Option<Method<'a, 'py>>) -> Self {
        Self {
            reader: rules.read(),
            unread_method,
            echoes,
            origin: None,
            method: None,
            names: Vec::new(),
        }
    }

    /// Reads pairs in a list, a tuple, a mapping, or whatever else can be iterated.
    #[inline]
    pub fn read_headers(&mut self, headers: &Bound<'py, PyAny>) -> PyResult<()> {
        match headers.cast::<PyList>() {
            Ok(list) => list.iter().try_for_each(|pair| self.pair(&pair)),
            Err(_) => self.read_any_headers(headers),
        }
    }

    #[inline(never)]
    fn read_any_headers(&mut self, headers: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(dict) = headers.cast::<PyDict>() {
            // A copy, since PyO3 panics where another thread changes what it iterates over.
            for (name, value) in dict.copy()?.iter() {
                self.line(&name, &value)?;
            }
            return Ok(());
        }
        if headers.is_instance_of::<PyString>() || headers.is_instance_of::<PyBytes>() {
            return Err(not_headers(headers)?);
        }
        let pairs = match headers.cast::<PyMapping>() {
            Ok(mapping) => mapping.items()?.into_any(),
            Err(_) => headers.clone(),
        };
        for pair in pairs.try_iter().or_else(|_| Err(not_headers(headers)?))? {
            self.pair(&pair?)?;
        }
        Ok(())
    }

    /// Reads a WSGI environ, where a server has joined the lines of one name with commas.
    #[inline]
    pub fn read_environ(&mut self, environ: &Bound<'py, PyDict>) -> PyResult<()> {
        let py = environ.py();
        if let Some(origin) = environ.get_item(intern!(py, "HTTP_ORIGIN"))? {
            self.value(Line::Origin, &origin)?;
        }
        let asked = environ.get_item(intern!(py, "HTTP_ACCESS_CONTROL_REQUEST_METHOD"))?;
        let Some(asked) = asked else {
            return Ok(()); // No preflight, whatever the method.
        };
        if let Some(method) = environ.get_item(intern!(py, "REQUEST_METHOD"))? {
            self.method(Method::of(&method)?)?;
        }
        self.value(Line::RequestMethod, &asked)?;
        if let Some(names) = environ.get_item(intern!(py, "HTTP_ACCESS_CONTROL_REQUEST_HEADERS"))? {
            self.value(Line::RequestHeaders, &names)?;
        }
        Ok(())
    }

    /// Reads a pair of name and value. Servers hand over tuples of bytes, most of them of no
    /// concern here: that is told from their names' lengths, before anything is called.
    #[inline(always)]
    fn pair(&mut self, pair: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(tuple) = pair.cast::<PyTuple>()
            && let [name, value] = tuple.as_slice()
            && let Ok(name) = name.cast::<PyBytes>()
        {
            return match Line::of(name.as_bytes()) {
                Some(line) => self.value(line, value),
                None => Ok(()),
            };
        }
        self.any_pair(pair)
    }

    #[inline(never)]
    fn any_pair(&mut self, pair: &Bound<'py, PyAny>) -> PyResult<()> {
        if let Ok(tuple) = pair.cast::<PyTuple>()
            && let [name, value] = tuple.as_slice()
        {
            return self.line(name, value);
        }
        // Another thread may shorten the list after its length was looked at.
        if let Ok(list) = pair.cast::<PyList>()
            && list.len() == 2
            && let (Ok(name), Ok(value)) = (list.get_item(0), list.get_item(1))
        {
            return self.line(&name, &value);
        }
        Err(PyTypeError::new_err(
            "a header line is a pair (name, value)",
        ))
    }

    fn line(&mut self, name: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let line = match Text::of(name)? {
            Text::Bytes(name) => Line::of(name.as_bytes()),
            // The length tells nearly all names apart, also of a text that must first be encoded.
            Text::Str(name) if name.len().is_ok_and(Line::has_length) => name
                .to_str()
                .ok()
                .and_then(|name| Line::of(name.as_bytes())),
            Text::Str(_) => None,
        };
        match line {
            Some(line) => self.value(line, value),
            None => Ok(()),
        }
    }

    #[inline(never)]
    fn value(&mut self, line: Line, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let text = Text::of(value)?;
        if line != Line::Origin
            && let Some(method) = self.unread_method.take()
        {
            self.method(method)?;
        }
        match line {
            // Several lines are worth nothing, whatever they say: only the first one is read.
            Line::Origin if self.origin.is_some() => self.reader.origin(UNREADABLE),
            Line::RequestMethod if self.method.is_some() => self.reader.request_method(UNREADABLE),
            Line::Origin => {
                self.reader.origin(text.bytes(MAX_ORIGIN_BYTES));
                self.origin = Some(value.clone());
            }
            Line::RequestMethod => {
                self.reader.request_method(text.bytes(MAX_METHOD_BYTES));
                self.method = Some(value.clone());
            }
            Line::RequestHeaders if !self.reader.reads_names() => {}
            Line::RequestHeaders => {
                let goes_on = self.reader.request_headers(text.bytes(MAX_FIELD_BYTES));
                if self.echoes.keeps(goes_on) {
                    self.names.push(value.clone());
                }
            }
        }
        Ok(())
    }

    fn method(&mut self, method: Method<'_, 'py>) -> PyResult<()> {
        let longest = "OPTIONS".len();
        match method {
            Method::Here(method) => self.reader.method(Text::Str(method).bytes(longest)),
            Method::In(mapping, key) => {
                let method = mapping.get_item(key)?;
                if let Method::Here(method) = Method::of(&method)? {
                    self.reader.method(Text::Str(method).bytes(longest));
                }
            }
        }
        Ok(())
    }

    /// The facts, and what an answer repeats: the origin where it is allowed, and what was asked
    /// for where all of it is allowed and the policy repeats it.
    #[inline]
    pub fn finish(&mut self, py: Python<'py>, kind: Kind) -> PyResult<Asked<'py>> {
        let facts = self.reader.facts();
        let mut asked = Asked {
            facts,
            echo: Echo::default(),
        };
        if facts.contains(Facts::ORIGIN_ALLOWED)
            && let Some(origin) = self.origin.take()
        {
            asked.echo.origin = Some(kind.text(origin)?);
            if self.echoes != Echoes::Origin {
                self.repeat(py, kind, &mut asked)?;
            }
        }
        Ok(asked)
    }

    /// What an answer repeats of a preflight.
    #[inline(never)]
    fn repeat(&mut self, py: Python<'py>, kind: Kind, asked: &mut Asked<'py>) -> PyResult<()> {
        let Asked { facts, echo } = asked;
        let allowed =
            facts.contains(Facts::METHOD_ALLOWED) && facts.contains(Facts::HEADERS_ALLOWED);
        let passes = |fact| allowed || (self.echoes == Echoes::Passing && facts.contains(fact));
        if let Some(method) = self.method.take()
            && passes(Facts::METHOD_ALLOWED)
        {
            // What always passes is not named: <https://fetch.spec.whatwg.org/#cors-safelisted-method>
            let is_named = !is_safelisted_method(Text::of(&method)?.bytes(MAX_METHOD_BYTES));
            echo.method = Some(kind.text(method)?).filter(|_| is_named);
        }
        if passes(Facts::IS_PREFLIGHT) {
            let names = join_names(&self.names, |name| {
                facts.contains(Facts::HEADERS_ALLOWED) || self.reader.allows_header(name)
            })?;
            echo.names = (!names.is_empty()).then(|| kind.new_text(py, &names));
        }
        Ok(())
    }
}

fn not_headers(headers: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let kind = headers.get_type();
    Ok(PyTypeError::new_err(format!(
        "headers are pairs (name, value), or a mapping, not {}",
        kind.name()?
    )))
}
