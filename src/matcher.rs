//! Matches origins against patterns.
//!
//! Here: `OriginMatcher`, built once, asked often: a set of pattern texts, and a set of regexes.
//! Not here: parsing of either side (`parse/`), the flag that allows `null` by name (`facts.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;
use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::error::{PatternError, PatternErrorKind};
use crate::grammar::MAX_ORIGIN_BYTES;
use crate::parse::host::{Host, Port};
use crate::parse::origin::{Origin, TupleOrigin};
use crate::parse::pattern::Pattern;
use crate::parse::regex::{MAX_COMPILED_BYTES, OriginRegex};

/// Patterns of origins. Matching takes the same time for one pattern and for a million: an origin
/// spells out the few patterns that would cover it, and looks them up.
#[derive(Clone, Debug, Default)]
pub struct OriginMatcher {
    patterns: Texts,
    any: bool,
    any_port: bool,
    /// Bit `n`: there is a pattern `*.` over a name with `n` dots; with one port, with any port.
    depths: u128,
    any_port_depths: u128,
    regexes: Option<RegexSet>,
}

impl OriginMatcher {
    /// Builds the matcher. The order does not matter, and duplicates count once.
    ///
    /// ```
    /// use corsac::{OriginMatcher, OriginRegex, Pattern};
    ///
    /// let patterns = [Pattern::parse("https://*.example.com")?, Pattern::parse("http://localhost:*")?];
    /// let regexes = [OriginRegex::parse(r"https://pr-\d+\.example\.org", false)?];
    /// let matcher = OriginMatcher::new(patterns, &regexes)?;
    /// assert!(matcher.matches(b"https://a.b.example.com") && matcher.matches(b"http://localhost:3000"));
    /// assert!(!matcher.matches(b"https://example.com") && matcher.matches(b"https://pr-7.example.org"));
    /// # Ok::<(), corsac::PatternError>(())
    /// ```
    ///
    /// # Errors
    /// [`RegexTooLarge`](PatternErrorKind::RegexTooLarge) where the regexes together take more
    /// memory than they may.
    pub fn new<'a>(
        patterns: impl IntoIterator<Item = Pattern<'a>>,
        regexes: &[OriginRegex],
    ) -> Result<Self, PatternError> {
        let mut matcher = Self::default();
        for pattern in patterns {
            matcher.add(&pattern);
        }
        let mut distinct: Vec<&OriginRegex> = Vec::new();
        for regex in regexes {
            if !distinct.contains(&regex) {
                distinct.push(regex);
            }
        }
        if !distinct.is_empty() {
            let limit = MAX_COMPILED_BYTES * distinct.len();
            let set = RegexSetBuilder::new(distinct.iter().map(|regex| &regex.anchored))
                .unicode(false)
                .size_limit(limit)
                .build();
            matcher.regexes = Some(
                set.map_err(|_| PatternError::new(PatternErrorKind::RegexTooLarge(limit), 0))?,
            );
        }
        Ok(matcher)
    }

    fn add(&mut self, pattern: &Pattern<'_>) {
        let Pattern::Tuple(pattern) = pattern else {
            self.any = true;
            return;
        };
        match (pattern.host, pattern.port) {
            (Host::Subdomains(base), Port::Any) => self.any_port_depths |= depth(base),
            (Host::Subdomains(base), _) => self.depths |= depth(base),
            (_, Port::Any) => self.any_port = true,
            _ => {}
        }
        self.patterns.insert(pattern.text.as_bytes());
    }

    /// The number of distinct patterns and regexes.
    pub fn len(&self) -> usize {
        self.patterns.len() + usize::from(self.any) + self.regexes.as_ref().map_or(0, RegexSet::len)
    }

    /// Whether nothing can match.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value of one `Origin` line is an origin that a pattern covers.
    ///
    /// A value equal to a pattern without wildcards needs no parsing: such a pattern is a
    /// serialized origin. Every other value is parsed before any wildcard or regex sees it.
    #[inline]
    pub fn matches(&self, value: &[u8]) -> bool {
        if value.len() > MAX_ORIGIN_BYTES {
            return false;
        }
        // A wildcard pattern sent as an origin is found here too; its star gives it away.
        if self.patterns.contains(value) && !value.contains(&b'*') {
            return true;
        }
        if !self.any
            && !self.any_port
            && self.depths | self.any_port_depths == 0
            && self.regexes.is_none()
        {
            return false;
        }
        match Origin::parse(value) {
            None => false,
            Some(_) if self.any => true,
            Some(Origin::Null) => false,
            Some(Origin::Tuple(origin)) => {
                self.matches_wildcard(&origin) || self.matches_regex(origin.text)
            }
        }
    }

    /// Spells out each pattern with a wildcard that would cover the origin, and looks it up.
    fn matches_wildcard(&self, origin: &TupleOrigin<'_>) -> bool {
        let (Host::Domain(host) | Host::Subdomains(host) | Host::Ip(host)) = origin.host;
        let after_host = &origin.text[origin.scheme.len() + "://".len() + host.len()..];
        let mut candidate = Candidate::new(origin.scheme);
        if self.any_port && self.patterns.contains(candidate.spell(&[host, ":*"])) {
            return true;
        }
        if self.depths | self.any_port_depths == 0 || matches!(origin.host, Host::Ip(_)) {
            return false;
        }
        let mut depth = depth(host);
        host.bytes()
            .enumerate()
            .filter(|&(_, byte)| byte == b'.')
            .any(|(dot, _)| {
                let base = &host[dot + 1..];
                depth >>= 1;
                (self.depths & depth != 0
                    && self
                        .patterns
                        .contains(candidate.spell(&["*.", base, after_host])))
                    || (self.any_port_depths & depth != 0
                        && self.patterns.contains(candidate.spell(&["*.", base, ":*"])))
            })
    }

    /// Deviation: nothing else on the request path allocates. The regex engine keeps a cache for
    /// each thread; the cost is one allocation at that thread's first match.
    fn matches_regex(&self, origin: &str) -> bool {
        self.regexes
            .as_ref()
            .is_some_and(|regexes| regexes.is_match(origin.as_bytes()))
    }
}

