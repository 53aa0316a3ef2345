//! Sets of names that a policy allows: methods, or request-header names.
//!
//! Here: `NameSet`, with what its wildcard covers.
//! Not here: parsing of names (`parse/fields.rs`), which lists a policy may hold.
//! Spec: <https://fetch.spec.whatwg.org/#http-new-header-syntax>

/// What a wildcard never covers: <https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name>
const NON_WILDCARD_HEADER: &[u8] = b"authorization";

/// Most names of one length that are compared one by one. Chosen by us because a binary search
/// among more takes fewer comparisons.
const MAX_COMPARED: usize = 4;

/// A set of tokens, built once, asked often. It answers in the time of a binary search.
#[derive(Clone, Debug)]
pub struct NameSet {
    /// By length, then by bytes; header names in lower case.
    names: Vec<Box<[u8]>>,
    /// `starts[n]..starts[n + 1]` are the indexes of the names of `n` bytes.
    starts: Vec<usize>,
    wildcard: bool,
    case_sensitive: bool,
}

impl NameSet {
    /// Methods are case-sensitive. `*` stands for all.
    ///
    /// ```
    /// let methods = corsac::NameSet::of_methods(["PUT"]);
    /// assert!(methods.contains(b"PUT") && !methods.contains(b"put"));
    /// ```
    /// <https://fetch.spec.whatwg.org/#concept-method>
    pub fn of_methods<'a>(methods: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(methods, true)
    }

    /// Header names are case-insensitive. `*` stands for all but `Authorization`.
    ///
    /// ```
    /// let names = corsac::NameSet::of_headers(["*"]);
    /// assert!(names.contains(b"X-Anything") && !names.contains(b"authorization"));
    /// ```
    /// <https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name>
    pub fn of_headers<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(names, false)
    }

    fn new<'a>(names: impl IntoIterator<Item = &'a str>, case_sensitive: bool) -> Self {
        let mut names: Vec<Box<[u8]>> = names
            .into_iter()
            .map(|name| {
                if case_sensitive {
                    name.to_owned()
                } else {
                    name.to_ascii_lowercase()
                }
            })
            .map(|name| name.into_bytes().into_boxed_slice())
            .collect();
        names.sort_unstable_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        names.dedup();
        let wildcard = names.iter().any(|name| **name == *b"*");
        let longest = names.last().map_or(0, |name| name.len());
        let starts = (0..=longest + 1)
            .map(|length| names.partition_point(|name| name.len() < length))
            .collect();
        Self {
            names,
            starts,
            wildcard,
            case_sensitive,
        }
    }

    /// Whether the set covers this name. A name `*` is covered by nothing, since it would come
    /// back as a wildcard.
    ///
    /// Precondition: the name is a token.
    #[inline]
    pub fn contains(&self, name: &[u8]) -> bool {
        if name == b"*" {
            return false;
        }
        let covered = self.wildcard
            && (self.case_sensitive || !name.eq_ignore_ascii_case(NON_WILDCARD_HEADER));
        covered || self.lists(name)
    }

    #[inline]
    fn lists(&self, name: &[u8]) -> bool {
        let Some(&[start, end]) = self
            .starts
            .get(name.len()..)
            .and_then(|starts| starts.first_chunk())
        else {
            return false;
        };
        let same_length = &self.names[start..end];
        // Few names of a policy have the same length: to compare with each is quicker than to
        // find out which of two is the lesser.
        if same_length.len() <= MAX_COMPARED {
            return same_length.iter().any(|listed| self.is_same(listed, name));
        }
        self.is_among(same_length, name)
    }

    /// Precondition: both have the same length.
    #[inline]
    fn is_same(&self, listed: &[u8], name: &[u8]) -> bool {
        // Browsers send names in lower case. Short ones are not worth a call of `memcmp`.
        if name.len() > 8 && listed == name {
            return true;
        }
        let mut bytes = listed.iter().zip(name);
        if self.case_sensitive {
            bytes.all(|(listed, byte)| listed == byte)
        } else {
            bytes.all(|(&listed, byte)| listed == byte.to_ascii_lowercase())
        }
    }

    #[inline(never)]
    fn is_among(&self, same_length: &[Box<[u8]>], name: &[u8]) -> bool {
        let found = if self.case_sensitive {
            same_length.binary_search_by(|listed| (**listed).cmp(name))
        } else {
            let lower = || name.iter().map(u8::to_ascii_lowercase);
            same_length.binary_search_by(|listed| listed.iter().copied().cmp(lower()))
        };
        found.is_ok()
    }
}
