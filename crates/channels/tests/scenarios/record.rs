//! The short words of a scenario's lines → a channel's record. Times are KST, `01-02 10:00` without a
//! year is written `2024-01-02T10:00`.

use std::collections::BTreeMap;

use hoesu_claims::document::Marks;
use hoesu_claims::found::Moment;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::scenario::instant;

/// The words of a line by name.
struct Words<'w> {
    told: BTreeMap<&'w str, &'w str>,
    at: Timestamp,
}

impl<'w> Words<'w> {
    fn get(&self, name: &str) -> Option<&'w str> {
        self.told.get(name).copied()
    }

    fn or(&self, name: &str, other: &str) -> Value {
        json!(self.get(name).unwrap_or(other))
    }

    fn number(&self, name: &str, other: i64) -> i64 {
        self.get(name)
            .map_or(other, |word| word.parse().unwrap_or_else(|_| panic!("{name}={word}")))
    }

    /// A time as a channel without zones writes it; the line's own if not told.
    fn kst(&self, name: &str) -> String {
        self.kst_or(name, self.at)
    }

    fn kst_or(&self, name: &str, other: Timestamp) -> String {
        let at = self.get(name).map_or(other, |word| instant(&word.replace('T', " ")));
        hoesu_claims::time::KST.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    fn spaced(&self, name: &str) -> Value {
        json!(self.kst(name).replace('T', " "))
    }

    fn maybe_spaced(&self, name: &str) -> Value {
        if self.get(name).is_some() { self.spaced(name) } else { Value::Null }
    }

    /// A time in UTC, as it is written with `Z`.
    fn utc(&self, name: &str) -> Value {
        let at = self.get(name).map_or(self.at, |word| instant(&word.replace('T', " ")));
        json!(at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string())
    }

    fn maybe_utc(&self, name: &str) -> Value {
        if self.get(name).is_some() { self.utc(name) } else { Value::Null }
    }
}

/// The record a line means, and what is known beside it.
pub(crate) fn record(who: &str, what: &str, at: Timestamp, told: &[&str]) -> (Value, Marks) {
    let told = told.iter().map(|word| word.split_once('=').unwrap_or((word, "true"))).collect();
    let words = Words { told, at };
    let mut marks = Marks::new();
    let mut value = match (who, what) {
        ("coupang", "return") => receipt(&words),
        ("coupang", "withdrawal") => json!({
            "cancelId": words.number("receipt", 1), "orderId": words.number("order", 1),
            "vendorId": "A00012345", "refundDeliveryDuty": "CUS", "createdAt": words.kst("created"),
            "vendorItemIds": items(&words).iter().map(|(item, _)| *item).collect::<Vec<_>>(),
        }),
        ("coupang", "exchange") => exchange(&words),
        ("ssg", "cancel") => json!({
            "orordNo": words.or("order", "1"), "orordItemSeq": words.or("seq", "1"),
            "ordNo": words.or("claim", words.get("order").unwrap_or("1")),
            "ordItemSeq": words.or("seq", "1"), "ordItemStatCd": "180",
            "itemId": words.or("item", "1000"), "uitemId": "00000",
            "clmRsnCd": words.or("reason", "251"), "imptDivCd": words.or("fault", "10"),
            "ordCnclDts": words.spaced("cancelled"), "cnclItemQty": words.or("count", "1"),
            "ordRcpDts": words.maybe_spaced("placed"), "dircItemQty": words.or("bought", "1"),
        }),
        ("ssg", "request") => json!({
            "ordNo": words.or("claim", words.get("order").unwrap_or("1")),
            "ordItemSeq": words.or("seq", "1"), "orordNo": words.or("order", "1"),
            "orordItemSeq": words.or("seq", "1"), "clmDemndDts": words.spaced("asked"),
            "itemId": words.or("item", "1000"), "uitemId": "00000",
            "procOrdQty": words.or("count", "1"), "clmRsnCd": words.or("reason", "251"),
        }),
        ("ssg", "return") => json!({
            "shppDivDtlCd": words.or("way", "21"), "orordNo": words.or("order", "1"),
            "orordItemSeq": words.or("seq", "1"), "ordNo": words.or("own", "900"),
            "ordItemSeq": "1", "shppNo": words.or("ship", "77"), "shppSeq": "1",
            "itemId": words.or("item", "1000"), "uitemId": "00000",
            "dircItemQty": words.or("count", "1"), "clmRsnCd": words.or("reason", "351"),
            "lastShppProgStatDtlCd": words.or("progress", "61"), "wblNo": words.or("waybill", ""),
            "refundYn": words.or("refund", "N"), "rcovDircDt": words.spaced("asked"),
            "rcovCnfDt": words.maybe_spaced("confirmed"), "rcovCmplDt": words.maybe_spaced("done"),
            "rcovRvkDt": words.maybe_spaced("revoked"), "sellprc": words.or("price", ""),
        }),
        ("ssg", "order") => json!({
            "ordNo": words.or("order", "1"), "ordItemSeq": words.or("seq", "1"),
            "orordNo": words.or("order", "1"), "orordItemSeq": words.or("seq", "1"),
            "ordItemDiv": words.or("division", "011"), "itemId": words.or("item", "1000"),
            "ordQty": words.or("bought", "1"), "cnclQty": words.or("cancelled", "0"),
            "shpmtQty": words.or("shipped", "0"), "ordRcpDts": words.spaced("placed"),
        }),
        ("3pfl", "request") => json!({
            "orderNumber": words.number("order", 1), "invoiceNumber": words.or("waybill", "W1"),
            "vendorItemId": words.number("item", 11), "reasonCode": "80", "reasonMessage": "",
            "customerAddress1": "", "customerAddress2": "", "customerZipCode": "",
            "customerMobile": "", "customerPhone": "", "customerName": "",
            "requestType": "COLLECT", "instantReturn": false, "shippingCompanyId": "CJGLS",
        }),
        ("3pfl", "tracking" | "collect") => json!({
            "orderNumber": words.number("order", 1), "invoiceNumber": words.or("waybill", "W1"),
            "vendorItemId": words.number("item", 11), "status": words.or("status", "COLLECT"),
            "shippingCompanyId": "CJGLS", "returnInvoiceNumber": words.get("back"),
            "occurredAt": words.kst("at"),
        }),
        ("3pfl", "cancel") => json!({
            "orderId": words.or("order", "1"), "cancelReason": words.or("reason", "SimpleRemorse"),
            "vendorItemCancelList": [
                {"vendorItemId": words.number("item", 11), "quantity": words.number("count", 1)},
            ],
        }),
        ("poomgo", "order") => row(&words, &mut marks),
        ("poomgo", "ticket") => ticket(&words),
        _ => panic!("{who} says no {what}"),
    };
    // `+member=value` puts something into the record that no contract knows.
    for (name, word) in &words.told {
        if let Some(member) = name.strip_prefix('+') {
            value[member] = json!(word);
        }
    }
    (value, marks)
}

