//! What is wrong with a configured pattern, and what to write instead.
//!
//! Here: `PatternError`, its kinds, and every message that the core has.
//! Not here: requests; those are refused without a word.
//! Spec: <https://url.spec.whatwg.org/#origin>, which says what a serialized origin looks like.

use std::error::Error;
use std::fmt;

use crate::grammar::{MAX_HOST_BYTES, MAX_LABEL_BYTES, MAX_SCHEME_BYTES};

/// Whether a pattern is malformed, or well-formed and refused by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Malformed.
    Invalid,
    /// Understood, and refused: by corsac, not by a standard.
    Prohibited,
}

/// The reason why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// An empty text: `""`.
    Empty,
    /// White space or a control character: `" https://example.com"`.
    WhiteSpace,
    /// No scheme, or none before `://`: `"example.com"`.
    MissingScheme,
    /// A scheme that is none: `"42x://example.com"`.
    InvalidScheme,
    /// `file`, whose origins are all `null`: `"file://host"`.
    FileScheme,
    /// Upper-case letters, which browsers never send: `"https://EXAMPLE.com"`.
    UpperCase,
    /// Nothing between `://` and the port: `"https://"`.
    MissingHost,
    /// A user name or a password: `"https://u:p@example.com"`.
    Userinfo,
    /// Something after the host and the port: `"https://example.com/"`.
    PathQueryOrFragment,
    /// Letters beyond ASCII: `"https://bücher.example"`.
    InternationalHost,
    /// A wildcard that is not `*.` before a whole name: `"https://*example.com"`.
    MisplacedWildcard,
    /// A host that no serialized origin has: `"https://a..example"`.
    InvalidHost,
    /// A label that is too long, or begins or ends with a hyphen: `"https://-a.example"`.
    InvalidLabel,
    /// A host of more than 253 bytes: `"https://"` and 127 times `"a."`.
    HostTooLong,
    /// A host that ends in a number, and is no IPv4 address: `"http://127.0.0.1.1"`.
    InvalidIpv4,
    /// Brackets without an IPv6 address: `"https://[::1"`.
    InvalidIpv6,
    /// An IPv6 address that is spelled in another way than browsers do: `"https://[0:0::1]"`.
    UncanonicalIpv6,
    /// A port that is none: `"https://example.com:80a"`.
    InvalidPort,
    /// The scheme's own port, which browsers leave out: `"https://example.com:443"`.
    DefaultPort,
    /// `null`, which is no pattern: `"null"`.
    Null,
    /// A regex that does not compile: `"("`. Holds the engine's own words.
    InvalidRegex(String),
    /// A regex that is longer than the limit, or compiles to more than it. Holds the limit in bytes.
    RegexTooLarge(usize),
    /// Regexes that compile to more than the limit together: a list in disguise. Holds the limit in bytes.
    RegexesTooLarge(usize),
    /// A regex that reads differently in Python's engine and in a linear-time one: `"[a&&b]"`.
    AmbiguousRegex,
    /// A dot that stands for any character: `"https://www.example\\.com"`.
    UnescapedDot,
    /// One anchor without the other: `"^https://example\\.com"`.
    HalfAnchored,
    /// A regex that matches sites that have nothing in common: `"https://[^/]+"`.
    MatchesEverything,
}

/// Why a text is no pattern: the kind, the place, and the right spelling where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The reason.
    pub kind: PatternErrorKind,
    /// Where it shows: an offset into the text, in bytes.
    pub position: usize,
    /// What to write instead, where that can be told.
    pub spelling: Option<String>,
}

impl PatternError {
    pub(crate) fn new(kind: PatternErrorKind, position: usize) -> Self {
        Self {
            kind,
            position,
            spelling: None,
        }
    }

