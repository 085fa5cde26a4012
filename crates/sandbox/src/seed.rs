//! Who can call the market, and how a hub is told of it.

mod call;

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use hoesu_channels::connect::BASE_URL;
use hoesu_channels::{Channel, Role};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Plan;
use crate::booth::Booth;
use crate::curl;
use crate::world::{World, by_seller};

/// A market's sellers and their keys.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Seed {
    /// What the market was made from.
    pub plan: Plan,
    /// Where it answers.
    #[schema(example = "http://127.0.0.1:8790")]
    pub base_url: String,
    /// Who sells there.
    pub sellers: Vec<SeedSeller>,
}

/// A seller of the market.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SeedSeller {
    /// What the seller is called.
    #[schema(example = "shop-1")]
    pub name: String,
    /// The seller's accounts, one for each channel.
    pub accounts: Vec<SeedAccount>,
}

/// An account of a seller of the market.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SeedAccount {
    /// Its name, unique in the market: what faults are ordered by.
    pub name: String,
    /// The channel's id.
    pub channel: String,
    /// What callers of the channel's surface show or sign with, by field.
    pub credentials: BTreeMap<String, String>,
    /// The settings a hub is given for asking this market, by name.
    pub settings: BTreeMap<String, String>,
    /// The command that makes a hub ask this market.
    pub account_add: String,
    /// A call of the channel's surface, signed, as a command. What signs by the time has `hoesu sign` do
    /// it, so that the command never grows old.
    pub call: String,
}

impl Seed {
    pub(crate) fn of(world: &World, base_url: &str) -> Self {
        let sellers = by_seller(world).into_values().map(|booths| SeedSeller {
            name: booths.first().map(|booth| booth.seller_name.clone()).unwrap_or_default(),
            accounts: (booths.into_iter())
                .map(|booth| account(booth, base_url, world.plan.from))
                .collect(),
        });
        Self { plan: world.plan.clone(), base_url: base_url.to_owned(), sellers: sellers.collect() }
    }

    /// Commands that tell a hub of every seller and account, in order.
    pub fn commands(&self) -> Vec<String> {
        let sellers = self.sellers.iter().flat_map(|seller| {
            let add = format!("hoesu seller add {} --clock {}", seller.name, self.base_url);
            std::iter::once(add)
                .chain(seller.accounts.iter().map(|account| account.account_add.clone()))
        });
        sellers.collect()
    }
}

fn account(booth: &Booth, base_url: &str, from: Timestamp) -> SeedAccount {
    let settings = settings(booth, base_url);
    let mut add = format!("hoesu account add {} {}", booth.channel.id(), booth.account.name);
    // By the market's clock: what came before an account was made is not collected.
    add = format!("{add} --clock {base_url} --seller {}", booth.seller_name);
    for (name, value) in &settings {
        add = format!("{add} --set {}", curl::word(&format!("{name}={value}")));
    }
    let credentials =
        booth.credentials.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    SeedAccount {
        name: booth.account.name.clone(),
        channel: booth.channel.id().to_owned(),
        credentials: credentials.collect(),
        call: call::of(booth, &settings, base_url, from),
        settings,
        account_add: add,
    }
}

/// What a hub's account must be given: where to ask, with what, and what the market's own account says.
fn settings(booth: &Booth, base_url: &str) -> BTreeMap<String, String> {
    let channel: &dyn Channel = booth.channel;
    let capabilities = channel.capabilities();
    let takes = |name: &str| capabilities.settings.iter().any(|setting| setting.name == name);
    let mut settings = BTreeMap::new();
    if channel.connector().is_some() {
        settings.insert(BASE_URL.to_owned(), base_url.to_owned());
    }
    for field in capabilities.credential {
        let value = &booth.credentials[field.name];
        let upstream = format!("upstream_{}", field.name);
        if takes(&upstream) {
            settings.insert(upstream, value.clone());
        }
        if field.role == Role::Setting {
            settings.insert(field.name.to_owned(), value.clone());
        }
    }
    let of_account = booth.account.settings.iter().filter(|(name, _)| takes(name));
    settings.extend(of_account.map(|(name, value)| (name.clone(), value.clone())));
    settings
}

/// The address a caller called.
pub(crate) fn base_url(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("127.0.0.1"))
}
