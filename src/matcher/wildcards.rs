//! Patterns that begin with `*.`.
//!
//! Here: `Wildcards`, and where in an origin a name begins that one of them ends in.
//! Not here: the set of texts (`texts.rs`), ports (`matcher.rs`).
//! Spec: <https://url.spec.whatwg.org/#host-writing>

use super::lengths::BITS;
use super::texts::{Key, Texts};
use crate::grammar::MAX_HOST_BYTES;
use crate::grammar::lanes::{LANES, Lanes, pack};
use crate::parse::host::{are_labels, split_port};

/// Patterns with a wildcard before the host, each without its star and the dot.
#[derive(Clone, Debug)]
pub(super) struct Wildcards {
    tails: Texts,
}

impl Wildcards {
    pub(super) fn new() -> Self {
        Self {
            tails: Texts::new(),
        }
    }

    /// Precondition: the text is a pattern with a star where its authority begins.
    pub(super) fn insert(&mut self, text: &[u8], authority: usize) {
        let (head, tail) = text.split_at(authority);
        let tail = tail.strip_prefix(b"*.").unwrap_or(tail);
        self.tails.insert(Key { head, tail });
    }

    pub(super) fn shrink(&mut self) {
        self.tails.shrink();
    }

    pub(super) fn len(&self) -> usize {
        self.tails.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tails.is_empty()
    }

    /// Whether a pattern covers the text, which is then an origin: what the pattern spells out was
    /// parsed with it, and the labels before are looked at here.
    ///
    /// A pattern is looked for only behind a dot that is as far from the end as some pattern is long.
    #[inline]
    pub(super) fn cover(&self, text: &[u8], authority: usize) -> bool {
        // One byte at least stands before the dot.
        let Some(longest) = text.len().checked_sub(authority + 2) else {
            return false;
        };
        (0..=longest / BITS).any(|index| {
            let mut found = self.tails.lengths().word(index);
            if found != 0 {
                found &= dots(text, authority, index);
            }
            while found != 0 {
                let length = index * BITS + found.trailing_zeros() as usize;
                if length <= longest && self.has(text, authority, length) {
                    return true;
                }
                found &= found - 1;
            }
            false
        })
    }

    /// Whether a pattern of this length ends the text, and covers it.
    #[inline(always)]
    fn has(&self, text: &[u8], authority: usize, length: usize) -> bool {
        let (head, host) = text.split_at(authority);
        let (labels, tail) = host.split_at(host.len() - length);
        self.tails.contains(Key { head, tail })
            && are_labels(&labels[..labels.len() - 1])
            && (host.len() <= MAX_HOST_BYTES || split_port(host).0.len() <= MAX_HOST_BYTES)
    }
}

/// Where dots stand: bit `n` is set where one has `index * BITS + n` bytes behind it. Those before
/// the authority may be among them.
#[inline(always)]
fn dots(text: &[u8], authority: usize, index: usize) -> u64 {
    let text = &text[..text.len() - index * BITS];
    let (begin, chunks) = text.as_rchunks::<LANES>();
    let mut bits = 0;
    for (place, chunk) in chunks.iter().rev().take(BITS / LANES).enumerate() {
        bits |= pack(Lanes::backwards(chunk).equal(b'.')) << (place * LANES);
    }
    // Hardly ever is there anything: a scheme and what follows it are longer than what is left over.
    for at in authority..begin.len() {
        let place = text.len() - 1 - at;
        if place < BITS {
            bits |= u64::from(text[at] == b'.') << place;
        }
    }
    bits
}
