//! The calls in SSG.COM's own spelling: what is asked, what is answered. The cancelled-order inquiry is
//! documented (`eapi.ssgadm.com/info/clm/cnclOrdInquiry.ssg`); the others are known from public client
//! code.

use super::row::Shape;

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

/// The rows of the cancelled-order list.
pub(super) static CANCEL_ROW: Shape = Shape { element: DATA, members: &ROW, costs: Some(CST_INFO) };

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

/// Asked, undecided cancels.
pub(super) const CANCEL_REQUESTS: &str = "/api/claim/v2/cancel/requests";
/// Grants one of them.
pub(super) const APPROVE: &str = "/api/claim/v2/cancel/request/approve";
/// What became of an order; its number is the last segment.
pub(super) const ORDERS: &str = "/api/claim/v2/order/";
/// Returns and exchanges.
pub(super) const EXCHANGE_TARGETS: &str = "/api/pd/1/listExchangeTarget.ssg";
/// 회수확인: the goods came back.
pub(super) const CONFIRM_RECEIPT: &str = "/api/pd/1/saveConfirmRcov.ssg";
/// 회수완료: they are well, and the money goes back.
pub(super) const COMPLETE: &str = "/api/pd/1/saveCompleteRcov.ssg";
/// 반품거부; the spelling is SSG.COM's.
pub(super) const REFUSE: &str = "/api/pd/1/saveRefusualReturn.ssg";

/// 주문확인: an order is being prepared.
pub(super) const CONFIRM_ORDER: &str = "/api/pd/1/updateOrderSubjectManage.ssg";
/// 운송장등록.
pub(super) const WAYBILL: &str = "/api/pd/1/saveWblNo.ssg";
/// 출고완료.
pub(super) const SHIP: &str = "/api/pd/1/saveWhOutCompleteProcess.ssg";
/// 판매불가: the seller cannot supply.
pub(super) const NO_SELL: &str = "/api/pd/1/saveNoSellRequestRegist.ssg";

/// What nobody has confirmed yet.
pub(super) const DIRECTIONS: &str = "/api/pd/1/listShppDirection.ssg";
/// What is confirmed and has not left.
pub(super) const WAREHOUSE_OUTS: &str = "/api/pd/1/listWarehouseOut.ssg";

/// The rows of the claim/v2 family; in XML each row is one such element.
pub(super) const RESULT_DATA: &str = "resultData";
/// The wrapper of the pd family's returns.
pub(super) const TARGETS: &str = "exchangeTargets";
/// One of them.
pub(super) const TARGET: &str = "exchangeTarget";

/// The root of a question for returns.
pub(super) const ASK_TARGETS: &str = "requestExchangeTarget";
/// The root of both 회수확인 and 회수완료.
pub(super) const RECEIPT_ROOT: &str = "requestConfirmRcov";
/// The root of 주문확인.
pub(super) const ORDER_ROOT: &str = "requestOrderSubjectManage";
/// The root of both 운송장등록 and 출고완료.
pub(super) const SHIP_ROOT: &str = "requestWhOutCompleteProcess";
/// The root of 판매불가.
pub(super) const NO_SELL_ROOT: &str = "requestNoSellRequestRegist";
/// The root of 반품거부.
pub(super) const REFUSAL_ROOT: &str = "requestRefusualReturn";

/// The members of a shipment, in the order live answers have them; a price is spelled `splprc` or
/// `splPrc`, depending on the list.
const SHIPMENT: &[&str] = &[
    "ordNo",
    "ordItemSeq",
    "orordNo",
    "orordItemSeq",
    "shppNo",
    "shppSeq",
    "ordStatCd",
    "shppStatCd",
    "shppStatNm",
    "itemId",
    "itemNm",
    "splVenItemId",
    "uSplVenItemId",
    "uitemId",
    "uitemNm",
    "ordCstId",
    "shppcst",
    "ordCstOccCd",
    "shppcstCodYn",
    "ordRcpDts",
    "ordpeNm",
    "ordpeHpno",
    "ordpeRoadAddr",
    "rcptpeNm",
    "rcptpeHpno",
    "rcptpeTelno",
    "shppDivDtlCd",
    "shppDivDtlNm",
    "shppProgStatDtlCd",
    "shppRsvtDt",
    "siteNo",
    "shppVenId",
    "shppVenNm",
    "rsvtItemYn",
    "dircItemQty",
    "cnclItemQty",
    "ordQty",
    "splprc",
    "sellprc",
    "rlordAmt",
    "dcAmt",
    "shpplocAddr",
    "shpplocBascAddr",
    "shpplocDtlAddr",
    "shpplocZipcd",
    "shpplocOldZipcd",
    "ordMemoCntt",
    "ordShpplocId",
    "shppTypeDtlCd",
    "reOrderYn",
    "itemDiv",
    "ordItemDivNm",
    "shppItemDivCd",
    "shppcstId",
    "mallTypeCd",
    "ordTypeCd06Yn",
    "ordItemCertNoYn",
];

