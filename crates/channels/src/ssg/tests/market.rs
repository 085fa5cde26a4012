//! A market's rows on the surface: what is listed, what is looked up, what is done, and the connector
//! against all of it, in JSON and in XML.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::{Method, StatusCode};
use hoesu_claims::Incoming;
use hoesu_ledger::{Account, Put};
use hoesu_market::{Act, Acted, Claim, ClaimNo, Courier, Decision, Order, Refused as Denied, What};
use jiff::Timestamp;

use super::super::Ssg;
use super::super::stall::tests::{claim, hour, order};
use crate::Channel as _;
use crate::connect::tests::said;
use crate::connect::{
    Ask, BASE_URL, Carriage, Connector, Deed, Does, FeedPage, Outcome, ReadFailure, Reading,
    Refused, Span, Upstream, Why, sign, sign_deed,
};
use crate::stall::Floor;
use crate::trial::{Answered, NOW, Trial};

const FORMS: [(&str, &str); 3] =
    [("json", "documented"), ("json", "measured"), ("xml", "documented")];

const OK: &str = r#"{"result":{"resultCode":"00","resultMessage":"SUCCESS","resultDesc":"성공"}}"#;

/// Notes what is asked for, and answers as it was told to.
#[derive(Default)]
struct Notes {
    asked: Mutex<Vec<Act>>,
    answers: Mutex<VecDeque<Result<Acted, Denied>>>,
}

#[async_trait]
impl Floor for Notes {
    async fn act(&self, _: &Account, act: Act) -> Result<Acted, Denied> {
        self.asked.lock().unwrap().push(act);
        self.answers.lock().unwrap().pop_front().unwrap_or(Ok(Acted::Done))
    }

    fn chance(&self) -> u128 {
        0
    }
}

impl Notes {
    fn answer(&self, denied: Denied) {
        self.answers.lock().unwrap().push_back(Err(denied));
    }

    fn asked(&self) -> Vec<Act> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

/// A trial whose floor takes notes.
async fn trial(form: (&str, &str)) -> (Trial, Arc<Notes>) {
    let notes = Arc::new(Notes::default());
    let trial = Trial::of(&Ssg, &[("ask_in", form.0), ("profile", form.1)]).await;
    (trial.with_floor(Arc::<Notes>::clone(&notes)), notes)
}

/// Puts what the channel says of an order into the ledger.
async fn tell(trial: &Trial, order: &Order, at: Timestamp) {
    let rows = Ssg.stall().unwrap().tell(order, "ssg", &BTreeMap::new(), hour(500));
    for (kind, row) in rows {
        let reading = Ssg.read(row.media, &row.body).unwrap();
        assert_eq!(reading.kind, kind);
        let incoming = Incoming {
            key: reading.key,
            media: row.media,
            body: row.body,
            marks: row.marks,
            found: reading.found,
            observed_at: at,
        };
        trial
            .desk
            .ledger
            .append(trial.account.shelf(kind), Put::Newer, vec![incoming])
            .await
            .unwrap();
    }
}

fn upstream(trial: &Trial) -> Upstream {
    let secrets = BTreeMap::from([("upstream_key".to_owned(), trial.credentials["key"].clone())]);
    let mut account = trial.account.clone();
    account.settings.insert(BASE_URL.to_owned(), "http://127.0.0.1:9".to_owned());
    Upstream::of(&Ssg, &account, &secrets).unwrap()
}

fn connector() -> &'static dyn Connector {
    Ssg.connector().unwrap()
}

async fn ask(trial: &Trial, ask: &Ask) -> Result<FeedPage, ReadFailure> {
    let http = sign(&Ssg, &upstream(trial), ask, NOW).unwrap();
    let body = String::from_utf8(http.body.clone()).unwrap();
    let answered = trial.send(http.method.clone(), &http.target(), &http.headers, &body).await;
    connector().read(ask, &said(answered.status.as_u16(), &[], &answered.body))
}

async fn deed(trial: &Trial, kind: &str, key: &str, does: Does) -> Outcome {
    let deed = Deed { kind: kind.to_owned(), key: key.to_owned(), does };
    let http = sign_deed(&Ssg, &upstream(trial), &deed, NOW).unwrap();
    let body = String::from_utf8(http.body.clone()).unwrap();
    let answered = trial.send(http.method.clone(), &http.target(), &http.headers, &body).await;
    connector().read_deed(&deed, &said(answered.status.as_u16(), &[], &answered.body))
}

