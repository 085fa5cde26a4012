//! Who is not let in: every endpoint turns away whoever doesn't prove who he is, in the channel's own
//! words, whatever there is; and the connector hears it as what it is.
//!
//! The words are fixtures, `denied….<case>.response.<ext>`; which cases there are is chosen from the
//! credential.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use axum::http::Method;
use jiff::{SignedDuration, Timestamp};

use super::fair::{Fair, variants};
use crate::channel::Call;
use crate::connect::tests::said;
use crate::connect::{Denied, Fix, ReadFailure, Reading, Span};
use crate::trial::{Answered, NOW, compact};
use crate::{CHANNELS, Channel, Endpoint, Role, Side};

/// A wrong proof of who calls.
struct Case {
    name: &'static str,
    credentials: BTreeMap<String, String>,
    at: Timestamp,
    /// Another query than the one that is sent is signed.
    signs: &'static str,
    /// The headers of the proof are left out.
    silent: bool,
    reads: Denied,
}

/// The wrong proofs there are for a channel's credential.
fn cases(channel: &dyn Channel, right: &BTreeMap<String, String>) -> Vec<Case> {
    let case = |name| Case {
        name,
        credentials: right.clone(),
        at: NOW,
        signs: "",
        silent: false,
        reads: Denied::Key,
    };
    let with_other = |name, role| {
        let mut case = case(name);
        for field in channel.capabilities().credential.iter().filter(|field| field.role == role) {
            case.credentials.insert(field.name.to_owned(), (field.make)([9; 32]));
        }
        case
    };
    let mut cases =
        vec![Case { silent: true, ..case("no-key") }, with_other("unknown-key", Role::Credential)];
    let is_signed = channel.capabilities().credential.iter().any(|one| one.role == Role::Secret);
    if is_signed {
        let by = SignedDuration::from_mins(10);
        cases.push(with_other("wrong-signature", Role::Secret));
        cases.push(Case { signs: "other=1", ..case("wrong-signature") });
        for at in [NOW - by, NOW + by] {
            cases.push(Case { at, reads: Denied::Clock, ..case("expired") });
        }
    }
    cases
}

/// The words a channel has for a case, by file.
fn words(channel: &dyn Channel, case: &str, ext: &str) -> BTreeMap<String, String> {
    let folder = channel.id().replace('-', "_");
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "src", &folder, "fixtures"].iter().collect();
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let ours = files.filter_map(|path| {
        let name = path.file_name()?.to_str()?.to_owned();
        let ours = name.starts_with("denied") && name.ends_with(&format!(".{case}.response.{ext}"));
        ours.then(|| {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = if ext == "json" { compact(&text) } else { text.trim_end().to_owned() };
            (name, text)
        })
    });
    ours.collect()
}

/// The path of an endpoint with something in each of its places.
fn path(endpoint: &Endpoint, credentials: &BTreeMap<String, String>) -> String {
    let fill = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => credentials.get(name).cloned().unwrap_or_else(|| "1".to_owned()),
        None => part.to_owned(),
    };
    endpoint.path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// A call of an endpoint with this proof.
async fn call(fair: &Fair, endpoint: &Endpoint, case: &Case, ext: &str) -> Answered {
    let channel = fair.trial.channel;
    let method = Method::from_bytes(endpoint.method.as_bytes()).unwrap();
    let path = path(endpoint, &fair.trial.credentials);
    let credentials = &case.credentials;
    let call = Call { credentials, method: &method, path: &path, query: case.signs, now: case.at };
    let mut headers = if case.silent { Vec::new() } else { channel.authorize(&call) };
    headers.push(("Content-Type", format!("application/{ext}")));
    headers.push(("Accept", format!("application/{ext}")));
    fair.trial.send(method, &path, &headers, "").await
}

fn served(channel: &dyn Channel) -> impl Iterator<Item = &'static Endpoint> {
    channel.capabilities().endpoints.iter().filter(|one| one.side != Side::Known)
}

#[tokio::test]
async fn every_endpoint_turns_away_whoever_does_not_prove_who_he_is() {
    for channel in CHANNELS.iter().copied() {
        let settings = &variants(channel)[0];
        let exts: &[&str] =
            if channel.capabilities().xml_record.is_empty() { &["json"] } else { &["json", "xml"] };
        for fair in
            [Fair::empty(channel, settings).await, Fair::invented(channel, settings, 5).await]
        {
            for case in cases(channel, &fair.trial.credentials) {
                for ext in exts {
                    let words = words(channel, case.name, ext);
                    let mut heard = BTreeSet::new();
                    for endpoint in served(channel) {
                        let said = call(&fair, endpoint, &case, ext).await;
                        let what = format!("{} {} {}", channel.id(), case.name, endpoint.path);
                        assert_eq!(said.status.as_u16(), 401, "{what}");
                        let known = words.iter().find(|(_, words)| **words == said.body);
                        let Some((file, _)) = known else {
                            panic!("{what} is in no fixture: {}", said.body)
                        };
                        heard.insert(file.clone());
                        assert_is_heard(channel, &said, case.reads);
                    }
                    assert!(heard.iter().eq(words.keys()), "{}: {words:?}", channel.id());
                }
            }
        }
    }
}

/// The connector hears that it is not let in.
fn assert_is_heard(channel: &dyn Channel, answered: &Answered, denied: Denied) {
    let Some(connector) = channel.connector() else { return };
    for feed in connector.feeds() {
        let span = Span { from: NOW - feed.step.length(), until: NOW };
        let ask = Reading::oldest_first(feed, span).next_ask().unwrap();
        let said = said(answered.status.as_u16(), &[], &answered.body);
        let failure = connector.read(&ask, &said).unwrap_err();
        assert_eq!(failure, ReadFailure::Denied(denied), "{} {}", channel.id(), feed.id);
        // Signed anew a late call may pass; another key is a person's to find.
        let fix = if denied == Denied::Clock { Fix::Again } else { Fix::Person };
        assert_eq!(failure.fix(), fix);
    }
}

#[tokio::test]
async fn nobody_is_shown_what_another_sellers_path_names() {
    for channel in CHANNELS.iter().copied() {
        let fair = Fair::invented(channel, &variants(channel)[0], 5).await;
        let fields = channel.capabilities().credential.iter();
        for field in fields.filter(|field| field.role == Role::Setting) {
            let place = format!("{{{}}}", field.name);
            for endpoint in served(channel).filter(|one| one.path.contains(&place)) {
                let mut others = fair.trial.credentials.clone();
                others.insert(field.name.to_owned(), (field.make)([9; 32]));
                let method = Method::from_bytes(endpoint.method.as_bytes()).unwrap();
                let said = fair.trial.call(method, &path(endpoint, &others), "").await;
                let words = words(channel, "other-seller", "json");
                assert!(words.values().eq([&said.body]), "{} {}", endpoint.path, said.body);
                assert!(said.status.is_client_error(), "{}", endpoint.path);
                assert_is_heard(channel, &said, Denied::Key);
            }
        }
    }
}
