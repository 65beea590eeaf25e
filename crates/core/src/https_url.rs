//! Addresses of issuers, read by their rules and never opened.

/// An `https` address of a host, with port and path if it has them (RFC 3986 §3), in the one spelling that is taken.
///
/// No user, query or fragment (SD-JWT VC §4), no name that is empty or ends in a dot, and no part of a path that is
/// `.` or `..`: whoever opens it would open another.
pub(crate) struct HttpsUrl<'u> {
    /// Everything before the path.
    pub(crate) origin: &'u str,
    /// The host as it is written.
    pub(crate) host: &'u str,
    /// Empty, or from the first slash on.
    pub(crate) path: &'u str,
}

const SCHEME: &str = "https://";

impl<'u> HttpsUrl<'u> {
    /// `None` for anything else.
    pub(crate) fn parse(url: &'u str) -> Option<Self> {
        let rest = url.strip_prefix(SCHEME)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match authority.strip_prefix('[') {
            Some(address) => {
                let end = address.find(']')?;
                address.get(..end)?.parse::<core::net::Ipv6Addr>().ok()?;
                authority.split_at(end + 2)
            }
            None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
        };
        let is_label = |label: &str| {
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            !label.is_empty() && label.bytes().all(is_name)
        };
        let named = host.starts_with('[') || host.split('.').all(is_label);
        if !named || !is_port(port) || !is_path(path) {
            return None;
        }
        let origin = url.strip_suffix(path)?;
        Some(Self { origin, host, path })
    }
}

/// Whether it is an address to fetch from: as [`HttpsUrl`], with a query if need be.
pub(crate) fn can_be_fetched(url: &str) -> bool {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    HttpsUrl::parse(address).is_some() && is_text(query, b"/?")
}

fn is_port(port: &str) -> bool {
    match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(digits) => {
            digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|port| port != 0)
        }
    }
}

fn is_path(path: &str) -> bool {
    let moves = |part: &str| {
        let dots = part.to_ascii_lowercase().replace("%2e", ".");
        dots == "." || dots == ".."
    };
    is_text(path, b"/") && !path.split('/').any(moves)
}

/// Whether every character is one of RFC 3986's `pchar`, or among `also`.
fn is_text(text: &str, also: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let fits = match byte {
            b'%' => [bytes.next(), bytes.next()]
                .into_iter()
                .all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit())),
            _ => {
                byte.is_ascii_alphanumeric()
                    || b"-._~!$&'()*+,;=:@".contains(&byte)
                    || also.contains(&byte)
            }
        };
        if !fits {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_host_and_path() {
        for (url, origin, host, path) in [
            ("https://emisor.example", "https://emisor.example", "emisor.example", ""),
            ("https://emisor.example/", "https://emisor.example", "emisor.example", "/"),
            ("https://e.example:8443/a/b%20c", "https://e.example:8443", "e.example", "/a/b%20c"),
            ("https://[2001:db8::1]:1/x", "https://[2001:db8::1]:1", "[2001:db8::1]", "/x"),
        ] {
            let read = HttpsUrl::parse(url).unwrap();
            assert_eq!((read.origin, read.host, read.path), (origin, host, path));
        }
    }

    #[test]
    fn refuses_every_other_address() {
        for url in [
            "",
            "https://",
            "https:///a",
            "https:/e.example",
            "HTTPS://e.example",
            "http://e.example",
            "https://e.example?",
            "https://e.example/a?b",
            "https://e.example#",
            "https://e.example/a#b",
            "https://ana@e.example",
            "https://e.example:",
            "https://e.example:0",
            "https://e.example:65536",
            "https://e.example:+1",
            "https://e.example:1:1",
            "https://e.example./",
            "https://.e.example",
            "https://e..example",
            "https://*.example",
            "https://é.example",
            "https://e.example\\a",
            "https://e.example/a b",
            "https://e.example/a\n",
            "https://e.example/%",
            "https://e.example/%2",
            "https://e.example/%zz",
            "https://e.example/ñ",
            "https://e.example/..",
            "https://e.example/a/../b",
            "https://e.example/a/./b",
            "https://e.example/a/%2e%2E/b",
            "https://[2001:db8::1",
            "https://[e.example]",
            "https://[::1]a/",
            "https://[]",
            "https://[:]",
            "https://[2001]",
            "https://[1.2.3.4]",
            "https://[é]",
        ] {
            assert!(HttpsUrl::parse(url).is_none(), "{url}");
        }
    }

    #[test]
    fn an_address_to_fetch_from_may_have_a_query_and_no_fragment() {
        assert!(can_be_fetched("https://e.example/keys?version=2"));
        assert!(can_be_fetched("https://e.example"));
        for url in ["http://e.example/keys", "https://e.example/keys#2", "https://e.example/?a b"] {
            assert!(!can_be_fetched(url), "{url}");
        }
    }
}
