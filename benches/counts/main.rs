//! Does the work of which `tests/counts.py` counts the instructions, under callgrind.
//!
//! Here: `Series`, one case at growing sizes, and the one function whose calls are counted. Without
//! callgrind each case runs all the same, for its answer alone.
//! Not here: the cases (one file for each stage), the limits (`tests/counts.json`).
//! Spec: <https://valgrind.org/docs/manual/cl-manual.html>

mod facts;
mod matches;
mod names;
mod parse;
mod routes;

use std::hint::black_box;

fn main() {
    parse::count();
    matches::count();
    names::count();
    routes::count();
    facts::count();
}

/// A case, and the answer that each of its questions has at every size.
struct Series {
    name: &'static str,
    expected: bool,
}

/// A case whose questions are all answered with yes.
const fn yes(name: &'static str) -> Series {
    let expected = true;
    Series { name, expected }
}

/// A case whose questions are all answered with no.
const fn no(name: &'static str) -> Series {
    let expected = false;
    Series { name, expected }
}

impl Series {
    /// Asks each question once for its answer, then once more to be counted, and prints the name,
    /// the size and the number of questions: the n-th line belongs to callgrind's n-th part.
    ///
    /// Tables with keyed hashes collide a little differently in each run. Several questions in one
    /// count even that out.
    fn count<Q>(&self, size: usize, questions: &[Q], answer: impl Fn(&Q) -> bool) {
        let answers = || {
            let asked = questions.iter().map(black_box);
            asked.filter(|question| answer(question)).count()
        };
        let expected = usize::from(self.expected) * questions.len();
        assert_eq!(expected, answers(), "{} at {size}", self.name);
        assert_eq!(expected, counted(&answers), "{} at {size}", self.name);
        println!("{} {size} {}", self.name, questions.len());
    }
}

/// Callgrind counts from where this begins to where it returns, and knows it by its name.
#[inline(never)]
fn counted(answers: &dyn Fn() -> usize) -> usize {
    answers()
}
