//! The rules: one file each. When it speaks, what clears it, its deadline, what it may cost, what to
//! do, and its sentence.

mod ambiguous_order;
mod arrived_unconfirmed;
mod cancelled_but_shipped;
mod claimed_too_much;
mod collection_stalled;
mod fee_conflict;
mod goods_without_claim;
mod item_mismatch;
mod quantity_mismatch;
mod refund_before_goods;
mod refund_due;
mod refund_overdue;
mod refunded_too_much;
mod stop_shipment;
mod stop_unanswered;
mod unrecognised;
mod vendor_return_unsent;
mod withdrawn_but_held;

use refund_due::owed;
pub use refund_due::{Refund, refunds};

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::assess::{Finding, View};
use crate::case::Claim;
use crate::fact::{Quantity, pieces, pieces_if_told};
use crate::money::Won;

/// A rule. Ids never change once released.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// 출고중지 필요.
    StopShipment,
    /// 취소 후 출고.
    CancelledButShipped,
    /// 출고중지요청 미응답.
    StopUnanswered,
    /// 환불 기한.
    RefundDue,
    /// 환불 기한 초과.
    RefundOverdue,
    /// 미입고 환불.
    RefundBeforeGoods,
    /// 접수 없는 입고.
    GoodsWithoutClaim,
    /// 수량 불일치.
    QuantityMismatch,
    /// 품목 불일치.
    ItemMismatch,
    /// 입고 후 미처리.
    ArrivedUnconfirmed,
    /// 회수 지연.
    CollectionStalled,
    /// 업체반품 미전송.
    VendorReturnUnsent,
    /// 철회 후 보류.
    WithdrawnButHeld,
    /// 배송비 귀책 불일치.
    FeeConflict,
    /// 초과 환불.
    RefundedTooMuch,
    /// 초과 접수.
    ClaimedTooMuch,
    /// 해석 불가.
    Unrecognised,
    /// 주문 연결 불명.
    AmbiguousOrder,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Self; 18] = [
        Self::StopShipment,
        Self::CancelledButShipped,
        Self::StopUnanswered,
        Self::RefundDue,
        Self::RefundOverdue,
        Self::RefundBeforeGoods,
        Self::GoodsWithoutClaim,
        Self::QuantityMismatch,
        Self::ItemMismatch,
        Self::ArrivedUnconfirmed,
        Self::CollectionStalled,
        Self::VendorReturnUnsent,
        Self::WithdrawnButHeld,
        Self::FeeConflict,
        Self::RefundedTooMuch,
        Self::ClaimedTooMuch,
        Self::Unrecognised,
        Self::AmbiguousOrder,
    ];

    /// The id in tables, commands and answers.
    pub const fn id(self) -> &'static str {
        match self {
            Self::StopShipment => "stop-shipment",
            Self::CancelledButShipped => "cancelled-but-shipped",
            Self::StopUnanswered => "stop-unanswered",
            Self::RefundDue => "refund-due",
            Self::RefundOverdue => "refund-overdue",
            Self::RefundBeforeGoods => "refund-before-goods",
            Self::GoodsWithoutClaim => "goods-without-claim",
            Self::QuantityMismatch => "quantity-mismatch",
            Self::ItemMismatch => "item-mismatch",
            Self::ArrivedUnconfirmed => "arrived-unconfirmed",
            Self::CollectionStalled => "collection-stalled",
            Self::VendorReturnUnsent => "vendor-return-unsent",
            Self::WithdrawnButHeld => "withdrawn-but-held",
            Self::FeeConflict => "fee-conflict",
            Self::RefundedTooMuch => "refunded-too-much",
            Self::ClaimedTooMuch => "claimed-too-much",
            Self::Unrecognised => "unrecognised",
            Self::AmbiguousOrder => "ambiguous-order",
        }
    }

    /// What people call it in Korean.
    pub const fn korean(self) -> &'static str {
        match self {
            Self::StopShipment => "출고중지 필요",
            Self::CancelledButShipped => "취소 후 출고",
            Self::StopUnanswered => "출고중지요청 미응답",
            Self::RefundDue => "환불 기한",
            Self::RefundOverdue => "환불 기한 초과",
            Self::RefundBeforeGoods => "미입고 환불",
            Self::GoodsWithoutClaim => "접수 없는 입고",
            Self::QuantityMismatch => "수량 불일치",
            Self::ItemMismatch => "품목 불일치",
            Self::ArrivedUnconfirmed => "입고 후 미처리",
            Self::CollectionStalled => "회수 지연",
            Self::VendorReturnUnsent => "업체반품 미전송",
            Self::WithdrawnButHeld => "철회 후 보류",
            Self::FeeConflict => "배송비 귀책 불일치",
            Self::RefundedTooMuch => "초과 환불",
            Self::ClaimedTooMuch => "초과 접수",
            Self::Unrecognised => "해석 불가",
            Self::AmbiguousOrder => "주문 연결 불명",
        }
    }

    /// Whether a person's look settles it: the domain's «or a person closes it».
    pub const fn asks_for_a_look(self) -> bool {
        match self {
            Self::GoodsWithoutClaim
            | Self::QuantityMismatch
            | Self::ItemMismatch
            | Self::RefundedTooMuch => true,
            Self::StopShipment
            | Self::CancelledButShipped
            | Self::StopUnanswered
            | Self::RefundDue
            | Self::RefundOverdue
            | Self::RefundBeforeGoods
            | Self::ArrivedUnconfirmed
            | Self::CollectionStalled
            | Self::VendorReturnUnsent
            | Self::WithdrawnButHeld
            | Self::FeeConflict
            | Self::ClaimedTooMuch
            | Self::Unrecognised
            | Self::AmbiguousOrder => false,
        }
    }

    /// The rule with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.id() == id)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        writer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let id = String::deserialize(reader)?;
        Self::from_id(&id).ok_or_else(|| D::Error::custom(format_args!("no rule is called {id}")))
    }
}

