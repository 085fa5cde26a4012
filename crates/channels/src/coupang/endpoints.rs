//! Every call of the return, exchange and claim-meeting order APIs we know of.

use super::ask::{PAGE_ROWS_MAX, RETURN_DAYS_MAX, SHEET_ROWS_MAX, WEEK_DAYS_MAX};
use crate::{Confidence, Endpoint, Side};

/// An endpoint below `/v2/providers/openapi/apis/api/{version}/vendors/{vendorId}`.
macro_rules! endpoint {
    ($side:ident $method:literal $version:literal $rest:literal, $what:literal, $source:literal) => {
        endpoint!($side $method $version $rest, $what, $source, "", 0, 0)
    };
    (
        $side:ident $method:literal $version:literal $rest:literal, $what:literal,
        $source:literal, $fixture:literal, $days:expr, $rows:expr
    ) => {
        Endpoint {
            method: $method,
            path: concat!(
                "/v2/providers/openapi/apis/api/", $version, "/vendors/{vendor_id}/", $rest
            ),
            what: $what,
            side: Side::$side,
            fixture: $fixture,
            source: concat!("https://developers.coupangcorp.com/hc/ko/articles/", $source),
            confidence: Confidence::Documented,
            query_days_max: $days,
            page_rows_max: $rows,
        }
    };
}

const ROWS: u32 = PAGE_ROWS_MAX as u32;
const SHEET_ROWS: u32 = SHEET_ROWS_MAX as u32;

/// What we answer, what is answered where something can be done, what we know of.
pub(super) const ENDPOINTS: &[Endpoint] = &[
    endpoint!(Served "GET" "v4" "returnRequests/{receipt_id}", "one return", "360034562353", "return", 0, 0),
    endpoint!(Served "GET" "v6" "returnRequests/{receipt_id}", "one return", "48314250583705", "return", 0, 0),
    endpoint!(Served "GET" "v4" "returnRequests", "returns and cancels", "360033919613", "return-list", RETURN_DAYS_MAX, ROWS),
    endpoint!(Served "GET" "v6" "returnRequests", "returns and cancels", "48314250583705", "", RETURN_DAYS_MAX, ROWS),
    endpoint!(Served "GET" "v4" "returnWithdrawRequests", "withdrawals by day", "360034027354", "withdrawal", WEEK_DAYS_MAX, ROWS),
    endpoint!(Served "POST" "v4" "returnWithdrawList", "withdrawals by receipt", "360034027374", "withdrawal-list", 0, 0),
    endpoint!(Served "GET" "v4" "exchangeRequests", "exchanges", "360033397594", "exchange", WEEK_DAYS_MAX, ROWS),
    endpoint!(Served "GET" "v4" "ordersheets", "orders", "360033792854", "", RETURN_DAYS_MAX, SHEET_ROWS),
    endpoint!(Served "GET" "v5" "ordersheets", "orders", "48314250583705", "", RETURN_DAYS_MAX, SHEET_ROWS),
    endpoint!(Served "GET" "v4" "ordersheets/{shipment_box_id}", "one order", "360033792854"),
    endpoint!(Served "GET" "v5" "ordersheets/{shipment_box_id}", "one order", "48314250583705", "order-sheet", 0, 0),
    endpoint!(Served "GET" "v4" "{order_id}/ordersheets", "an order's boxes", "360033792854"),
    endpoint!(Served "GET" "v5" "{order_id}/ordersheets", "an order's boxes", "48314250583705"),
    endpoint!(Acting "PUT" "v4" "returnRequests/{receipt_id}/stoppedShipment", "the shipment was stopped", "360034320673"),
    endpoint!(Acting "PATCH" "v4" "returnRequests/{receipt_id}/stoppedShipment", "the shipment was stopped", "360034320673"),
    endpoint!(Acting "PUT" "v4" "returnRequests/{receipt_id}/completedShipment", "it was shipped already", "360033793034"),
    endpoint!(Acting "PATCH" "v4" "returnRequests/{receipt_id}/completedShipment", "it was shipped already", "360033793034"),
    endpoint!(Acting "PUT" "v4" "returnRequests/{receipt_id}/receiveConfirmation", "the goods are back", "360034027214"),
    endpoint!(Acting "PATCH" "v4" "returnRequests/{receipt_id}/receiveConfirmation", "the goods are back", "360034027214"),
    endpoint!(Acting "PUT" "v5" "returnRequests/{receipt_id}/receiveConfirmation", "the goods are back", "48314250583705"),
    endpoint!(Acting "PATCH" "v5" "returnRequests/{receipt_id}/receiveConfirmation", "the goods are back", "48314250583705"),
    endpoint!(Acting "PUT" "v4" "returnRequests/{receipt_id}/approval", "the return is approved", "360034562513"),
    endpoint!(Acting "PATCH" "v4" "returnRequests/{receipt_id}/approval", "the return is approved", "360034562513"),
    endpoint!(Acting "PUT" "v5" "returnRequests/{receipt_id}/approval", "the return is approved", "48314250583705"),
    endpoint!(Acting "PATCH" "v5" "returnRequests/{receipt_id}/approval", "the return is approved", "48314250583705"),
    endpoint!(Acting "POST" "v4" "return-exchange-invoices/manual", "waybill of the way back", "360034027394"),
    endpoint!(Acting "PUT" "v4" "exchangeRequests/{exchange_id}/receiveConfirmation", "the old goods are back", "360034027834"),
    endpoint!(Acting "PATCH" "v4" "exchangeRequests/{exchange_id}/receiveConfirmation", "the old goods are back", "360034027834"),
    endpoint!(Acting "PUT" "v4" "exchangeRequests/{exchange_id}/rejection", "the exchange is refused", "360034027874"),
    endpoint!(Acting "PATCH" "v4" "exchangeRequests/{exchange_id}/rejection", "the exchange is refused", "360034027874"),
    endpoint!(Acting "POST" "v4" "exchangeRequests/{exchange_id}/invoices", "waybill of the new goods", "360034027954"),
    endpoint!(Known "GET" "v4" "ordersheets/{shipment_box_id}/history", "where a box was", "360033792854"),
    endpoint!(Acting "PUT" "v4" "ordersheets/acknowledgement", "the goods are being prepared", "48314250583705"),
    endpoint!(Acting "PATCH" "v4" "ordersheets/acknowledgement", "the goods are being prepared", "48314250583705"),
    endpoint!(Acting "PUT" "v5" "ordersheets/acknowledgement", "the goods are being prepared", "48314250583705"),
    endpoint!(Acting "PATCH" "v5" "ordersheets/acknowledgement", "the goods are being prepared", "48314250583705"),
    endpoint!(Acting "POST" "v4" "orders/invoices", "waybills of orders", "360033793014"),
    endpoint!(Known "POST" "v4" "orders/updateInvoices", "other waybills of orders", "360033793014"),
    endpoint!(Acting "POST" "v5" "orders/{order_id}/cancel", "the seller cancels", "360033843154"),
    endpoint!(Acting "POST" "v6" "orders/{order_id}/cancel", "the seller cancels", "48314250583705"),
];