/// The bit of a name's depth: its dots, counted. No host has 128.
fn depth(base: &str) -> u128 {
    1 << base.bytes().filter(|&byte| byte == b'.').count().min(127)
}

/// A pattern text, put together on the stack.
struct Candidate {
    text: [u8; MAX_ORIGIN_BYTES + 4],
    prefix: usize,
}

impl Candidate {
    fn new(scheme: &str) -> Self {
        let mut candidate = Self {
            text: [0; MAX_ORIGIN_BYTES + 4],
            prefix: 0,
        };
        candidate.prefix = candidate.spell(&[scheme, "://"]).len();
        candidate
    }

    /// Writes the pieces behind the scheme. They fit: `*.` and `:*` are the only bytes that the
    /// origin itself does not hold.
    fn spell(&mut self, pieces: &[&str]) -> &[u8] {
        let mut end = self.prefix;
        for piece in pieces {
            self.text[end..end + piece.len()].copy_from_slice(piece.as_bytes());
            end += piece.len();
        }
        &self.text[..end]
    }
}

/// A set of texts in one arena: no allocation for each, and a keyed hash, since in a service with
/// many tenants it is they who choose the origins.
#[derive(Clone, Debug, Default)]
struct Texts {
    arena: Vec<u8>,
    table: HashTable<Span>,
    keys: RandomState,
}

/// Where a text lies in the arena.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    length: u16,
}

impl Span {
    fn of(self, arena: &[u8]) -> &[u8] {
        &arena[self.start..self.start + usize::from(self.length)]
    }
}

impl Texts {
    fn insert(&mut self, text: &[u8]) {
        let hash = self.keys.hash_one(text);
        let Self { arena, table, keys } = self;
        if table.find(hash, |span| span.of(arena) == text).is_none() {
            let span = Span {
                start: arena.len(),
                length: text.len() as u16,
            };
            arena.extend_from_slice(text);
            table.insert_unique(hash, span, |span| keys.hash_one(span.of(arena)));
        }
    }

    #[inline]
    fn contains(&self, text: &[u8]) -> bool {
        !self.table.is_empty()
            && self
                .table
                .find(self.keys.hash_one(text), |span| {
                    span.of(&self.arena) == text
                })
                .is_some()
    }

    fn len(&self) -> usize {
        self.table.len()
    }
}
