//! An account's credential and settings: what was given, and for the rest something made.

use std::collections::BTreeMap;

use hoesu_channels::{Channel, Role};
use serde::Serialize;
use serde_json::json;

use crate::failure::{Failure, Result, fail, misuse};
use crate::given::Pair;
use crate::lang::Lang;
use crate::lang::say;
use crate::shell::Shell;
use crate::why;

/// What an account is made of.
#[derive(Debug, Default)]
pub(crate) struct Filled {
    /// Kept in the open.
    pub(crate) settings: BTreeMap<String, String>,
    /// Kept sealed.
    pub(crate) secrets: BTreeMap<String, String>,
    /// Kept as a keyed hash.
    pub(crate) credential: String,
    /// Every field of the credential, in the channel's order: to be shown once.
    pub(crate) shown: Vec<(&'static str, String)>,
}

/// Sorts what is given into its places and makes what is missing of the credential. `kept` is what
/// stands already and is not made anew.
pub(crate) fn fill(
    channel: &dyn Channel,
    set: &[Pair],
    kept: &BTreeMap<String, String>,
) -> Result<Filled> {
    let capabilities = channel.capabilities();
    let given = given(channel, set)?;
    let mut filled = Filled::default();
    for field in capabilities.credential {
        let kept = kept.get(field.name).filter(|_| field.role == Role::Setting);
        let value = match given.get(field.name).copied().or(kept.map(String::as_str)) {
            Some(value) => {
                (field.check)(value).map_err(|why| unfit(field.name, why))?;
                value.to_owned()
            }
            None => (field.make)(random()?),
        };
        match field.role {
            Role::Setting => drop(filled.settings.insert(field.name.to_owned(), value.clone())),
            Role::Secret => drop(filled.secrets.insert(field.name.to_owned(), value.clone())),
            Role::Credential => filled.credential.clone_from(&value),
        }
        filled.shown.push((field.name, value));
    }
    for setting in capabilities.settings {
        let kept = kept.get(setting.name).map(String::as_str);
        let Some(value) = given.get(setting.name).copied().or(kept) else { continue };
        if !setting.values.is_empty() && !setting.values.contains(&value) {
            let (name, values) = (setting.name, setting.values.join(", "));
            return Err(misuse!(
                "{name}에 쓸 수 있는 값은 {values}예요",
                "{name} must be one of: {values}"
            ));
        }
        let place = if setting.secret { &mut filled.secrets } else { &mut filled.settings };
        place.insert(setting.name.to_owned(), value.to_owned());
    }
    Ok(filled)
}

/// What is given, by name; unknown names and names given twice are refused.
fn given<'a>(channel: &dyn Channel, set: &'a [Pair]) -> Result<BTreeMap<&'a str, &'a str>> {
    let capabilities = channel.capabilities();
    let fields = capabilities.credential.iter().map(|field| field.name);
    let known: Vec<_> = fields.chain(capabilities.settings.iter().map(|s| s.name)).collect();
    let mut given = BTreeMap::new();
    for Pair { name, value } in set {
        if !known.contains(&name.as_str()) {
            let (id, known) = (channel.id(), known.join(", "));
            return Err(misuse!(
                "{id}에는 {name} 항목이 없어요. --set으로 줄 수 있는 것: {known}",
                "{id} has no {name}; --set takes: {known}"
            ));
        }
        if given.insert(name.as_str(), value.as_str()).is_some() {
            return Err(misuse!("{name}이(가) 두 번 있어요", "{name} is given twice"));
        }
    }
    Ok(given)
}

fn unfit(name: &str, why: &str) -> Failure {
    let why_ko = why::said(why, Lang::Ko);
    misuse!("{name} 값이 맞지 않아요 ({why_ko})", "{name} {why}")
}

fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        fail!("난수를 얻지 못했어요 ({error})", "the system gave no randomness ({error})")
    })?;
    Ok(bytes)
}

/// Says what was made, the one time it can be said.
pub(super) fn show(shell: &Shell, channel: &str, name: &str, filled: &Filled) -> Result<()> {
    if shell.json {
        #[derive(Serialize)]
        struct Made<'a> {
            account: &'a str,
            channel: &'a str,
            credentials: serde_json::Map<String, serde_json::Value>,
        }
        let credentials =
            filled.shown.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        return shell.value(&Made { account: name, channel, credentials });
    }
    shell.line(say!(shell.lang, "계정: {name} ({channel})", "account: {name} ({channel})"))?;
    let width = filled.shown.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in &filled.shown {
        shell.line(format!("  {name:width$}  {value}"))?;
    }
    shell.note(shell.lang.pick(
        "이 값은 지금만 보여 드려요. 안전한 곳에 옮겨 적어 두세요.",
        "This is shown only now; keep it somewhere safe.",
    ));
    Ok(())
}
