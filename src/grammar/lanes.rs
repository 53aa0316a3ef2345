//! Eight bytes at a time, in one word: a byte class without a branch and without a table.
//!
//! Here: the arithmetic. A mask has the highest bit of each byte that is meant, and no other.
//! Not here: what the classes are for (`parse/host.rs`, `matcher/wildcards.rs`).
//! Spec: <https://www.rfc-editor.org/rfc/rfc20>, whose letters and digits stand in a row.

/// How many bytes there are in a word.
pub(crate) const LANES: usize = 8;

const ONES: u64 = u64::from_ne_bytes([1; LANES]);
const HIGH: u64 = ONES << 7;

/// Eight bytes of a text.
#[derive(Clone, Copy)]
pub(crate) struct Lanes(u64);

impl Lanes {
    /// The first byte in the lowest place.
    #[inline(always)]
    pub(crate) fn forwards(bytes: &[u8; LANES]) -> Self {
        Self(u64::from_le_bytes(*bytes))
    }

    /// The last byte in the lowest place.
    #[inline(always)]
    pub(crate) fn backwards(bytes: &[u8; LANES]) -> Self {
        Self(u64::from_be_bytes(*bytes))
    }

    #[inline(always)]
    pub(crate) fn are_ascii(self) -> bool {
        self.0 & HIGH == 0
    }

    /// The bytes from `first` to `last`. Precondition: all eight are ASCII, as are the bounds; then
    /// no sum carries into the next byte.
    #[inline(always)]
    pub(crate) fn between(self, first: u8, last: u8) -> u64 {
        let at_least = self.0 + ONES * u64::from(0x80 - first);
        let above = self.0 + ONES * u64::from(0x7f - last);
        at_least & !above & HIGH
    }

    /// The bytes that equal this one, whatever the others are.
    #[inline(always)]
    pub(crate) fn equal(self, byte: u8) -> u64 {
        let difference = self.0 ^ (ONES * u64::from(byte));
        let low = !HIGH;
        !(((difference & low) + low) | difference) & HIGH
    }
}

/// The mask with every byte in the place of the one after it.
#[inline(always)]
pub(crate) fn next(mask: u64) -> u64 {
    mask << LANES
}

/// Whether the mask means all eight bytes.
#[inline(always)]
pub(crate) fn is_full(mask: u64) -> bool {
    mask == HIGH
}

/// The mask with one bit for each byte, the lowest for the lowest.
#[inline(always)]
pub(crate) fn pack(mask: u64) -> u64 {
    // One factor for each byte, each of which carries that byte's bit to its place at the top.
    (mask >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_judged_alone() {
        for byte in 0..=u8::MAX {
            for place in 0..LANES {
                for others in [b'.', b'-', b'/', b'a', 0, 0x7f, 0x80, 0xff] {
                    let mut bytes = [others; LANES];
                    bytes[place] = byte;
                    let expected = |is_meant: &dyn Fn(u8) -> bool| {
                        let bits = bytes.iter().enumerate();
                        bits.fold(0, |all, (at, &b)| all | u64::from(is_meant(b)) << at)
                    };
                    let lanes = Lanes::forwards(&bytes);
                    assert_eq!(bytes.is_ascii(), lanes.are_ascii());
                    let dots = expected(&|b| b == b'.');
                    assert_eq!(dots, pack(lanes.equal(b'.')));
                    let backwards = pack(Lanes::backwards(&bytes).equal(b'.'));
                    assert_eq!(dots.reverse_bits() >> (64 - LANES), backwards);
                    if lanes.are_ascii() {
                        let letters = lanes.between(b'a', b'z');
                        assert_eq!(expected(&|b| b.is_ascii_lowercase()), pack(letters));
                        assert_eq!(bytes.iter().all(u8::is_ascii_lowercase), is_full(letters));
                        assert_eq!(pack(letters) << 1 & 0xff, pack(next(letters)));
                    }
                }
            }
        }
    }
}
