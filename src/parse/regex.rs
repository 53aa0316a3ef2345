//! Parses a configured regex of origins, strictly, with a reason for every refusal.
//!
//! Here: `OriginRegex`; its shape is looked at in `shapes.rs`, what it matches in `reach.rs`.
//! Not here: matching (`matcher.rs`), what a policy permits.
//! Spec: <https://docs.rs/regex/latest/regex/#syntax>, and where Python's syntax differs from it.

mod reach;
mod shapes;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ast;
use regex_syntax::hir::translate::TranslatorBuilder;

use self::reach::Reach;
use self::shapes::refuse_shapes;
use crate::error::{PatternError, PatternErrorKind as Kind};

/// Longest source of a regex, in bytes. Chosen by us because a longer one is a list in disguise.
const MAX_SOURCE_BYTES: usize = 4 * 1024;

/// Most memory of the compiled regexes of one matcher together, in bytes.
///
/// Chosen by us by trying: the engine makes a table of states as it matches. With sets that just
/// keep below this limit, origins that nobody had sent before took less than a microsecond; sets
/// three to seven times as large filled any table, and took a tenth of a millisecond to two for
/// each origin. About 400 regexes like `https://shop-1-\d+\.example\.com` fit.
pub(crate) const MAX_COMPILED_BYTES: usize = 512 * 1024;

/// Most memory of that table, of which each thread has its own, in bytes. Chosen by us because sets
/// near the limit take five to ten times their own size; most take a thousandth.
pub(crate) const MAX_CACHE_BYTES: usize = 8 * 1024 * 1024;

/// A regex that is matched against the whole origin, in linear time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginRegex {
    /// The source between anchors, with its flag, as the engine takes it.
    pub(crate) anchored: String,
    reach: Reach,
}

impl OriginRegex {
    /// Parses the source of a regex. With `ignores_case`, letters match in both cases.
    ///
    /// ```
    /// use corsac::{OriginRegex, PatternErrorKind};
    ///
    /// assert!(OriginRegex::parse(r"https://(app|www)\.example\.com", false).is_ok());
    /// let error = OriginRegex::parse(r"https://www.example\.com", false).unwrap_err();
    /// assert_eq!((PatternErrorKind::UnescapedDot, 11), (error.kind, error.position));
    /// ```
    ///
    /// # Errors
    /// [`WhiteSpace`](Kind::WhiteSpace) for `a b`, [`InternationalHost`](Kind::InternationalHost)
    /// for `https://bücher\.example`, [`InvalidRegex`](Kind::InvalidRegex) for `(`,
    /// [`RegexTooLarge`](Kind::RegexTooLarge) for `((a{100}){100}){100}`,
    /// [`AmbiguousRegex`](Kind::AmbiguousRegex) for `[a&&b]`,
    /// [`UnescapedDot`](Kind::UnescapedDot) for `https://.*`,
    /// [`HalfAnchored`](Kind::HalfAnchored) for `^https://example\.com`,
    /// [`MatchesEverything`](Kind::MatchesEverything) for `https://[^/]+`.
    pub fn parse(source: &str, ignores_case: bool) -> Result<Self, PatternError> {
        let regex = Self::read(source, ignores_case, false)?;
        if regex.matches_everything() {
            return Err(PatternError::new(Kind::MatchesEverything, 0));
        }
        Ok(regex)
    }

    /// As [`parse`](Self::parse), but shapes that are nearly always mistakes are let pass, for
    /// whoever takes over a regex that is in use.
    ///
    /// ```
    /// use corsac::OriginRegex;
    ///
    /// assert!(OriginRegex::parse_leniently(r"https://.*\.example.com", false).is_ok());
    /// ```
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse) without `UnescapedDot`, `HalfAnchored`, `MatchesEverything`.
    pub fn parse_leniently(source: &str, ignores_case: bool) -> Result<Self, PatternError> {
        Self::read(source, ignores_case, true)
    }

    fn read(source: &str, ignores_case: bool, leniently: bool) -> Result<Self, PatternError> {
        if source.len() > MAX_SOURCE_BYTES {
            return Err(PatternError::new(Kind::RegexTooLarge(MAX_SOURCE_BYTES), 0));
        }
        if let Some(position) = source.find(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(PatternError::new(Kind::WhiteSpace, position));
        }
        if let Some(position) = source.find(|c: char| !c.is_ascii()) {
            return Err(PatternError::new(Kind::InternationalHost, position));
        }
        let ast = ast::parse::Parser::new().parse(source).map_err(|error| {
            PatternError::new(
                Kind::InvalidRegex(error.kind().to_string()),
                error.span().start.offset,
            )
        })?;
        refuse_shapes(&ast, leniently)?;
        // Without the flag: it would multiply the spellings of a scheme, which is lower-cased anyway.
        let hir = TranslatorBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .translate(source, &ast)
            .map_err(|error| {
                PatternError::new(
                    Kind::InvalidRegex(error.kind().to_string()),
                    error.span().start.offset,
                )
            })?;
        let flag = if ignores_case { "i" } else { "" };
        let anchored = format!(r"\A(?{flag}:{source})\z");
        let regex = compile(&anchored)?;
        let reach = Reach::of(&hir, &regex);
        Ok(Self { anchored, reach })
    }

    /// Whether it matches sites that have nothing in common; only one that was [parsed
    /// leniently](Self::parse_leniently) can.
    pub fn matches_everything(&self) -> bool {
        self.reach.is_everything
    }

    /// Whether every match begins with one of a few whole schemes and `://`, so that nothing
    /// before the host is left open.
    pub fn begins_with_scheme(&self) -> bool {
        !self.reach.schemes.is_empty()
    }

    /// Whether a match can begin with `http://`, where it [begins with a
    /// scheme](Self::begins_with_scheme); else false.
    pub fn lets_http_through(&self) -> bool {
        self.reach.schemes.iter().any(|scheme| scheme == "http")
    }

    /// Whether it matches a name that anybody could register under a listed public suffix.
    /// <https://publicsuffix.org/list/>
    pub fn is_under_public_suffix(&self) -> bool {
        self.reach.is_under_public_suffix
    }
}

/// Origins are ASCII, so that letters and digits are ASCII's, as with Python's own flag for it.
fn compile(anchored: &str) -> Result<Regex, PatternError> {
    RegexBuilder::new(anchored)
        .unicode(false)
        .size_limit(MAX_COMPILED_BYTES)
        .build()
        .map_err(|_| PatternError::new(Kind::RegexTooLarge(MAX_COMPILED_BYTES), 0))
}
