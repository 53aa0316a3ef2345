//! The routes of one host, and the paths that requests have.
//!
//! Here: `Paths`, and what is done to a path before it is looked up. Not here: hosts (`routes.rs`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc3986#section-3.3>

use std::cmp::Ordering;
use std::iter;

/// Routes in the order of their segments, so that those below another one follow it.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    rows: Vec<Row>,
    longest: usize,
}

#[derive(Clone, Debug)]
struct Row {
    path: Box<[u8]>,
    choice: Option<usize>,
    /// The row of the nearest route above it.
    above: Option<usize>,
}

/// A route that covers a path.
pub(super) struct Found {
    pub(super) choice: Option<usize>,
}

impl Paths {
    pub(super) fn add(&mut self, path: &[u8], choice: Option<usize>) {
        self.longest = self.longest.max(path.len());
        self.rows.push(Row {
            path: path.into(),
            choice,
            above: None,
        });
    }

    /// Makes what was added ready to be found.
    pub(super) fn finish(&mut self) {
        self.rows
            .sort_by(|one, other| compare(&one.path, &other.path));
        for index in 1..self.rows.len() {
            self.rows[index].above = self.nearest(index - 1, &self.rows[index].path);
        }
    }

    /// The longest route that covers this path.
    pub(super) fn find(&self, path: &[u8]) -> Option<Found> {
        // What is behind the end of the longest route makes no difference.
        let path = &path[..path.len().min(self.longest + 1)];
        let before = |row: &Row| compare(&row.path, path) != Ordering::Greater;
        let last = self.rows.partition_point(before).checked_sub(1)?;
        let choice = self.rows[self.nearest(last, path)?].choice;
        Some(Found { choice })
    }

    /// The row that covers a path, out of this one and those above it.
    ///
    /// Precondition: it is the last row that does not come after the path. All rows between one that
    /// covers the path and the path itself are below that one.
    fn nearest(&self, row: usize, path: &[u8]) -> Option<usize> {
        iter::successors(Some(row), |&row| self.rows[row].above)
            .find(|&row| covers(&self.rows[row].path, path))
    }
}

fn covers(route: &[u8], path: &[u8]) -> bool {
    path.strip_prefix(route)
        .is_some_and(|rest| matches!(rest, [] | [b'/', ..]))
}

/// The order of their segments: a slash comes before whatever else a segment could go on with.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let rank = |&byte: &u8| (byte != b'/', byte);
    let same = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other);
    let end = same.count();
    one.get(end).map(rank).cmp(&other.get(end).map(rank))
}

fn segments(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/')
}

/// What has to be done to a path.
pub(super) struct Shape {
    /// It has an empty segment, or does not begin with a slash.
    pub(super) is_uneven: bool,
    /// A segment begins with a dot.
    pub(super) has_dots: bool,
}

impl Shape {
    pub(super) fn of(path: &[u8]) -> Self {
        let mut shape = Self {
            is_uneven: path.first() != Some(&b'/'),
            has_dots: path.first() == Some(&b'.'),
        };
        let mut is_behind_slash = false;
        for &byte in path {
            shape.is_uneven |= is_behind_slash && byte == b'/';
            shape.has_dots |= is_behind_slash && byte == b'.';
            is_behind_slash = byte == b'/';
        }
        shape
    }
}

pub(super) fn drop_empty_segments(path: &[u8]) -> Vec<u8> {
    join(segments(path).filter(|segment| !segment.is_empty()))
}

/// <https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4>
pub(super) fn follow_dots(path: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    for segment in segments(path).skip(1) {
        match segment {
            b".." => drop(kept.pop()),
            b"." => {}
            _ => kept.push(segment),
        }
    }
    join(kept)
}

fn join<'a>(segments: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut path = Vec::new();
    for segment in segments {
        path.push(b'/');
        path.extend_from_slice(segment);
    }
    path
}
