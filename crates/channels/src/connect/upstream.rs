//! Where an account's channel answers, and what proves there who we are.

use std::collections::BTreeMap;

use axum::http::Uri;
use hoesu_ledger::Account;

use super::Connector;
use crate::{Channel, Role, Setting, Title};

/// The setting with another address than the real channel's.
pub const BASE_URL: &str = "base_url";

/// What stands before a credential field's name in the settings and secrets of what we show the
/// channel; the fields without it are what callers show us.
const PREFIX: &str = "upstream_";

/// The setting every channel has that is asked.
pub(crate) const ADDRESS: Setting = Setting {
    name: BASE_URL,
    what: Title {
        ko: "채널 대신 물어볼 주소입니다. http는 이 컴퓨터로만 보냅니다",
        en: "asked instead of the channel's own address; plain http only to this machine",
    },
    values: &[],
    secret: false,
};

/// The setting with the day a key that ends was issued.
pub const ISSUED_ON: &str = "upstream_issued_on";

/// The setting of every channel whose keys end.
pub(crate) const ISSUED: Setting = Setting {
    name: ISSUED_ON,
    what: Title {
        ko: "채널이 키를 발급한 날입니다(2026-01-31). 만료되기 전에 알려 드립니다",
        en: "the day the channel issued the key (2026-01-31), to be told before it ends",
    },
    values: &[],
    secret: false,
};

/// A secret shown to the channel; its name begins with `upstream_`.
pub(crate) const fn shown(name: &'static str) -> Setting {
    Setting {
        name,
        what: Title {
            ko: "채널이 판매자에게 발급한 키입니다. 채널에 물어볼 때 씁니다",
            en: "issued to the seller by the channel, for asking it",
        },
        values: &[],
        secret: true,
    }
}

/// An account as its channel knows it. The credentials are never shown: not by `Debug`, not in logs.
#[derive(Clone)]
pub struct Upstream {
    origin: String,
    credentials: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upstream").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// Why an account's channel can't be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongUpstream {
    /// We don't ask this channel.
    NoConnector,
    /// A setting or secret of this name is needed.
    Missing(String),
    /// [`BASE_URL`] is no scheme and host alone.
    NoAddress,
    /// [`BASE_URL`] is plain http to somewhere else than this machine.
    PlainHttp,
}

impl std::fmt::Display for WrongUpstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoConnector => f.write_str("the channel is not asked by anybody here"),
            Self::Missing(name) => write!(f, "{name} is not set"),
            Self::NoAddress => write!(f, "{BASE_URL} is no address such as https://example.com"),
            Self::PlainHttp => {
                write!(f, "{BASE_URL} is plain http, which may only be this machine")
            }
        }
    }
}

impl std::error::Error for WrongUpstream {}

impl Upstream {
    /// What an account's settings and secrets say. Each field of the channel's credential is taken
    /// from `upstream_<field>`; one that is no secret may be told by the field's own name as well.
    pub fn of(
        channel: &dyn Channel,
        account: &Account,
        secrets: &BTreeMap<String, String>,
    ) -> Result<Self, WrongUpstream> {
        let connector: &dyn Connector = channel.connector().ok_or(WrongUpstream::NoConnector)?;
        let given = |name: &str| {
            let value = secrets.get(name).or_else(|| account.settings.get(name));
            value.filter(|value| !value.is_empty()).cloned()
        };
        let mut credentials = BTreeMap::new();
        for field in channel.capabilities().credential {
            let name = format!("{PREFIX}{}", field.name);
            let own = match field.role {
                Role::Setting => given(field.name),
                Role::Credential | Role::Secret => None,
            };
            let value = given(&name).or(own).ok_or(WrongUpstream::Missing(name))?;
            credentials.insert(field.name.to_owned(), value);
        }
        let origin = match account.setting(BASE_URL).filter(|url| !url.is_empty()) {
            Some(url) => origin(url)?,
            None => connector.address().to_owned(),
        };
        Ok(Self { origin, credentials, settings: account.settings.clone() })
    }

    /// Scheme, host and port: `https://example.com`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// A field of the credential; empty if there is none of the name.
    pub fn credential(&self, name: &str) -> &str {
        self.credentials.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A setting of the account.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.settings.get(name).map(String::as_str)
    }

    pub(super) const fn credentials(&self) -> &BTreeMap<String, String> {
        &self.credentials
    }
}

/// Scheme, host and port of an address that has nothing else.
fn origin(url: &str) -> Result<String, WrongUpstream> {
    let uri: Uri = url.parse().map_err(|_| WrongUpstream::NoAddress)?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(WrongUpstream::NoAddress);
    };
    let alone = matches!(uri.path(), "" | "/") && uri.query().is_none() && !url.contains('#');
    if !alone || authority.host().is_empty() || authority.as_str().contains('@') {
        return Err(WrongUpstream::NoAddress);
    }
    match scheme {
        "https" => {}
        "http" if is_loopback(authority.host()) => {}
        "http" => return Err(WrongUpstream::PlainHttp),
        _ => return Err(WrongUpstream::NoAddress),
    }
    Ok(format!("{scheme}://{authority}"))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let address = bare.parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for url in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1/"] {
            assert_eq!(origin(url).unwrap(), url.trim_end_matches('/'));
        }
        for url in ["http://example.com", "http://10.0.0.1", "http://localhost.example.com"] {
            assert_eq!(origin(url), Err(WrongUpstream::PlainHttp), "{url}");
        }
        assert_eq!(origin("https://example.com/").unwrap(), "https://example.com");
    }

    #[test]
    fn an_address_is_scheme_and_host_and_nothing_else() {
        let wrong = [
            "",
            "example.com",
            "/path",
            "ftp://example.com",
            "https://",
            "https://example.com/path",
            "https://example.com/?a=b",
            "https://example.com/#there",
            "https://name:word@example.com",
            "http://127.0.0.1@example.com",
        ];
        for url in wrong {
            assert_eq!(origin(url), Err(WrongUpstream::NoAddress), "{url}");
        }
    }
}
