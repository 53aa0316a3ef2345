//! Patterns that begin with `*.`.
//!
//! Here: `Wildcards`, and where in an origin one of them may begin.
//! Not here: the set of texts (`texts.rs`), ports (`matcher.rs`).
//! Spec: <https://url.spec.whatwg.org/#host-writing>

use super::lengths::BITS;
use super::texts::{Key, Texts};
use crate::grammar::lanes::{LANES, Lanes, pack};
use crate::grammar::{MAX_HOST_BYTES, MAX_ORIGIN_BYTES};
use crate::parse::host::{are_labels, split_port};
use crate::parse::origin::authority;

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
    pub(super) fn insert(&mut self, text: &[u8]) {
        let (head, tail) = text.split_at(authority(text).unwrap_or(0));
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
    #[inline]
    pub(super) fn cover(&self, text: &[u8]) -> bool {
        if self.tails.is_empty() {
            return false;
        }
        let Some(authority) = authority(text) else {
            return false;
        };
        let (head, host) = text.split_at(authority);
        (0..host.len().div_ceil(BITS)).any(|index| {
            let mut likely = self.likely(text, authority, index);
            while likely != 0 {
                let length = index * BITS + likely.trailing_zeros() as usize;
                let (labels, tail) = host.split_at(host.len() - length);
                if self.tails.contains(Key { head, tail })
                    && are_labels(&labels[..labels.len() - 1])
                    && (host.len() <= MAX_HOST_BYTES || is_short(host))
                {
                    return true;
                }
                likely &= likely - 1;
            }
            false
        })
    }

    /// What a pattern may end the text in: bit `n` stands for its last `index * BITS + n` bytes, is
    /// set where a dot stands before them, and only where some pattern has that length.
    #[inline(always)]
    fn likely(&self, text: &[u8], authority: usize, index: usize) -> u64 {
        // One byte at least stands before the dot.
        let end = (text.len() - authority).saturating_sub(1 + index * BITS);
        let possible = if end < BITS { (1 << end) - 1 } else { !0 };
        match self.tails.lengths().word(index) & possible {
            0 => 0,
            lengths => lengths & dots(text, authority, index),
        }
    }

    /// Reads what looking for these texts is going to read, but for rare long ones.
    pub(super) fn warm<'k>(&self, texts: impl Iterator<Item = &'k [u8]>) {
        let texts = texts.filter(|text| text.len() <= MAX_ORIGIN_BYTES);
        self.tails.warm(texts.flat_map(|text| {
            let authority = authority(text).unwrap_or(text.len());
            let likely = self.likely(text, authority, 0);
            (0..BITS)
                .filter(move |bit| likely >> bit & 1 != 0)
                .map(move |length| Key {
                    head: &text[..authority],
                    tail: &text[text.len() - length..],
                })
        }));
    }

    #[inline]
    pub(super) fn is_far(&self) -> bool {
        self.tails.is_far()
    }
}

/// Whether the host is no longer than a host may be, when the port is left out.
#[cold]
fn is_short(authority: &[u8]) -> bool {
    split_port(authority).0.len() <= MAX_HOST_BYTES
}

/// Where dots stand: bit `n` is set where one has `index * BITS + n` bytes behind it. Those before
/// the authority may be among them.
#[inline(always)]
fn dots(text: &[u8], authority: usize, index: usize) -> u64 {
    let text = &text[..text.len() - index * BITS];
    let (begin, chunks) = text.as_rchunks::<LANES>();
    let needed = (text.len() - authority).div_ceil(LANES).min(BITS / LANES);
    let mut bits = 0;
    for (place, chunk) in chunks.iter().rev().take(needed).enumerate() {
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
