//! One return, and who may see it.

use axum::http::Method;
use hoesu_testkit::on_both;
use jiff::SignedDuration;

use super::*;
use crate::coupang::cea::{Signed, authorization};
use crate::trial::{NOW, compact};

const NO_RECEIPT: &str =
    "ReceiptId doesn't belong to the vendorId, or cannot find the Receipt by the given id";

#[tokio::test]
async fn the_documented_return_is_served_byte_for_byte() {
    let trial = with_samples().await;
    let answered = trial.get(&v4("returnRequests/365937")).await;
    assert_eq!(answered.status.as_u16(), 200);
    assert_eq!(answered.body, compact(include_str!("../fixtures/return.ok.response.json")));
    // Held now; the same again.
    assert_eq!(trial.get(&v4("returnRequests/365937")).await, answered);
    assert_eq!(trial.get(&v4("returnRequests/000365937")).await, answered);
}

#[tokio::test]
async fn the_sixth_version_writes_money_objects_and_offsets() {
    let trial = with_samples().await;
    let answered = trial.get(&v6("returnRequests/365937")).await;
    assert_eq!(answered.body, compact(include_str!("../fixtures/return.ok.response.v6.json")));
}

#[tokio::test]
async fn a_return_heard_in_the_sixth_version_is_served_in_both() {
    on_both(async |ledger| {
        let trial = over(ledger).await;
        let sixth = compact(include_str!("../fixtures/return.ok.response.v6.json"));
        let record = sixth.split_once("\"data\":[").unwrap().1.strip_suffix("]}").unwrap();
        trial.put(record).await;
        assert_eq!(trial.get(&v6("returnRequests/365937")).await.body, sixth);
        assert_eq!(
            trial.get(&v4("returnRequests/365937")).await.body,
            compact(include_str!("../fixtures/return.ok.response.json"))
        );
    })
    .await;
}

#[tokio::test]
async fn members_in_another_order_are_served_in_the_documented_one_and_unknown_ones_after() {
    let trial = trial().await;
    trial
        .put(
            r#"{"new":{"b":1,"a":640000000000000001},"createdAt":"2016-03-25T13:05:30","orderId":7,
            "receiptStatus":"SOMETHING_NEW","receiptType":"RETURN","receiptId":1}"#,
        )
        .await;
    assert_eq!(
        trial.get(&v4("returnRequests/1")).await.body,
        concat!(
            r#"{"code":"200","message":"OK","data":[{"receiptId":1,"orderId":7,"#,
            r#""receiptType":"RETURN","receiptStatus":"SOMETHING_NEW","#,
            r#""createdAt":"2016-03-25T13:05:30","new":{"b":1,"a":640000000000000001}}]}"#
        )
    );
}

#[tokio::test]
async fn an_unknown_receipt_and_a_cancel_are_not_found() {
    let trial = with_samples().await;
    for (number, kind) in [(1, "CANCEL"), (2, "취소")] {
        let cancel = receipt(number, "2016-03-25T13:05:30", "RETURNS_COMPLETED");
        trial.put(&cancel.replace("\"RETURN\"", &format!("\"{kind}\""))).await;
    }
    let missing = compact(include_str!("../fixtures/return.unknown.response.json"));
    for number in ["1", "2", "3", "365938", "99999999999999999999999"] {
        for answered in [
            trial.get(&v4(&format!("returnRequests/{number}"))).await,
            trial.get(&v6(&format!("returnRequests/{number}"))).await,
        ] {
            assert_eq!((answered.status.as_u16(), answered.body), (400, missing.clone()));
        }
    }
}

#[tokio::test]
async fn a_withdrawn_return_is_not_found() {
    let trial = with_samples().await;
    assert_eq!(trial.get(&v4("returnRequests/365937")).await.status.as_u16(), 200);
    trial.put(&withdrawal(365_937, "2016-03-26T09:00:00")).await;
    refused(&trial.get(&v4("returnRequests/365937")).await, 400, NO_RECEIPT);
    refused(&trial.get(&v6("returnRequests/365937")).await, 400, NO_RECEIPT);
    assert_eq!(trial.count("return").await, 1, "it is still remembered");
}

#[tokio::test]
async fn a_receipt_that_is_no_number_is_refused() {
    let trial = trial().await;
    for text in ["abc", "1a", "-1", "1.0", "%31"] {
        let answered = trial.get(&v4(&format!("returnRequests/{text}"))).await;
        let message = if text == "%31" { NO_RECEIPT } else { "ReceiptId must be a number type." };
        refused(&answered, 400, message);
    }
}

