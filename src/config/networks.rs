//! A list of addresses and networks, as an operator writes it.

use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

/// Addresses and networks, such as those of proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for Networks {
    type Err = String;

    /// Separated by commas; the error is the one that cannot be read.
    fn from_str(text: &str) -> Result<Self, String> {
        let one = |text: &str| {
            let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
            let address = bare.parse().map(|address: IpAddr| IpNet::from(address.to_canonical()));
            address.or_else(|_| bare.parse()).map_err(|_| text.to_owned())
        };
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(Self(parts.map(one).collect::<Result<_, _>>()?))
    }
}
