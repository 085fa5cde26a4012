//! Deeds: everything the connector can have done is done on the surface, changes what is told, and
//! changes nothing when it is asked again.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::Value;

use super::fair::{Fair, Told, asked, variants};
use crate::connect::tests::{came_of, upstream};
use crate::connect::{Ability, Carriage, Connector, Deed, Does, Outcome, Verb};

/// Keys of one of which any channel makes a call.
pub(super) const KEYS: [&str; 2] = ["1", "1/1"];

/// Everything an ability may be told to do.
pub(super) fn everything(ability: &Ability) -> Vec<Does> {
    let by = || Carriage { courier: "1".to_owned(), waybill: "680405450931".to_owned() };
    all(ability, 1, &by(), &["1".to_owned()])
}

/// Everything that may be done about so many pieces, with this carriage and these boxes.
fn all(ability: &Ability, pieces: u32, by: &Carriage, parcels: &[String]) -> Vec<Does> {
    let by = || by.clone();
    match ability.verb {
        Verb::AnswerStopped => vec![Does::AnswerStopped { pieces }],
        Verb::AnswerShipped => vec![Does::AnswerShipped { by: by() }],
        Verb::GrantCancel => vec![Does::GrantCancel { pieces: Some(pieces) }],
        Verb::ConfirmReceipt => {
            vec![Does::ConfirmReceipt { pieces: Some(pieces), by: Some(by()) }]
        }
        Verb::Approve => vec![Does::Approve { pieces }],
        Verb::Refuse => {
            let codes = ability.reasons.iter().map(|(code, _)| *code);
            let codes = if ability.reasons.is_empty() { vec!["a reason"] } else { codes.collect() };
            let refuse = |reason: &str| Does::Refuse {
                reason: reason.to_owned(),
                pieces: Some(pieces),
                note: Some("메모".to_owned()),
            };
            codes.into_iter().map(refuse).collect()
        }
        Verb::Collect => vec![Does::Collect { by: by(), booking: Some("1".to_owned()) }],
        Verb::Resend => {
            let resend = |parcel: &String| Does::Resend { parcel: parcel.clone(), by: by() };
            parcels.iter().map(resend).collect()
        }
    }
}

/// Every number that stands in a record, in quotes or not.
fn numbers(told: &Told) -> Vec<String> {
    fn walk(value: &Value, all: &mut BTreeSet<String>) {
        match value {
            Value::Array(inside) => inside.iter().for_each(|one| walk(one, all)),
            Value::Object(members) => members.values().for_each(|one| walk(one, all)),
            Value::Number(number) => drop(all.insert(number.to_string())),
            Value::String(text) if text.parse::<u64>().is_ok() => drop(all.insert(text.clone())),
            Value::String(_) | Value::Bool(_) | Value::Null => {}
        }
    }
    let mut all = BTreeSet::new();
    walk(&serde_json::from_slice(&told.body).unwrap(), &mut all);
    all.into_iter().collect()
}

/// Tries an ability on everything it may be about, until it is done. The waybill is another each time.
async fn done(fair: &Fair, connector: &dyn Connector, ability: &Ability, nth: u64) -> Option<Deed> {
    let upstream = upstream(&fair.trial);
    let (courier, _) = connector.couriers().first().copied().unwrap_or(("", ""));
    let by = Carriage { courier: courier.to_owned(), waybill: format!("6804{nth:08}") };
    let about = fair.told.iter().filter(|told| told.kind == ability.kind && !told.is_gone());
    for told in about {
        let parcels = numbers(told);
        let mut everything: Vec<Does> = Vec::new();
        for does in (1..=9).flat_map(|pieces| all(ability, pieces, &by, &parcels)) {
            if !everything.contains(&does) {
                everything.push(does);
            }
        }
        for does in everything {
            let deed = Deed { kind: told.kind.to_owned(), key: told.key.clone(), does };
            if connector.put_deed(&upstream, &deed).is_none() {
                continue;
            }
            match came_of(&fair.trial, &deed).await {
                Outcome::Done => return Some(deed),
                Outcome::Refused(_) | Outcome::Unknown(_) => {}
                Outcome::NotDone(failure) => panic!("{deed:?} was turned away: {failure}"),
            }
        }
    }
    None
}

#[tokio::test]
async fn everything_that_can_be_done_is_done_and_told_and_happens_once() {
    for channel in asked() {
        let connector = channel.connector().unwrap();
        for settings in variants(channel) {
            let mut fair = Fair::market(channel, &settings, 14, 30).await;
            let name = |one: &Ability| (one.kind, one.verb);
            let mut left: BTreeSet<_> = connector.deeds().iter().map(name).collect();
            // One deed makes another possible, now or an hour later; not every claim takes each.
            for round in 0..6 {
                for (nth, ability) in connector.deeds().iter().enumerate() {
                    let nth = round * 100 + nth as u64;
                    let Some(deed) = done(&fair, connector, ability, nth).await else { continue };
                    left.remove(&name(ability));
                    let before = bodies(&fair);
                    fair.tell().await;
                    let after = bodies(&fair);
                    assert!(before != after, "{} {deed:?} changed nothing", channel.id());
                    if !ability.reversible {
                        // It is refused, or it is done and nothing happens.
                        let again = came_of(&fair.trial, &deed).await;
                        fair.tell().await;
                        let same = after == bodies(&fair);
                        assert!(same, "{} {deed:?} twice: {}", channel.id(), again.name());
                    }
                }
                if left.is_empty() {
                    break;
                }
                let later = fair.now() + SignedDuration::from_hours(1);
                fair.advance(later).await;
            }
            assert!(left.is_empty(), "{} {settings:?} cannot: {left:?}", channel.id());
        }
    }
}

fn bodies(fair: &Fair) -> Vec<Vec<u8>> {
    fair.told.iter().map(|told| told.body.clone()).collect()
}
