//! Order sheets: one box, an order's boxes, lists of them.

use hoesu_testkit::on_both;

use super::*;
use crate::trial::compact;

const V5: &str = include_str!("../fixtures/order-sheet.ok.response.json");
const V4: &str = include_str!("../fixtures/order-sheet.ok.response.v4.json");

fn v5(rest: &str) -> String {
    format!("{BASE}/v5/vendors/A00012345/{rest}")
}

/// The record of a fixture.
fn record(fixture: &str) -> String {
    let whole = compact(fixture);
    let record = whole.split_once("\"data\":").unwrap().1;
    record.strip_suffix('}').unwrap().to_owned()
}

/// A sheet as short as one may be.
fn sheet(number: i64, order: i64, paid: &str, status: &str, cancelled: i64) -> String {
    format!(
        r#"{{"shipmentBoxId":{number},"orderId":{order},"orderedAt":"{paid}","paidAt":"{paid}","status":"{status}","orderItems":[{{"vendorItemId":1,"shippingCount":2,"cancelCount":{cancelled}}}]}}"#
    )
}

fn boxes(answered: &Answered) -> Vec<i64> {
    assert_eq!(answered.status.as_u16(), 200, "{}", answered.body);
    let body: serde_json::Value = serde_json::from_str(&answered.body).unwrap();
    assert_eq!(body["code"], "200");
    let rows = body["data"].as_array().unwrap();
    rows.iter().map(|row| row["shipmentBoxId"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_sheet_heard_in_either_version_is_served_in_both() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        for heard in [V5, V4] {
            trial.put(&record(heard)).await;
            for (answered, fixture) in [
                (trial.get(&v5("ordersheets/640000000102392001")).await, V5),
                (trial.get(&v4("ordersheets/640000000102392001")).await, V4),
            ] {
                assert_eq!((answered.status.as_u16(), answered.body), (200, compact(fixture)));
            }
        }
        let listed = trial.get(&v5("500000596/ordersheets")).await.body;
        let listed = listed.replacen("\"data\":[", "\"data\":", 1).replace("}]}", "}}");
        assert_eq!(listed, compact(V5));
    })
    .await;
}

#[tokio::test]
async fn a_box_all_of_which_was_cancelled_is_shown_no_more() {
    let trial = trial().await;
    trial.put(&sheet(1, 7, "2016-03-25T13:05:30", "INSTRUCT", 2)).await;
    trial.put(&sheet(2, 7, "2016-03-25T13:05:30", "INSTRUCT", 1)).await;
    let gone = "해당 주문이 취소 또는 반품되었습니다.";
    refused(&trial.get(&v5("ordersheets/1")).await, 400, gone);
    assert_eq!(boxes(&trial.get(&v5("7/ordersheets")).await), [2]);
    let march = "createdAtFrom=2016-03-01&createdAtTo=2016-03-31&status=INSTRUCT";
    assert_eq!(boxes(&trial.get(&v4(&format!("ordersheets?{march}"))).await), [2]);
    trial.put(&sheet(2, 7, "2016-03-25T13:05:30", "INSTRUCT", 2)).await;
    refused(&trial.get(&v4("7/ordersheets")).await, 400, gone);
    let unknown = "shipmentBoxId or orderId doesn't belong to the vendorId, or cannot be found";
    refused(&trial.get(&v4("ordersheets/9")).await, 400, unknown);
    refused(&trial.get(&v4("9/ordersheets")).await, 400, unknown);
    refused(&trial.get(&v4("ordersheets/x")).await, 400, "shipmentBoxId must be a number type.");
}

#[tokio::test]
async fn sheets_are_listed_by_status_and_day_fifty_to_a_page() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        for number in 1..=52 {
            let at = format!("2016-03-25T13:{number:02}:30");
            trial.put(&sheet(number, 7, &at, "DEPARTURE", 0)).await;
        }
        trial.put(&sheet(60, 7, "2016-03-25T13:05:30", "ACCEPT", 0)).await;
        let march = "createdAtFrom=2016-03-01%2B09:00&createdAtTo=2016-03-31%2B09:00";
        let list = async |more: &str| trial.get(&v5(&format!("ordersheets?{march}&{more}"))).await;
        let first = list("status=DEPARTURE").await;
        assert_eq!(boxes(&first), (1..=50).collect::<Vec<_>>());
        let token: serde_json::Value = serde_json::from_str(&first.body).unwrap();
        let token = token["nextToken"].as_str().unwrap();
        let second = list(&format!("status=DEPARTURE&nextToken={token}")).await;
        assert_eq!(boxes(&second), [51, 52]);
        assert_eq!(boxes(&list("status=ACCEPT").await), [60]);
        let minute =
            "searchType=timeFrame&createdAtFrom=2016-03-25T13:05&createdAtTo=2016-03-25T13:06";
        let answered = trial.get(&v4(&format!("ordersheets?{minute}&status=DEPARTURE"))).await;
        assert_eq!(boxes(&answered), [5, 6]);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_question_about_sheets_is_said_by_name() {
    let trial = trial().await;
    let days = "createdAtFrom=2026-01-01&createdAtTo=2026-01-02";
    let minutes = "searchType=timeFrame&createdAtFrom=2026-01-01T00:00";
    let cases = [
        (days.to_owned(), "Required String parameter 'status' is not present"),
        (
            format!("{days}&status=GONE"),
            "status must be one of ACCEPT, INSTRUCT, DEPARTURE, DELIVERING, FINAL_DELIVERY, NONE_TRACKING",
        ),
        (format!("{days}&status=ACCEPT&maxPerPage=51"), "maxPerPage must be between 1 and 50"),
        (
            "createdAtFrom=2026-01-01&createdAtTo=2026-02-02&status=ACCEPT".to_owned(),
            "endTime-startTime range should less than 32 day.",
        ),
        (
            format!("{minutes}&createdAtTo=2026-01-02T00:01&status=ACCEPT"),
            "createdAtTo - createdAtFrom should be within 24 hours",
        ),
        (
            format!("{minutes}&createdAtTo=2026-01-01T00:01&status=ACCEPT&maxPerPage=2"),
            "maxPerPage can't be used together with searchType timeFrame",
        ),
    ];
    for (query, message) in cases {
        refused(&trial.get(&v4(&format!("ordersheets?{query}"))).await, 400, message);
    }
}