fn receipt(words: &Words<'_>) -> Value {
    let created = words.get("created").map_or(words.at, |word| instant(&word.replace('T', " ")));
    let waybills: Vec<Value> = words
        .get("waybill")
        .map(|code| json!({"deliveryCompanyCode": "CJGLS", "deliveryInvoiceNo": code}))
        .into_iter()
        .collect();
    let items = items(words);
    let count: i64 = items.iter().map(|(_, count)| count).sum();
    let item = |(item, count): &(i64, i64)| {
        json!({
            "vendorItemId": item, "purchaseCount": words.number("bought", *count),
            "cancelCount": count, "shipmentBoxId": 640_000_000_519_998_364_i64,
            "releaseStatus": words.or("release", "Y"),
        })
    };
    json!({
        "receiptId": words.number("receipt", 1), "orderId": words.number("order", 1),
        "receiptType": words.or("type", "RETURN"),
        "receiptStatus": words.or("status", "RETURNS_UNCHECKED"),
        "createdAt": words.kst("created"), "modifiedAt": words.kst_or("changed", created.max(words.at)),
        "cancelReasonCategory1": "", "cancelReasonCategory2": words.or("category", ""),
        "cancelCountSum": count, "returnDeliveryType": words.or("delivery", ""),
        "releaseStopStatus": words.or("stop", "비대상"), "faultByType": words.or("fault", "CUSTOMER"),
        "preRefund": words.get("pre").is_some(),
        "completeConfirmDate": words.get("confirmed").map_or(String::new(), |_| words.kst("confirmed")),
        "completeConfirmType": words.or("confirm", "UNDEFINED"),
        "returnItems": items.iter().map(item).collect::<Vec<_>>(),
        "returnDeliveryDtos": waybills, "reasonCode": words.or("reason", "CHANGEMIND"),
        "returnShippingCharge": words.number("charge", 0),
    })
}

/// `items=11*1+12*2`, or one `item` with its `count`.
fn items(words: &Words<'_>) -> Vec<(i64, i64)> {
    let Some(items) = words.get("items") else {
        return vec![(words.number("item", 11), words.number("count", 1))];
    };
    let pair = |pair: &str| {
        let (item, count) = pair.split_once('*').unwrap();
        (item.parse().unwrap(), count.parse().unwrap())
    };
    items.split('+').map(pair).collect()
}

