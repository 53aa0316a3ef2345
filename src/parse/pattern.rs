//! Parses a configured origin pattern, strictly, with a reason for every refusal.
//!
//! Here: `Pattern`, its reasons, the right spelling, and what makes a pattern dangerous.
//! Not here: the grammar of hosts and ports (`host.rs`), regexes (`regex.rs`), matching
//! (`matcher.rs`), what a policy permits.
//! Spec: <https://url.spec.whatwg.org/#origin>

use std::fmt;

use url::Url;

use super::host::{Host, Port, ends_in_number, parse_port};
use super::origin::Origin;
use crate::error::{PatternError, PatternErrorKind as Kind};
use crate::grammar::{
    MAX_HOST_BYTES, MAX_LABEL_BYTES, default_port, is_label_byte, is_scheme, is_scheme_byte,
    is_special_scheme,
};

/// Longest text for which another spelling is looked for, in bytes. Chosen by us because no origin
/// in any spelling is longer than this, and the search takes more than linear time.
const MAX_RESPELLED_BYTES: usize = 1024;

/// A pattern of origins; it borrows the text that it was parsed from.
///
/// `Display` gives back that text: a pattern has one spelling only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern<'a> {
    /// `*`: every origin that parses.
    Any,
    /// Scheme, host and port, any of the last two perhaps a wildcard.
    Tuple(TuplePattern<'a>),
}

/// A pattern with a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TuplePattern<'a> {
    /// The whole, as it was written.
    pub text: &'a str,
    /// The scheme, without `://`.
    pub scheme: &'a str,
    /// The host.
    pub host: Host<'a>,
    /// The port.
    pub port: Port,
}

impl<'a> Pattern<'a> {
    /// Parses `*`, `scheme://host`, `scheme://*.host`, either with `:port` or `:*`.
    ///
    /// ```
    /// use corsac::{Pattern, PatternErrorKind};
    ///
    /// assert!(Pattern::parse("https://*.example.com:*").is_ok());
    /// let error = Pattern::parse("https://Example.com:443/").unwrap_err();
    /// assert_eq!(PatternErrorKind::UpperCase, error.kind);
    /// assert_eq!(Some("https://example.com"), error.spelling.as_deref());
    /// ```
    ///
    /// # Errors
    /// One kind for each way to go wrong; [`PatternErrorKind`](crate::PatternErrorKind) has an
    /// example for each.
    pub fn parse(text: &'a str) -> Result<Self, PatternError> {
        // Most patterns are origins, and those are found to be right sooner.
        if let Some(Origin::Tuple(origin)) = Origin::parse(text.as_bytes()) {
            return Ok(Pattern::Tuple(TuplePattern {
                text,
                scheme: origin.scheme,
                host: origin.host,
                port: origin.port,
            }));
        }
        parse_strictly(text).map_err(|error| PatternError {
            spelling: respell(text),
            ..error
        })
    }
}

impl TuplePattern<'_> {
    /// Whether pages of these origins come over plain http from another machine.
    /// <https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy>
    pub fn is_insecure(&self) -> bool {
        let (Host::Domain(host) | Host::Subdomains(host) | Host::Ip(host)) = self.host;
        let name = host.strip_suffix('.').unwrap_or(host);
        let is_loopback = match self.host {
            Host::Ip(address) => address.starts_with("127.") || address == "[::1]",
            _ => name == "localhost" || name.ends_with(".localhost"),
        };
        self.scheme == "http" && !is_loopback
    }

    /// Whether anybody can register a name that the wildcard covers: it stands directly under a
    /// suffix that the Public Suffix List names. <https://publicsuffix.org/list/>
    pub fn is_under_public_suffix(&self) -> bool {
        let Host::Subdomains(base) = self.host else {
            return false;
        };
        let base = base.strip_suffix('.').unwrap_or(base);
        // The list has rules like `*.ck`, which make every name under `ck` a suffix.
        is_public_suffix(base) || is_public_suffix(&format!("0.{base}"))
    }
}

/// Whether the list names the whole as a suffix, by itself or by a rule with a wildcard.
fn is_public_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == name.as_bytes())
}

