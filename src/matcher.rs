//! Matches origins against patterns.
//!
//! Here: `OriginMatcher`, built once, asked often: sets of pattern texts, and a set of regexes.
//! Not here: how texts are found (`matcher/`), parsing of either side (`parse/`), the flag that
//! allows `null` by name (`facts.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>

mod lengths;
mod texts;
mod wildcards;

use regex::bytes::{RegexSet, RegexSetBuilder};

use self::texts::{BLOCK, Key, Texts};
use self::wildcards::Wildcards;
use crate::error::{PatternError, PatternErrorKind};
use crate::grammar::MAX_ORIGIN_BYTES;
use crate::parse::host::{Host, split_port};
use crate::parse::origin::{Parts, is_serialized_port};
use crate::parse::pattern::{Pattern, TuplePattern};
use crate::parse::regex::{MAX_CACHE_BYTES, MAX_COMPILED_BYTES, OriginRegex};

/// Patterns of origins. Matching takes the same time for one pattern and for a million: an origin
/// has few names in it that a pattern can end in, and each is looked up.
///
/// What equals a pattern but for its wildcards is parsed already, since the pattern was, so that
/// only what a wildcard stands for must be looked at. What differs from all is not parsed at all.
#[derive(Clone, Debug)]
pub struct OriginMatcher {
    any: bool,
    /// Patterns for one port, and their whole texts.
    one_port: Patterns,
    /// Patterns for any port, without the `:*`.
    any_port: Patterns,
    regexes: Option<RegexSet>,
}

/// Patterns with a scheme.
#[derive(Clone, Debug)]
struct Patterns {
    /// Those without a wildcard before the host: whole origins, but for the port.
    exact: Texts,
    wildcards: Wildcards,
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
    /// [`RegexesTooLarge`](PatternErrorKind::RegexesTooLarge) where the regexes together take more
    /// memory than they may, as five hundred like `https://shop-1-\d+\.example\.com` do.
    pub fn new<'a>(
        patterns: impl IntoIterator<Item = Pattern<'a>>,
        regexes: &[OriginRegex],
    ) -> Result<Self, PatternError> {
        Self::of_patterns(patterns).with_regexes(regexes)
    }

    pub(crate) fn of_patterns<'a>(patterns: impl IntoIterator<Item = Pattern<'a>>) -> Self {
        let mut matcher = Self {
            any: false,
            one_port: Patterns::new(),
            any_port: Patterns::new(),
            regexes: None,
        };
        for pattern in patterns {
            match pattern {
                Pattern::Any => matcher.any = true,
                Pattern::Tuple(pattern) => match pattern.text.strip_suffix(":*") {
                    Some(text) => matcher.any_port.insert(&pattern, text.as_bytes()),
                    None => matcher.one_port.insert(&pattern, pattern.text.as_bytes()),
                },
            }
        }
        matcher.one_port.shrink();
        matcher.any_port.shrink();
        matcher
    }

    pub(crate) fn with_regexes(mut self, regexes: &[OriginRegex]) -> Result<Self, PatternError> {
        let mut distinct: Vec<&OriginRegex> = Vec::new();
        for regex in regexes {
            if !distinct.contains(&regex) {
                distinct.push(regex);
            }
        }
        if !distinct.is_empty() {
            let set = RegexSetBuilder::new(distinct.iter().map(|regex| &regex.anchored))
                .unicode(false)
                .size_limit(MAX_COMPILED_BYTES)
                .dfa_size_limit(MAX_CACHE_BYTES)
                .build();
            let kind = PatternErrorKind::RegexesTooLarge(MAX_COMPILED_BYTES);
            self.regexes = Some(set.map_err(|_| PatternError::new(kind, 0))?);
        }
        Ok(self)
    }

    /// The number of distinct patterns and regexes.
    pub fn len(&self) -> usize {
        usize::from(self.any)
            + self.one_port.len()
            + self.any_port.len()
            + self.regexes.as_ref().map_or(0, RegexSet::len)
    }

    /// Whether nothing can match.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value of one `Origin` line is an origin that a pattern covers.
    #[inline]
    pub fn matches(&self, value: &[u8]) -> bool {
        self.one_port.exact.contains(Key::whole(value))
            || (value.len() <= MAX_ORIGIN_BYTES && self.matches_openly(value))
    }

    /// As [`matches`](Self::matches), for many values: the answers in their order.
    pub fn match_many(&self, values: &[&[u8]]) -> Vec<bool> {
        let mut answers = Vec::with_capacity(values.len());
        let Patterns { exact, wildcards } = &self.one_port;
        for block in values.chunks(BLOCK) {
            if exact.is_far() {
                exact.warm(block.iter().map(|value| Key::whole(value)));
            }
            if wildcards.is_far() {
                wildcards.warm(block.iter().copied());
            }
            answers.extend(block.iter().map(|value| self.matches(value)));
        }
        answers
    }

    /// Whether a pattern with a wildcard covers the value, or a regex matches it: those last, since
    /// they take longest, and match origins only.
    #[inline]
    fn matches_openly(&self, value: &[u8]) -> bool {
        self.one_port.wildcards.cover(value)
            || self.matches_any_port(value)
            || (self.any && (value == b"null" || Parts::of(value).is_some()))
            || (self.regexes.is_some() && self.matches_regex(value))
    }

    /// Whether a pattern covers the value, whatever its port: that must be one, and not the
    /// scheme's own.
    #[inline]
    fn matches_any_port(&self, value: &[u8]) -> bool {
        let Patterns { exact, wildcards } = &self.any_port;
        if exact.is_empty() && wildcards.is_empty() {
            return false;
        }
        let (text, port) = split_port(value);
        (exact.contains(Key::whole(text)) || wildcards.cover(text))
            && port.is_none_or(|port| is_serialized_port(text, port))
    }

    /// Deviation: nothing else on the request path allocates. The regex engine keeps a cache for
    /// each thread; the cost is one allocation at that thread's first match.
    fn matches_regex(&self, value: &[u8]) -> bool {
        self.regexes
            .as_ref()
            .is_some_and(|regexes| Parts::of(value).is_some() && regexes.is_match(value))
    }
}

impl Default for OriginMatcher {
    fn default() -> Self {
        Self::of_patterns([])
    }
}

impl Patterns {
    fn new() -> Self {
        Self {
            exact: Texts::new(),
            wildcards: Wildcards::new(),
        }
    }

    /// The text is what there is to look up of the pattern.
    fn insert(&mut self, pattern: &TuplePattern<'_>, text: &[u8]) {
        match pattern.host {
            Host::Subdomains(_) => self.wildcards.insert(text),
            _ => self.exact.insert(Key::whole(text)),
        }
    }

    fn shrink(&mut self) {
        self.exact.shrink();
        self.wildcards.shrink();
    }

    fn len(&self) -> usize {
        self.exact.len() + self.wildcards.len()
    }
}
