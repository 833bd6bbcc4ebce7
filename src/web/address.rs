//! Where a request comes from, for limits: the socket's address, or what the one trusted proxy says of its client. An IPv6 network of
//! 64 bits counts as one client, since anyone who has one address of it has all.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};

/// The client's address.
pub fn of(headers: &HeaderMap, extensions: &Extensions, trusted_proxy: Option<IpAddr>) -> IpAddr {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip().to_canonical());
    let client = if trusted_proxy.is_some_and(|proxy| proxy.to_canonical() == peer) {
        forwarded(headers).unwrap_or(peer)
    } else {
        peer
    };
    network(client)
}

/// The last address of the last header: the one that the proxy itself has seen. What stands before it, the client may have made up.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
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

    fn seen(peer: &str, forwarded: &str, trusted: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo::<SocketAddr>(SocketAddr::new(peer.parse().expect("an address"), 1)));
        of(&headers, &extensions, trusted.map(|ip| ip.parse().expect("an address"))).to_string()
    }

    #[test]
    fn only_the_trusted_proxy_is_believed() {
        assert_eq!(seen("192.0.2.1", "198.51.100.7", None), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", "198.51.100.7", Some("192.0.2.9")), "192.0.2.1");
        assert_eq!(seen("192.0.2.9", "10.0.0.1, 198.51.100.7", Some("192.0.2.9")), "198.51.100.7");
        assert_eq!(seen("::ffff:192.0.2.9", "junk", Some("192.0.2.9")), "192.0.2.9");
        assert_eq!(seen("2001:db8:1:2:3:4:5:6", "", None), "2001:db8:1:2::");
    }
}
