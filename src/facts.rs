//! What is so about a request, under the rules of a policy: bits, no decision.
//!
//! Here: `Rules`, `Facts`, and `FactsReader`, which reads a request's header lines one by one.
//! Not here: outcomes, their order, response headers; those are the engine's.
//! Spec: <https://fetch.spec.whatwg.org/#http-requests>

use crate::grammar::is_safelisted_method;
use crate::matcher::OriginMatcher;
use crate::names::NameSet;
use crate::parse::fields::{RequestedNames, parse_method};

/// What a policy allows, as far as requests can ask for it.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The origins.
    pub origins: OriginMatcher,
    /// Whether `null` is allowed, whatever the patterns say.
    pub null: bool,
    /// The methods; GET, HEAD and POST always pass.
    pub methods: NameSet,
    /// The request-header names.
    pub headers: NameSet,
}

/// What is so about one request: a small set of bits. A whole word, since it travels among words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts(usize);

impl Facts {
    /// The request has an `Origin` line. <https://fetch.spec.whatwg.org/#cors-request>
    pub const HAS_ORIGIN: Facts = Facts(1);
    /// The request is a preflight. <https://fetch.spec.whatwg.org/#cors-preflight-request>
    pub const IS_PREFLIGHT: Facts = Facts(2);
    /// The origin is allowed.
    pub const ORIGIN_ALLOWED: Facts = Facts(4);
    /// The method that the preflight asks for is allowed.
    pub const METHOD_ALLOWED: Facts = Facts(8);
    /// All header names that the preflight asks for are allowed.
    pub const HEADERS_ALLOWED: Facts = Facts(16);
    /// The number of different sets: every `bits()` is smaller.
    pub const COUNT: usize = 32;

    /// The set as a number below [`COUNT`](Self::COUNT).
    #[inline]
    pub const fn bits(self) -> usize {
        self.0
    }

    /// The set of a number; None for one that no set has.
    pub const fn of_bits(bits: usize) -> Option<Facts> {
        if bits < Facts::COUNT {
            Some(Facts(bits))
        } else {
            None
        }
    }

    /// Whether all these facts are so.
    #[inline]
    pub const fn contains(self, facts: Facts) -> bool {
        self.0 & facts.0 == facts.0
    }

    #[inline]
    const fn with(self, facts: Facts, so: bool) -> Facts {
        if so { Facts(self.0 | facts.0) } else { self }
    }
}

/// How often a line came, and what the first one was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Singleton {
    Absent,
    Once {
        allowed: bool,
    },
    /// Several lines are worth nothing, whatever they say.
    Repeated,
}

impl Singleton {
    #[inline]
    fn add(&mut self, allowed: impl FnOnce() -> bool) {
        *self = match self {
            Singleton::Absent => Singleton::Once { allowed: allowed() },
            _ => Singleton::Repeated,
        };
    }

    #[inline]
    fn is_allowed(self) -> bool {
        self == Singleton::Once { allowed: true }
    }
}

/// Reads the CORS lines of one request, in whatever order they come, without keeping any.
#[derive(Debug)]
pub struct FactsReader<'r> {
    rules: &'r Rules,
    is_options: bool,
    origin: Singleton,
    method: Singleton,
    names: RequestedNames,
    names_allowed: bool,
}

impl Rules {
    /// Whether this value of an `Origin` line is allowed.
    #[inline]
    pub fn allows_origin(&self, value: &[u8]) -> bool {
        (self.null && value == b"null") || self.origins.matches(value)
    }

    /// Begins to read a request, of no method as yet.
    #[inline]
    pub fn read(&self) -> FactsReader<'_> {
        FactsReader {
            rules: self,
            is_options: false,
            origin: Singleton::Absent,
            method: Singleton::Absent,
            names: RequestedNames::new(),
            names_allowed: true,
        }
    }

    /// The facts of a whole request: its method, and its header lines as pairs of name and value.
    ///
    /// ```
    /// use corsac::{Facts, NameSet, OriginMatcher, Pattern, Rules};
    ///
    /// let rules = Rules {
    ///     origins: OriginMatcher::new([Pattern::parse("https://example.com")?], &[])?,
    ///     null: false,
    ///     methods: NameSet::of_methods(["PUT"]),
    ///     headers: NameSet::of_headers(["Content-Type"]),
    /// };
    /// let facts = rules.facts(b"OPTIONS", [
    ///     (&b"Origin"[..], &b"https://example.com"[..]),
    ///     (b"Access-Control-Request-Method", b"PUT"),
    ///     (b"Access-Control-Request-Headers", b"content-type"),
    /// ]);
    /// assert!(facts.contains(Facts::IS_PREFLIGHT) && facts.contains(Facts::HEADERS_ALLOWED));
    /// # Ok::<(), corsac::PatternError>(())
    /// ```
    pub fn facts<'a>(
        &self,
        method: &[u8],
        lines: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Facts {
        let mut reader = self.read();
        reader.method(method);
        for (name, value) in lines {
            match Line::of(name) {
                Some(Line::Origin) => reader.origin(value),
                Some(Line::RequestMethod) => reader.request_method(value),
                Some(Line::RequestHeaders) => {
                    reader.request_headers(value);
                }
                None => {}
            }
        }
        reader.facts()
    }
}

