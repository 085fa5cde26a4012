//! `hoesu sign`: the headers that prove to a channel who is calling.

use std::collections::BTreeMap;

use axum::http::Method;
use clap::Args;
use hoesu_channels::channel::Call;
use hoesu_sandbox::curl::spelled;
use jiff::Timestamp;

use crate::account::Whose;
use crate::failure::{Exit, Result, misuse};
use crate::given::Pair;
use crate::pick;
use crate::shell::Shell;

/// Print the header that signs a call to a channel.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The channel's id.
    channel: String,
    /// HTTP method.
    method: String,
    /// Path and query, exactly as they will be sent.
    #[arg(value_name = "PATH[?QUERY]")]
    target: String,
    /// A field of the credential; repeatable.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = crate::given::pair)]
    set: Vec<Pair>,
    /// The access key, where the channel has one.
    #[arg(long, value_name = "KEY")]
    access_key: Option<String>,
    /// The secret key, where the channel has one.
    #[arg(long, value_name = "KEY")]
    secret_key: Option<String>,
    /// Take what the ledger knows of the credential from this account.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// The time of signing; now unless given.
    #[arg(long, value_name = "INSTANT", value_parser = crate::given::instant)]
    at: Option<Timestamp>,
    /// Print only the value of the header that proves who calls.
    #[arg(long)]
    header_value: bool,
    #[command(flatten)]
    whose: Whose,
}

impl Sign {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let channel = pick::channel(&self.channel)?;
        let credentials = self.credentials(shell).await?;
        let missing = channel.capabilities().credential.iter().filter(|field| {
            field.role != hoesu_channels::Role::Setting && !credentials.contains_key(field.name)
        });
        let missing = missing.map(|field| field.name).collect::<Vec<_>>().join(", ");
        if !missing.is_empty() {
            return Err(misuse!(
                "서명에 필요한 값이 없어요: {missing}. --set 이름=값으로 알려 주세요",
                "signing needs: {missing}; give each by --set NAME=VALUE"
            ));
        }
        let written = &self.method;
        let method = Method::from_bytes(written.to_ascii_uppercase().as_bytes()).map_err(|_| {
            misuse!("{written}은(는) HTTP 메서드가 아니에요", "{written} is not an HTTP method")
        })?;
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        if !path.starts_with('/') {
            return Err(misuse!(
                "경로는 /로 시작해야 해요: {path}",
                "the path must begin with /: {path}"
            ));
        }
        let now = self.at.unwrap_or(shell.now);
        let call = Call { credentials: &credentials, method: &method, path, query, now };
        let mut headers = channel.authorize(&call);
        // A channel may also want to hear something public that was not given here.
        headers.retain(|(_, value)| !value.is_empty());
        if shell.json {
            let headers: BTreeMap<_, _> =
                headers.iter().map(|(name, value)| (spelled(name), value)).collect();
            shell.value(&headers)?;
            return Ok(Exit::Done);
        }
        if self.header_value {
            let proof = headers.first().map(|(_, value)| value.as_str()).unwrap_or_default();
            shell.line(proof)?;
            return Ok(Exit::Done);
        }
        for (name, value) in headers {
            shell.line(format!("{}: {value}", spelled(name)))?;
        }
        Ok(Exit::Done)
    }

    async fn credentials(&self, shell: &Shell) -> Result<BTreeMap<String, String>> {
        let mut known = BTreeMap::new();
        if let Some(name) = &self.account {
            let ledger = shell.existing_ledger().await?;
            let (_, account) = pick::account(&ledger, name, self.whose.seller.as_deref()).await?;
            if account.channel != self.channel {
                let (channel, its) = (&self.channel, &account.channel);
                return Err(misuse!(
                    "{name} 계정은 {channel}이(가) 아니라 {its} 채널이에요",
                    "the account {name} is on {its}, not on {channel}"
                ));
            }
            known.extend(account.settings.clone());
            known.extend(ledger.secrets(&account).await?);
        }
        known.extend(self.set.iter().map(|pair| (pair.name.clone(), pair.value.clone())));
        let named = [("access_key", &self.access_key), ("secret_key", &self.secret_key)];
        known.extend(
            named.into_iter().filter_map(|(name, key)| Some((name.to_owned(), key.clone()?))),
        );
        Ok(known)
    }
}