/// A row of `listShppDirection`.
pub(super) static DIRECTION_ROW: Shape =
    Shape { element: "shppDirection", members: SHIPMENT, costs: None };
/// A row of `listWarehouseOut`.
pub(super) static WAREHOUSE_OUT_ROW: Shape =
    Shape { element: "warehouseOut", members: SHIPMENT, costs: None };

/// A row of `claim/v2/cancel/requests`.
pub(super) static REQUEST_ROW: Shape = Shape {
    element: RESULT_DATA,
    members: &[
        "ordNo",
        "ordItemSeq",
        "orordNo",
        "orordItemSeq",
        "clmDemndDts", // when it was asked for, KST
        "itemId",
        "uitemId",
        "itemNm",
        "uitemNm",
        "exchTgtUitemId",
        "procOrdQty",       // how many
        "shppcstBdnMainCd", // who bears the shipping
        "clmRsnCd",
        "clmRsnCntt",
    ],
    costs: None,
};

/// A row of `claim/v2/order/{orordNo}`; nobody lists its members in full.
pub(super) static ORDER_ROW: Shape = Shape {
    element: RESULT_DATA,
    members: &[
        "ordNo",
        "ordItemSeq",
        "orordNo",
        "orordItemSeq",
        "ordItemDiv",  // 011 ordered, 021 cancelled, 031 returned, 041 042 exchanged
        "ordItemStat", // 110 … 180
        "itemId",
        "itemNm",
        "uitemId",
        "uitemNm",
        "ordQty",   // pieces
        "cnclQty",  // of them cancelled
        "shpmtQty", // of them sent
        "ordRcpDts",
    ],
    costs: None,
};

/// A row of `listExchangeTarget`.
pub(super) static TARGET_ROW: Shape = Shape {
    element: TARGET,
    members: &[
        "shppVenId",
        "splVenNm",
        "lrnkSplVenNm",
        "bfOrderId",
        "bfOrderSeq",
        "shppDivDtlCd",
        "shppDivDtlNm",
        "orordNo",
        "orordItemSeq",
        "ordNo",
        "ordItemSeq",
        "bfShppNo",
        "bfShppSeq",
        "shppNo",
        "shppSeq",
        "orshppNo",
        "orshppSeq",
        "itemId",
        "itemNm",
        "uitemId",
        "uitemNm",
        "splVenItemId",
        "uSplVenItemId",
        "mdlNm",
        "frebieNm",
        "dircItemQty",
        "procItemQty",
        "refusRetProcQty",
        "clmRsnCd",
        "clmRsnNm",
        "clmRsnCntt",
        "shppcstBdnMainCd",
        "shppcstBdnMainNm",
        "rcovMthdCd",
        "rcovMthdNm",
        "lastShppProgStatDtlCd",
        "lastShppProgStatDtlNm",
        "shppStatCd",
        "shppStatNm",
        "retProcStatNm",
        "shppTypeDtlCd",
        "shppTypeDtlNm",
        "delicoVenId",
        "delicoVenNm",
        "wblNo",
        "resellPsblYn",
        "retImptMainNm",
        "shppcstAddPaymtNm",
        "refundYn",
        "retRefusRsnNm",
        "retProcMemoCntt",
        "retProcMemoRegpeId",
        "memoCntt",
        "rcovDircDt",
        "rcovCnfDt",
        "rcovCmplDeferDt",
        "rcovCmplDt",
        "rcovRvkDt",
        "ordpeNm",
        "rcptpeNm",
        "rcptpeHpno",
        "rcptpeTelno",
        "shpplocAddr",
        "shpplocBascAddr",
        "shpplocDtlAddr",
        "shpplocZipcd",
        "shpplocOldZipcd",
        "sellprc",
        "rlordAmt",
        "dcAmt",
        "mallTypeCd",
        "ordTypeCd06Yn",
        "ordItemCertNoYn",
    ],
    costs: None,
};