/// The request-header lines of the protocol. <https://fetch.spec.whatwg.org/#http-requests>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// `Origin`
    Origin,
    /// `Access-Control-Request-Method`
    RequestMethod,
    /// `Access-Control-Request-Headers`
    RequestHeaders,
}

impl Line {
    /// Whether a line has a name of this length.
    #[inline]
    pub const fn has_length(length: usize) -> bool {
        matches!(length, 6 | 29 | 30)
    }

    /// The line with this name, in whatever case. The length alone tells nearly all others apart.
    #[inline]
    pub fn of(name: &[u8]) -> Option<Line> {
        match name.len() {
            6 if name.eq_ignore_ascii_case(b"origin") => Some(Line::Origin),
            29 if name.eq_ignore_ascii_case(b"access-control-request-method") => {
                Some(Line::RequestMethod)
            }
            30 if name.eq_ignore_ascii_case(b"access-control-request-headers") => {
                Some(Line::RequestHeaders)
            }
            _ => None,
        }
    }
}

impl FactsReader<'_> {
    /// Reads the request's method, which is taken as it came: `options` is no preflight. Whoever
    /// has it at a cost needs it only before the first line that is not `Origin`.
    #[inline]
    pub fn method(&mut self, method: &[u8]) {
        self.is_options = method == b"OPTIONS";
    }

    /// Reads an `Origin` line. Several are a refused origin: which one counts would be a guess.
    /// <https://fetch.spec.whatwg.org/#origin-header>
    #[inline]
    pub fn origin(&mut self, value: &[u8]) {
        let rules = self.rules;
        self.origin.add(|| rules.allows_origin(value));
    }

    /// Reads an `Access-Control-Request-Method` line.
    /// <https://fetch.spec.whatwg.org/#http-access-control-request-method>
    #[inline]
    pub fn request_method(&mut self, value: &[u8]) {
        let rules = self.rules;
        self.method.add(|| {
            parse_method(value).is_some_and(|method| {
                is_safelisted_method(method) || rules.methods.contains(method)
            })
        });
    }

    /// Whether an `Access-Control-Request-Headers` line can still matter: not once one is refused,
    /// nor where the request can be no preflight.
    #[inline]
    pub fn reads_names(&self) -> bool {
        self.is_options && self.names_allowed
    }

    /// Reads an `Access-Control-Request-Headers` line, where it can still matter. False says that
    /// reading more would be in vain.
    /// <https://fetch.spec.whatwg.org/#http-access-control-request-headers>
    #[inline]
    pub fn request_headers(&mut self, value: &[u8]) -> bool {
        if self.reads_names() {
            let headers = &self.rules.headers;
            self.names_allowed = self.names.read(value, |name| headers.contains(name));
        }
        self.reads_names()
    }

    /// Whether a preflight may ask for this name, which is a token.
    pub fn allows_header(&self, name: &[u8]) -> bool {
        self.rules.headers.contains(name)
    }

    /// What is so about the lines that were read.
    #[inline]
    pub fn facts(&self) -> Facts {
        let has_origin = self.origin != Singleton::Absent;
        let is_preflight = self.is_options && has_origin && self.method != Singleton::Absent;
        Facts::default()
            .with(Facts::HAS_ORIGIN, has_origin)
            .with(Facts::ORIGIN_ALLOWED, self.origin.is_allowed())
            .with(Facts::IS_PREFLIGHT, is_preflight)
            .with(
                Facts::METHOD_ALLOWED,
                is_preflight && self.method.is_allowed(),
            )
            .with(Facts::HEADERS_ALLOWED, is_preflight && self.names_allowed)
    }
}
