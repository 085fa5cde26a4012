//! What a seller does about cancel requests and returns, as we ask SSG.COM for it, and what its answers
//! mean.

use axum::http::{Method, StatusCode};

use super::answer::Answer;
use super::{body, call};
use crate::Title;
use crate::connect::{
    Ability, Carriage, Deed, Does, HttpSaid, Outcome, ReadFailure, Unsigned, Upstream, Verb, Why,
    query,
};
use crate::ssg::read::{CANCEL_REQUEST, RETURN};
use crate::ssg::refusal::{NO_TARGET, SUCCESS};
use crate::ssg::wire::{APPROVE, COMPLETE, CONFIRM_RECEIPT, RECEIPT_ROOT, REFUSAL_ROOT, REFUSE};

const REFUNDED: Title = Title {
    ko: "고객에게 환불되고, 되돌릴 수 없습니다",
    en: "the buyer is refunded, which cannot be taken back",
};
const COMPLETES_ITSELF: Title = Title {
    ko: "3영업일 안에 회수완료나 반품거부를 하지 않으면 저절로 환불됩니다",
    en: "the buyer is refunded in three business days unless it is completed or refused by then",
};

/// `retRefusRsnCd`.
const REASONS: &[(&str, Title)] = &[
    ("01", Title { ko: "기간경과", en: "too late" }),
    ("02", Title { ko: "사용", en: "used" }),
    ("03", Title { ko: "불량", en: "faulty" }),
    ("04", Title { ko: "구성품 누락", en: "parts are missing" }),
    ("05", Title { ko: "사은품 누락", en: "the gift is missing" }),
    ("06", Title { ko: "상품 상이", en: "other goods" }),
    ("07", Title { ko: "수량 상이", en: "another quantity" }),
    ("08", Title { ko: "훼손/파손", en: "damaged" }),
    ("09", Title { ko: "케이스 파손", en: "the case is damaged" }),
    ("10", Title { ko: "상담원 과실", en: "an agent's mistake" }),
    ("11", Title { ko: "기타", en: "other" }),
    ("12", Title { ko: "불량판정서 미동봉", en: "the report of the fault is missing" }),
];

const fn ability(verb: Verb, kind: &'static str, gives_away: Option<Title>) -> Ability {
    Ability { verb, kind, reversible: false, gives_away, reasons: &[] }
}

pub(super) static ABILITIES: [Ability; 4] = [
    ability(Verb::GrantCancel, CANCEL_REQUEST, Some(REFUNDED)),
    ability(Verb::ConfirmReceipt, RETURN, Some(COMPLETES_ITSELF)),
    ability(Verb::Approve, RETURN, Some(REFUNDED)),
    Ability { reasons: REASONS, ..ability(Verb::Refuse, RETURN, None) },
];

/// The call that does a deed. A document is a line, so pieces are the line's. Whose fault it was and
/// whether the goods can be sold again is nothing a deed says, so it is left out.
pub(super) fn put(upstream: &Upstream, deed: &Deed) -> Option<Unsigned> {
    let (number, line) = deed.key.split_once('/')?;
    let about = |kind: &str, path: &str, root: &str, members: &[(&str, &str)]| {
        let whole: Vec<_> = [("shppNo", number), ("shppSeq", line)]
            .into_iter()
            .chain(members.iter().copied())
            .collect();
        let body = body(upstream, root, &whole);
        (deed.kind == kind).then(|| Unsigned { body, ..call(upstream, Method::POST, path) })
    };
    match &deed.does {
        Does::GrantCancel { .. } if deed.kind == CANCEL_REQUEST => Some(Unsigned {
            query: query(&[("ordNo", number), ("ordItemSeq", line)]),
            ..call(upstream, Method::POST, APPROVE)
        }),
        Does::ConfirmReceipt { pieces, by } => {
            let pieces = (*pieces)?.to_string();
            let mut members = vec![("procItemQty", &*pieces)];
            match by {
                Some(Carriage { courier, waybill }) => members.extend([
                    ("shppTypeDtlCd", "22"),
                    ("delicoVenId", courier),
                    ("wblNo", waybill),
                ]),
                None => members.push(("shppTypeDtlCd", "14")),
            }
            about(RETURN, CONFIRM_RECEIPT, RECEIPT_ROOT, &members)
        }
        Does::Approve { pieces } => {
            let pieces = pieces.to_string();
            about(RETURN, COMPLETE, RECEIPT_ROOT, &[("procItemQty", &pieces)])
        }
        Does::Refuse { reason, pieces, note } => {
            let pieces = (*pieces)?.to_string();
            let mut members = vec![("procItemQty", &*pieces), ("retRefusRsnCd", reason)];
            members.extend(note.as_deref().map(|note| ("retProcMemoCntt", note)));
            about(RETURN, REFUSE, REFUSAL_ROOT, &members)
        }
        Does::GrantCancel { .. }
        | Does::AnswerStopped { .. }
        | Does::AnswerShipped { .. }
        | Does::Collect { .. }
        | Does::Resend { .. } => None,
    }
}

/// What came of it. 99 refuses with any status; 91 has been said of cancels that were granted, and
/// nobody knows what it did.
pub(super) fn read(said: &HttpSaid) -> Outcome {
    let answer = Answer::of(&said.body);
    let code = answer.as_ref().ok().and_then(Answer::code);
    let is_ok = said.status == StatusCode::OK;
    match (&answer, code.as_deref()) {
        (Ok(_), Some(code)) if is_ok && code == SUCCESS.code => Outcome::Done,
        (Ok(answer), Some("99")) if is_ok || said.status.is_server_error() => {
            Outcome::Refused(said.refused(why(&answer.words()), Some("99")))
        }
        (_, code) if !is_ok => said.outcome(Why::Otherwise, code),
        (Err(failure), _) if !said.is_html() => Outcome::of(failure.clone()),
        (Ok(_), code) => Outcome::of(ReadFailure::Failed(said.failing(code))),
        (Err(_), _) => Outcome::of(ReadFailure::Unreadable("a page in HTML")),
    }
}

/// What a refusal's words say, as far as clients met them.
fn why(words: &str) -> Why {
    if words.contains(NO_TARGET) || words.contains("해당 데이터가 없습니다") {
        Why::NotThere
    } else if words.contains("이미 ") {
        Why::Already
    } else {
        Why::Otherwise
    }
}
