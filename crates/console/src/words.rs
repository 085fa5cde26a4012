//! The words of findings and lists that only the pages need.

use hoesu_claims::appeal::Proof;
use hoesu_claims::assess::Proposed;
use hoesu_claims::standing::{Closed, Event};
use hoesu_claims::{AccountId, Finding, Rule, Won};
use hoesu_engine::told::Names;

use crate::lang::{Lang, say};

/// What people call a rule.
pub(crate) fn rule(rule: Rule, lang: Lang) -> String {
    match lang {
        Lang::Ko => rule.korean().to_owned(),
        Lang::En => {
            let words = rule.id().replace('-', " ");
            let (first, rest) = words.split_at(1);
            format!("{}{rest}", first.to_uppercase())
        }
    }
}

/// What a finding says beside the number of its order, which stands there already.
pub(crate) fn sentence(finding: &Finding, lang: Lang) -> String {
    let (whole, order) = (lang.pick(&finding.sentence.ko, &finding.sentence.en), &finding.order);
    let rest = whole.strip_prefix(lang.pick("주문 ", "Order "));
    let rest = rest.and_then(|rest| rest.strip_prefix(order.as_str())?.strip_prefix(": "));
    let rest = rest.unwrap_or(whole);
    let mut letters = rest.chars();
    match (lang, letters.next()) {
        (Lang::En, Some(first)) => first.to_uppercase().chain(letters).collect(),
        (Lang::Ko, _) | (_, None) => rest.to_owned(),
    }
}

/// What is to be done about a finding; nothing if nobody can say.
pub(crate) fn todo(finding: &Finding, names: &Names, lang: Lang) -> String {
    finding.proposed.as_ref().map(|todo| proposed(todo, names, lang)).unwrap_or_default()
}

/// An amount.
pub(crate) fn won(won: Won, lang: Lang) -> String {
    match lang {
        Lang::Ko => won.korean(),
        Lang::En => won.to_string(),
    }
}

/// What is at risk, and beside it the interest; nothing where nothing is.
pub(crate) fn risk(risk: Won, interest: Won, lang: Lang) -> String {
    let amount = |amount: Won| if amount.0 > 0 { won(amount, lang) } else { String::new() };
    let (risk, owed) = (amount(risk), amount(interest));
    let owed = if owed.is_empty() { owed } else { say!(lang, "이자 {owed}", "interest {owed}") };
    [risk, owed].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(" + ")
}

/// A count with commas.
pub(crate) fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How a finding was closed.
pub(crate) const fn closed(closed: Closed, lang: Lang) -> &'static str {
    match closed {
        Closed::Itself => lang.pick("저절로 닫힘", "closed by itself"),
        Closed::Hand => lang.pick("사람이 닫음", "closed by a person"),
        Closed::Forced => lang.pick("강제로 닫음", "closed by force"),
    }
}

/// What happened to a finding.
pub(crate) const fn event(event: Event, lang: Lang) -> &'static str {
    match event {
        Event::Opened => lang.pick("발견", "found"),
        Event::ClosedItself => closed(Closed::Itself, lang),
        Event::ClosedHand => closed(Closed::Hand, lang),
        Event::ClosedForced => closed(Closed::Forced, lang),
        Event::Cleared => lang.pick("조건이 없어짐", "its condition went"),
        Event::Reopened => lang.pick("다시 열림", "reopened"),
    }
}

/// Whose fault, by the word it is kept in.
pub(crate) fn fault(word: &str, lang: Lang) -> &'static str {
    match word {
        "customer" => lang.pick("고객", "customer"),
        "seller" => lang.pick("판매자", "seller"),
        "channel" => lang.pick("판매 채널", "channel"),
        "logistics" => lang.pick("물류", "logistics"),
        "general" => lang.pick("없음", "nobody"),
        _ => lang.pick("모름", "unknown"),
    }
}

/// What stands in an address where nobody said whose fault it is.
const UNKNOWN: &str = "unknown";

/// The faults there are, as they stand in an address.
pub(crate) const FAULTS: [&str; 6] =
    ["customer", "seller", "channel", "logistics", "general", UNKNOWN];

/// Whose fault something is, as it is kept → as it stands in an address.
pub(crate) fn fault_word(fault: Option<&str>) -> &str {
    fault.unwrap_or(UNKNOWN)
}

/// The words of the claim track, as they are kept.
pub(crate) const CLAIMS: [&str; 6] =
    ["stop_asked", "asked", "deciding", "final", "reversed", "none"];

