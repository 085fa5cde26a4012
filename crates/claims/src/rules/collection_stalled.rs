//! 회수 지연: collection was asked for and nothing moved for so many days, or it failed. Cleared when the
//! goods move or arrive. Where a warehouse has parcels of its own, they tell more than the claim.

use jiff::Timestamp;

use super::Rule;
use crate::assess::{Finding, Proposed, View};
use crate::case::{Claim, Doc, Parcel, Seen, Ticket};
use crate::fact::{Collection, Stage, TicketStage};

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let tickets =
        || view.case.tickets.iter().filter(|one| one.stage != Some(TicketStage::Cancelled));
    let claims = || view.case.claims.iter().filter(|claim| claim.wants_goods_back());
    // What the channel says it has is not to be collected.
    let waits = |claim: &&Claim| claim.received.is_none() || claim.back.quantity > 0;
    // A claim that is final has nothing to wait for; who has none still has a parcel.
    let wanted = claims().next().is_none() && view.case.claims.is_empty()
        || claims().filter(waits).any(|claim| {
            let is_open = claim.back.quantity == 0 && claim.stage() != Some(Stage::Done);
            is_open || claim.awaited.is_some_and(|n| claim.back.quantity < n)
        });
    let mut findings = Vec::new();
    let mut has_parcels = false;
    for ticket in tickets() {
        for parcel in &ticket.parcels {
            has_parcels |= parcel.asked.is_some() || parcel.collection == Collection::Failed;
            if wanted {
                findings.extend(of_parcel(view, ticket, parcel));
            }
        }
    }
    if !has_parcels {
        findings.extend(claims().filter_map(|claim| of_claim(view, claim)));
    }
    findings
}

fn of_parcel(view: &View<'_>, ticket: &Ticket, parcel: &Parcel) -> Option<Finding> {
    let name = parcel.waybill.clone().unwrap_or_else(|| parcel.number.clone());
    let claims = view.case.claims.iter().filter(|claim| claim.wants_goods_back());
    let docs =
        claims.flat_map(|claim| claim.docs.iter().copied()).chain([parcel.seen.by, ticket.made.by]);
    let stalled = stalled(view, parcel.collection, parcel.seen, parcel.asked)?;
    Some(finding(view, &format!("parcel/{}", parcel.number), &name, stalled, docs))
}

fn of_claim(view: &View<'_>, claim: &Claim) -> Option<Finding> {
    let waits = claim.stage() == Some(Stage::Asked);
    if !waits || claim.back.first.is_some() || claim.received.is_some() {
        return None;
    }
    let (collection, seen) = claim.collection?;
    let stalled = stalled(view, collection, seen, claim.collection_asked)?;
    let docs = claim.docs.iter().copied();
    let finding = finding(view, &format!("claim/{}", claim.number), &claim.number, stalled, docs);
    Some(finding.of_claims([claim]).at_risk(view.amount(claim)))
}

/// Since when, and since when it was asked for; no second where it failed.
fn stalled(
    view: &View<'_>,
    collection: Collection,
    seen: Seen,
    asked: Option<Seen>,
) -> Option<(Timestamp, Option<Timestamp>)> {
    match collection {
        Collection::Failed => Some((seen.when.at, None)),
        Collection::Asked => {
            let asked = asked.unwrap_or(seen).when.at;
            let since = View::days_after(asked, view.policy.collection_days);
            view.passed(since).then_some((since, Some(asked)))
        }
        Collection::NotYet | Collection::Moving | Collection::Arrived | Collection::Nothing => None,
    }
}

fn finding(
    view: &View<'_>,
    about: &str,
    name: &str,
    (since, asked): (Timestamp, Option<Timestamp>),
    docs: impl Iterator<Item = Doc>,
) -> Finding {
    let (ko, en) = match asked {
        None => ("회수에 실패했어요".to_owned(), "could not be collected".to_owned()),
        Some(asked) => {
            let day = crate::time::kst_day(asked);
            let days = view.days_since(asked);
            (
                format!("{day}에 회수를 요청하고 {days}일이 지났는데 움직임이 없어요"),
                format!("did not move for {days} days since collection was asked for on {day}"),
            )
        }
    };
    view.finding(Rule::CollectionStalled, about, since)
        .seen_in(view, docs)
        .propose(Proposed::CollectAgain { what: name.to_owned() })
        .says(
            format!("주문 {}: 회수 {name} 건이 {ko}.", view.order()),
            format!("Order {}: the return {name} {en}.", view.order()),
        )
}
