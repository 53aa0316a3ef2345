//! Parses `Access-Control-Request-Method` and `Access-Control-Request-Headers`.
//!
//! Here: header lines in, tokens out, under budgets that make hostile lines cheap.
//! Not here: allow-lists, the caller says of each name whether to go on; repeated method lines
//! (`facts.rs`).
//! Spec: <https://fetch.spec.whatwg.org/#http-new-header-syntax>

use crate::grammar::{
    MAX_EMPTY_ELEMENTS, MAX_FIELD_BYTES, MAX_METHOD_BYTES, MAX_NAMES, is_token, is_token_byte,
    is_white_space, skip,
};

/// The method that an `Access-Control-Request-Method` line asks for; `None` where it is no token,
/// or longer than [`MAX_METHOD_BYTES`].
///
/// ```
/// use corsac::parse::fields::parse_method;
///
/// assert_eq!(Some(&b"PROPFIND"[..]), parse_method(b"PROPFIND"));
/// assert_eq!(None, parse_method(b"PUT, DELETE"));
/// ```
/// <https://fetch.spec.whatwg.org/#http-access-control-request-method>
#[inline]
pub fn parse_method(line: &[u8]) -> Option<&[u8]> {
    (line.len() <= MAX_METHOD_BYTES && is_token(line)).then_some(line)
}

/// What is left of the budgets while the `Access-Control-Request-Headers` lines of one request are read.
///
/// ```
/// use corsac::parse::fields::RequestedNames;
///
/// let mut names = Vec::new();
/// let mut reader = RequestedNames::new();
/// assert!(reader.read(b"content-type, x-a", |name| { names.push(name.to_vec()); true }));
/// assert_eq!(vec![b"content-type".to_vec(), b"x-a".to_vec()], names);
/// assert!(!reader.read(b"x a", |_| true));
/// ```
#[derive(Clone, Debug)]
pub struct RequestedNames {
    bytes: usize,
    names: usize,
    empty_elements: usize,
}

impl Default for RequestedNames {
    fn default() -> Self {
        Self::new()
    }
}

impl RequestedNames {
    /// Full budgets.
    #[inline]
    pub const fn new() -> Self {
        Self {
            bytes: MAX_FIELD_BYTES,
            names: MAX_NAMES,
            empty_elements: MAX_EMPTY_ELEMENTS,
        }
    }

    /// Reads one line and hands each name, as it is spelled, to `accepts`. False at the first
    /// proof that the request is refused: a budget spent, a bad token, a name not accepted.
    ///
    /// Deviation: Fetch puts no bound on the list. Ours are in `grammar.rs`; past them a preflight
    /// is refused, and nothing that a browser sends comes near.
    /// <https://fetch.spec.whatwg.org/#http-access-control-request-headers>
    #[inline]
    pub fn read<'a>(&mut self, line: &'a [u8], mut accepts: impl FnMut(&'a [u8]) -> bool) -> bool {
        if !self.spend_bytes(line.len()) {
            return false;
        }
        let mut at = 0;
        loop {
            // Browsers send no white space: where a name or a comma stands, none is looked for.
            let start = match line.get(at) {
                Some(&byte) if is_token_byte(byte) => at,
                _ => skip(line, at, is_white_space),
            };
            let end = skip(line, start, is_token_byte);
            at = match line.get(end) {
                Some(b',') => end,
                _ => skip(line, end, is_white_space),
            };
            let name = &line[start..end];
            let budget = if name.is_empty() {
                &mut self.empty_elements
            } else {
                &mut self.names
            };
            if *budget == 0 {
                return false;
            }
            *budget -= 1;
            if !name.is_empty() && !accepts(name) {
                return false;
            }
            match line.get(at) {
                None => return true,
                Some(b',') => at += 1,
                Some(_) => return false,
            }
        }
    }

    /// Takes a line of this length, in bytes, out of the budget; false where it does not fit.
    fn spend_bytes(&mut self, length: usize) -> bool {
        match self.bytes.checked_sub(length.saturating_add(1)) {
            Some(bytes) => {
                self.bytes = bytes;
                true
            }
            None => false,
        }
    }
}