/// The words of the goods track.
pub(crate) const GOODS: [&str; 10] = [
    "held",
    "packing",
    "sent",
    "delivered",
    "coming_back",
    "not_collected",
    "partly_back",
    "back",
    "stopped",
    "unknown",
];

/// The words of the money track.
pub(crate) const MONEY: [&str; 4] = ["owed", "pre_refunded", "refunded", "kept"];

/// Where the claim stands.
pub(crate) fn claim(word: &str, lang: Lang) -> &'static str {
    match word {
        "none" => lang.pick("없음", "none"),
        "reversed" => lang.pick("철회·거절", "reversed"),
        "final" => lang.pick("확정", "final"),
        "deciding" => lang.pick("결정 전", "deciding"),
        "asked" => lang.pick("요청됨", "asked"),
        "stop_asked" => lang.pick("출고중지 요청", "stop asked"),
        _ => lang.pick("모름", "unknown"),
    }
}

/// Where the goods are.
pub(crate) fn goods(word: &str, lang: Lang) -> &'static str {
    match word {
        "stopped" => lang.pick("출고 중지", "stopped"),
        "held" => lang.pick("창고에 있음", "in stock"),
        "packing" => lang.pick("출고 준비", "packing"),
        "sent" => lang.pick("출고됨", "sent"),
        "delivered" => lang.pick("배송 완료", "delivered"),
        "not_collected" => lang.pick("회수 실패", "not collected"),
        "coming_back" => lang.pick("돌아오는 중", "coming back"),
        "partly_back" => lang.pick("일부 입고", "partly back"),
        "back" => lang.pick("입고됨", "back"),
        _ => lang.pick("모름", "unknown"),
    }
}

/// Where the money is.
pub(crate) fn money(word: &str, lang: Lang) -> &'static str {
    match word {
        "kept" => lang.pick("판매자에게", "kept"),
        "refunded" => lang.pick("환불됨", "refunded"),
        "pre_refunded" => lang.pick("선환불", "refunded ahead"),
        "owed" => lang.pick("환불해야 함", "owed"),
        _ => lang.pick("모름", "unknown"),
    }
}

/// The colour of a track's word: red where somebody must act, green where it ended.
pub(crate) fn shade(word: &str) -> &'static str {
    match word {
        "owed" | "stop_asked" | "not_collected" => "red",
        "asked" | "deciding" | "coming_back" | "partly_back" | "packing" | "pre_refunded" => {
            "amber"
        }
        "final" | "back" | "refunded" => "green",
        _ => "",
    }
}