#[tokio::test]
async fn a_path_of_another_seller_is_refused_by_the_gateway() {
    let trial = with_samples().await;
    let answered = trial.get(&format!("{BASE}/v4/vendors/A00099999/returnRequests/365937")).await;
    assert_eq!(
        (answered.status.as_u16(), answered.body.as_str()),
        (400, r#"{"code":"ERROR","message":"params's vendorId not equals gateway's vendorId!"}"#)
    );
}

#[tokio::test]
async fn a_path_that_is_no_text_is_another_sellers() {
    let trial = trial().await;
    for rest in ["returnRequests", "returnRequests/1"] {
        let answered = trial.get(&format!("{BASE}/v4/vendors/A%FF/{rest}")).await;
        refused(&answered, 400, "params's vendorId not equals gateway's vendorId!");
    }
}

#[tokio::test]
async fn the_gateway_says_what_is_wrong_with_a_signature() {
    let trial = with_samples().await;
    let target = v4("returnRequests/365937");
    let signed = Signed { method: "GET", path: &target, query: "" };
    let header = |key: &str, secret: &str, seconds: i64| {
        authorization(key, secret, signed, NOW + SignedDuration::from_secs(seconds))
    };
    let (key, secret) = ("test-access-key", "test-secret-key");
    let good = header(key, secret, 0);
    let unknown = "Unknown error occurred, please contact api-gateway channel for the details.";
    let cases = [
        (None, "HMAC format is invalid."),
        (Some("Bearer x".to_owned()), "HMAC format is invalid."),
        (Some(good.replace("HmacSHA256", "SHA256")), "HMAC format is invalid."),
        (Some(header("nobody", secret, 0)), unknown),
        (Some(header("nobody", secret, -1_000)), unknown),
        (Some(header(key, secret, -301)), "Specified signature is expired."),
        (Some(header(key, secret, 301)), "Specified signature is expired."),
        (Some(header(key, "another", 301)), "Specified signature is expired."),
        (Some(header(key, "another", 0)), "Invalid signature."),
        (Some(good.replace("signature=", "signature=0")), "Invalid signature."),
    ];
    let mut seen = Vec::new();
    for (authorization, message) in cases {
        let headers: Vec<_> =
            authorization.into_iter().map(|header| ("Authorization", header)).collect();
        let answered = trial.send(Method::GET, &target, &headers, "").await;
        refused(&answered, 401, message);
        let (head, transaction) = answered.body.rsplit_once("\"transactionId\":\"").unwrap();
        assert_eq!(head, format!(r#"{{"code":"ERROR","message":"{message}","#));
        assert_eq!(transaction.len(), 36 + 2);
        seen.push(transaction.to_owned());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 10);
    for seconds in [-300, 300] {
        let headers = [("Authorization", header(key, secret, seconds).replace(", ", ","))];
        assert_eq!(trial.send(Method::GET, &target, &headers, "").await.status.as_u16(), 200);
    }
}

#[tokio::test]
async fn the_query_is_signed_exactly_as_sent() {
    let trial = with_samples().await;
    let path = v4("returnRequests");
    let query = "createdAtFrom=2016-03-01&createdAtTo=2016-03-31&status=R%55";
    for (signed, status) in [(query, 200), (&query.replace("%55", "U"), 401), ("", 401)] {
        let header = authorization(
            "test-access-key",
            "test-secret-key",
            Signed { method: "GET", path: &path, query: signed },
            NOW,
        );
        let headers = [("Authorization", header)];
        let answered = trial.send(Method::GET, &format!("{path}?{query}"), &headers, "").await;
        assert_eq!(answered.status.as_u16(), status, "{}", answered.body);
    }
}

#[tokio::test]
async fn a_method_that_is_not_there_is_refused_in_the_gateways_form() {
    let trial = trial().await;
    let answered = trial.call(Method::DELETE, &v4("returnRequests/365937"), "").await;
    refused(&answered, 405, "The requested method is not allowed for this path.");
}

#[tokio::test]
async fn more_calls_in_a_second_than_allowed_are_refused() {
    let trial = Trial::of(&crate::coupang::Coupang, &[("rate_per_second", "2")]).await;
    for status in [400, 400, 429] {
        let answered = trial.get(&v4("returnRequests/1")).await;
        assert_eq!(answered.status.as_u16(), status);
        assert!(answered.body.starts_with("{\"code\":\""));
    }
}

#[tokio::test]
async fn the_examples_show_the_documented_answers() {
    let trial = with_samples().await;
    let examples = crate::Channel::examples(&crate::coupang::Coupang, &trial.credentials);
    assert_eq!(examples.len(), 1);
    let example = &examples[0];
    let answered = trial.call(example.method.clone(), &example.path, "").await;
    assert_eq!(answered.body, compact(include_str!("../fixtures/return.ok.response.json")));
}

#[tokio::test]
async fn every_probe_is_answered() {
    let trial = trial().await;
    for nth in 0..40 {
        let invented = crate::Channel::invent(&crate::coupang::Coupang, "return", nth).unwrap();
        trial.put(std::str::from_utf8(&invented.body).unwrap()).await;
    }
    for probe in crate::Channel::probes(&crate::coupang::Coupang) {
        for nth in 0..50 {
            let example = (probe.call)(&trial.credentials, nth, 40);
            assert_eq!(trial.get(&example.path).await.status.as_u16(), 200, "{nth}");
        }
    }
}