fn exchange(words: &Words<'_>) -> Value {
    let created = words.kst("created");
    let again = words.get("again").map(|code| {
        json!({"shipmentBoxId": 2, "shippingDeliveryType": "EXCHANGE_DELIVERY",
            "deliveryInvoiceDtos": [{"invoiceNumber": code, "statusCode": "DEPARTURE"}]})
    });
    json!({
        "exchangeId": words.number("exchange", 5), "orderId": words.number("order", 1),
        "exchangeStatus": words.or("status", "RECEIPT"), "faultType": words.or("fault", "CUSTOMER"),
        "reasonCode": "DIFFERENTOPT", "createdAt": created, "modifiedAt": words.kst("changed"),
        "exchangeItemDtoV1s": [{"orderItemId": words.number("item", 11),
            "orderItemUnitPrice": words.number("price", 0), "quantity": words.number("count", 1)}],
        "deliveryInvoiceGroupDtos": again.into_iter().collect::<Vec<_>>(),
        "collectStatus": words.or("collect", "BeforeDirection"),
        "collectCompleteDate": words.get("collected").map(|_| words.kst("collected")),
    })
}

/// `items=SKU*3+SKU2*1`, `invoices=W1:open+W2:closed+W3:cancelled+W4:delivered`.
fn row(words: &Words<'_>, marks: &mut Marks) -> Value {
    let items = words.get("items").unwrap_or("SKU1*1").split('+').map(|item| {
        let (code, pieces) = item.split_once('*').unwrap();
        json!({"resource_code": code, "resource_name": code, "quantity": pieces.parse::<i64>().unwrap()})
    });
    let invoices: Vec<(&str, &str)> = words
        .get("invoices")
        .map(|all| all.split('+').map(|one| one.split_once(':').unwrap()).collect())
        .unwrap_or_default();
    let invoice = |(code, state): &(&str, &str)| {
        json!({"invoiceId": format!("9{code}"), "invoiceCode": code, "isPrinted": true,
            "isClosed": matches!(*state, "closed" | "delivered"),
            "cargoStatusCodeKey":
                (*state == "delivered").then_some("INVOICE_CARGO_STATUS_DELIVERYCOMPLETED"),
            "logisticsPartnerName": "CJ대한통운"})
    };
    let dead = |one: &&(&str, &str)| one.1 == "cancelled";
    let live: Vec<Value> = invoices.iter().filter(|one| !dead(one)).map(invoice).collect();
    let cancelled: Vec<Value> = invoices.iter().filter(dead).map(invoice).collect();
    if words.get("closed").is_some() {
        marks.insert(Moment::Closed, instant(&words.get("closed").unwrap().replace('T', " ")));
    }
    json!({
        "id": words.number("row", 7), "channelName": words.or("name", "쿠팡"),
        "orderCode": words.or("order", "1"), "createdAt": words.utc("made"),
        "orderAt": words.maybe_utc("placed"),
        "invoices": if live.is_empty() { Value::Null } else { json!(live) },
        "canceledInvoices": cancelled, "items": items.collect::<Vec<_>>(),
        "settlementPrice": words.get("paid"),
    })
}

/// `items=SKU*back/sent:good+…`; grades good, unsellable, out.
fn ticket(words: &Words<'_>) -> Value {
    let items =
        words.get("items").unwrap_or("SKU1*1/1").split('+').enumerate().map(|(nth, item)| {
            let (item, grade) = item.split_once(':').unwrap_or((item, ""));
            let (code, pieces) = item.split_once('*').unwrap();
            let (back, sent) = pieces.split_once('/').unwrap_or((pieces, pieces));
            let mut value = json!({"id": nth + 1, "resourceCode": code, "resourceName": code,
            "originalQuantity": sent.parse::<i64>().unwrap(),
            "returnQuantity": back.parse::<i64>().unwrap(),
            "createdAt": words.utc("made"), "updatedAt": words.utc("changed")});
            let grades = [("good", "INCOMING"), ("unsellable", "DISUSE"), ("out", "OUTGOING")];
            if let Some((_, code)) = grades.iter().find(|(name, _)| *name == grade) {
                value["typeCodeKey"] = json!(format!("CSTICKET_TYPE_{code}"));
            }
            value
        });
    json!({
        "id": words.number("ticket", 3), "createdAt": words.utc("made"),
        "updatedAt": words.utc("changed"), "deletedAt": words.maybe_utc("deleted"),
        "serial": "CS_RT_240101_000001", "status": words.or("status", "PROCESSING"),
        "type": words.or("type", "RETURN"), "originalInvoiceCode": words.get("invoice"),
        "originalOrderCode": words.get("order"), "canceledAt": words.maybe_utc("cancelled"),
        "returnInvoices": [{
            "id": 30 + words.number("ticket", 3), "createdAt": words.utc("made"),
            "updatedAt": words.utc("changed"), "status": words.or("parcel", "AT_CENTER"),
            "code": words.get("waybill"), "requestedAt": words.maybe_utc("asked"),
            "doneAt": words.maybe_utc("done"), "returnInvoiceItems": items.collect::<Vec<_>>(),
        }],
        "replacementInvoices": [], "csLogs": [],
    })
}