impl PartialSchema for Rule {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Which rule speaks. Ids never change; new ones may come."))
            .enum_values(Some(Self::ALL.map(Self::id)))
            .into()
    }
}

impl ToSchema for Rule {}

/// What all rules have to say. Where nobody knows whose order it is, only those speak that do not
/// look at the sales side.
pub(crate) fn speak(view: &View<'_>) -> Vec<Finding> {
    let mut findings = unrecognised::speak(view);
    findings.extend(ambiguous_order::speak(view));
    findings.extend(quantity_mismatch::speak(view));
    if view.is_ambiguous() {
        return findings;
    }
    for rule in [
        stop_shipment::speak,
        cancelled_but_shipped::speak,
        stop_unanswered::speak,
        refund_due::speak,
        refund_overdue::speak,
        refund_before_goods::speak,
        goods_without_claim::speak,
        item_mismatch::speak,
        arrived_unconfirmed::speak,
        collection_stalled::speak,
        vendor_return_unsent::speak,
        withdrawn_but_held::speak,
        fee_conflict::speak,
        refunded_too_much::speak,
        claimed_too_much::speak,
    ] {
        findings.extend(rule(view));
    }
    findings
}

/// When a claim was opened, or first heard of.
fn opened(claim: &Claim) -> Timestamp {
    let first = claim.opened.or(claim.stage.map(|(_, seen)| seen));
    first.map(|seen| seen.when.at).unwrap_or_default()
}

/// What claims ask back together, if that is for so many pieces; `None` if not certain.
fn amount_of<'c>(
    view: &View<'_>,
    claims: impl Iterator<Item = &'c Claim> + Clone,
    pieces: Quantity,
) -> Option<Won> {
    let asked = pieces_if_told(claims.clone().map(Claim::quantity))?;
    let amounts: Option<Vec<Won>> = claims.map(|claim| view.amount(claim)).collect();
    amounts.filter(|_| asked == pieces).and_then(Won::checked_sum)
}

/// What the pieces beyond what there is cost, of these claims; `None` if not certain.
fn beyond<'c>(
    view: &View<'_>,
    claims: impl Iterator<Item = &'c Claim> + Clone,
) -> (Quantity, Option<Won>) {
    let count = pieces(claims.clone().map(Claim::beyond));
    let each: Option<Vec<Won>> = claims.map(|claim| view.case.amount_beyond(claim)).collect();
    (count, each.and_then(Won::checked_sum).or_else(|| view.worth(count)))
}
