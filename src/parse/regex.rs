//! Parses a configured regex of origins, strictly, with a reason for every refusal.
//!
//! Here: `OriginRegex`, the shapes that are nearly always mistakes, and what a regex begins with.
//! Not here: matching (`matcher.rs`), what a policy permits.
//! Spec: <https://docs.rs/regex/latest/regex/#syntax>, and where Python's syntax differs from it.

use regex_syntax::ast::{
    AssertionKind, Ast, ClassSet, ClassSetItem, RepetitionKind, RepetitionOp, RepetitionRange,
};
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::{ast, hir};

use crate::error::{PatternError, PatternErrorKind as Kind};
use crate::grammar::is_scheme;

/// Longest source of a regex, in bytes. Chosen by us because a longer one is a list in disguise.
const MAX_SOURCE_BYTES: usize = 4 * 1024;

/// Most memory of one compiled regex, in bytes. Chosen by us because any regex that a person
/// writes for origins takes less than a tenth of it.
pub(crate) const MAX_COMPILED_BYTES: usize = 1024 * 1024;

/// A regex that is matched against the whole origin, in linear time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OriginRegex {
    pub(crate) source: String,
    ignores_case: bool,
    schemes: Vec<String>,
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
    /// [`InvalidRegex`](Kind::InvalidRegex) for `(`, [`RegexTooLarge`](Kind::RegexTooLarge) for
    /// `a{9}{9}{9}{9}{9}{9}`, [`AmbiguousRegex`](Kind::AmbiguousRegex) for `[a&&b]`,
    /// [`UnescapedDot`](Kind::UnescapedDot) for `https://.*`,
    /// [`HalfAnchored`](Kind::HalfAnchored) for `^https://example\.com`.
    pub fn parse(source: &str, ignores_case: bool) -> Result<Self, PatternError> {
        if source.len() > MAX_SOURCE_BYTES {
            return Err(PatternError::new(
                Kind::RegexTooLarge(MAX_SOURCE_BYTES),
                MAX_SOURCE_BYTES,
            ));
        }
        if let Some(position) = source.find(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(PatternError::new(Kind::WhiteSpace, position));
        }
        let ast = ast::parse::Parser::new().parse(source).map_err(|error| {
            PatternError::new(
                Kind::InvalidRegex(error.kind().to_string()),
                error.span().start.offset,
            )
        })?;
        let mut anchors = Anchors::default();
        refuse_shapes(&ast, false, &mut anchors)?;
        if let (Some(position), None) | (None, Some(position)) = (anchors.start, anchors.end) {
            return Err(PatternError::new(Kind::HalfAnchored, position));
        }
        // Without the flag: it would multiply the spellings of a scheme, which is lower-cased anyway.
        let hir = hir::translate::Translator::new()
            .translate(source, &ast)
            .map_err(|error| {
                PatternError::new(
                    Kind::InvalidRegex(error.kind().to_string()),
                    error.span().start.offset,
                )
            })?;
        let regex = Self {
            source: source.to_owned(),
            ignores_case,
            schemes: schemes(&hir),
        };
        match regex::RegexBuilder::new(&regex.anchored())
            .size_limit(MAX_COMPILED_BYTES)
            .build()
        {
            Ok(_) => Ok(regex),
            Err(_) => Err(PatternError::new(
                Kind::RegexTooLarge(MAX_COMPILED_BYTES),
                0,
            )),
        }
    }

    /// Whether every match begins with one of a few whole schemes and `://`, so that nothing
    /// before the host is left open.
    pub fn begins_with_scheme(&self) -> bool {
        !self.schemes.is_empty()
    }

    /// Whether a match can begin with `http://`.
    pub fn lets_http_through(&self) -> bool {
        self.schemes.iter().any(|scheme| scheme == "http")
    }

    /// The source between anchors, with its flag, as the engine takes it.
    pub(crate) fn anchored(&self) -> String {
        let flag = if self.ignores_case { "i" } else { "" };
        format!(r"\A(?{flag}:{})\z", self.source)
    }
}