impl fmt::Display for Pattern<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Pattern::Any => "*",
            Pattern::Tuple(pattern) => pattern.text,
        })
    }
}

fn parse_strictly(text: &str) -> Result<Pattern<'_>, PatternError> {
    match text {
        "*" => return Ok(Pattern::Any),
        "" => return Err(PatternError::new(Kind::Empty, 0)),
        "null" => return Err(PatternError::new(Kind::Null, 0)),
        _ => {}
    }
    if let Some(position) = text.find(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(PatternError::new(Kind::WhiteSpace, position));
    }
    let Some(scheme_end) = text.find("://").filter(|&end| end > 0) else {
        return Err(PatternError::new(Kind::MissingScheme, 0));
    };
    let scheme = parse_scheme(&text[..scheme_end])?;
    let start = scheme_end + "://".len();
    let authority = parse_authority(text, start)?;
    let special = is_special_scheme(scheme.as_bytes());
    let (host, port) = split_port(authority, start)?;
    let port = match port {
        None => Port::Implicit,
        Some("*") => Port::Any,
        Some(digits) => {
            let position = start + host.len() + 1;
            let port = parse_port(digits.as_bytes())
                .ok_or_else(|| PatternError::new(Kind::InvalidPort, position))?;
            if default_port(scheme.as_bytes()) == Some(port) {
                return Err(PatternError::new(Kind::DefaultPort, position));
            }
            Port::Exact(port)
        }
    };
    let host = parse_host(host, start, special)?;
    Ok(Pattern::Tuple(TuplePattern {
        text,
        scheme,
        host,
        port,
    }))
}

fn parse_scheme(scheme: &str) -> Result<&str, PatternError> {
    let kind = if is_scheme(scheme.as_bytes()) {
        return Ok(scheme);
    } else if scheme.eq_ignore_ascii_case("file") {
        Kind::FileScheme
    } else if is_scheme(scheme.to_ascii_lowercase().as_bytes()) {
        Kind::UpperCase
    } else {
        Kind::InvalidScheme
    };
    let position = scheme
        .bytes()
        .position(|byte| !is_scheme_byte(byte))
        .unwrap_or(0);
    Err(PatternError::new(kind, position))
}

/// What stands after `://`, once it is clear that nothing but a host and a port can be meant.
fn parse_authority(text: &str, start: usize) -> Result<&str, PatternError> {
    let authority = &text[start..];
    let end = authority
        .find(['/', '?', '#', '\\'])
        .unwrap_or(authority.len());
    if let Some(at) = authority[..end].find('@') {
        return Err(PatternError::new(Kind::Userinfo, start + at));
    }
    if let Some(position) = authority
        .find(|c: char| !c.is_ascii())
        .filter(|&position| position < end)
    {
        return Err(PatternError::new(Kind::InternationalHost, start + position));
    }
    if let Some(position) = authority
        .find(|c: char| c.is_ascii_uppercase())
        .filter(|&position| position < end)
    {
        return Err(PatternError::new(Kind::UpperCase, start + position));
    }
    if end < authority.len() {
        return Err(PatternError::new(Kind::PathQueryOrFragment, start + end));
    }
    Ok(authority)
}

fn split_port(authority: &str, start: usize) -> Result<(&str, Option<&str>), PatternError> {
    if !authority.starts_with('[') {
        return match authority.split_once(':') {
            Some((host, port)) if port.contains(':') => {
                let is_hexadecimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
                Err(if authority.split(':').all(is_hexadecimal) {
                    PatternError::new(Kind::InvalidIpv6, start)
                } else {
                    PatternError::new(Kind::InvalidPort, start + host.len() + 1)
                })
            }
            Some((host, port)) => Ok((host, Some(port))),
            None => Ok((authority, None)),
        };
    }
    let Some(end) = authority.find(']') else {
        return Err(PatternError::new(Kind::InvalidIpv6, start));
    };
    let (host, after) = authority.split_at(end + 1);
    match after.strip_prefix(':') {
        None if after.is_empty() => Ok((host, None)),
        None => Err(PatternError::new(Kind::InvalidPort, start + end + 1)),
        Some(port) => Ok((host, Some(port))),
    }
}

