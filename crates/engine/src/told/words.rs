//! The words of a case in both languages.

use hoesu_channels::Title;
use hoesu_claims::case::{ClaimTrack, GoodsTrack, MoneyTrack};
use hoesu_claims::fact::{
    Arrival, ClaimKind, Collection, Fault, Grade, InvoiceStage, Stage, Stop, TicketStage,
};

macro_rules! words {
    ($(#[$doc:meta])* $visible:vis fn $name:ident($type:ident) { $($variant:ident => $ko:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        $visible const fn $name(word: $type) -> Title {
            match word { $($type::$variant => Title { ko: $ko, en: $en }),+ }
        }
    };
}

/// What a claim asks for, if that is known.
pub fn claim_kind(kind: Option<ClaimKind>) -> Title {
    kind.map_or(Title { ko: "클레임", en: "claim" }, known_kind)
}

words! { fn known_kind(ClaimKind) {
    Cancel => "취소", "cancel";
    Return => "반품", "return";
    Exchange => "교환", "exchange";
    Repair => "수리", "repair";
} }

words! {
/// Whose fault.
pub fn whose(Fault) {
    Customer => "고객", "the customer";
    Seller => "판매자", "the seller";
    Channel => "판매 채널", "the sales channel";
    Logistics => "물류", "logistics";
    General => "없음", "nobody in particular";
} }

words! {
/// Where a claim stands.
pub fn claim_stage(Stage) {
    Asked => "요청됨", "asked";
    StopAsked => "출고중지 요청됨", "stop asked";
    Received => "입고됨, 처리 전", "received, undecided";
    Disputed => "채널에 확인 요청함", "under the channel's review";
    Deferred => "보류됨", "put off";
    HandedOver => "채널로 넘김", "handed over to the channel";
    Refused => "거절됨", "refused";
    Done => "확정됨", "final";
    Withdrawn => "철회됨", "withdrawn";
} }

words! {
/// Whether a wish to stop was answered.
pub fn stopped(Stop) {
    NotApplicable => "해당 없음", "not applicable";
    Unanswered => "미응답", "unanswered";
    Stopped => "처리됨", "done";
    Shipped => "이미 출고로 답함", "answered: shipped already";
    TakenForShipped => "채널이 출고로 처리함", "taken for shipped by the channel";
} }

words! {
/// How goods come back.
pub fn moving(Collection) {
    NotYet => "회수 지시 전", "collection not asked for";
    Asked => "회수 지시됨", "collection asked for";
    Moving => "회수 중", "on the way back";
    Arrived => "회수 완료", "collected";
    Failed => "회수 실패", "collection failed";
    Nothing => "회수할 것 없음", "nothing to collect";
} }

words! {
/// How far an outbound invoice came.
pub fn invoice_stage(InvoiceStage) {
    Assigned => "발급됨", "assigned";
    Printed => "출력됨", "printed";
    Closed => "출고 마감", "closed";
    Delivered => "배송 완료", "delivered";
    Cancelled => "취소됨", "cancelled";
} }

words! {
/// Where a ticket stands.
pub fn ticket_stage(TicketStage) {
    Draft => "만들어짐", "made";
    Processing => "처리 중", "under way";
    Done => "끝남", "done";
    Cancelled => "취소됨", "cancelled";
} }

words! {
/// What became of goods.
pub fn graded(Grade) {
    Good => "정상", "good";
    Unsellable => "판매 불가", "unsellable";
    SentOut => "반출", "sent out";
    Ungraded => "판정 전", "ungraded";
} }

words! {
/// How sure it is that they are back.
pub fn arrived(Arrival) {
    Noted => "적힘, 입고 확인 전", "noted, not confirmed";
    AtSeller => "판매자 입고", "back at the seller";
    AtCentre => "센터 입고", "back at the centre";
} }

words! {
    /// Where the claim stands.
    pub fn claim_track(ClaimTrack) {
        None => "없음", "none";
        Reversed => "철회·거절됨", "reversed";
        Final => "확정됨", "final";
        Deciding => "결정 전", "deciding";
        Asked => "요청됨", "asked";
        StopAsked => "출고중지 요청됨", "stop asked";
    }
}

words! {
    /// Where the goods are.
    pub fn goods_track(GoodsTrack) {
        Unknown => "모름", "unknown";
        Stopped => "출고 중지됨", "stopped";
        Held => "창고에 있음", "held";
        Packing => "출고 준비 중", "packing";
        Sent => "출고됨", "sent";
        Delivered => "배송 완료", "delivered";
        NotCollected => "회수 실패", "not collected";
        ComingBack => "돌아오는 중", "coming back";
        PartlyBack => "일부 입고", "partly back";
        Back => "입고됨", "back";
    }
}

words! {
    /// Where the money is.
    pub fn money_track(MoneyTrack) {
        Kept => "판매자에게 있음", "kept";
        Refunded => "환불됨", "refunded";
        PreRefunded => "선환불됨", "refunded ahead";
        Owed => "환불해야 함", "owed";
    }
}
