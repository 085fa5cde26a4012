//! A booth: one seller's account on one channel, with the keys its callers show.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::HeaderMap;
use hoesu_channels::stall::Stall;
use hoesu_channels::{CHANNELS, Channel, Role};
use hoesu_ledger::{Account, Ledger, NewAccount};
use hoesu_market::{Customs, Order};
use sha2::{Digest as _, Sha256};

use crate::{Plan, Result};

/// One seller's account on one channel.
pub(crate) struct Booth {
    /// Whose, from 0.
    pub(crate) seller: usize,
    /// What the seller is called.
    pub(crate) seller_name: String,
    pub(crate) channel: &'static dyn Channel,
    pub(crate) account: Account,
    /// Every field of the credential.
    pub(crate) credentials: BTreeMap<&'static str, String>,
    /// Which of the market's places it is; `None` if nothing is sold there.
    pub(crate) place: Option<usize>,
}

/// The marketplaces in the registry's order: the market's places.
pub(crate) fn places() -> Vec<(&'static dyn Channel, Customs)> {
    let customs = |channel: &dyn Channel| channel.stall()?.customs();
    CHANNELS.iter().filter_map(|channel| Some((*channel, customs(*channel)?))).collect()
}

/// An account of every seller on every channel.
pub(crate) async fn set_up(plan: &Plan, ledger: &Ledger) -> Result<Vec<Booth>> {
    let places = places();
    let at = plan.opens_at();
    let mut booths = Vec::new();
    for seller in 0..plan.sellers as usize {
        let seller_name = format!("shop-{}", seller + 1);
        let owner = ledger.add_seller(&seller_name, at).await?;
        let names: Vec<(&str, String)> =
            CHANNELS.iter().map(|one| (one.id(), format!("{}-{}", one.id(), seller + 1))).collect();
        let sold: Vec<(&str, &str)> = names.iter().map(|(id, name)| (*id, name.as_str())).collect();
        for (channel, (_, name)) in CHANNELS.iter().copied().zip(&names) {
            let credentials = credentials(plan.seed, seller, channel);
            let mut new = NewAccount {
                seller: owner.id,
                channel: channel.id().to_owned(),
                name: name.clone(),
                settings: settings(plan, channel, &sold),
                secrets: BTreeMap::new(),
                credential: String::new(),
            };
            for field in channel.capabilities().credential {
                let value = credentials[field.name].clone();
                match field.role {
                    Role::Setting => drop(new.settings.insert(field.name.to_owned(), value)),
                    Role::Secret => drop(new.secrets.insert(field.name.to_owned(), value)),
                    Role::Credential => new.credential = value,
                }
            }
            let place = places.iter().position(|(place, _)| place.id() == channel.id());
            let account = ledger.add_account(new, at).await?;
            let seller_name = seller_name.clone();
            booths.push(Booth { seller, seller_name, channel, account, credentials, place });
        }
    }
    Ok(booths)
}

/// The same for the same seed.
fn credentials(seed: u64, seller: usize, channel: &dyn Channel) -> BTreeMap<&'static str, String> {
    let fields = channel.capabilities().credential.iter();
    fields
        .map(|field| {
            let what = format!("{}/{}", channel.id(), field.name);
            (field.name, (field.make)(bits(seed, &format!("{seller}/{what}"))))
        })
        .collect()
}

/// Bits that look random and are the same for the same seed and purpose.
pub(crate) fn bits(seed: u64, what: &str) -> [u8; 32] {
    Sha256::digest(format!("hoesu-sandbox/{seed}/{what}")).into()
}

fn settings(plan: &Plan, channel: &dyn Channel, sold: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    for setting in channel.capabilities().settings {
        if setting.name == "profile" && setting.values.contains(&plan.profile.name()) {
            settings.insert(setting.name.to_owned(), plan.profile.name().to_owned());
        }
    }
    settings.extend(of_others(channel, sold));
    settings
}

/// What an account's settings must say of the seller's accounts, whose names these are by channel.
pub(crate) fn of_others(channel: &dyn Channel, names: &[(&str, &str)]) -> BTreeMap<String, String> {
    let places = places();
    let is_sold_on = |id: &str| places.iter().any(|(place, _)| place.id() == id);
    let sold: Vec<_> = names.iter().copied().filter(|(id, _)| is_sold_on(id)).collect();
    let told = channel.stall().map(|stall| stall.settings(&sold)).unwrap_or_default();
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Booth {
    /// The stall, if it has anything to say of an order.
    pub(crate) fn stall_for(&self, order: &Order) -> Option<&'static dyn Stall> {
        let stall = self.channel.stall()?;
        let hears = self.place.is_none_or(|place| place == order.place);
        (hears && self.seller == order.seller).then_some(stall)
    }

    /// Whether a call shows this account's key.
    fn is_shown(&self, headers: &HeaderMap) -> bool {
        let fields = self.channel.capabilities().credential.iter();
        let shown = fields.filter(|field| field.role == Role::Credential);
        let mut keys = shown.filter_map(|field| self.credentials.get(field.name));
        keys.any(|key| {
            headers.values().any(|value| value.to_str().is_ok_and(|value| value.contains(key)))
        })
    }
}

/// The booth whose key a call shows.
pub(crate) fn caller(
    booths: &Arc<[Booth]>,
    channel: &dyn Channel,
    headers: &HeaderMap,
) -> Option<usize> {
    booths.iter().position(|booth| booth.channel.id() == channel.id() && booth.is_shown(headers))
}
