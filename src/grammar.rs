//! Byte classes and limits, each under the link to its rule.
//!
//! Here: what one byte, one token, one scheme may be, and how long things may get.
//! Not here: types, allocation, any decision; hosts and port numbers (`parse/host.rs`); eight bytes
//! at a time (`lanes.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-new-header-syntax>

pub(crate) mod lanes;

/// Longest scheme, in bytes. Chosen by us because no registered scheme is longer than 40 bytes.
pub const MAX_SCHEME_BYTES: usize = 64;

/// Longest label of a host, in bytes: RFC 1035, section 2.3.4.
/// <https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4>
pub const MAX_LABEL_BYTES: usize = 63;

/// Longest host, in bytes, a trailing dot included: 255 octets on the wire are 253 characters.
/// <https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4>
pub const MAX_HOST_BYTES: usize = 253;

/// Longest serialized origin, in bytes: the longest scheme, `://`, the longest host, `:65535`.
pub const MAX_ORIGIN_BYTES: usize = MAX_SCHEME_BYTES + 3 + MAX_HOST_BYTES + 6;

/// Longest method that a preflight may ask for, in bytes.
///
/// Deviation: Fetch puts no bound on it. Chosen by us because servers take request lines of about
/// as much in all; without it, a policy with `*` would read, and repeat, whatever anybody sends.
/// The cost is that a longer method is refused.
pub const MAX_METHOD_BYTES: usize = 8 * 1024;

/// Most bytes of all `Access-Control-Request-Headers` lines together, one counted for each line.
/// Chosen by us because servers take 8 to 16 KiB of headers, so that no honest request is longer.
pub const MAX_FIELD_BYTES: usize = 16 * 1024;

/// Most names in `Access-Control-Request-Headers`, repeats counted. Chosen by us because servers
/// take about a hundred header lines, and a fetch cannot ask for more names than it may send.
pub const MAX_NAMES: usize = 1024;

/// Most empty list elements: RFC 9110 wants "a reasonable number", and leaves it to us.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2>
pub const MAX_EMPTY_ELEMENTS: usize = 64;

const TOKEN: u8 = 1;
const SCHEME: u8 = 2;
const LABEL: u8 = 4;

/// One look-up classifies a byte for all three grammars.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_alphanumeric() || is_one_of(b, b"!#$%&'*+-.^_`|~") {
            classes[byte] |= TOKEN;
        }
        if b.is_ascii_lowercase() || b.is_ascii_digit() {
            classes[byte] |= SCHEME | LABEL;
        }
        if is_one_of(b, b"+-.") {
            classes[byte] |= SCHEME;
        }
        if is_one_of(b, b"-_") {
            classes[byte] |= LABEL;
        }
        byte += 1;
    }
    classes
};

const fn is_one_of(byte: u8, bytes: &[u8]) -> bool {
    let mut index = 0;
    while index < bytes.len() {
        if bytes[index] == byte {
            return true;
        }
        index += 1;
    }
    false
}

/// `tchar`: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
#[inline]
pub const fn is_token_byte(byte: u8) -> bool {
    CLASSES[byte as usize] & TOKEN != 0
}

/// `token`, the form of methods and header names: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2>
#[inline]
pub fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && skip(text, 0, is_token_byte) == text.len()
}

/// Where a run of bytes of a class ends, that begins at this index.
#[inline(always)]
pub(crate) fn skip(text: &[u8], from: usize, is_in_class: impl Fn(u8) -> bool) -> usize {
    let long = text.len().min(from + LONG_RUN);
    let mut at = from;
    while at < long && is_in_class(text[at]) {
        at += 1;
    }
    if at < long || at == text.len() {
        return at;
    }
    skip_long(text, at, is_in_class)
}

/// Longest run that is walked byte by byte. Chosen by us because hardly any header name is longer.
const LONG_RUN: usize = 32;

/// Does the same sixteen bytes at a time, without a branch for each, so that kilobytes of white
/// space or of one name take no longer than a few microseconds.
#[cold]
#[inline(never)]
fn skip_long(text: &[u8], from: usize, is_in_class: impl Fn(u8) -> bool) -> usize {
    let (chunks, _) = text[from..].as_chunks::<16>();
    let are_in_class = |chunk: &[u8; 16]| chunk.iter().fold(true, |all, &b| all & is_in_class(b));
    let whole = chunks
        .iter()
        .take_while(|chunk| are_in_class(chunk))
        .count();
    let at = from + 16 * whole;
    at + text[at..]
        .iter()
        .take_while(|&&byte| is_in_class(byte))
        .count()
}

/// A byte of a scheme after its first, in lower case: <https://www.rfc-editor.org/rfc/rfc3986#section-3.1>
#[inline]
pub const fn is_scheme_byte(byte: u8) -> bool {
    CLASSES[byte as usize] & SCHEME != 0
}

/// A byte of a label in a serialized host.
///
/// Deviation: the URL Standard lets a host hold more (`!`, `$`, `~` and others). No name that
/// people register holds them, and libraries that took them have been led astray by them; the
/// cost is that an origin with such a host is refused.
/// <https://url.spec.whatwg.org/#forbidden-domain-code-point>
#[inline]
pub const fn is_label_byte(byte: u8) -> bool {
    CLASSES[byte as usize] & LABEL != 0
}

/// Optional white space: <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.3>
#[inline]
pub const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether the text is a scheme as a serialized origin spells it. `file` is none: its origin is opaque.
/// <https://url.spec.whatwg.org/#concept-url-origin>
#[inline]
pub fn is_scheme(text: &[u8]) -> bool {
    text.len() <= MAX_SCHEME_BYTES
        && text.first().is_some_and(u8::is_ascii_lowercase)
        && text.iter().all(|&byte| is_scheme_byte(byte))
        && text != b"file"
}

/// The port that a serialized origin of this scheme leaves out.
/// <https://url.spec.whatwg.org/#default-port>
#[inline]
pub fn default_port(scheme: &[u8]) -> Option<u16> {
    match scheme {
        b"http" | b"ws" => Some(80),
        b"https" | b"wss" => Some(443),
        b"ftp" => Some(21),
        _ => None,
    }
}

/// Whether hosts of this scheme that end in a number are IPv4 addresses, or nothing.
/// <https://url.spec.whatwg.org/#special-scheme>
#[inline]
pub fn is_special_scheme(scheme: &[u8]) -> bool {
    default_port(scheme).is_some()
}

/// <https://fetch.spec.whatwg.org/#cors-safelisted-method>
#[inline]
pub fn is_safelisted_method(method: &[u8]) -> bool {
    matches!(method, b"GET" | b"HEAD" | b"POST")
}
