//! Cases and findings from imported documents, and the calendar.

use serde_json::{Value, json};

use crate::{Home, Said};

pub(crate) const ORDER: &str = "20260212AAAAAA";

/// An order cancelled for good at the sales channel on Thursday 12 February 2026 at 10:00, and its
/// parcel, closed at the warehouse at 15:00.
pub(crate) fn cancelled_and_shipped() -> Home {
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

/// Two sales accounts asked to cancel an order of the same number, and the warehouse's row of it, whose
/// sales channel is mapped to neither.
pub(crate) fn two_shops_and_a_depot() -> Home {
    let home = Home::new();
    for (channel, account) in [("ssg", "north"), ("ssg", "south"), ("poomgo", "depot")] {
        home.json(&["account", "add", channel, account]);
    }
    let request = json!({
        "ordNo": ORDER, "ordItemSeq": "1", "orordNo": ORDER, "orordItemSeq": "1",
        "clmDemndDts": "2026-02-12 10:00:00", "itemId": "1000", "uitemId": "00000",
        "procOrdQty": "1", "clmRsnCd": "251",
    });
    for (account, record) in [("north", &request), ("south", &request), ("depot", &row(false))] {
        import(&home, account, "2026-02-12T10:05:00", record);
    }
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

pub(crate) fn rules(findings: &Value) -> Vec<&str> {
    let findings = findings["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap()).collect()
}

pub(crate) fn korean(home: &Home, args: &[&str]) -> Said {
    home.run(&[&["--lang", "ko"], args].concat())
}

#[test]
fn a_parcel_that_left_after_the_cancel_is_found_whichever_way_it_is_asked_for() {
    let home = cancelled_and_shipped();
    let all = home.json(&["assess", "--at", "2026-02-12T16:00"]);
    assert_eq!(rules(&all), ["cancelled-but-shipped"]);
    let finding = &all["findings"][0];
    let names: Vec<&String> = finding.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 12, "{names:?}");
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
            { "id": format!("1:cancel:{ORDER}~2F1"), "account": "my-shop", "kind": "cancel", "key": format!("{ORDER}/1"), "version": 1 },
            { "id": "2:order:7", "account": "depot", "kind": "order", "key": "7", "version": 2 },
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

#[test]
fn a_case_shows_both_sides_of_an_order() {
    let home = cancelled_and_shipped();
    let answer = home.json(&["case", ORDER]);
    let [case] = answer["cases"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    assert_eq!(case["order"], ORDER);
    assert_eq!(case["account"], "my-shop");
    assert_eq!(case["candidates"], json!([]));
    assert_eq!(case["tracks"], json!({ "claim": "final", "goods": "sent", "money": "refunded" }));
    let [line] = case["lines"].as_array().unwrap().as_slice() else { panic!("{case}") };
    assert_eq!((&line["ordered"], &line["cancelled"]), (&json!(1), &json!(1)));
    let [balance] = case["balances"].as_array().unwrap().as_slice() else { panic!("{case}") };
    assert_eq!(balance["unit"], "order");
    assert_eq!((&balance["sent"], &balance["arrived"]), (&json!(1), &json!(0)));
    let timeline = case["timeline"].as_array().unwrap();
    let times: Vec<&str> = timeline.iter().map(|fact| fact["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let closed = timeline.iter().find(|fact| fact["stage"] == "closed").unwrap();
    assert_eq!(
        (&closed["tells"], &closed["at"], &closed["source"]),
        (&json!("invoice"), &json!("2026-02-12T06:00:00Z"), &json!("observed"))
    );
    assert_eq!(
        closed["document"],
        json!({ "id": "2:order:7", "account": "depot", "kind": "order", "key": "7", "version": 2 })
    );
    assert_eq!(
        case["documents"][1],
        json!({
            "id": "2:order:7", "account": "depot", "kind": "order", "key": "7", "version": 2,
            "versions": [
                { "version": 1, "observed_at": "2026-02-12T00:30:00Z" },
                { "version": 2, "observed_at": "2026-02-12T06:00:00Z" },
            ],
        })
    );
    assert_eq!(rules(case), ["cancelled-but-shipped"]);
    assert_eq!(home.json(&["case", "60910001"]), answer);
    home.run(&["case", "1"]).failed(1, "knows 1");
}

#[test]
fn a_case_is_told_to_people_in_either_language() {
    let home = cancelled_and_shipped();
    let said = korean(&home, &["case", ORDER]);
    assert_eq!(said.exit, 0, "{said:?}");
    for word in [
        "주문 20260212AAAAAA (my-shop)",
        "클레임: 확정됨 · 물건: 출고됨 · 돈: 환불됨",
        "주문 전체",
        "2026-02-12 15:00 depot",
        "출고 송장 60910001: 출고 마감 (들은 때 기준)",
        "v1 2026-02-12 09:30, v2 2026-02-12 15:00 (현재)",
        "[취소 후 출고]",
    ] {
        assert!(said.out.contains(word), "{word}: {}", said.out);
    }
    let english = home.run(&["case", ORDER]).out;
    for word in ["goods: sent", "outbound invoice 60910001: closed", "[cancelled-but-shipped]"] {
        assert!(english.contains(word), "{word}: {english}");
    }
    // What the channels themselves say aside, nothing in it is Korean.
    assert!(!english.chars().any(|c| ('가'..='힣').contains(&c)), "{english}");
}

#[test]
fn a_clock_across_seollal_skips_it_by_name() {
    let home = Home::new();
    let due = home.json(&["calendar", "due", "2026-02-12"]);
    let off = |day: &str, why: &str, name: &str| json!({ "day": day, "why": why, "name": name });
    assert_eq!(
        due,
        json!({
            "start": "2026-02-12",
            "due": "2026-02-20",
            "business_days": ["2026-02-13", "2026-02-19", "2026-02-20"],
            "days_off": [
                off("2026-02-14", "saturday", "토요일"),
                off("2026-02-15", "sunday", "일요일"),
                off("2026-02-16", "holiday", "설날 전날"),
                off("2026-02-17", "holiday", "설날"),
                off("2026-02-18", "holiday", "설날 다음날"),
            ],
            "holidays_known": true,
        })
    );
    let said = korean(&home, &["calendar", "due", "2026-02-12"]);
    for word in ["2026-02-12(목)에 시작하면 2026-02-20(금)까지", "설날 다음날", "영업일 3일째"]
    {
        assert!(said.out.contains(word), "{word}: {said:?}");
    }
    let english = home.run(&["calendar", "due", "2026-02-12"]);
    assert!(english.out.contains("2026-02-14(Sat) Saturday"), "{english:?}");
    assert_eq!(english.err, "");
    assert!(!home.path().join("hoesu-data").exists(), "a calendar needs no ledger");
}

#[test]
fn a_year_whose_holidays_nobody_knows_is_said_to_be_one() {
    let home = Home::new();
    assert_eq!(home.json(&["calendar", "due", "2040-03-01"])["holidays_known"], false);
    let said = home.run(&["calendar", "due", "2040-03-01"]);
    assert!(said.err.contains("not known"), "{said:?}");
    home.run(&["calendar", "due", "2026-02-30"]).failed(2, "2026-02-30");
}

#[test]
fn an_order_two_shops_may_have_is_shown_with_their_names() {
    let home = two_shops_and_a_depot();
    let answer = home.json(&["case", ORDER]);
    let cases = answer["cases"].as_array().unwrap();
    let accounts: Vec<&str> = cases.iter().map(|case| case["account"].as_str().unwrap()).collect();
    assert_eq!(accounts, ["north", "south", "depot"]);
    assert_eq!(cases[2]["candidates"], json!(["north", "south"]));
    let choose = json!({ "action": "choose_account", "candidates": ["north", "south"] });
    let said = home.json(&["assess", "--at", "2026-02-12T11:00", "--order", ORDER]);
    let findings = said["findings"].as_array().unwrap();
    let unclear = findings.iter().find(|one| one["rule"] == "ambiguous-order").unwrap();
    assert_eq!((&unclear["proposed"], &unclear["account"]), (&choose, &json!("depot")));
    assert!(home.run(&["case", ORDER]).out.contains("may belong to: north, south"));
}

#[test]
fn a_proposal_calls_the_warehouse_by_its_name_and_the_most_urgent_comes_first() {
    let home = cancelled_and_shipped();
    let late = "20260212BBBBBB";
    let mut held = row(false);
    (held["id"], held["orderCode"]) = (json!(8), json!(late));
    held["invoices"][0]["invoiceCode"] = json!("60910002");
    import(&home, "depot", "2026-02-12T09:30:00", &held);
    let request = json!({
        "ordNo": late, "ordItemSeq": "1", "orordNo": late, "orordItemSeq": "1",
        "clmDemndDts": "2026-02-12 10:00:00", "itemId": "1000", "uitemId": "00000",
        "procOrdQty": "1", "clmRsnCd": "251",
    });
    import(&home, "my-shop", "2026-02-12T10:05:00", &request);
    let said = home.json(&["assess", "--at", "2026-02-19T16:00"]);
    let findings = said["findings"].as_array().unwrap();
    let stop = findings.iter().find(|one| one["rule"] == "stop-shipment").unwrap();
    assert_eq!(stop["proposed"]["warehouse"], "depot");
    let deadlines: Vec<Option<&str>> =
        findings.iter().map(|finding| finding["deadline"].as_str()).collect();
    // The shipment leaves at the next pick-up, the refund is due by the end of the day.
    let told = [Some("2026-02-20T06:00:00Z"), Some("2026-02-20T14:59:59Z")];
    assert_eq!(deadlines[..2], told, "{said}");
    assert!(deadlines[2..].iter().all(Option::is_none), "{said}");
}

#[test]
fn findings_are_kept_closed_by_people_and_told_with_their_history() {
    let home = cancelled_and_shipped();
    let open = home.json(&["findings"]);
    assert_eq!(rules(&open), ["cancelled-but-shipped"]);
    let finding = &open["findings"][0];
    assert_eq!((&finding["state"], &finding["account"]), (&json!("open"), &json!("my-shop")));
    assert_eq!(home.json(&["findings", "--order", ORDER]), open);
    assert_eq!(home.json(&["findings", "--order", "6091-0001"]), open, "its waybill leads there");
    assert_eq!(rules(&home.json(&["findings", "--rule", "refund-due"])), [] as [&str; 0]);
    let id = finding["id"].as_str().unwrap();

    let stands = korean(&home, &["close", id, "--reason", "택배사에 연락함"]);
    assert_eq!(stands.exit, 1);
    assert!(stands.err.contains("--force"), "{stands:?}");
    let closed =
        home.json(&["close", id, "--reason", "택배사에 연락함", "--force", "--by", "명수"]);
    assert_eq!((&closed["state"], &closed["closed"]), (&json!("closed"), &json!("forced")));
    assert_eq!(rules(&home.json(&["findings"])), [] as [&str; 0]);
    let all = home.json(&["findings", "--all", "--history"]);
    let history = all["findings"][0]["history"].as_array().unwrap();
    let events: Vec<&str> = history.iter().map(|step| step["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["opened", "closed_forced"]);
    assert_eq!(history[1]["reason"], "택배사에 연락함");
    assert_eq!(history[1]["actor"], "명수");
    assert_eq!(home.run(&["close", id, "--reason", "again"]).exit, 1);
    assert_eq!(home.run(&["close", "no-such", "--reason", "x"]).exit, 1);
    assert_eq!(home.run(&["close", id, "--reason", " "]).exit, 1);
    assert_eq!(home.run(&["findings", "--rule", "no-such"]).exit, 2);
    assert_eq!(home.run(&["findings", "--order", "nobody"]).exit, 1);
}

#[test]
fn a_replay_changes_nothing_and_a_check_says_so() {
    let home = cancelled_and_shipped();
    let before = home.json(&["findings"]);
    let checked = home.json(&["replay", "--check"]);
    assert_eq!((&checked["different"], &checked["unsettled"]), (&json!(0), &json!(0)));
    let replayed = home.json(&["replay"]);
    assert_eq!((&replayed["cases"], &replayed["hash"]), (&json!(1), &checked["hash"]));
    assert_eq!(home.json(&["findings"]), before);
    let shown = korean(&home, &["replay", "--check"]);
    assert!(shown.out.contains("다른 건: 0"), "{shown:?}");
}
