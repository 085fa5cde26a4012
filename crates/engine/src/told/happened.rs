//! What happened in a case, in a few words for people.

use hoesu_channels::Title;
use hoesu_claims::assess::Sentence;
use hoesu_claims::fact::{Line, Quantity, Resource, Tells};

use super::words;

/// What a fact tells, in a few words; `None` for what only links documents. No personal data.
pub fn happened(tells: &Tells) -> Option<Sentence> {
    Some(Sentence { ko: said(tells, true)?, en: said(tells, false)? })
}

fn said(tells: &Tells, korean: bool) -> Option<String> {
    /// Korean first, then English.
    macro_rules! say {
        ($ko:literal, $en:literal $(,)?) => {
            if korean { format!($ko) } else { format!($en) }
        };
    }
    let pick = |title: Title| if korean { title.ko } else { title.en };
    Some(match tells {
        Tells::Links(_) => return None,
        Tells::Placed => say!("주문함", "ordered"),
        Tells::Paid => say!("결제함", "paid"),
        Tells::AddressChanged => say!("배송지 바뀜", "address changed"),
        Tells::Ordered { line, quantity } => {
            let (line, n) = (name(line), pieces(*quantity));
            say!("주문 품목 {line}: {n}개", "ordered {line}: {n}")
        }
        Tells::Priced { line, unit } => {
            let (line, ko) = (name(line), unit.korean());
            say!("한 개 값 {line}: {ko}", "one {line} costs {unit}")
        }
        Tells::LineStands { line, cancelled, shipped } => {
            let (line, gone, sent) = (name(line), pieces(*cancelled), pieces(*shipped));
            say!(
                "지금까지 {line}: 취소 {gone}개, 출고 {sent}개",
                "{line} so far: {gone} cancelled, {sent} shipped"
            )
        }
        Tells::ClaimOpened { claim, kind, reason: _ } => {
            let kind = pick(words::claim_kind(*kind));
            say!("{kind} 접수 {claim}", "{kind} {claim} opened")
        }
        Tells::ClaimFault { claim, fault } => {
            let fault = pick(words::whose(*fault));
            say!("클레임 {claim}: 귀책 {fault}", "claim {claim}: fault of {fault}")
        }
        Tells::ClaimCharge { claim, charge } => {
            let ko = charge.korean();
            say!("클레임 {claim}: 반품 배송비 {ko}", "claim {claim}: way back costs {charge}")
        }
        Tells::ClaimLine { claim, line, quantity, release: _ } => {
            let (line, n) = (name(line), pieces(*quantity));
            say!("클레임 {claim}: {line} {n}개", "claim {claim}: {n} of {line}")
        }
        Tells::ClaimStage { claim, stage } => {
            let stage = pick(words::claim_stage(*stage));
            say!("클레임 {claim}: {stage}", "claim {claim}: {stage}")
        }
        Tells::StopAsked { claim, stop } => {
            let stop = pick(words::stopped(*stop));
            say!("클레임 {claim}: 출고중지 {stop}", "claim {claim}: stop {stop}")
        }
        Tells::ClaimCollection { claim, collection } => {
            let moves = pick(words::moving(*collection));
            say!("클레임 {claim}: {moves}", "claim {claim}: {moves}")
        }
        Tells::ReturnWaybill { claim, waybill } => {
            say!("클레임 {claim}: 회수 송장 {waybill}", "claim {claim}: return waybill {waybill}")
        }
        Tells::ReceivedAtChannel { claim } => {
            say!("클레임 {claim}: 채널이 입고 확인", "claim {claim}: received, says the channel")
        }
        Tells::Lost { claim } => {
            say!("클레임 {claim}: 분실 확정", "claim {claim}: lost, says the channel")
        }
        Tells::RefundSeen { claim } => {
            say!("클레임 {claim}: 환불 확인", "claim {claim}: refund seen")
        }
        Tells::PreRefunded { claim } => {
            say!("클레임 {claim}: 선환불", "claim {claim}: refunded ahead of the goods")
        }
        Tells::LineWithdrawn { claim, line } => {
            let what = name(line);
            say!("클레임 {claim}: {what} 철회", "claim {claim}: {what} taken back")
        }
        Tells::Reshipped { claim, waybill } => {
            let waybill = waybill.as_deref().unwrap_or("-");
            say!(
                "클레임 {claim}: 다시 보냄, 송장 {waybill}",
                "claim {claim}: sent again, waybill {waybill}"
            )
        }
        Tells::ReturnRequestedAtChannel { claim } => {
            say!("업체반품 {claim}: 채널이 접수", "vendor return {claim}: accepted by the channel")
        }
        Tells::Row { row } => say!("창고 주문 {row} 들어옴", "warehouse row {row}"),
        Tells::RowItem { row, resource, quantity } => {
            let what = resource_name(resource);
            say!("창고 주문 {row}: {what} {quantity}개", "row {row}: {quantity} of {what}")
        }
        Tells::RowPaid { row, paid } => {
            let ko = paid.korean();
            say!("창고 주문 {row}: 결제 금액 {ko}", "row {row}: {paid} paid")
        }
        Tells::Invoice { row: _, invoice, waybill, courier: _, stage } => {
            let code = waybill.as_ref().unwrap_or(invoice);
            let stage = pick(words::invoice_stage(*stage));
            say!("출고 송장 {code}: {stage}", "outbound invoice {code}: {stage}")
        }
        Tells::Ticket { ticket, kind } => {
            let kind = pick(words::claim_kind(*kind));
            say!("창고 {kind} 티켓 {ticket}", "warehouse {kind} ticket {ticket}")
        }
        Tells::TicketStage { ticket, stage } => {
            let stage = pick(words::ticket_stage(*stage));
            say!("티켓 {ticket}: {stage}", "ticket {ticket}: {stage}")
        }
        Tells::Parcel { ticket, parcel, waybill, collection } => {
            let code = waybill.as_ref().unwrap_or(parcel);
            let moves = pick(words::moving(*collection));
            say!(
                "티켓 {ticket}, 회수 송장 {code}: {moves}",
                "ticket {ticket}, parcel {code}: {moves}"
            )
        }
        Tells::Arrived { ticket, resource, quantity, grade, arrival, .. } => {
            let what = resource_name(resource);
            let (grade, arrival) = (pick(words::graded(*grade)), pick(words::arrived(*arrival)));
            say!(
                "티켓 {ticket}: {what} {quantity}개 {arrival} ({grade})",
                "ticket {ticket}: {quantity} of {what} {arrival} ({grade})"
            )
        }
        Tells::Unrecognised { path, code } => {
            let code = code.as_deref().unwrap_or("-");
            say!("해석하지 못한 값 {path}: {code}", "unrecognised {path}: {code}")
        }
    })
}

/// Pieces; `?` if nobody said.
pub fn pieces(quantity: Option<Quantity>) -> String {
    quantity.map_or_else(|| "?".to_owned(), |quantity| quantity.to_string())
}

/// What a line is called.
pub fn name(line: &Line) -> String {
    match (&line.item, &line.number) {
        (Some(item), _) => item.clone(),
        (None, Some(number)) => format!("#{number}"),
        (None, None) => "-".to_owned(),
    }
}

fn resource_name(resource: &Resource) -> &str {
    resource.code.as_deref().or(resource.number.as_deref()).unwrap_or("-")
}
