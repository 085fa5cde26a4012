//! A call of an account's surface that can be pasted into a shell.

use std::collections::BTreeMap;

use hoesu_channels::Role;
use hoesu_channels::channel::Call;
use hoesu_channels::connect::{Reading, Span, Unsigned, Upstream};
use jiff::{SignedDuration, Timestamp};

use crate::booth::Booth;
use crate::curl;

/// What the channel's first list shows of the day before an instant; the channel's own example where
/// nothing is listed.
pub(super) fn of(
    booth: &Booth,
    settings: &BTreeMap<String, String>,
    base_url: &str,
    until: Timestamp,
) -> String {
    let credentials: BTreeMap<String, String> =
        booth.credentials.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let call = listed(booth, settings, until).unwrap_or_else(|| example(booth, &credentials));
    curl::line(base_url, &call, proof(booth, &credentials, &call, until))
}

fn listed(
    booth: &Booth,
    settings: &BTreeMap<String, String>,
    until: Timestamp,
) -> Option<Unsigned> {
    let connector = booth.channel.connector()?;
    let mut account = booth.account.clone();
    account.settings.clone_from(settings);
    let upstream = Upstream::of(booth.channel, &account, settings).ok()?;
    let from = until.saturating_sub(SignedDuration::from_hours(24)).unwrap_or(until);
    let ask = Reading::newest_first(connector.feeds().first()?, Span { from, until }).next_ask()?;
    Some(connector.put(&upstream, &ask))
}

fn example(booth: &Booth, credentials: &BTreeMap<String, String>) -> Unsigned {
    let example = booth.channel.examples(credentials).swap_remove(0);
    Unsigned {
        method: example.method,
        path: example.path,
        query: example.query,
        headers: example.headers,
        body: example.body.unwrap_or_default().into_bytes(),
    }
}

/// The headers that prove who calls. A signature is good for minutes: it is made when the command runs.
fn proof(
    booth: &Booth,
    credentials: &BTreeMap<String, String>,
    call: &Unsigned,
    now: Timestamp,
) -> Vec<String> {
    let Unsigned { method, path, query, .. } = call;
    let fields = booth.channel.capabilities().credential;
    if !fields.iter().any(|field| field.role == Role::Secret) {
        let headers = booth.channel.authorize(&Call { credentials, method, path, query, now });
        return headers.iter().map(|(name, value)| curl::header(name, value)).collect();
    }
    let target = curl::word(&curl::target(path, query));
    let mut sign = format!("hoesu sign {} {method} {target}", booth.channel.id());
    for field in fields.iter().filter(|field| field.role != Role::Setting) {
        let set = curl::word(&format!("{}={}", field.name, credentials[field.name]));
        sign = format!("{sign} --set {set}");
    }
    vec![format!("-H \"Authorization: $({sign} --header-value)\"")]
}