    /// Whether the pattern is malformed, or refused by us.
    pub fn refusal(&self) -> Refusal {
        use PatternErrorKind::*;
        match self.kind {
            FileScheme | InternationalHost | InvalidLabel | HostTooLong | UncanonicalIpv6
            | DefaultPort | Null | UnescapedDot | HalfAnchored | MatchesEverything
            | RegexTooLarge(_) | RegexesTooLarge(_) => Refusal::Prohibited,
            _ => Refusal::Invalid,
        }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use PatternErrorKind::*;
        match &self.kind {
            Empty => f.write_str("an empty text is no origin; write one like \"https://example.com\"")?,
            WhiteSpace => f.write_str("an origin holds no white space and no control characters")?,
            MissingScheme => f.write_str("an origin begins with its scheme, like \"https://\"")?,
            InvalidScheme => write!(
                f,
                "a scheme begins with a letter and goes on with at most {} of a-z, 0-9, \"+\", \"-\", \".\"",
                MAX_SCHEME_BYTES - 1
            )?,
            FileScheme => f.write_str(
                "browsers give pages from file: the origin \"null\"; serve the page over http://localhost instead",
            )?,
            UpperCase => f.write_str("browsers send origins in lower case")?,
            MissingHost => f.write_str("a host must follow \"://\", like \"https://example.com\"")?,
            Userinfo => f.write_str("an origin holds no user name and no password")?,
            PathQueryOrFragment => {
                f.write_str("an origin ends after its host and port: no slash, path, query or fragment")?
            }
            InternationalHost => f.write_str("browsers send international hosts in their ASCII form")?,
            MisplacedWildcard => f.write_str(
                "a wildcard is \"*\" alone, \"*.\" before a whole name (https://*.example.com), or \":*\" for the port",
            )?,
            InvalidHost => f.write_str("a host is made of labels of a-z, 0-9, \"-\" and \"_\", with dots between them")?,
            InvalidLabel => write!(
                f,
                "a label has 1 to {MAX_LABEL_BYTES} characters, and neither begins nor ends with a hyphen"
            )?,
            HostTooLong => write!(f, "a host has at most {MAX_HOST_BYTES} characters")?,
            InvalidIpv4 => f.write_str(
                "a host that ends in a number is an IPv4 address: four numbers from 0 to 255, nothing before or after them",
            )?,
            InvalidIpv6 => f.write_str("an IPv6 address stands in brackets, like \"http://[::1]\"")?,
            UncanonicalIpv6 => f.write_str(
                "browsers send IPv6 addresses in their shortest form, all of it hexadecimal and in lower case",
            )?,
            InvalidPort => {
                f.write_str("a port is a number from 1 to 65535 without leading zeros, or \"*\" for any port and none")?
            }
            DefaultPort => f.write_str("browsers leave out a port that is the scheme's own")?,
            Null => f.write_str("\"null\" is no pattern: any page can have that origin")?,
            InvalidRegex(reason) => write!(f, "the linear-time regex engine does not compile this: {reason}")?,
            RegexTooLarge(limit) => write!(
                f,
                "this regex takes more than {limit} bytes; write several patterns, or a wildcard like \"https://*.example.com\""
            )?,
            RegexesTooLarge(limit) => write!(
                f,
                "all regexes together take more than {limit} bytes; write names that are known as patterns, or one wildcard \
                 like \"https://*.example.com\", and keep regexes for the rest"
            )?,
            AmbiguousRegex => f.write_str(
                "this part of the regex means one thing to Python and another to the linear-time engine; write it differently",
            )?,
            UnescapedDot => f.write_str(
                "a bare dot stands for any character; write \"\\.\" for a dot, \"[^.]+\" for a label, and \".*\" only \
                 directly before \"\\.\"",
            )?,
            MatchesEverything => f.write_str(
                "this regex matches sites that have nothing in common; write \"*\" if you mean all of them, \
                 or your own name at its end",
            )?,
            HalfAnchored => f.write_str(
                "a regex has both anchors or neither, and is matched against the whole origin in any case; \
                 add the missing one, or leave both out",
            )?,
        }
        match &self.spelling {
            Some(spelling) => write!(f, "; write \"{spelling}\""),
            None => Ok(()),
        }
    }
}

impl Error for PatternError {}
