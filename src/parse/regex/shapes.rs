//! The shapes of regexes that are nearly always mistakes, or that Python reads differently.
//!
//! Here: a walk over the syntax tree. Not here: what a regex matches (`reach.rs`).
//! Spec: <https://docs.rs/regex/latest/regex/#syntax>, <https://docs.python.org/3/library/re.html#regular-expression-syntax>

use regex_syntax::ast::{
    AssertionKind, Ast, ClassSet, ClassSetItem, LiteralKind, RepetitionKind, RepetitionOp,
    RepetitionRange,
};

use crate::error::{PatternError, PatternErrorKind as Kind};

/// Refuses a tree with such a shape; leniently, only one that Python reads differently.
pub(super) fn refuse_shapes(ast: &Ast, leniently: bool) -> Result<(), PatternError> {
    let mut anchors = Anchors {
        leniently,
        ..Anchors::default()
    };
    walk(ast, false, &mut anchors)?;
    match (anchors.start, anchors.end) {
        (Some(position), None) | (None, Some(position)) if !leniently => {
            Err(PatternError::new(Kind::HalfAnchored, position))
        }
        _ => Ok(()),
    }
}

/// Where the first anchor of each side stands, and whether mistakes are let pass.
#[derive(Default)]
struct Anchors {
    leniently: bool,
    start: Option<usize>,
    end: Option<usize>,
}

/// Walks the tree; `before_dot` says whether an escaped dot follows this part at once.
/// The depth is bounded, since the parser refuses deep nesting.
fn walk(ast: &Ast, before_dot: bool, anchors: &mut Anchors) -> Result<(), PatternError> {
    let refuse = |kind| Err(PatternError::new(kind, ast.span().start.offset));
    match ast {
        Ast::Dot(_) if !anchors.leniently => refuse(Kind::UnescapedDot),
        Ast::Repetition(repetition) => match &*repetition.ast {
            Ast::Dot(_) if before_dot => Ok(()),
            // Python reads `a*+` as a possessive repeat, which matches less.
            Ast::Repetition(_) => refuse(Kind::AmbiguousRegex),
            repeated => walk(
                repeated,
                before_dot && is_at_most_once(&repetition.op),
                anchors,
            ),
        },
        Ast::Concat(concat) => {
            for (index, part) in concat.asts.iter().enumerate() {
                let next = concat.asts.get(index + 1);
                walk(part, next.map_or(before_dot, begins_with_dot), anchors)?;
            }
            Ok(())
        }
        Ast::Alternation(alternation) => alternation
            .asts
            .iter()
            .try_for_each(|branch| walk(branch, before_dot, anchors)),
        Ast::Group(group) => walk(&group.ast, before_dot, anchors),
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

fn is_at_most_once(op: &RepetitionOp) -> bool {
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
        // Python reads `[--a]` as a range from the hyphen on.
        ClassSetItem::Union(union) => {
            !matches!(&union.items[..], [first, second, ..] if is_hyphen(first) && is_hyphen(second))
                && union.items.iter().all(item_reads_alike)
        }
        _ => true,
    }
}

fn is_hyphen(item: &ClassSetItem) -> bool {
    matches!(item, ClassSetItem::Literal(literal) if literal.c == '-' && literal.kind == LiteralKind::Verbatim)
}
