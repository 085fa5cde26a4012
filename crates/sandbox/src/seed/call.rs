//! A call of an account's surface that can be pasted into a shell.

use std::collections::BTreeMap;

use axum::http::Method;
use hoesu_channels::channel::Call;
use hoesu_channels::connect::{Reading, Span, Unsigned, Upstream};
use hoesu_channels::{Role, json};
use jiff::{SignedDuration, Timestamp};

use super::quoted;
use crate::booth::Booth;

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
    let Unsigned { method, path, query, headers, body } =
        listed(booth, settings, until).unwrap_or_else(|| example(booth, &credentials));
    let target = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    let mut words = vec!["curl -s".to_owned()];
    if method != Method::GET {
        words.push(format!("-X {method}"));
    }
    words.extend(proof(booth, &credentials, &method, &path, &query, &target, until));
    let header =
        |(name, value): &(&str, String)| format!("-H {}", quoted(&format!("{name}: {value}")));
    words.extend(headers.iter().map(header));
    if !body.is_empty() {
        // On one line, where it is JSON.
        let body = json::compact(&body).unwrap_or(body);
        words.push(format!("-d {}", quoted(&String::from_utf8_lossy(&body))));
    }
    words.push(quoted(&format!("{base_url}{target}")));
    words.join(" ")
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
    method: &Method,
    path: &str,
    query: &str,
    target: &str,
    now: Timestamp,
) -> Vec<String> {
    let fields = booth.channel.capabilities().credential;
    if !fields.iter().any(|field| field.role == Role::Secret) {
        let call = Call { credentials, method, path, query, now };
        let headers = booth.channel.authorize(&call).into_iter();
        let shown =
            headers.map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}"))));
        return shown.collect();
    }
    let mut sign = format!("hoesu sign {} {method} {}", booth.channel.id(), quoted(target));
    for field in fields.iter().filter(|field| field.role != Role::Setting) {
        let set = quoted(&format!("{}={}", field.name, credentials[field.name]));
        sign = format!("{sign} --set {set}");
    }
    vec![format!("-H \"Authorization: $({sign} --header-value)\"")]
}