/// Everything a feed brings of the order's days: kinds and keys, as they are read again.
async fn feed(trial: &Trial, id: &str) -> Vec<String> {
    let days = Span { from: hour(-24), until: hour(24 * 9) };
    let mut reading = Reading::oldest_first(connector().feed(id).unwrap(), days);
    let mut keys = Vec::new();
    while let Some(question) = reading.next_ask() {
        let page = ask(trial, &question).await.unwrap();
        for record in &page.records {
            let read = Ssg.read(record.media, &record.body).unwrap();
            assert_eq!(read.kind, record.kind);
            let document = hoesu_claims::Document {
                key: read.key.clone(),
                version: 1,
                seq: 1,
                media: record.media,
                body: record.body.clone(),
                marks: record.marks.clone(),
                observed_at: NOW,
            };
            for fact in Ssg.facts(read.kind, &document) {
                let tells = fact.tells;
                assert!(
                    !matches!(tells, hoesu_claims::fact::Tells::Unrecognised { .. }),
                    "{tells:?}"
                );
            }
            keys.push(read.key);
        }
        reading.take(&page).unwrap();
    }
    keys
}

/// Order 17 with these claims, asked for two hours after it was paid.
fn with(claims: Vec<Claim>) -> Order {
    Order { claims, ..order(17) }
}

/// `ordNo` of order 17's claim.
fn own(at: usize) -> String {
    super::super::number::claim(hour(2), ClaimNo { order: 17, at })
}

const fn no(at: usize) -> ClaimNo {
    ClaimNo { order: 17, at }
}

fn back(at: usize) -> String {
    (20_000_000_000 + 17 * 8 + at as u64).to_string()
}

#[tokio::test]
async fn a_request_is_listed_until_it_is_over_in_every_form() {
    for form in FORMS {
        let (trial, _) = trial(form).await;
        let open = claim(What::Cancel, &[(0, 1), (1, 1)]);
        tell(&trial, &with(vec![open.clone()]), hour(2)).await;
        let mut listed = feed(&trial, "cancel-requests").await;
        listed.sort();
        assert_eq!(listed, [format!("{}/1", own(0)), format!("{}/2", own(0))], "{form:?}");
        assert_eq!(feed(&trial, "cancels").await, [""; 0]);
        let withdrawn = Claim { withdrawn_at: Some(hour(3)), ..open.clone() };
        tell(&trial, &with(vec![withdrawn, open.clone()]), hour(3)).await;
        let mut listed = feed(&trial, "cancel-requests").await;
        listed.sort();
        assert_eq!(listed, [format!("{}/1", own(1)), format!("{}/2", own(1))], "{form:?}");
        assert_eq!(
            trial.count("cancel-request").await,
            4,
            "the ledger keeps what is listed no more"
        );
        let granted = Claim {
            decided: Some((hour(4), Decision::Stopped)),
            completed_at: Some(hour(4)),
            ..open.clone()
        };
        let withdrawn = Claim { withdrawn_at: Some(hour(3)), ..open };
        tell(&trial, &with(vec![withdrawn, granted]), hour(4)).await;
        assert_eq!(feed(&trial, "cancel-requests").await, [""; 0]);
        assert_eq!(feed(&trial, "cancels").await.len(), 2);
    }
}

#[tokio::test]
async fn no_answer_says_that_anything_is_gone() {
    let (trial, _) = trial(FORMS[0]).await;
    let withdrawn = Claim { withdrawn_at: Some(hour(3)), ..claim(What::Cancel, &[(0, 1)]) };
    tell(&trial, &with(vec![withdrawn, claim(What::Cancel, &[(0, 1)])]), hour(3)).await;
    let day = "?perdStrDts=20260105&perdEndDts=20260111";
    let answered = trial.get(&format!("/api/claim/v2/cancel/requests{day}")).await;
    assert_eq!(
        answered.body,
        format!(
            concat!(
                r#"{{"result":{{"resultCode":"00","resultMessage":"SUCCESS","resultDesc":"성공","#,
                r#""resultData":[{{"ordNo":"{}","ordItemSeq":"1","orordNo":"20260105000011","#,
                r#""orordItemSeq":"1","clmDemndDts":"2026-01-05 11:00:00","itemId":"1000030000017","#,
                r#""uitemId":"00018","itemNm":"린넨 셔츠","uitemNm":"화이트 L","procOrdQty":"1","#,
                r#""clmRsnCd":"251","clmRsnCntt":""}}]}}}}"#,
            ),
            own(1),
        )
    );
}

