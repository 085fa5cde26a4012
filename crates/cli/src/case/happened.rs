//! What happened in a case, in a few words for people.

use hoesu_claims::fact::{Line, Quantity, Resource, Tells};

use super::words;
use crate::lang::{Lang, say};

/// What a fact tells; `None` for what only links documents.
pub(super) fn told(tells: &Tells, lang: Lang) -> Option<String> {
    Some(match tells {
        Tells::Links(_) => return None,
        Tells::Placed => lang.pick("주문함", "ordered").to_owned(),
        Tells::Paid => lang.pick("결제함", "paid").to_owned(),
        Tells::AddressChanged => lang.pick("배송지 바뀜", "address changed").to_owned(),
        Tells::Ordered { line, quantity } => {
            let (line, n) = (name(line), pieces(*quantity));
            say!(lang, "주문 품목 {line}: {n}개", "ordered {line}: {n}")
        }
        Tells::Priced { line, unit } => {
            let (line, ko) = (name(line), unit.korean());
            say!(lang, "한 개 값 {line}: {ko}", "one {line} costs {unit}")
        }
        Tells::LineStands { line, cancelled, shipped } => {
            let (line, gone, sent) = (name(line), pieces(*cancelled), pieces(*shipped));
            say!(
                lang,
                "지금까지 {line}: 취소 {gone}개, 출고 {sent}개",
                "{line} so far: {gone} cancelled, {sent} shipped"
            )
        }
        Tells::ClaimOpened { claim, kind, reason: _ } => {
            let kind = words::claim_kind(*kind, lang);
            say!(lang, "{kind} 접수 {claim}", "{kind} {claim} opened")
        }
        Tells::ClaimFault { claim, fault } => {
            let fault = words::whose(*fault, lang);
            say!(lang, "클레임 {claim}: 귀책 {fault}", "claim {claim}: fault of {fault}")
        }
        Tells::ClaimCharge { claim, charge } => {
            let ko = charge.korean();
            say!(lang, "클레임 {claim}: 반품 배송비 {ko}", "claim {claim}: way back costs {charge}")
        }
        Tells::ClaimLine { claim, line, quantity, release: _ } => {
            let (line, n) = (name(line), pieces(*quantity));
            say!(lang, "클레임 {claim}: {line} {n}개", "claim {claim}: {n} of {line}")
        }
        Tells::ClaimStage { claim, stage } => {
            let stage = words::claim_stage(*stage, lang);
            say!(lang, "클레임 {claim}: {stage}", "claim {claim}: {stage}")
        }
        Tells::StopAsked { claim, stop } => {
            let stop = words::stopped(*stop, lang);
            say!(lang, "클레임 {claim}: 출고중지 {stop}", "claim {claim}: stop {stop}")
        }
        Tells::ClaimCollection { claim, collection } => {
            let moves = words::moving(*collection, lang);
            say!(lang, "클레임 {claim}: {moves}", "claim {claim}: {moves}")
        }
        Tells::ReturnWaybill { claim, waybill } => {
            say!(
                lang,
                "클레임 {claim}: 회수 송장 {waybill}",
                "claim {claim}: return waybill {waybill}"
            )
        }
        Tells::ReceivedAtChannel { claim } => {
            say!(
                lang,
                "클레임 {claim}: 채널이 입고 확인",
                "claim {claim}: received, says the channel"
            )
        }
        Tells::Lost { claim } => {
            say!(lang, "클레임 {claim}: 분실 확정", "claim {claim}: lost, says the channel")
        }
        Tells::RefundSeen { claim } => {
            say!(lang, "클레임 {claim}: 환불 확인", "claim {claim}: refund seen")
        }
        Tells::PreRefunded { claim } => {
            say!(lang, "클레임 {claim}: 선환불", "claim {claim}: refunded ahead of the goods")
        }
        Tells::Reshipped { claim, waybill } => {
            let waybill = waybill.as_deref().unwrap_or("-");
            say!(
                lang,
                "클레임 {claim}: 다시 보냄, 송장 {waybill}",
                "claim {claim}: sent again, waybill {waybill}"
            )
        }
        Tells::ReturnRequestedAtChannel { claim } => {
            say!(
                lang,
                "업체반품 {claim}: 채널이 접수",
                "vendor return {claim}: accepted by the channel"
            )
        }
        Tells::Row { row } => say!(lang, "창고 주문 {row} 들어옴", "warehouse row {row}"),
        Tells::RowItem { row, resource, quantity } => {
            let what = resource_name(resource);
            say!(lang, "창고 주문 {row}: {what} {quantity}개", "row {row}: {quantity} of {what}")
        }
        Tells::RowPaid { row, paid } => {
            let ko = paid.korean();
            say!(lang, "창고 주문 {row}: 결제 금액 {ko}", "row {row}: {paid} paid")
        }
        Tells::Invoice { row: _, invoice, waybill, courier: _, stage } => {
            let code = waybill.as_ref().unwrap_or(invoice);
            let stage = words::invoice_stage(*stage, lang);
            say!(lang, "출고 송장 {code}: {stage}", "outbound invoice {code}: {stage}")
        }
        Tells::Ticket { ticket, kind } => {
            let kind = words::claim_kind(*kind, lang);
            say!(lang, "창고 {kind} 티켓 {ticket}", "warehouse {kind} ticket {ticket}")
        }
        Tells::TicketStage { ticket, stage } => {
            let stage = words::ticket_stage(*stage, lang);
            say!(lang, "티켓 {ticket}: {stage}", "ticket {ticket}: {stage}")
        }
        Tells::Parcel { ticket, parcel, waybill, collection } => {
            let code = waybill.as_ref().unwrap_or(parcel);
            let moves = words::moving(*collection, lang);
            say!(
                lang,
                "티켓 {ticket}, 회수 송장 {code}: {moves}",
                "ticket {ticket}, parcel {code}: {moves}"
            )
        }
        Tells::Arrived { ticket, resource, quantity, grade, arrival, .. } => {
            let what = resource_name(resource);
            let (grade, arrival) = (words::graded(*grade, lang), words::arrived(*arrival, lang));
            say!(
                lang,
                "티켓 {ticket}: {what} {quantity}개 {arrival} ({grade})",
                "ticket {ticket}: {quantity} of {what} {arrival} ({grade})"
            )
        }
        Tells::Unrecognised { path, code } => {
            let code = code.as_deref().unwrap_or("-");
            say!(lang, "해석하지 못한 값 {path}: {code}", "unrecognised {path}: {code}")
        }
    })
}

/// Pieces; `?` if nobody said.
pub(super) fn pieces(quantity: Option<Quantity>) -> String {
    quantity.map_or_else(|| "?".to_owned(), |quantity| quantity.to_string())
}

/// What a line is called.
pub(super) fn name(line: &Line) -> String {
    match (&line.item, &line.number) {
        (Some(item), _) => item.clone(),
        (None, Some(number)) => format!("#{number}"),
        (None, None) => "-".to_owned(),
    }
}

fn resource_name(resource: &Resource) -> &str {
    resource.code.as_deref().or(resource.number.as_deref()).unwrap_or("-")
}
