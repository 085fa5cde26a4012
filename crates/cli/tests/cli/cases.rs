//! Cases and findings from imported documents, and the calendar.

use serde_json::{Value, json};

use crate::{Home, Said};

const ORDER: &str = "20260212AAAAAA";

/// An order cancelled for good at the sales channel on Thursday 12 February 2026 at 10:00, and its
/// parcel, closed at the warehouse at 15:00.
fn cancelled_and_shipped() -> Home {
    let home = Home::new();
    home.json(&["account", "add", "ssg", "my-shop"]);
    home.json(&["account", "add", "poomgo", "depot", "--set", "channel_names=SSG.COM=my-shop"]);
    let cancel = json!({
        "orordNo": ORDER, "orordItemSeq": "1", "ordNo": ORDER, "ordItemSeq": "1",
        "ordItemStatCd": "180", "itemId": "1000", "uitemId": "00000", "clmRsnCd": "251",
        "imptDivCd": "10", "ordCnclDts": "2026-02-12 10:00:00", "cnclItemQty": "1",
        "ordRcpDts": "2026-02-12 09:00:00", "dircItemQty": "1",
    });
    import(&home, "my-shop", "2026-02-12T10:05:00", &cancel);
    import(&home, "depot", "2026-02-12T09:30:00", &row(false));
    import(&home, "depot", "2026-02-12T15:00:00", &row(true));
    home
}

fn row(closed: bool) -> Value {
    json!({
        "id": 7, "channelName": "SSG.COM", "orderCode": ORDER,
        "createdAt": "2026-02-12T00:10:00.000Z", "orderAt": "2026-02-12T00:00:00.000Z",
        "invoices": [{
            "invoiceId": "91", "invoiceCode": "6091-0001", "isPrinted": true, "isClosed": closed,
            "cargoStatusCodeKey": null, "logisticsPartnerName": "CJ대한통운",
        }],
        "canceledInvoices": [],
        "items": [{ "resource_code": "SKU1", "resource_name": "별빛 램프", "quantity": 1 }],
        "settlementPrice": "9900",
    })
}

fn import(home: &Home, account: &str, heard: &str, record: &Value) {
    let args = ["--json", "import", account, "-", "--observed-at", heard];
    let said = home.feed(&args, record.to_string());
    assert_eq!((said.exit, &said.json()["refused"]), (0, &json!(0)), "{said:?}");
}

fn rules(findings: &Value) -> Vec<&str> {
    let findings = findings["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

fn korean(home: &Home, args: &[&str]) -> Said {
    home.run(&[&["--lang", "ko"], args].concat())
}

#[test]
fn a_parcel_that_left_after_the_cancel_is_found_whichever_way_it_is_asked_for() {
    let home = cancelled_and_shipped();
    let all = home.json(&["assess", "--at", "2026-02-12T16:00"]);
    assert_eq!(rules(&all), ["cancelled-but-shipped"]);
    let finding = &all["findings"][0];
    let names: Vec<&String> = finding.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 11, "{names:?}");
    assert_eq!(finding["order"], ORDER);
    assert_eq!(finding["account"], "my-shop");
    assert_eq!(finding["state"], "open");
    assert_eq!(finding["since"], "2026-02-12T06:00:00Z");
    assert_eq!(finding["deadline"], Value::Null);
    assert_eq!(finding["won_at_risk"], 9900);
    assert!(finding["sentence"]["ko"].as_str().unwrap().contains("회수해 주세요"));
    assert!(finding["sentence"]["en"].as_str().unwrap().contains("Get them back"));
    assert_eq!(
        finding["evidence"],
        json!([
            { "account": "my-shop", "kind": "cancel", "key": format!("{ORDER}/1"), "version": 1 },
            { "account": "depot", "kind": "order", "key": "7", "version": 2 },
        ])
    );
    assert_eq!(
        finding["proposed"],
        json!({ "action": "recover_parcel", "waybills": ["60910001"], "quantity": 1 })
    );
    for number in [ORDER, "6091-0001", "60910001"] {
        let one = home.json(&["assess", "--at", "2026-02-12T16:00", "--order", number]);
        assert_eq!(one, all, "{number}");
    }
}

#[test]
fn what_happened_later_is_not_known_yet() {
    let home = cancelled_and_shipped();
    let before = home.json(&["assess", "--at", "2026-02-12T09:45"]);
    assert_eq!(before, json!({ "findings": [] }));
}

#[test]
fn an_assessment_is_told_to_people_in_either_language() {
    let home = cancelled_and_shipped();
    let args = ["assess", "--at", "2026-02-12T16:00"];
    let said = korean(&home, &args);
    assert_eq!(said.exit, 0, "{said:?}");
    for word in ["취소 후 출고", "이미 출고됐어요", "발생 2026-02-12 15:00", "근거 my-shop cancel"]
    {
        assert!(said.out.contains(word), "{word}: {said:?}");
    }
    assert!(said.err.contains("1건에서 1가지"), "{said:?}");
    let said = home.run(&args);
    assert!(said.out.starts_with("[cancelled-but-shipped]\n"), "{said:?}");
    assert!(said.out.contains("since 2026-02-12 15:00"), "{said:?}");
}

#[test]
fn a_number_nobody_knows_is_no_order_without_trouble() {
    let home = cancelled_and_shipped();
    home.run(&["assess", "--at", "2026-02-12T16:00", "--order", "1"]).failed(1, "knows 1");
    home.run(&["assess", "--at", "soon"]).failed(2, "soon");
    home.run(&["assess"]).failed(2, "--at");
    Home::new().run(&["assess", "--at", "2026-02-12T16:00"]).failed(1, "--data");
    home.run(&["seller", "add", "달빛상점"]);
    home.run(&["assess", "--at", "2026-02-12T16:00"]).failed(1, "--seller");
    let theirs = ["assess", "--at", "2026-02-12T16:00", "--seller", "달빛상점"];
    assert_eq!(home.json(&theirs), json!({ "findings": [] }));
}
