//! Addresses of an issuer: only such as nobody in between can answer in its place.

use std::{fmt, net::IpAddr, str::FromStr};

use reqwest::Url;
use serde::{Deserialize, Serialize};

/// An address by https, or by http on this machine; written as it was given, since issuers are compared letter by letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    text: String,
    url: Url,
}

/// No address that can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no address of an issuer: that begins with https://, or with http:// on this machine")]
pub struct InvalidAddress(String);

impl Address {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// For requests.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Address, InvalidAddress> {
        let bad = || InvalidAddress(text.to_owned());
        let url = Url::parse(text).map_err(|_| bad())?;
        let trusted = match url.scheme() {
            "https" => true,
            "http" => is_this_machine(&url),
            _ => false,
        };
        if trusted { Ok(Address { text: text.to_owned(), url }) } else { Err(bad()) }
    }
}

fn is_this_machine(url: &Url) -> bool {
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
    fn only_what_cannot_be_answered_in_between_is_an_address() {
        for good in ["https://id.example/pool", "http://localhost:1", "http://127.0.0.1:1/a", "http://[::1]/"] {
            assert_eq!(good.parse::<Address>().unwrap().as_str(), good);
        }
        for bad in ["http://id.example", "javascript:alert(1)", "id.example", "", "http://127.0.0.1.example"] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_what_a_policy_names() {
        let address: Address = "https://id.example/oauth2/token?x".parse().unwrap();
        assert_eq!(address.origin(), "https://id.example");
    }
}
