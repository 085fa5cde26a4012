//! An exchange → what it tells: its end, how the old goods come back, the parcel of the new ones.

pub(super) mod contract;

use hoesu_claims::fact::{ClaimKind, Collection, Fact, Line, Reason, Stage, Tells};
use hoesu_claims::money::Won;

use self::contract::{COLLECT, EXCHANGE_FIELDS, EXCHANGE_STATUS};
use super::{FAULT, Told};
use crate::contract::unrecognised;
use crate::tree::Node;

pub(super) fn exchange(told: &Told<'_>) -> Vec<Fact> {
    let created = told.when(&["createdAt"]);
    let changed = told.when(&["modifiedAt", "createdAt"]);
    let number = told.get("exchangeId").owned().unwrap_or_else(|| told.document.key.clone());
    // Receipts and exchanges are numbered apart.
    let claim = format!("exchange-{number}");
    let mut facts = unrecognised(told.record, EXCHANGE_FIELDS, changed);
    facts.push(told.links().at(created));
    let reason = Reason::Other;
    let kind = Some(ClaimKind::Exchange);
    facts.push(Tells::ClaimOpened { claim: claim.clone(), kind, reason }.at(created));
    if let Some(fault) = FAULT.of(told.get("faultType")) {
        facts.push(Tells::ClaimFault { claim: claim.clone(), fault }.at(created));
    }
    for item in told.get("exchangeItemDtoV1s").groups() {
        let line = Line { number: None, item: item.get("orderItemId").owned() };
        let quantity = item.get("quantity").quantity();
        if let Some(unit) = item.get("orderItemUnitPrice").whole().filter(|won| *won > 0) {
            facts.push(Tells::Priced { line: line.clone(), unit: Won(unit) }.at(created));
        }
        let line = Tells::ClaimLine { claim: claim.clone(), line, quantity, release: None };
        facts.push(line.at(created));
    }
    if let Some(stage) = EXCHANGE_STATUS.of(told.get("exchangeStatus")) {
        let at = if stage == Stage::Asked { created } else { changed };
        if stage != Stage::Asked {
            let asked = Tells::ClaimStage { claim: claim.clone(), stage: Stage::Asked };
            facts.push(asked.at(created));
        }
        facts.push(Tells::ClaimStage { claim: claim.clone(), stage }.at(at));
    }
    if let Some(collection) = COLLECT.of(told.get("collectStatus")) {
        let collected = told.when(&["collectCompleteDate", "modifiedAt", "createdAt"]);
        let at = match collection {
            Collection::NotYet => created,
            Collection::Arrived => collected,
            Collection::Asked | Collection::Moving | Collection::Failed | Collection::Nothing => {
                changed
            }
        };
        facts.push(Tells::ClaimCollection { claim: claim.clone(), collection }.at(at));
    }
    for group in told.get("deliveryInvoiceGroupDtos").groups() {
        let invoices: Vec<&Node<'_>> = group.get("deliveryInvoiceDtos").groups().collect();
        let codes = invoices.iter().map(|invoice| invoice.get("invoiceNumber").waybill());
        let codes = if invoices.is_empty() { vec![None] } else { codes.collect() };
        for waybill in codes {
            facts.push(Tells::Reshipped { claim: claim.clone(), waybill }.at(changed));
        }
    }
    told.return_waybills(&claim, created, &mut facts);
    facts
}
