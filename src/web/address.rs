//! Where a request comes from, for limits: the socket's address, or what trusted proxies say of their client. An IPv6 network of 64 bits
//! counts as one client, since anyone who has one address of it has all.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::{Authority, Scheme};
use axum::http::{Extensions, HeaderMap};

use crate::config::{Config, Networks};

/// The client's network: what limits count by.
pub fn of(headers: &HeaderMap, extensions: &Extensions, trusted: &Networks) -> IpAddr {
    network(client(headers, extensions, trusted))
}

/// The client's address: the right-most one of the way that no trusted proxy has. What stands before it, the client may have made up.
pub fn client(headers: &HeaderMap, extensions: &Extensions, trusted: &Networks) -> IpAddr {
    let mut client = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
    let mut way = forwarded(headers);
    while trusted.contains(client) {
        // What a trusted proxy says and we cannot read is no address of anybody: the proxy itself counts.
        let Some(before) = way.pop().and_then(parse) else { break };
        client = before;
    }
    client
}

/// All that X-Forwarded-For names, the latest last.
fn forwarded(headers: &HeaderMap) -> Vec<&str> {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).collect()
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:4711`.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare
        .parse()
        .ok()
        .or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|ip: IpAddr| ip.to_canonical())
}

/// Scheme and host by which the client reached us, for addresses in answers. A trusted proxy says both for its client.
pub fn origin(parts: &Parts, config: &Config) -> String {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
    let by_proxy = config.trusted_proxy.contains(peer);
    let forwarded = |name: &str| {
        let line = parts.headers.get(name).filter(|_| by_proxy)?.to_str().ok()?;
        line.split(',').next().map(str::trim)
    };
    let secure = parts.extensions.get::<Scheme>() == Some(&Scheme::HTTPS) || config.behind_tls;
    let scheme = match forwarded("x-forwarded-proto") {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
        Some(scheme) if scheme.eq_ignore_ascii_case("http") => "http",
        _ if secure => "https",
        _ => "http",
    };
    let named = || parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = forwarded("x-forwarded-host")
        .or_else(named)
        .or_else(|| parts.uri.authority().map(Authority::as_str));
    let plain = |host: &&str| {
        !host.is_empty()
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']' | '_'))
    };
    match host.filter(plain) {
        Some(host) => format!("{scheme}://{host}"),
        None => config.public_url.trim_end_matches('/').to_owned(),
    }
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().expect("a header"));
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo::<SocketAddr>(SocketAddr::new(peer.parse().expect("an address"), 1)));
        of(&headers, &extensions, &trusted.parse().expect("networks")).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], ""), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], "192.0.2.9"), "192.0.2.1");
        assert_eq!(seen("192.0.2.9", &["10.0.0.1, 198.51.100.7"], "192.0.2.9"), "198.51.100.7");
        assert_eq!(seen("::ffff:192.0.2.9", &["junk"], "192.0.2.9"), "192.0.2.9");
        assert_eq!(seen("2001:db8:1:2:3:4:5:6", &[""], ""), "2001:db8:1:2::");
    }

    /// Fault B8.
    #[test]
    fn an_address_may_come_with_a_port_or_in_brackets() {
        let proxy = "192.0.2.9";
        assert_eq!(seen(proxy, &["198.51.100.7:4711"], proxy), "198.51.100.7");
        assert_eq!(seen(proxy, &["[2001:db8:1:2::9]"], proxy), "2001:db8:1:2::");
        assert_eq!(seen(proxy, &["[2001:db8:1:2::9]:4711"], proxy), "2001:db8:1:2::");
        assert_eq!(seen(proxy, &["[::ffff:198.51.100.7]:1"], proxy), "198.51.100.7");
        assert_eq!(seen("2001:db8::9", &["198.51.100.7"], "[2001:db8::9]"), "198.51.100.7");
    }

    /// Fault B8.
    #[test]
    fn of_several_proxies_the_right_most_address_that_is_none_of_theirs_counts() {
        let trusted = "192.0.2.9, 10.1.0.0/16";
        assert_eq!(
            seen("192.0.2.9", &["203.0.113.66, 198.51.100.7, 10.1.2.3"], trusted),
            "198.51.100.7"
        );
        assert_eq!(
            seen("10.1.2.3", &["203.0.113.66", "198.51.100.7, 192.0.2.9"], trusted),
            "198.51.100.7"
        );
        assert_eq!(seen("10.2.2.3", &["198.51.100.7"], trusted), "10.2.2.3");
        assert_eq!(seen("10.1.2.3", &["198.51.100.7, _hidden, 192.0.2.9"], trusted), "192.0.2.9");
        assert_eq!(seen("10.1.2.3", &["10.1.9.9"], trusted), "10.1.9.9");
        assert_eq!(seen("10.1.2.3", &[], trusted), "10.1.2.3");
        assert_eq!(seen("2001:db8::9", &["198.51.100.7"], "2001:db8::/32"), "198.51.100.7");
    }
}