fn parse_host(text: &str, start: usize, special: bool) -> Result<Host<'_>, PatternError> {
    let (base, position) = match text.strip_prefix("*.") {
        Some(base) => (base, start + "*.".len()),
        None => (text, start),
    };
    let is_wildcard = base.len() < text.len();
    if let Some(star) = base.find('*') {
        return Err(PatternError::new(Kind::MisplacedWildcard, position + star));
    }
    match Host::parse(base, special) {
        // No address has a subdomain, and the longest label before the dot takes one byte at least.
        Some(Host::Ip(_)) if is_wildcard => Err(PatternError::new(Kind::InvalidIpv4, position)),
        Some(_) if is_wildcard && text.len() > MAX_HOST_BYTES => {
            Err(PatternError::new(Kind::HostTooLong, position))
        }
        Some(Host::Domain(base)) if is_wildcard => Ok(Host::Subdomains(base)),
        Some(host) => Ok(host),
        None => Err(PatternError::new(explain_host(base, special), position)),
    }
}

/// Precondition: the text is no host.
fn explain_host(text: &str, special: bool) -> Kind {
    let labels = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        Kind::MissingHost
    } else if let Some(address) = text.strip_prefix('[') {
        match address.trim_end_matches(']').parse::<std::net::Ipv6Addr>() {
            Ok(_) => Kind::UncanonicalIpv6,
            Err(_) => Kind::InvalidIpv6,
        }
    } else if special && ends_in_number(text.as_bytes()) {
        Kind::InvalidIpv4
    } else if !text.bytes().all(|byte| byte == b'.' || is_label_byte(byte))
        || labels.split('.').any(str::is_empty)
    {
        Kind::InvalidHost
    } else if labels.split('.').any(|label| {
        label.len() > MAX_LABEL_BYTES || label.starts_with('-') || label.ends_with('-')
    }) {
        Kind::InvalidLabel
    } else {
        Kind::HostTooLong
    }
}

/// The pattern that was most likely meant, or nothing. The `url` crate spells hosts as browsers do.
fn respell(text: &str) -> Option<String> {
    let text = text
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '\u{feff}'));
    let is_open = text.contains(|c: char| c.is_whitespace() || c.is_control() || c == ',');
    if text.len() > MAX_RESPELLED_BYTES || is_open || text.eq_ignore_ascii_case("null") {
        return None;
    }
    let text = text.replace('\\', "/");
    let (scheme, rest) = split_scheme(&text)?;
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let authority = authority.rsplit('@').next()?.to_lowercase();
    let (authority, any_port) = match authority.strip_suffix(":*") {
        Some(authority) => (authority, ":*"),
        None => (authority.as_str(), ""),
    };
    let host = authority.trim_start_matches('*').trim_start_matches('.');
    let wildcard = if authority.len() - host.len() > 2 {
        return None;
    } else if host.len() < authority.len() {
        "*."
    } else {
        ""
    };
    let url = Url::parse(&format!("{scheme}://{host}")).ok()?;
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let host = url.host_str()?;
    // `/16` behind an address is a range of them, and a second scheme is a second origin.
    if tail.contains("://") || (ends_in_number(host.as_bytes()) && tail.len() > 1) {
        return None;
    }
    let spelling = format!("{scheme}://{wildcard}{host}{port}{any_port}");
    parse_strictly(&spelling).is_ok().then_some(spelling)
}

/// The scheme that is written, or the one that was meant: names of the machine itself have no
/// certificates, and a single word is no host at all.
fn split_scheme(text: &str) -> Option<(String, &str)> {
    let written = text.split_once("://").or_else(|| text.split_once(":/"));
    match written.or_else(|| {
        text.split_once("//")
            .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
    }) {
        Some((_, rest)) if rest.contains("://") => None,
        Some((scheme, rest)) => Some((scheme.to_ascii_lowercase(), rest)),
        None => {
            let rest = text.trim_start_matches('/');
            if rest.to_ascii_lowercase().starts_with("localhost") {
                Some(("http".to_owned(), rest))
            } else {
                rest.contains('.').then(|| ("https".to_owned(), rest))
            }
        }
    }
}
