//! Where a client may send people back to after they have signed in (RFC 6749, section 3.1.2; RFC 8252, section 7.3).

/// The longest address, in characters.
const URI_MAX: usize = 512;
/// Hosts of the computer that a person sits at.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// An address in its parts; `None` for what is no absolute http address.
struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    /// With its colon; empty if none is written.
    port: &'a str,
    /// Path and query.
    rest: &'a str,
}

fn parts(uri: &str) -> Option<Parts<'_>> {
    let (scheme, after) = uri.split_once("://")?;
    let end = after.find(['/', '?']).unwrap_or(after.len());
    let (authority, rest) = after.split_at(end);
    let colon = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let (host, port) = authority.split_at(colon.unwrap_or(authority.len()));
    Some(Parts { scheme, host, port, rest })
}

impl Parts<'_> {
    fn is_loopback(&self) -> bool {
        self.scheme == "http" && LOOPBACK.contains(&self.host)
    }
}

/// Whether a client may send people there: https, or http to the person's own computer; nothing that could be read in two ways.
pub fn is_redirect(uri: &str) -> bool {
    let plain = uri.len() <= URI_MAX
        && uri
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"#*@\\<>\"'`{}|^;,".contains(&byte));
    let Some(parts) = parts(uri).filter(|_| plain) else {
        return false;
    };
    let port = parts
        .port
        .strip_prefix(':')
        .unwrap_or("1")
        .parse::<u16>()
        .is_ok_and(|port| port > 0);
    let name = |host: &str| {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        !host.is_empty() && host.bytes().all(good)
    };
    port && (parts.is_loopback() || parts.scheme == "https" && name(parts.host))
}

/// Whether an address that a client names is one that is registered. A program on a person's own computer listens on any port.
pub fn redirect_matches(registered: &str, named: &str) -> bool {
    if registered == named {
        return true;
    }
    match (parts(registered), parts(named)) {
        (Some(one), Some(other)) => {
            one.is_loopback() && other.is_loopback() && one.host == other.host && one.rest == other.rest && is_redirect(named)
        }
        _ => false,
    }
}

/// Scheme, host and port of an address, for a policy that lets a form lead there.
pub fn redirect_source(uri: &str) -> Option<String> {
    let parts = parts(uri).filter(|_| is_redirect(uri))?;
    Some(format!("{}://{}{}", parts.scheme, parts.host, parts.port))
}

/// The origin of an address as a browser would name it; of a person's own computer without its port, since programs there listen on any.
pub fn redirect_origin(uri: &str) -> Option<String> {
    let parts = parts(uri).filter(|_| is_redirect(uri))?;
    let host = parts.host.to_ascii_lowercase();
    let port = if parts.is_loopback() || parts.port == ":443" {
        ""
    } else {
        parts.port
    };
    Some(format!("{}://{host}{port}", parts.scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_cannot_be_read_in_two_ways_are_taken() {
        for good in [
            "https://app.example/callback",
            "https://app.example:8443/a/b?x=1",
            "http://localhost",
            "http://localhost:8400/x",
            "http://127.0.0.1/",
            "http://[::1]:9/",
        ] {
            assert!(is_redirect(good), "{good}");
        }
        for bad in [
            "",
            "app.example",
            "http://app.example/",
            "https://",
            "https://a@b.example/",
            "https://b.example/#x",
            "https://*.example/",
            "https://b.example\\@c.example/",
            "https://b.example/ x",
            "https://b.example:0/",
            "https://b.example:99999/",
            "https://b.example:/",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "javascript:alert(1)",
            "javascript://x",
            "https://é.example/",
            "https://b.example;script-src",
        ] {
            assert!(!is_redirect(bad), "{bad}");
        }
        assert!(!is_redirect(&format!("https://a.example/{}", "x".repeat(600))));
    }

    #[test]
    fn a_program_on_a_person_s_computer_listens_on_any_port() {
        assert!(redirect_matches("http://localhost/cb", "http://localhost:53682/cb"));
        assert!(redirect_matches("http://localhost:1/cb", "http://localhost:2/cb"));
        for (registered, named) in [
            ("http://localhost/cb", "http://localhost:53682/other"),
            ("http://localhost/cb", "http://127.0.0.1:53682/cb"),
            ("https://a.example/cb", "https://a.example:8443/cb"),
            ("https://a.example/cb", "https://a.example/cb/"),
            ("http://localhost/cb", "http://localhost:1@evil.example/cb"),
        ] {
            assert!(!redirect_matches(registered, named), "{named}");
        }
        assert_eq!(redirect_source("http://localhost:1/cb?x").as_deref(), Some("http://localhost:1"));
        assert_eq!(redirect_source("ftp://x/"), None);
        for (uri, origin) in [
            ("https://App.example/cb?x", Some("https://app.example")),
            ("https://app.example:443/", Some("https://app.example")),
            ("https://app.example:8443", Some("https://app.example:8443")),
            ("http://localhost:5173/cb", Some("http://localhost")),
            ("http://app.example/", None),
            ("null", None),
        ] {
            assert_eq!(redirect_origin(uri).as_deref(), origin, "{uri}");
        }
    }
}
