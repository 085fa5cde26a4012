//! 품목 불일치: what arrived maps to no line a claim asks about. Speaks only where the item map knows
//! every line. Cleared by a claim that asks for it.

use super::Rule;
use crate::assess::{Finding, Proposed, View, latest};
use crate::case::{Claim, Unit};
use crate::josa;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    if !view.case.claims.iter().any(Claim::wants_goods_back) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for balance in &view.case.balances {
        let Unit::Resource(resource) = &balance.unit else { continue };
        if balance.here() == 0 || balance.covered() != Some(0) {
            continue;
        }
        let here = || view.case.arrived.iter().filter(|one| one.is_certain());
        let claims = view.case.claims.iter().filter(|claim| claim.wants_goods_back());
        let docs = claims.flat_map(|claim| claim.docs.iter().copied());
        let mut tickets: Vec<String> = here().map(|one| one.ticket.clone()).collect();
        tickets.dedup();
        findings.push(
            view.finding(Rule::ItemMismatch, resource.clone(), latest(here().map(|one| one.seen)))
                .seen_in(view, docs.chain(here().map(|one| one.seen.by)))
                .propose(Proposed::Recount { tickets })
                .says(
                    format!(
                        "주문 {}: 접수되지 않은 품목 {} {}개 돌아왔어요.",
                        view.order(),
                        josa::subject(resource),
                        balance.here()
                    ),
                    format!(
                        "Order {}: {} of {resource} came back, which no claim asks for.",
                        view.order(),
                        balance.here()
                    ),
                ),
        );
    }
    findings
}
