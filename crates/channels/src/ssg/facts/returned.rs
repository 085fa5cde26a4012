//! A return, exchange or repair → what its row tells: how the goods come back, and the end.

pub(in super::super) mod contract;

use hoesu_claims::fact::{Collection, Fact, Reason, Stage, Tells, When};
use hoesu_claims::money::Won;

use self::contract::{
    PROGRESS, Progress, RETURN_FAULT, RETURN_FIELDS, RETURN_PROCESS, RETURN_PROCESS_NAME, WAY, Way,
    YES_NO,
};
use super::{REASON, Row};
use crate::contract::unrecognised;

pub(super) fn returned(row: &Row<'_>) -> Vec<Fact> {
    let asked = row.when(&["rcovDircDt"]);
    let claim = row.number(["shppNo", "shppSeq"]);
    let mut facts = unrecognised(row.record, RETURN_FIELDS, asked);
    facts.push(row.links().at(asked));
    let kind = match WAY.of(row.get("shppDivDtlCd")) {
        Some(Way::Out) => return facts,
        Some(Way::OutAgain) => {
            let waybill = row.get("wblNo").waybill();
            facts.push(Tells::Reshipped { claim, waybill }.at(row.heard));
            return facts;
        }
        Some(Way::Back(kind)) => Some(kind),
        None => None,
    };
    let reason = REASON.of(row.get("clmRsnCd")).unwrap_or(Reason::Other);
    facts.push(Tells::ClaimOpened { claim: claim.clone(), kind, reason }.at(asked));
    if let Some(fault) = RETURN_FAULT.of(row.get("retImptMainCd")) {
        facts.push(Tells::ClaimFault { claim: claim.clone(), fault }.at(asked));
    }
    let quantity = row.get("dircItemQty").quantity();
    let line = Tells::ClaimLine { claim: claim.clone(), line: row.line(), quantity, release: None };
    facts.push(line.at(asked));
    price(row, &mut facts, asked);
    if let Some(waybill) = row.get("wblNo").waybill() {
        facts.push(Tells::ReturnWaybill { claim: claim.clone(), waybill }.at(asked));
    }
    let stage = |stage, at| Tells::ClaimStage { claim: claim.clone(), stage }.at(at);
    let progress = PROGRESS.of(row.get("lastShppProgStatDtlCd"));
    let progress = progress.or_else(|| PROGRESS.of(row.get("shppProgStatDtlCd")));
    let confirmed = !row.get("rcovCnfDt").is_nothing();
    facts.push(stage(Stage::Asked, asked));
    if confirmed {
        facts.push(stage(Stage::Received, row.when(&["rcovCnfDt"])));
        facts.push(Tells::ReceivedAtChannel { claim: claim.clone() }.at(row.when(&["rcovCnfDt"])));
    }
    let done = row.when(&["rcovCmplDt"]);
    if let Some(Progress::Back(now, collection)) = progress {
        let at = match now {
            Stage::Asked | Stage::StopAsked | Stage::HandedOver => asked,
            Stage::Received | Stage::Disputed | Stage::Refused => row.when(&["rcovCnfDt"]),
            Stage::Deferred => row.when(&["rcovCmplDeferDt", "rcovCnfDt"]),
            Stage::Done => done,
            Stage::Withdrawn => row.when(&["rcovRvkDt"]),
        };
        facts.push(stage(now, at));
        facts.push(Tells::ClaimCollection { claim: claim.clone(), collection }.at(at));
        if collection == Collection::Arrived && !confirmed {
            facts.push(Tells::ReceivedAtChannel { claim: claim.clone() }.at(at));
        }
    }
    let process = RETURN_PROCESS.of(row.get("retProcStats"));
    let process = process.or_else(|| RETURN_PROCESS_NAME.of(row.get("retProcStatNm")));
    if let Some(now @ (Stage::Refused | Stage::Disputed)) = process {
        facts.push(stage(now, row.when(&["rcovCnfDt", "rcovCmplDt"])));
    }
    if YES_NO.of(row.get("refundYn")) == Some(true) {
        let is_done = matches!(progress, Some(Progress::Back(Stage::Done, _)));
        let claim = claim.clone();
        let tells =
            if is_done { Tells::RefundSeen { claim } } else { Tells::PreRefunded { claim } };
        facts.push(tells.at(done));
    }
    facts
}

/// What one piece cost: only where no discount makes it uncertain.
fn price(row: &Row<'_>, facts: &mut Vec<Fact>, at: When) {
    let discount = row.get("dcAmt").whole().unwrap_or(0);
    if let Some(unit) = row.get("sellprc").whole().filter(|won| *won > 0 && discount == 0) {
        facts.push(Tells::Priced { line: row.line(), unit: Won(unit) }.at(at));
    }
}