/// The schemes with which a match can begin; empty where it can begin otherwise.
fn schemes(hir: &Hir) -> Vec<String> {
    let prefixes = Extractor::new().extract(hir);
    let schemes = prefixes
        .literals()
        .unwrap_or_default()
        .iter()
        .map(|literal| {
            let text = std::str::from_utf8(literal.as_bytes()).ok()?;
            let (scheme, _) = text.split_once("://")?;
            is_scheme(scheme.to_ascii_lowercase().as_bytes()).then(|| scheme.to_ascii_lowercase())
        });
    schemes.collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Where the first anchor of each side stands.
#[derive(Default)]
struct Anchors {
    start: Option<usize>,
    end: Option<usize>,
}

/// Walks the tree; `before_dot` says whether an escaped dot follows this part at once.
/// The depth is bounded, since the parser refuses deep nesting.
fn refuse_shapes(ast: &Ast, before_dot: bool, anchors: &mut Anchors) -> Result<(), PatternError> {
    let refuse = |kind| Err(PatternError::new(kind, ast.span().start.offset));
    match ast {
        Ast::Dot(_) => refuse(Kind::UnescapedDot),
        Ast::Repetition(repetition) => match &*repetition.ast {
            Ast::Dot(_) if before_dot => Ok(()),
            // Python reads `a*+` as a possessive repeat, which matches less.
            Ast::Repetition(_) => refuse(Kind::AmbiguousRegex),
            repeated => refuse_shapes(repeated, before_dot && is_optional(&repetition.op), anchors),
        },
        Ast::Concat(concat) => {
            for (index, part) in concat.asts.iter().enumerate() {
                let next = concat.asts.get(index + 1);
                refuse_shapes(part, next.map_or(before_dot, begins_with_dot), anchors)?;
            }
            Ok(())
        }
        Ast::Alternation(alternation) => alternation
            .asts
            .iter()
            .try_for_each(|branch| refuse_shapes(branch, before_dot, anchors)),
        Ast::Group(group) => refuse_shapes(&group.ast, before_dot, anchors),
        Ast::ClassBracketed(class) if !reads_alike(&class.kind) => refuse(Kind::AmbiguousRegex),
        Ast::Assertion(assertion) => {
            let position = Some(assertion.span.start.offset);
            match assertion.kind {
                AssertionKind::StartLine | AssertionKind::StartText => {
                    anchors.start = anchors.start.or(position)
                }
                AssertionKind::EndLine | AssertionKind::EndText => {
                    anchors.end = anchors.end.or(position)
                }
                AssertionKind::WordBoundary | AssertionKind::NotWordBoundary => {}
                // Python reads `\<` as the character, and knows no `\b{start}`.
                _ => return refuse(Kind::AmbiguousRegex),
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn is_optional(op: &RepetitionOp) -> bool {
    matches!(
        op.kind,
        RepetitionKind::ZeroOrOne
            | RepetitionKind::Range(
                RepetitionRange::Exactly(1) | RepetitionRange::Bounded(0 | 1, 1)
            )
    )
}

/// Whether the part cannot match without a dot at its begin.
fn begins_with_dot(ast: &Ast) -> bool {
    match ast {
        Ast::Literal(literal) => literal.c == '.',
        Ast::ClassBracketed(class) => {
            !class.negated
                && matches!(&class.kind, ClassSet::Item(ClassSetItem::Literal(literal)) if literal.c == '.')
        }
        Ast::Group(group) => begins_with_dot(&group.ast),
        Ast::Concat(concat) => concat.asts.first().is_some_and(begins_with_dot),
        Ast::Alternation(alternation) => alternation.asts.iter().all(begins_with_dot),
        _ => false,
    }
}

/// Whether Python reads the class as the engine does: it knows no set operations, no nested
/// classes and no `[:alpha:]`.
fn reads_alike(class: &ClassSet) -> bool {
    match class {
        ClassSet::BinaryOp(_) => false,
        ClassSet::Item(item) => item_reads_alike(item),
    }
}

fn item_reads_alike(item: &ClassSetItem) -> bool {
    match item {
        ClassSetItem::Bracketed(_) | ClassSetItem::Ascii(_) => false,
        ClassSetItem::Union(union) => union.items.iter().all(item_reads_alike),
        _ => true,
    }
}
