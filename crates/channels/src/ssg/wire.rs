//! The cancelled-order inquiry in SSG.COM's own spelling: what is asked, what is answered.
//! (cancelled-order list guide, `eapi.ssgadm.com/info/clm/cnclOrdInquiry.ssg`)

/// The path it is asked on.
pub(super) const INQUIRY: &str = "/api/clm/cncl/ord/inquiry.ssg";

/// The root of every request: JSON `{"request":{…}}`, XML `<request>…</request>`.
pub(super) const ROOT: &str = "request";

/// What is asked for: a period, or one order. All four are text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    /// `perdStrDts` 기간시작일: first day, `yyyymmdd`.
    pub(super) first_day: Option<String>,
    /// `perdEndDts` 기간종료일: last day, `yyyymmdd`, within 7 days.
    pub(super) last_day: Option<String>,
    /// `orordNo` 원주문번호: the order as the buyer knows it.
    pub(super) order: Option<String>,
    /// `orordItemSeqs` 원주문상품순번: lines of that order, `1,2,3`.
    pub(super) lines: Option<String>,
}

/// The members of [`Request`] as they are spelled, in the documented order.
pub(super) const REQUEST: [&str; 4] = ["perdStrDts", "perdEndDts", "orordNo", "orordItemSeqs"];

/// The root of every answer, and its children in the documented order; `data` follows them, once
/// per row.
pub(super) const RESULT: &str = "result";
/// 결과 코드: `00` or why not.
pub(super) const RESULT_CODE: &str = "resultCode";
/// 결과 값: one word for the code.
pub(super) const RESULT_MESSAGE: &str = "resultMessage";
/// 오류 메시지: a sentence for people.
pub(super) const RESULT_DESC: &str = "resultDesc";
/// The rows; in XML each row is one such element.
pub(super) const DATA: &str = "data";

/// 비용정보: the one member of a row that is a list, of [`COST`]s.
pub(super) const CST_INFO: &str = "cstInfo";

/// The members of a cancelled row, in the documented order. All are text but the last.
pub(super) const ROW: [&str; 22] = [
    "ordpeNm",       // 주문자명: who ordered
    "ordRcpMediaCd", // 접수매체코드: what it was ordered on, 10 PC … 99 call centre
    "ordRcpMediaNm", // 접수매체명: the same in words
    "orordNo",       // 원주문번호: the order as the buyer knows it
    "orordItemSeq",  // 원주문상품순번: its line
    "ordNo",         // 주문번호: the cancel's own number
    "ordItemSeq",    // 주문상품순번: its line
    "ordItemStatCd", // 주문상품상태코드: 180 cancelled
    "ordItemStatNm", // 주문상품상태명: the same in words
    "itemNm",        // 상품명: what was ordered
    "itemId",        // 상품ID
    "clmRsnCd",      // 클레임사유코드: 251 … 260, an open set
    "clmRsnNm",      // 클레임사유명: the same in words
    "clmRsnCntt",    // 클레임사유내용: what the buyer wrote
    "imptDivCd",     // 귀책구분코드: 10 buyer's, 20 seller's fault
    "ordCnclDts",    // 주문취소일시: when it was cancelled, KST
    "cnclItemQty",   // 취소수량: how many, of the cancel
    "ordRcpDts",     // 주문접수일시: when it was ordered, KST
    "dircItemQty",   // 지시수량: how many, of the order
    "uitemId",       // 단품ID: the variant, 00000 if there are none
    "uitemNm",       // 단품명: the same in words
    CST_INFO,        // 비용정보
];

/// The members of one cost of a row, in the documented order. All are text.
pub(super) const COST: [&str; 8] = [
    "ordNo",          // 주문번호
    "ordItemSeq",     // 주문상품순번
    "shpmtShppcst",   // 출고배송비용: shipping out, won
    "retShppcst",     // 반품 배송비용: shipping back, won
    "exchShppcst",    // 교환 배송비용: shipping for an exchange, won
    "splVenBdnDcAmt", // 공급 업체 부담 할인 금액: discount the supplier bears, won
    "splVenId",       // 공급업체ID
    "lrnkSplVenId",   // 하위공급업체ID
];
