//! A set of texts in one arena, with a keyed hash.
//!
//! Here: `Texts`, and `Key`, by which a text is found without being put together first.
//! Not here: what the texts mean (`matcher.rs`, `wildcards.rs`).
//! Spec: <https://docs.rs/foldhash/latest/foldhash/#hashdos-resistance>

use std::hash::{BuildHasher, Hasher, RandomState};
use std::hint::black_box;
use std::sync::LazyLock;

use foldhash::SharedSeed;
use foldhash::fast::SeedableRandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::lengths::Lengths;

/// How many keys are looked for together. Chosen by us because a processor waits for about a dozen
/// reads at once, and a few keys more than that make up for those that need none.
pub(super) const BLOCK: usize = 32;

/// How many texts a set has that is larger than the processor's nearer memory. Chosen by us because
/// so many take 4 MiB with their texts, and two in today's servers.
const FAR: usize = 1 << 16;

/// A text in two pieces, which are hashed and compared one after the other. All keys of a set are
/// cut at the same place, or equal texts would differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a> {
    pub(super) head: &'a [u8],
    pub(super) tail: &'a [u8],
}

impl<'a> Key<'a> {
    /// A text in one piece.
    #[inline(always)]
    pub(super) fn whole(text: &'a [u8]) -> Self {
        let head = &[];
        Self { head, tail: text }
    }
}

/// A set of texts, with no allocation for each.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    arena: Vec<u8>,
    table: HashTable<Span>,
    /// The lengths of the tails: most strangers have another one, and need no hash.
    lengths: Lengths,
    keys: Keys,
}

impl Texts {
    pub(super) fn new() -> Self {
        Self {
            arena: Vec::new(),
            table: HashTable::new(),
            lengths: Lengths::default(),
            keys: Keys::new(),
        }
    }

    pub(super) fn insert(&mut self, key: Key<'_>) {
        let hash = self.keys.hash(key);
        let Self {
            arena, table, keys, ..
        } = self;
        let rehash = |span: &Span| keys.hash(span.key(arena));
        if let Entry::Vacant(place) = table.entry(hash, |span| span.is(key, arena), rehash) {
            place.insert(Span::new(arena.len(), key));
            arena.extend_from_slice(key.head);
            arena.extend_from_slice(key.tail);
            self.lengths.insert(key.tail.len());
        }
    }

    /// Gives back the memory that only more texts would need.
    pub(super) fn shrink(&mut self) {
        let Self {
            arena, table, keys, ..
        } = self;
        arena.shrink_to_fit();
        table.shrink_to_fit(|span| keys.hash(span.key(arena)));
    }

    #[inline(always)]
    pub(super) fn contains(&self, key: Key<'_>) -> bool {
        self.lengths.contain(key.tail.len())
            && self
                .table
                .find(self.keys.hash(key), |span| span.is(key, &self.arena))
                .is_some()
    }

    /// Reads what looking for these keys is going to read, in a large set. Nothing comes of it but
    /// that the processor waits for all that lies far away at once, instead of for one after another:
    /// each loop is so short that several of its turns run together.
    pub(super) fn warm<'k>(&self, keys: impl Iterator<Item = Key<'k>>) {
        let mut hashes = [0; BLOCK];
        let mut count = 0;
        let likely = keys.filter(|key| self.lengths.contain(key.tail.len()));
        for (hash, key) in hashes.iter_mut().zip(likely) {
            *hash = self.keys.hash(key);
            count += 1;
        }
        let mut starts = [0; BLOCK];
        for (start, &hash) in starts.iter_mut().zip(&hashes[..count]) {
            *start = self
                .table
                .find(hash, |_| true)
                .map_or(0, |span| span.start());
        }
        let bytes = starts[..count].iter().map(|&start| self.arena.get(start));
        black_box(bytes.fold(0, |sum, byte| sum ^ byte.copied().unwrap_or(0)));
    }

    /// Whether the set is larger than the processor's nearer memory.
    #[inline]
    pub(super) fn is_far(&self) -> bool {
        self.table.len() >= FAR
    }

    pub(super) fn lengths(&self) -> &Lengths {
        &self.lengths
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}

/// Where a text lies in the arena, and how long its pieces are: 48, 7 and 9 bits. These eight bytes
/// for each text, with the table's free places, are what the set takes over the texts.
#[derive(Clone, Copy, Debug)]
struct Span(u64);

/// How many bits a length of the head takes, and one of the tail: no origin has longer pieces.
const HEAD_BITS: u32 = 7;
const TAIL_BITS: u32 = 9;

impl Span {
    fn new(start: usize, key: Key<'_>) -> Self {
        let lengths = key.head.len() << TAIL_BITS | key.tail.len();
        Self((start as u64) << (HEAD_BITS + TAIL_BITS) | lengths as u64)
    }

    #[inline(always)]
    fn start(self) -> usize {
        (self.0 >> (HEAD_BITS + TAIL_BITS)) as usize
    }

    #[inline(always)]
    fn key(self, arena: &[u8]) -> Key<'_> {
        let start = self.start();
        let head = (self.0 >> TAIL_BITS) as usize & ((1 << HEAD_BITS) - 1);
        let tail = self.0 as usize & ((1 << TAIL_BITS) - 1);
        let (head, tail) = arena[start..start + head + tail].split_at(head);
        Key { head, tail }
    }

    #[inline(always)]
    fn is(self, key: Key<'_>, arena: &[u8]) -> bool {
        let other = self.key(arena);
        other.tail == key.tail && other.head == key.head
    }
}

/// Keys of the hash, another pair for each set.
///
/// In a service with many tenants it is they who choose the origins. Without the keys nobody can
/// choose texts that meet in one place of the table, and neither answers nor errors show a hash, so
/// that foldhash is enough: it falls to those who see hashes, or the time of many single look-ups,
/// and says so itself. SipHash, which is made against these too, takes 17 to 20 nanoseconds for an
/// origin, as long as all the rest. The worst that such a guess could buy is that look-ups of the
/// texts that meet, and of them alone, take some nanoseconds for each of them.
#[derive(Clone, Debug)]
struct Keys(SeedableRandomState);

impl Keys {
    fn new() -> Self {
        static SHARED: LazyLock<SharedSeed> = LazyLock::new(|| SharedSeed::from_u64(random()));
        Self(SeedableRandomState::with_seed(random(), &SHARED))
    }

    #[inline(always)]
    fn hash(&self, key: Key<'_>) -> u64 {
        let mut hasher = self.0.build_hasher();
        if !key.head.is_empty() {
            hasher.write(key.head);
        }
        hasher.write(key.tail);
        hasher.finish()
    }
}

/// A number from the operating system's randomness, which the standard library asks for its own keys.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
