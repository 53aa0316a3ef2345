//! Sets of names that a policy allows: methods, or request-header names.
//!
//! Here: `NameSet`, with what its wildcard covers.
//! Not here: parsing of names (`parse/fields.rs`), which lists a policy may hold; safelisted header
//! names: a browser names `accept` only where its value is not safelisted, so it must be listed.
//! Spec: <https://fetch.spec.whatwg.org/#http-new-header-syntax>

/// What a wildcard never covers: <https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name>
const NON_WILDCARD_HEADER: &[u8] = b"authorization";

/// Most names of one length that are compared one by one. Chosen by us because among more a search
/// looks at fewer.
const MAX_COMPARED: usize = 4;

/// A set of tokens, built once, asked often. It answers in the time of a binary search.
#[derive(Clone, Debug)]
pub struct NameSet {
    /// The names of each length, in the order of their `ends`; the wildcard left out.
    by_length: Vec<Vec<Name>>,
    wildcard: bool,
    case_sensitive: bool,
}

/// A name of the set; that of a header is in lower case.
#[derive(Clone, Debug)]
struct Name {
    ends: u64,
    text: Box<[u8]>,
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
        let mut set = Self {
            by_length: Vec::new(),
            wildcard: false,
            case_sensitive,
        };
        for name in names {
            if name == "*" {
                set.wildcard = true;
                continue;
            }
            if set.by_length.len() <= name.len() {
                set.by_length.resize(name.len() + 1, Vec::new());
            }
            let name = if case_sensitive {
                name.to_owned()
            } else {
                name.to_ascii_lowercase()
            };
            set.by_length[name.len()].push(Name {
                ends: ends_of(name.as_bytes()),
                text: name.into_bytes().into(),
            });
        }
        for names in &mut set.by_length {
            names.sort_by_key(|name| name.ends);
        }
        set
    }

    /// Whether the set covers this name. A name `*` is covered by nothing, since it would come
    /// back as a wildcard.
    ///
    /// Precondition: the name is a token.
    #[inline]
    pub fn contains(&self, name: &[u8]) -> bool {
        self.lists(name) || (self.wildcard && self.is_wildcard_name(name))
    }

    fn is_wildcard_name(&self, name: &[u8]) -> bool {
        name != b"*" && (self.case_sensitive || !name.eq_ignore_ascii_case(NON_WILDCARD_HEADER))
    }

    #[inline]
    fn lists(&self, name: &[u8]) -> bool {
        let Some(same_length) = self.by_length.get(name.len()) else {
            return false;
        };
        // Few names of a policy have the same length: to compare with each is quicker than to
        // look for where one would stand.
        if same_length.len() <= MAX_COMPARED {
            return same_length
                .iter()
                .any(|listed| self.is_same(&listed.text, name));
        }
        let ends = ends_of(name);
        let first = same_length.partition_point(|listed| listed.ends < ends);
        same_length[first..]
            .iter()
            .take_while(|listed| listed.ends == ends)
            .any(|listed| self.is_same(&listed.text, name))
    }

    /// Precondition: both have the same length.
    #[inline]
    fn is_same(&self, listed: &[u8], name: &[u8]) -> bool {
        // Browsers send names in lower case. Short ones are not worth a call of `memcmp`.
        if name.len() > 8 && listed == name {
            return true;
        }
        // A letter differs from its other case in this bit only; listed names are in lower case.
        let mut bytes = listed.iter().zip(name);
        if self.case_sensitive {
            bytes.all(|(listed, byte)| listed == byte)
        } else {
            bytes.all(|(&listed, &byte)| {
                listed == byte || (listed == byte | 0x20 && byte.is_ascii_uppercase())
            })
        }
    }
}

/// The first and the last bytes in one number, which tells nearly all names of one length apart. A
/// letter and its other case give the same.
#[inline]
fn ends_of(name: &[u8]) -> u64 {
    let mut ends = [[0; 8]; 2];
    match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => ends = [*first, *last],
        _ => ends[0][..name.len()].copy_from_slice(name),
    }
    let [first, last] = ends.map(|end| u64::from_le_bytes(end) | u64::from_le_bytes([0x20; 8]));
    first.rotate_left(32) ^ last
}
