//! A set of lengths.
//!
//! Here: `Lengths`, a bit for each length that a text can have.
//! Not here: the texts (`texts.rs`).
//! Spec: `MAX_ORIGIN_BYTES`, the longest of them.

use crate::grammar::MAX_ORIGIN_BYTES;

/// How many lengths a word holds.
pub(super) const BITS: usize = u64::BITS as usize;

/// Bit `n` of all words together: there is a text of this length.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    words: [u64; MAX_ORIGIN_BYTES / BITS + 1],
}

impl Lengths {
    pub(super) fn insert(&mut self, length: usize) {
        self.words[length / BITS] |= 1 << (length % BITS);
    }

    /// Whether the length is there; one past the longest is not.
    #[inline(always)]
    pub(super) fn contain(&self, length: usize) -> bool {
        self.word(length / BITS) >> (length % BITS) & 1 != 0
    }

    /// The word that holds the lengths from `index * BITS`.
    #[inline(always)]
    pub(super) fn word(&self, index: usize) -> u64 {
        self.words.get(index).copied().unwrap_or(0)
    }
}