/// What to do, in words.
fn proposed(proposed: &Proposed, names: &Names, lang: Lang) -> String {
    let name = |account: &AccountId| names.name(*account);
    match proposed {
        Proposed::StopShipment { warehouse, row, invoices, quantity } => {
            let (who, bills) = (name(warehouse), list(invoices));
            say!(
                lang,
                "{who}에 출고 중지 요청: {row} {bills} {quantity}개",
                "Ask {who} to stop {row} {bills}: {quantity} pcs"
            )
        }
        Proposed::StopOneOf { warehouses, rows, invoices, quantity } => {
            let who = list(&warehouses.iter().map(name).collect::<Vec<_>>());
            let (rows, bills) = (list(rows), list(invoices));
            say!(
                lang,
                "{who}에 어느 줄인지 확인하고 출고 중지 요청: {rows} {bills} 중 {quantity}개",
                "Find out at {who} which it is and have it stopped: {quantity} pcs of {rows} {bills}"
            )
        }
        Proposed::RecoverParcel { waybills, quantity } => {
            let bills = list(waybills);
            say!(lang, "택배 회수: {bills} {quantity}개", "Recover parcel {bills}: {quantity} pcs")
        }
        Proposed::AnswerStopped { claim, .. } => {
            say!(lang, "접수 {claim}에 «출고 중지됨»으로 응답", "Answer claim {claim}: stopped")
        }
        Proposed::AnswerShipped { claim, courier, waybill } => {
            let courier = courier.as_deref().unwrap_or("-");
            let waybill = waybill.as_deref().unwrap_or("-");
            say!(
                lang,
                "접수 {claim}에 «이미 출고»로 응답: {courier} {waybill}",
                "Answer claim {claim}: shipped already, {courier} {waybill}"
            )
        }
        Proposed::Refund { claim, amount } => {
            let amount = amount.map(|amount| won(amount, lang)).unwrap_or_default();
            say!(lang, "접수 {claim} 환불 {amount}", "Refund claim {claim} {amount}")
        }
        Proposed::RecoverRefund { claims, amount } => {
            let claims = list(claims);
            let amount = amount.map(|amount| won(amount, lang)).unwrap_or_default();
            say!(
                lang,
                "접수 {claims}: 더 나간 환불 돌려받기 {amount}",
                "Claims {claims}: get back what was refunded too much {amount}"
            )
        }
        Proposed::RefuseExcess { claims, quantity } => {
            let claims = list(claims);
            say!(
                lang,
                "접수 {claims}: 초과 {quantity}개를 철회·거절로 정리",
                "Claims {claims}: have {quantity} pcs too much taken back or refused"
            )
        }
        Proposed::Appeal { claim, evidence } => {
            let evidence: Vec<String> =
                evidence.iter().map(|one| proof(*one, lang).to_owned()).collect();
            let evidence = list(&evidence);
            say!(
                lang,
                "접수 {claim}: 이의제기 (증빙: {evidence})",
                "Claim {claim}: appeal with {evidence}"
            )
        }
        Proposed::CheckRefund { claim } => {
            say!(
                lang,
                "접수 {claim}: 이미 환불됐는지 확인",
                "Claim {claim}: check whether money moved"
            )
        }
        Proposed::ChaseGoods { claim } => {
            say!(
                lang,
                "접수 {claim}: 물건을 찾거나 보상 신청",
                "Claim {claim}: find the goods or appeal"
            )
        }
        Proposed::FindClaim { tickets } => {
            let tickets = list(tickets);
            say!(
                lang,
                "누구 물건인지 확인: 티켓 {tickets}",
                "Find whose goods these are: {tickets}"
            )
        }
        Proposed::Recount { tickets } => {
            let tickets = list(tickets);
            say!(lang, "다시 세기 요청: 티켓 {tickets}", "Count again: {tickets}")
        }
        Proposed::ConfirmReceipt { claim } => {
            say!(lang, "접수 {claim}: 채널에 입고 확인", "Claim {claim}: confirm receipt")
        }
        Proposed::Approve { claim, .. } => say!(lang, "접수 {claim} 승인", "Approve claim {claim}"),
        Proposed::CollectAgain { what } => {
            say!(lang, "회수 다시 요청: {what}", "Ask for collection again: {what}")
        }
        Proposed::SendVendorReturn { order, .. } => {
            say!(lang, "주문 {order} 업체반품 접수", "Send the vendor return of {order}")
        }
        Proposed::Resume { warehouse, row } => {
            let who = name(warehouse);
            say!(lang, "{who}에 출고 재개 요청: {row}", "Ask {who} to resume {row}")
        }
        Proposed::ResumeOneOf { warehouses, rows, quantity } => {
            let who = list(&warehouses.iter().map(name).collect::<Vec<_>>());
            let rows = list(rows);
            say!(
                lang,
                "{who}에 어느 줄인지 확인하고 출고 재개 요청: {rows} 중 {quantity}개",
                "Find out at {who} which it is and have it resumed: {quantity} pcs of {rows}"
            )
        }
        Proposed::CorrectFee { claim } => {
            say!(
                lang,
                "접수 {claim}: 배송비 귀책 정정 요청",
                "Claim {claim}: have the fee corrected"
            )
        }
        Proposed::LearnContract { path } => {
            say!(lang, "모르는 값: {path}", "Unknown value: {path}")
        }
        Proposed::ChooseAccount { candidates } => {
            let may: Vec<String> = candidates.iter().map(name).collect();
            let may = may.join(", ");
            say!(lang, "판매 계정 고르기: {may}", "Choose the account: {may}")
        }
    }
}

/// What an appeal is shown with.
const fn proof(evidence: Proof, lang: Lang) -> &'static str {
    match evidence {
        Proof::Photo => lang.pick("사진", "photos"),
        Proof::Video => lang.pick("동영상", "a video"),
    }
}

fn list(words: &[String]) -> String {
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_has_a_name_in_both_languages() {
        assert_eq!(rule(Rule::RefundOverdue, Lang::Ko), "환불 기한 초과");
        assert_eq!(rule(Rule::RefundOverdue, Lang::En), "Refund overdue");
    }

    #[test]
    fn a_count_is_grouped_by_thousands() {
        assert_eq!([count(7), count(1_000), count(1_234_567)], ["7", "1,000", "1,234,567"]);
    }
}
