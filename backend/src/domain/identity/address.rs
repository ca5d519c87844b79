//! Addresses of an external issuer. Plain HTTP is allowed on this machine only, because anyone on the network could
//! answer it.

use std::{fmt, net::IpAddr, str::FromStr};

use reqwest::Url;
use serde::{Deserialize, Serialize};

/// An HTTPS address, or an HTTP address on this machine. The spelling is kept, because issuers are compared as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    text: String,
    url: Url,
}

/// The address is not a URL, or not a secure one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an issuer's address: use https://, or http:// on this machine")]
pub struct InvalidAddress(String);

impl Address {
    /// Returns the address as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the parsed URL.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Returns the scheme, host and port.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Address, InvalidAddress> {
        let invalid = || InvalidAddress(text.to_owned());
        let url = Url::parse(text).map_err(|_| invalid())?;
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url),
            _ => false,
        };
        if is_secure { Ok(Address { text: text.to_owned(), url }) } else { Err(invalid()) }
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

impl TryFrom<String> for Address {
    type Error = InvalidAddress;
    fn try_from(text: String) -> Result<Address, InvalidAddress> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.text
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_addresses_are_accepted() {
        for valid in ["https://id.example/pool", "http://localhost:1", "http://127.0.0.1:1/a", "http://[::1]/"] {
            assert_eq!(valid.parse::<Address>().unwrap().as_str(), valid);
        }
        for invalid in ["http://id.example", "javascript:alert(1)", "id.example", "", "http://127.0.0.1.example"] {
            assert!(invalid.parse::<Address>().is_err(), "{invalid}");
        }
    }

    #[test]
    fn origin_has_no_path_and_no_query() {
        let address: Address = "https://id.example/oauth2/token?x".parse().unwrap();
        assert_eq!(address.origin(), "https://id.example");
    }
}