#[tokio::test]
async fn every_change_of_a_return_is_found_by_the_day_it_happened() {
    let back = || claim(What::Return, &[(0, 1)]);
    let received = || Claim { received_at: Some(hour(50)), ..back() };
    let day = |hours: i64| hoesu_claims::time::kst_day(hour(hours)).strftime("%Y%m%d").to_string();
    for (kind, at, claim) in [
        ("01", 2, back()),
        ("04", 50, received()),
        ("02", 80, Claim { completed_at: Some(hour(80)), ..received() }),
        ("05", 30, Claim { withdrawn_at: Some(hour(30)), ..back() }),
    ] {
        for form in FORMS {
            let (trial, _) = trial(form).await;
            tell(&trial, &with(vec![claim.clone()]), hour(80)).await;
            assert!(!feed(&trial, "returns").await.is_empty(), "{kind} {form:?}");
        }
        let (trial, _) = trial(FORMS[0]).await;
        tell(&trial, &with(vec![claim]), hour(80)).await;
        for (other, found) in [(day(at), true), (day(at + 24), false), (day(at - 24), false)] {
            let answered = targets(
                &trial,
                &format!(r#""perdType":"{kind}","perdStrDts":"{other}","perdEndDts":"{other}""#),
            )
            .await;
            assert_eq!(answered.body.contains("exchangeTarget"), found, "{kind} {other}");
        }
    }
}

async fn send(trial: &Trial, path: &str, body: &str) -> Answered {
    let headers = [
        ("authorization", trial.credentials["key"].clone()),
        ("content-type", "application/json".to_owned()),
    ];
    trial.send(Method::POST, path, &headers, body).await
}

async fn targets(trial: &Trial, members: &str) -> Answered {
    let body = format!(r#"{{"requestExchangeTarget":{{{members}}}}}"#);
    send(trial, "/api/pd/1/listExchangeTarget.ssg", &body).await
}

#[tokio::test]
async fn returns_are_found_by_way_progress_process_and_number() {
    let (trial, _) = trial(FORMS[0]).await;
    let received = Claim { received_at: Some(hour(9)), ..claim(What::Return, &[(0, 1)]) };
    let refused = Claim { refused_at: Some((hour(10), "02".to_owned())), ..received.clone() };
    let exchange = claim(What::Exchange, &[(1, 1)]);
    tell(&trial, &with(vec![received, refused, exchange]), hour(10)).await;
    let found = async |members: &str| {
        let answered = targets(&trial, members).await;
        let answer: serde_json::Value = serde_json::from_str(&answered.body).unwrap();
        assert_eq!(answer["result"]["resultCode"], "00", "{answer}");
        let rows = answer["result"]["exchangeTargets"][0]["exchangeTarget"].as_array().cloned();
        let number = |row: &serde_json::Value| row["shppNo"].as_str().unwrap().to_owned();
        let mut numbers: Vec<String> = rows.unwrap_or_default().iter().map(number).collect();
        numbers.sort();
        numbers
    };
    let week = r#""perdType":"01","perdStrDts":"20260105","perdEndDts":"20260111""#;
    let with = |more: &str| format!("{week},{more}");
    assert_eq!(found(week).await, [back(0), back(1), back(2)]);
    assert_eq!(found(&with(r#""shppDivDtlCds":"22""#)).await, [back(2)]);
    assert_eq!(found(&with(r#""shppDivDtlCds":"21,22""#)).await.len(), 3);
    assert_eq!(found(&with(r#""shppProgStatDtlCds":"63,65""#)).await, [back(0), back(1)]);
    assert_eq!(found(&with(r#""retProcStats":"20""#)).await, [back(1)]);
    assert_eq!(found(&with(r#""retProcStats":50"#)).await, [back(0)]);
    assert_eq!(found(r#""commType":"02","commValue":"20260105000011""#).await.len(), 3);
    let by_number = format!(r#""commType":"03","commValue":"{}""#, back(2));
    assert_eq!(found(&by_number).await, [back(2)]);
    for (members, field) in [
        ("", "perdType"),
        (r#""perdType":"01""#, "perdStrDts"),
        (r#""perdType":"03","perdStrDts":"20260105","perdEndDts":"20260105""#, "perdType"),
        (r#""perdType":"01","perdStrDts":"20260105","perdEndDts":"20260112""#, "7일"),
        (&with(r#""shppDivDtlCds":"11""#), "shppDivDtlCds"),
        (&with(r#""shppProgStatDtlCds":"61;62""#), "shppProgStatDtlCds"),
        (&with(r#""retProcStats":"70""#), "retProcStats"),
        (r#""commType":"02""#, "commValue"),
        (r#""commType":"01","commValue":"1""#, "commType"),
        (r#""commValue":"1""#, "commType"),
    ] {
        let answered = targets(&trial, members).await;
        assert!(answered.body.contains(r#""resultCode":"99""#), "{members}");
        assert!(answered.body.contains(field), "{members}: {}", answered.body);
    }
}

#[tokio::test]
async fn an_empty_wrapper_is_missing_or_holds_an_empty_text() {
    let week = r#""perdType":"01","perdStrDts":"20260105","perdEndDts":"20260111""#;
    let end = r#""resultDesc":"성공"}}"#;
    let (documented, _) = trial(("json", "documented")).await;
    assert!(targets(&documented, week).await.body.ends_with(end));
    let (measured, _) = trial(("json", "measured")).await;
    let wrapper = r#""exchangeTargets":[""]}}"#;
    assert!(targets(&measured, week).await.body.ends_with(wrapper));
    tell(&measured, &with(vec![claim(What::Return, &[(0, 1)])]), hour(2)).await;
    let one = targets(&measured, week).await.body;
    assert!(
        one.contains(r#""exchangeTargets":[{"exchangeTarget":{"shppVenId":"0017000001""#),
        "{one}"
    );
    assert!(one.contains(r#""shppNo":20000000136"#), "{one}");
}

#[tokio::test]
async fn an_order_is_looked_up_in_every_form() {
    for form in FORMS {
        let (trial, _) = trial(form).await;
        let granted = Claim {
            decided: Some((hour(4), Decision::Stopped)),
            completed_at: Some(hour(4)),
            ..claim(What::Cancel, &[(0, 1)])
        };
        tell(&trial, &with(vec![granted]), hour(4)).await;
        let lookup = connector().lookup("order").unwrap();
        let question = |number: &str| Ask::Keys { lookup, keys: vec![number.to_owned()] };
        let page = ask(&trial, &question("20260105000011")).await.unwrap();
        let keys = page.records.iter().map(|row| Ssg.read(row.media, &row.body).unwrap().key);
        let order = "20260105000011";
        let expected =
            [format!("{order}/1/011"), format!("{order}/2/011"), format!("{}/1/021", own(0))];
        assert_eq!(keys.collect::<Vec<_>>(), expected, "{form:?}");
        assert_eq!(ask(&trial, &question("20260105000012")).await, Ok(FeedPage::default()));
        assert!(ask(&trial, &question("a b")).await.is_err());
    }
}

#[tokio::test]
async fn a_cancel_is_granted_once_by_either_number() {
    for form in FORMS {
        let (trial, notes) = trial(form).await;
        tell(&trial, &with(vec![claim(What::Cancel, &[(0, 1), (1, 1)])]), hour(2)).await;
        let act =
            Act::Decide { claim: no(0), decision: Decision::Stopped, pieces: None, sent: None };
        let key = format!("{}/1", own(0));
        let grant = || Does::GrantCancel { pieces: None };
        assert_eq!(deed(&trial, "cancel-request", &key, grant()).await, Outcome::Done);
        assert_eq!(
            deed(&trial, "cancel-request", "20260105000011/2", grant()).await,
            Outcome::Done
        );
        assert_eq!(notes.asked(), [act.clone(), act]);
        let not_there = Outcome::Refused(Refused {
            why: Why::NotThere,
            status: 200,
            code: Some("99".to_owned()),
        });
        for denied in [Denied::Withdrawn, Denied::Stage, Denied::NotThere, Denied::Done] {
            notes.answer(denied);
            assert_eq!(deed(&trial, "cancel-request", &key, grant()).await, not_there, "{form:?}");
        }
        notes.asked();
        for unknown in ["20260105000012/1", "20260105000011/3"] {
            assert_eq!(deed(&trial, "cancel-request", unknown, grant()).await, not_there);
        }
        assert_eq!(notes.asked(), []);
        // Once one line of it is granted the others are, and saying so again is no mistake.
        let granted = Claim {
            decided: Some((hour(4), Decision::Stopped)),
            completed_at: Some(hour(4)),
            ..claim(What::Cancel, &[(0, 1), (1, 1)])
        };
        tell(&trial, &with(vec![granted]), hour(4)).await;
        notes.answer(Denied::Done);
        let other = format!("{}/2", own(0));
        assert_eq!(deed(&trial, "cancel-request", &other, grant()).await, Outcome::Done);
    }
}

#[tokio::test]
async fn what_comes_back_is_received_completed_or_refused() {
    for form in FORMS {
        let (trial, notes) = trial(form).await;
        tell(&trial, &with(vec![claim(What::Return, &[(0, 2)])]), hour(2)).await;
        let key = format!("{}/1", back(0));
        let by = |waybill: &str| {
            Some(Carriage { courier: "0000033011".to_owned(), waybill: waybill.to_owned() })
        };
        let receive = |pieces, by| Does::ConfirmReceipt { pieces: Some(pieces), by };
        let refuse = || Does::Refuse {
            reason: "08".to_owned(),
            pieces: Some(2),
            note: Some("<모서리> \"파손\" & 오염".to_owned()),
        };
        assert_eq!(
            deed(&trial, "return", &key, receive(2, by("380400000017"))).await,
            Outcome::Done
        );
        assert_eq!(deed(&trial, "return", &key, receive(2, None)).await, Outcome::Done);
        assert_eq!(deed(&trial, "return", &key, Does::Approve { pieces: 2 }).await, Outcome::Done);
        assert_eq!(deed(&trial, "return", &key, refuse()).await, Outcome::Done);
        let claim = no(0);
        assert_eq!(
            notes.asked(),
            [
                Act::Receive { claim, pieces: None },
                Act::Receive { claim, pieces: None },
                Act::Approve { claim, pieces: None },
                Act::Refuse { claim, why: "08".to_owned() },
            ]
        );
        let why = |outcome: Outcome| match outcome {
            Outcome::Refused(refused) => refused.why,
            Outcome::Done | Outcome::NotDone(_) | Outcome::Unknown(_) => panic!("{outcome:?}"),
        };
        for (denied, expected) in [
            (Denied::Done, Why::Already),
            (Denied::NotThere, Why::NotThere),
            (Denied::Withdrawn, Why::Otherwise),
            (Denied::Stage, Why::Otherwise),
        ] {
            notes.answer(denied);
            let outcome = deed(&trial, "return", &key, Does::Approve { pieces: 2 }).await;
            assert_eq!(why(outcome), expected, "{form:?} {denied:?}");
        }
        notes.asked();
        let wrong = [
            (key.clone(), receive(1, None), Why::Otherwise),
            (key.clone(), receive(2, by("3804-0000")), Why::Otherwise),
            (format!("{}/2", back(0)), receive(2, None), Why::NotThere),
            (format!("{}/1", back(1)), Does::Approve { pieces: 2 }, Why::NotThere),
        ];
        for (key, does, expected) in wrong {
            assert_eq!(why(deed(&trial, "return", &key, does).await), expected, "{form:?} {key}");
        }
        assert_eq!(notes.asked(), [], "nothing wrong is asked for");
    }
}

#[tokio::test]
async fn an_order_is_confirmed_sent_or_cancelled_by_its_shipment() {
    let (trial, notes) = trial(FORMS[0]).await;
    tell(&trial, &order(17), hour(2)).await;
    let pd = async |call: &str, root: &str, members: &str| {
        let body = format!(r#"{{"{root}":{{"shppNo":"10000000136","shppSeq":1{members}}}}}"#);
        send(&trial, &format!("/api/pd/1/{call}.ssg"), &body).await.body
    };
    let confirm = async || pd("updateOrderSubjectManage", "requestOrderSubjectManage", "").await;
    let waybill =
        async |members: &str| pd("saveWblNo", "requestWhOutCompleteProcess", members).await;
    let ship = async |members: &str| {
        pd("saveWhOutCompleteProcess", "requestWhOutCompleteProcess", members).await
    };
    let no_sell = async |members: &str| {
        pd("saveNoSellRequestRegist", "requestNoSellRequestRegist", members).await
    };
    let sent = r#","wblNo":"380400000017","delicoVenId":"0000033011","shppTypeCd":"20","shppTypeDtlCd":"22""#;
    let gone = r#","scEvnt":"I","shortgRsnCd":"09","itemId":"1000030000017""#;
    assert_eq!(confirm().await, OK);
    assert_eq!(waybill(sent).await, OK);
    assert_eq!(ship(r#","procItemQty":"3""#).await, OK);
    assert_eq!(no_sell(gone).await, OK);
    let courier = Courier::Named("0000033011".to_owned());
    assert_eq!(
        notes.asked(),
        [
            Act::Confirm { order: 17 },
            Act::Waybill { order: 17, courier, waybill: "380400000017".to_owned() },
            Act::Ship { order: 17 },
            Act::Cancel { order: 17, pieces: vec![(0, 3)] },
        ]
    );
    for (denied, desc) in [
        (Denied::Cancelled, "해당 데이터가 없습니다."),
        (Denied::Waybill, "운송장 번호가 유효하지 않습니다"),
        (Denied::WaybillTaken, "기등록된 운송장번호입니다"),
    ] {
        notes.answer(denied);
        assert!(waybill(sent).await.contains(desc), "{desc}");
    }
    notes.answer(Denied::Stage);
    assert!(ship(r#","procItemQty":3"#).await.contains("피킹완료 상태에서만"));
    notes.answer(Denied::Done);
    assert!(no_sell(gone).await.contains("이미 판매불가"));
    notes.answer(Denied::Done);
    assert_eq!(confirm().await, OK, "the order's lines are confirmed together");
    notes.asked();
    let wrong = [
        (waybill(r#","delicoVenId":"0000033011""#).await, "wblNo"),
        (waybill(r#","wblNo":"1","delicoVenId":"CJGLS""#).await, "delicoVenId"),
        (waybill(r#","wblNo":"38-04","delicoVenId":"0000033011""#).await, "숫자만"),
        (ship(r#","procItemQty":2"#).await, "procItemQty"),
        (no_sell(r#","scEvnt":"D","shortgRsnCd":"09""#).await, "scEvnt"),
        (no_sell(r#","scEvnt":"I","shortgRsnCd":"01""#).await, "shortgRsnCd"),
        (no_sell(r#","scEvnt":"I","shortgRsnCd":"09","itemId":"1""#).await, "itemId"),
    ];
    for (answer, word) in wrong {
        assert!(answer.contains(r#""resultCode":"99""#) && answer.contains(word), "{answer}");
    }
    let unknown = r#"{"requestOrderSubjectManage":{"shppNo":"10000000144","shppSeq":"1"}}"#;
    let answer = send(&trial, "/api/pd/1/updateOrderSubjectManage.ssg", unknown).await;
    assert!(answer.body.contains("해당 데이터가 없습니다."), "{}", answer.body);
    assert_eq!(notes.asked(), []);
}

#[tokio::test]
async fn without_a_floor_nothing_is_done_and_no_call_is_there() {
    let trial = Trial::of(&Ssg, &[]).await;
    tell(&trial, &with(vec![claim(What::Cancel, &[(0, 1)])]), hour(2)).await;
    let path = format!("/api/claim/v2/cancel/request/approve?ordNo={}&ordItemSeq=1", own(0));
    assert_eq!(trial.post(&path, "").await.status, StatusCode::NOT_FOUND);
    for call in ["saveConfirmRcov", "saveRefusualReturn", "saveWblNo", "updateOrderSubjectManage"] {
        let answered = send(&trial, &format!("/api/pd/1/{call}.ssg"), "{}").await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "{call}");
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_nothing_of_any_list() {
    let (trial, notes) = trial(FORMS[0]).await;
    tell(&trial, &with(vec![claim(What::Cancel, &[(0, 1)])]), hour(2)).await;
    let wrong = include_str!("../fixtures/inquiry.wrong-key.response.json");
    for (method, path) in [
        (Method::GET, "/api/claim/v2/cancel/requests?perdStrDts=20260105&perdEndDts=20260105"),
        (Method::GET, "/api/claim/v2/order/20260105000011"),
        (Method::POST, "/api/pd/1/listExchangeTarget.ssg"),
        (Method::POST, "/api/claim/v2/cancel/request/approve?ordNo=1&ordItemSeq=1"),
        (Method::POST, "/api/pd/1/saveConfirmRcov.ssg"),
    ] {
        let headers = [("authorization", "nobody".to_owned())];
        let answered = trial.send(method, path, &headers, "").await;
        assert_eq!((answered.status, &*answered.body), (StatusCode::UNAUTHORIZED, wrong), "{path}");
    }
    assert_eq!(notes.asked(), []);
}

#[test]
fn a_91_may_have_done_it_and_a_99_has_not() {
    let deed = Deed {
        kind: "cancel-request".to_owned(),
        key: "20260105000011/1".to_owned(),
        does: Does::GrantCancel { pieces: None },
    };
    let name = |status, body: &str| connector().read_deed(&deed, &said(status, &[], body)).name();
    let result = |code: &str, message: &str| {
        format!(r#"{{"result":{{"resultCode":"{code}","resultMessage":"{message}"}}}}"#)
    };
    for (status, body, outcome) in [
        (200, result("00", "SUCCESS"), "done"),
        (200, "<result><resultCode>00</resultCode></result>".to_owned(), "done"),
        (200, result("91", "Server Exception"), "unknown"),
        (500, result("91", "Server Exception"), "unknown"),
        (200, result("99", "ERROR"), "refused"),
        (500, result("99", "대상이 없습니다."), "not-there"),
        (200, result("99", "이미 처리"), "done-already"),
        (500, result("00", "SUCCESS"), "unknown"),
        (200, result("42", "?"), "unknown"),
        (200, String::new(), "unknown"),
        (200, "<html></html>".to_owned(), "unknown"),
        (504, String::new(), "unknown"),
        (401, result("99", "ERROR"), "not-done"),
        (403, "<html></html>".to_owned(), "not-done"),
        (429, String::new(), "not-done"),
        (404, result("99", "ERROR"), "refused"),
    ] {
        assert_eq!(name(status, &body), outcome, "{status} {body}");
    }
}

#[test]
fn every_deed_that_can_be_done_has_a_call_and_no_other() {
    let account = Account {
        seller: hoesu_claims::SellerId(1),
        id: hoesu_claims::AccountId(1),
        channel: "ssg".to_owned(),
        name: "ssg".to_owned(),
        enabled: true,
        settings: BTreeMap::new(),
        created_at: NOW,
    };
    let secrets = BTreeMap::from([("upstream_key".to_owned(), "EXAMPLE".to_owned())]);
    let upstream = Upstream::of(&Ssg, &account, &secrets).unwrap();
    let by = || Carriage { courier: "0000033011".to_owned(), waybill: "1".to_owned() };
    let all = [
        Does::AnswerStopped { pieces: 1 },
        Does::AnswerShipped { by: by() },
        Does::GrantCancel { pieces: None },
        Does::ConfirmReceipt { pieces: Some(1), by: None },
        Does::Approve { pieces: 1 },
        Does::Refuse { reason: "11".to_owned(), pieces: Some(1), note: None },
        Does::Collect { by: by(), booking: None },
        Does::Resend { parcel: "1".to_owned(), by: by() },
    ];
    for kind in Ssg.capabilities().kinds {
        for does in all.clone() {
            let can = connector()
                .deeds()
                .iter()
                .any(|ability| ability.kind == *kind && ability.verb == does.verb());
            let deed = Deed { kind: (*kind).to_owned(), key: "1/1".to_owned(), does };
            assert_eq!(connector().put_deed(&upstream, &deed).is_some(), can, "{deed:?}");
        }
    }
    let unnumbered =
        Deed { kind: "return".to_owned(), key: "1".to_owned(), does: Does::Approve { pieces: 1 } };
    assert!(connector().put_deed(&upstream, &unnumbered).is_none());
}

#[test]
fn the_contracts_members_stand_in_the_order_they_are_answered_in() {
    use super::super::wire::{DIRECTION_ROW, ORDER_ROW, REQUEST_ROW, TARGET_ROW};
    let told = Ssg.stall().unwrap().tell(
        &with(vec![claim(What::Cancel, &[(0, 1)]), claim(What::Return, &[(1, 1)])]),
        "ssg",
        &BTreeMap::new(),
        hour(500),
    );
    for (kind, row) in told {
        let shape = match kind {
            "cancel-request" => &REQUEST_ROW,
            "return" => &TARGET_ROW,
            "shipment" => &DIRECTION_ROW,
            _ => &ORDER_ROW,
        };
        let form = super::super::row::Form::Json(super::super::profile::Profile::Documented);
        assert_eq!(shape.render(row.media, &row.body, form).unwrap(), row.body, "{kind}");
    }
}

#[tokio::test]
async fn what_is_to_be_sent_is_listed_until_it_is_confirmed_and_until_it_left() {
    for form in FORMS {
        let (trial, _) = trial(form).await;
        let unconfirmed = Order { confirmed_at: None, ..order(17) };
        let listed = async |call: &str, root: &str, wanted: &str| {
            let week = r#""perdType":"01","perdStrDts":"20260101","perdEndDts":"20260629""#;
            let headers = [
                ("authorization", trial.credentials["key"].clone()),
                ("content-type", "application/json".to_owned()),
                ("accept", format!("application/{}", form.0)),
            ];
            let body = format!(r#"{{"{root}":{{{week}}}}}"#);
            let path = format!("/api/pd/1/{call}.ssg");
            let answered = trial.send(Method::POST, &path, &headers, &body).await;
            assert!(answered.body.contains("SUCCESS"), "{}", answered.body);
            answered.body.matches(wanted).count()
        };
        let directed =
            async || listed("listShppDirection", "requestShppDirection", "10000000136").await;
        let waiting =
            async || listed("listWarehouseOut", "requestWarehouseOut", "10000000136").await;
        tell(&trial, &unconfirmed, hour(0)).await;
        assert_eq!((directed().await, waiting().await), (2, 0), "{form:?}");
        tell(&trial, &order(17), hour(1)).await;
        assert_eq!((directed().await, waiting().await), (0, 2), "{form:?}");
        let granted = Claim {
            decided: Some((hour(4), Decision::Stopped)),
            completed_at: Some(hour(4)),
            ..claim(What::Cancel, &[(0, 3)])
        };
        tell(&trial, &with(vec![granted]), hour(4)).await;
        assert_eq!((directed().await, waiting().await), (0, 1), "{form:?}");
    }
}

#[tokio::test]
async fn an_exchange_is_sent_again_with_its_own_shipment() {
    let (trial, notes) = trial(FORMS[0]).await;
    let mut boxed = super::super::stall::tests::parcel();
    boxed.number = 2;
    boxed.waybill = String::new();
    boxed.shipped_at = None;
    let exchange = Claim { new_parcel: Some(boxed), ..claim(What::Exchange, &[(0, 1)]) };
    tell(&trial, &with(vec![exchange]), hour(9)).await;
    let number = 30_000_000_000_u64 + 17 * 64 + 2;
    let body = |more: &str| {
        format!(r#"{{"requestWhOutCompleteProcess":{{"shppNo":{number},"shppSeq":1{more}}}}}"#)
    };
    let sent = body(r#","wblNo":"380400000018","delicoVenId":"0000033011""#);
    assert_eq!(send(&trial, "/api/pd/1/saveWblNo.ssg", &sent).await.body, OK);
    let courier = Courier::Named("0000033011".to_owned());
    let waybill = "380400000018".to_owned();
    assert_eq!(notes.asked(), [Act::Resend { claim: no(0), parcel: 2, courier, waybill }]);
    let whole = body(r#","procItemQty":1"#);
    let ship = send(&trial, "/api/pd/1/saveWhOutCompleteProcess.ssg", &whole).await;
    assert!(ship.body.contains("교환출고에는 쓸 수 없습니다."));
    assert_eq!(notes.asked(), []);
}
