use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hoesu_channels::Story;
use hoesu_channels::{CHANNELS, Clock, Desk};
use hoesu_claims::assess::Sentence;
use hoesu_claims::document::Marks;
use hoesu_claims::{AccountId, Finding, Media, Rule, SellerId, Won};
use hoesu_engine::{Docket, How, put};
use hoesu_ledger::cases::{CloseOutcome, Closing, SettledCase, Settlement};
use hoesu_ledger::{Account, NewAccount, Scope};
use hoesu_testkit::{Database, TestLedger, throwaway};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{openapi, routes};
use crate::{App, Meter, app};

/// 2026-02-12T06:00:00Z, and so it stays.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        super::answer::EXAMPLE_AT
    }
}

/// An answer, read.
struct Answer {
    status: u16,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Self { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Says that it is a problem of this type.
    #[track_caller]
    fn is_problem(&self, status: u16, kind: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:problem-type:hoesu:{kind}"));
        assert_eq!(problem["status"], status);
        assert!(problem["title"].is_string() && problem["detail"].is_string(), "{problem}");
    }
}

/// A ledger with two sellers, each with an account of the first channel, the first with its samples.
struct Shop {
    ledger: TestLedger,
    app: App,
    seller: SellerId,
    other: SellerId,
}

impl Shop {
    async fn open() -> Self {
        let ledger = throwaway(Database::Sqlite).await;
        let now = Still.now();
        let seller = ledger.add_seller("하나", now).await.unwrap().id;
        let other = ledger.add_seller("둘", now).await.unwrap().id;
        let account = account(&ledger, seller).await;
        account_of_other(&ledger, other).await;
        let how = How { observed_at: now, as_rows_say: false, marks: Marks::new(), now };
        put(&ledger, CHANNELS[0], &account, CHANNELS[0].samples(), &how).await.unwrap();
        let desk = Desk::showing(Arc::clone(&ledger), Arc::new(Still));
        let app = app(&desk, Arc::new(Meter::new()));
        Self { ledger, app, seller, other }
    }

    async fn key(&self, seller: SellerId, scopes: &[Scope]) -> String {
        let name = format!("{scopes:?}");
        let scopes = scopes.iter().copied().collect();
        let issued = self.ledger.add_api_key(seller, &name, scopes, Still.now()).await;
        issued.unwrap().text.to_string()
    }

    async fn get(&self, path: &str, key: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {key}"));
        Answer::of(self.app.answer(request.body(Body::empty()).unwrap()).await).await
    }

    /// A document of the first seller's: its id and its body.
    async fn document(&self) -> (String, String) {
        let accounts = self.ledger.accounts().await.unwrap();
        for kind in CHANNELS[0].capabilities().kinds {
            let held = self.ledger.current_after(accounts[0].shelf(kind), "", 1).await.unwrap();
            if let Some(document) = held.into_iter().find(|one| one.media == Media::Json) {
                let body = String::from_utf8(document.body).unwrap();
                return (format!("1:{kind}:{}", document.key), body);
            }
        }
        panic!("the channel has samples")
    }

    /// The number of an order that the first seller's documents tell of.
    async fn order(&self) -> String {
        let docket = Docket::open(Arc::clone(&self.ledger), self.seller).await.unwrap();
        docket.cases(None).await.unwrap()[0].key.number().to_owned()
    }

    /// These cases are all there is, whatever the documents say.
    async fn settle(&self, cases: Vec<SettledCase>) {
        let was = self.ledger.settled(self.seller).await.unwrap();
        let seq = self.ledger.last_change(self.seller).await.unwrap();
        let settlement = Settlement { was, seq, at: Still.now(), cases, gone: Vec::new() };
        assert!(self.ledger.settle(self.seller, settlement).await.unwrap());
    }
}

async fn account(ledger: &TestLedger, seller: SellerId) -> Account {
    let new = NewAccount {
        seller,
        channel: CHANNELS[0].id().to_owned(),
        name: "shop".to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
        credential: format!("key-{}", seller.0),
    };
    ledger.add_account(new, Still.now()).await.unwrap()
}

async fn account_of_other(ledger: &TestLedger, seller: SellerId) -> Account {
    account(ledger, seller).await
}

fn finding(order: &str, rule: Rule, deadline: Option<i64>) -> Finding {
    Finding {
        id: format!("{}:sale/1/{order}:", rule.id()),
        rule,
        order: order.to_owned(),
        about: String::new(),
        since: Still.now(),
        deadline: deadline.map(|ms| Timestamp::from_millisecond(ms).unwrap()),
        won_at_risk: Some(Won(9_900)),
        interest: None,
        claims: Vec::new(),
        proposed: None,
        evidence: Vec::new(),
        sentence: Sentence { ko: "늦었어요.".to_owned(), en: "Late.".to_owned() },
    }
}

fn case(order: &str, changed_at: i64, findings: Vec<Finding>) -> SettledCase {
    SettledCase {
        key: format!("sale/1/{order}"),
        account: AccountId(1),
        order: order.to_owned(),
        claim: "asked".to_owned(),
        goods: "sent".to_owned(),
        money: "owed".to_owned(),
        fault: None,
        since: Timestamp::UNIX_EPOCH,
        changed_at: Timestamp::from_millisecond(changed_at).unwrap(),
        digest: [7; 32],
        wake_at: None,
        documents: Vec::new(),
        findings,
    }
}

const EVERYTHING: [Scope; 3] = Scope::ALL;

/// Every documented path but the document's own, filled in for the first seller, and its scope.
async fn paths(shop: &Shop) -> Vec<(String, Scope)> {
    let (id, order) = (shop.document().await.0, shop.order().await);
    let document: Value = serde_json::from_str(&openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let paths = paths.filter(|(path, _)| *path != "/api/v1/openapi.json").map(|(path, item)| {
        let scope = item["get"]["security"][0]["key"][0].as_str().unwrap_or_default();
        let scope = Scope::from_name(scope).unwrap_or_else(|| panic!("{path} needs no scope"));
        (path.replace("{id}", &id).replace("{order}", &order), scope)
    });
    paths.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_asks_for_a_key_that_may() {
    let shop = Shop::open().await;
    let good = shop.key(shop.seller, &EVERYTHING).await;
    let others = shop.key(shop.other, &EVERYTHING).await;
    let revoked =
        shop.ledger.add_api_key(shop.seller, "gone", EVERYTHING.into(), Still.now()).await;
    let revoked = revoked.unwrap();
    let mut wrong = good.clone().into_bytes();
    let last = wrong.len() - 2;
    wrong[last] = if wrong[last] == b'A' { b'B' } else { b'A' };
    let wrong = String::from_utf8(wrong).unwrap();
    let paths = paths(&shop).await;
    assert_eq!(paths.len(), 4);
    assert_eq!(shop.get(&paths[0].0, &revoked.text).await.status, 200);
    shop.ledger.revoke_api_key(shop.seller, revoked.key.id, Still.now()).await.unwrap();
    for (path, scope) in &paths {
        let bare = Request::get(path.as_str()).body(Body::empty()).unwrap();
        let bare = Answer::of(shop.app.answer(bare).await).await;
        bare.is_problem(401, "key-missing");
        assert_eq!(bare.headers["www-authenticate"], r#"Bearer realm="hoesu""#);
        for key in [wrong.as_str(), &revoked.text, "hoesu_9_9_x", "nothing", ""] {
            let refused = shop.get(path, key).await;
            refused.is_problem(401, "key-invalid");
            let asks = refused.headers["www-authenticate"].to_str().unwrap();
            assert!(asks.starts_with("Bearer ") && asks.contains("invalid_token"), "{asks}");
        }
        let basic = Request::get(path.as_str()).header("authorization", format!("Basic {good}"));
        let basic = Answer::of(shop.app.answer(basic.body(Body::empty()).unwrap()).await).await;
        basic.is_problem(401, "key-missing");

        let rest: Vec<Scope> = EVERYTHING.into_iter().filter(|one| one != scope).collect();
        let less =
            shop.ledger.add_api_key(shop.seller, path, rest.into_iter().collect(), Still.now());
        let refused = shop.get(path, &less.await.unwrap().text).await;
        refused.is_problem(403, "scope-missing");
        assert_eq!(refused.json()["scope"], scope.name());

        let theirs = shop.get(path, &others).await;
        if path.matches('/').count() > 3 {
            theirs.is_problem(404, "not-found");
        } else {
            assert_eq!(theirs.status, 200, "{}", theirs.text);
            let empty = theirs.json();
            assert!(empty.as_object().unwrap().values().any(|list| *list == json!([])), "{empty}");
        }
        let answer = shop.get(path, &good).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert_eq!(answer.headers["cache-control"], "private, no-cache");
        assert!(answer.headers.contains_key("x-request-id"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_valid_is_named() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    let (id, order) = (shop.document().await.0, shop.order().await);
    for (path, field) in [
        ("findings?limit=0".to_owned(), "limit"),
        ("findings?limit=201".to_owned(), "limit"),
        ("cases?limit=-1".to_owned(), "limit"),
        ("cases?limit=%2B1".to_owned(), "limit"),
        ("cases?limit=".to_owned(), "limit"),
        ("findings?rule=refund-now".to_owned(), "rule"),
        ("findings?state=opened".to_owned(), "state"),
        ("findings?account=elsewhere".to_owned(), "account"),
        ("cases?account=".to_owned(), "account"),
        ("cases?cursor=AAAA".to_owned(), "cursor"),
        ("cases?order=1&order=2".to_owned(), "order"),
        ("cases?order=%00".to_owned(), "order"),
        ("cases?rule=refund-due".to_owned(), "rule"),
        ("findings?page=2".to_owned(), "page"),
        (format!("cases/{order}?state=open"), "state"),
        (format!("documents/{id}?version=1"), "version"),
    ] {
        let answer = shop.get(&format!("/api/v1/{path}"), &key).await;
        answer.is_problem(400, "parameter-invalid");
        assert_eq!(answer.json()["field"], field, "{path}");
    }
    for path in ["cases/none", "cases/%20", "cases/%00", "cases/%FF", "documents/1", "nothing"] {
        shop.get(&format!("/api/v1/{path}"), &key).await.is_problem(404, "not-found");
    }
    for id in ["1:none:1", "9:return:1", "01:return:1", "1:return:%FF", "1:return:~00"] {
        shop.get(&format!("/api/v1/documents/{id}"), &key).await.is_problem(404, "not-found");
    }
    let post = Request::post("/api/v1/findings").body(Body::empty()).unwrap();
    let post = Answer::of(shop.app.answer(post).await).await;
    post.is_problem(405, "method-not-allowed");
    assert_eq!(post.headers["allow"], "GET,HEAD");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_value_of_a_request_comes_back_in_a_problem() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    let planted = "01012345678";
    for path in [
        "findings?limit=01012345678",
        "findings?01012345678=1",
        "findings?rule=01012345678",
        "findings?state=01012345678",
        "findings?account=01012345678",
        "findings?cursor=01012345678",
        "findings?%EA%B9%80%ED%95%98%EB%8A%98=01012345678",
        "cases/01012345678",
        "cases?01012345678",
        "documents/1:return:01012345678",
        "documents/01012345678?x=01012345678",
        "01012345678",
    ] {
        let answer = shop.get(&format!("/api/v1/{path}"), &key).await;
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        assert!(
            !answer.text.contains(planted) && !answer.text.contains("김하늘"),
            "{}",
            answer.text
        );
        let told: Vec<_> =
            answer.headers.values().filter_map(|value| value.to_str().ok()).collect();
        assert!(!told.join(" ").contains(planted), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_without_a_gap_or_a_repetition() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    let cases = (0..23).map(|nth| {
        let order = format!("A {nth:02}");
        // Several share a deadline, and some have none.
        let deadline = (nth % 4 != 0).then_some(1_000 * (nth % 3));
        let findings = vec![
            finding(&order, Rule::RefundDue, deadline),
            finding(&order, Rule::ItemMismatch, None),
        ];
        case(&order, 1_000 * (nth % 5), findings)
    });
    shop.settle(cases.collect()).await;
    for (path, list, total) in [
        ("/api/v1/findings?account=shop", "findings", 46),
        ("/api/v1/findings?state=all&rule=refund-due", "findings", 23),
        ("/api/v1/findings?order=A+07", "findings", 2),
        ("/api/v1/cases?account=shop", "cases", 23),
        ("/api/v1/cases?order=A%2007", "cases", 1),
    ] {
        let whole = shop.get(&format!("{path}&limit=200"), &key).await.json();
        assert_eq!((&whole["next"], whole[list].as_array().unwrap().len()), (&Value::Null, total));
        for limit in [1, 4, 22, 23] {
            let (mut rows, mut next) = (Vec::new(), Some(format!("{path}&limit={limit}")));
            while let Some(path) = next {
                let answer = shop.get(&path, &key).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                let page = answer.json();
                rows.extend(page[list].as_array().unwrap().iter().cloned());
                let link = answer.headers.get("link").map(|link| link.to_str().unwrap());
                next = link.map(|link| {
                    let next = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"");
                    next.unwrap().to_owned()
                });
                let cursor = page["next"].as_str();
                assert_eq!(cursor.is_some(), next.is_some());
                assert!(cursor.is_none_or(|cursor| next.as_ref().unwrap().ends_with(cursor)));
            }
            assert_eq!(Value::from(rows), whole[list], "{path} by {limit}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_goes_with_its_question_its_list_and_its_seller() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    let others = shop.key(shop.other, &EVERYTHING).await;
    let cases = (0..3).map(|nth| {
        let order = format!("A{nth}");
        case(&order, nth, vec![finding(&order, Rule::RefundDue, None)])
    });
    shop.settle(cases.collect()).await;
    let page = shop.get("/api/v1/findings?limit=1", &key).await.json();
    let cursor = page["next"].as_str().unwrap();
    assert_eq!(shop.get(&format!("/api/v1/findings?cursor={cursor}"), &key).await.status, 200);
    let mut tampered = cursor.to_owned();
    let last = if tampered.pop() == Some('A') { 'B' } else { 'A' };
    tampered.push(last);
    for (path, key) in [
        (format!("/api/v1/findings?cursor={tampered}"), &key),
        (format!("/api/v1/findings?cursor=x{cursor}"), &key),
        (format!("/api/v1/findings?cursor={cursor}&state=all"), &key),
        (format!("/api/v1/findings?cursor={cursor}&rule=refund-due"), &key),
        (format!("/api/v1/cases?cursor={cursor}"), &key),
        (format!("/api/v1/findings?cursor={cursor}"), &others),
    ] {
        let answer = shop.get(&path, key).await;
        answer.is_problem(400, "parameter-invalid");
        assert_eq!(answer.json()["field"], "cursor");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_told_with_what_became_of_them() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &[Scope::FindingsRead]).await;
    let found =
        vec![finding("A1", Rule::RefundDue, Some(5)), finding("A1", Rule::ItemMismatch, None)];
    shop.settle(vec![case("A1", 1, found.clone())]).await;
    shop.settle(vec![case("A1", 1, found[1..].to_vec())]).await;
    let rules = async |path: &str| -> Vec<(String, Value, Value)> {
        let page = shop.get(path, &key).await.json();
        let rows = page["findings"].as_array().unwrap().iter();
        rows.map(|row| {
            (row["rule"].as_str().unwrap().to_owned(), row["state"].clone(), row["closed"].clone())
        })
        .collect()
    };
    let open = ("item-mismatch".to_owned(), json!("open"), Value::Null);
    let closed = ("refund-due".to_owned(), json!("closed"), json!("itself"));
    assert_eq!(rules("/api/v1/findings").await, std::slice::from_ref(&open));
    assert_eq!(rules("/api/v1/findings?state=closed").await, std::slice::from_ref(&closed));
    assert_eq!(rules("/api/v1/findings?state=all").await, [open, closed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_served_word_for_word_with_all_its_versions() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &[Scope::DocumentsRead]).await;
    let (id, body) = shop.document().await;
    let answer = shop.get(&format!("/api/v1/documents/{id}"), &key).await;
    assert!(answer.text.contains(&format!(r#""body":{body}"#)), "{}", answer.text);
    let document = answer.json();
    assert_eq!((&document["id"], &document["current"]), (&json!(id), &json!(1)));
    assert_eq!(document["account"], "shop");
    assert_eq!(document["versions"][0]["media"], "json");
    assert_eq!(document["versions"][0]["observed_at"], "2026-02-12T06:00:00Z");
    let encoded = id.replace(':', "%3A");
    assert_eq!(shop.get(&format!("/api/v1/documents/{encoded}"), &key).await.text, answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_access_log_has_every_document_that_was_given_and_nothing_else() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &[Scope::DocumentsRead]).await;
    let (id, _) = shop.document().await;
    let path = format!("/api/v1/documents/{id}");
    let given = shop.get(&path, &key).await;
    shop.get("/api/v1/documents/1:none:9", &key).await.is_problem(404, "not-found");
    let cases_only = shop.key(shop.seller, &[Scope::CasesRead]).await;
    shop.get(&path, &cases_only).await.is_problem(403, "scope-missing");
    let has = Request::get(&path)
        .header("authorization", format!("Bearer {key}"))
        .header("if-none-match", &given.headers["etag"]);
    let has = Answer::of(shop.app.answer(has.body(Body::empty()).unwrap()).await).await;
    assert_eq!(has.status, 304);
    let lines = shop.ledger.accesses(shop.seller, None, None, 10).await.unwrap();
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((line.what.as_str(), &line.whose), ("download", &id));
    assert_eq!(line.who, "key [DocumentsRead]");
    assert_eq!(line.reason.as_deref(), Some("documents:read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_one_thing_as_it_is_is_told_so() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    let (id, order) = (shop.document().await.0, shop.order().await);
    for path in [
        format!("/api/v1/documents/{id}"),
        format!("/api/v1/cases/{order}"),
        "/api/v1/openapi.json".to_owned(),
    ] {
        let first = shop.get(&path, &key).await;
        let tag = first.headers["etag"].to_str().unwrap();
        for (known, status) in [
            (tag.to_owned(), 304),
            (format!("W/{tag}"), 304),
            (format!("\"other\", {tag}"), 304),
            ("*".to_owned(), 304),
            ("\"other\"".to_owned(), 200),
        ] {
            let request = Request::get(&path)
                .header("authorization", format!("bearer {key}"))
                .header("if-none-match", &known);
            let request = request.body(Body::empty()).unwrap();
            let again = Answer::of(shop.app.answer(request).await).await;
            assert_eq!((again.status, again.text.is_empty()), (status, status == 304), "{known}");
            assert_eq!(again.headers["etag"], tag);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_and_findings_hold_nothing_about_people_and_lead_to_documents_that_do() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    let kinds = CHANNELS[0].capabilities().kinds.iter();
    let invented = kinds.flat_map(|kind| (0..20).filter_map(|nth| CHANNELS[0].invent(kind, nth)));
    let how =
        How { observed_at: Still.now(), as_rows_say: false, marks: Marks::new(), now: Still.now() };
    let accounts = shop.ledger.accounts().await.unwrap();
    put(&shop.ledger, CHANNELS[0], &accounts[0], invented.collect(), &how).await.unwrap();

    let listed = shop.get("/api/v1/cases?limit=200", &key).await;
    let mut told = listed.text.clone() + &shop.get("/api/v1/findings?limit=200", &key).await.text;
    let mut documents = String::new();
    let rows = listed.json();
    let rows = rows["cases"].as_array().unwrap();
    assert!(rows.len() > 20, "{}", rows.len());
    for row in rows {
        let order = row["order"].as_str().unwrap();
        let answer = shop.get(&format!("/api/v1/cases/{order}"), &key).await;
        told += &answer.text;
        let cases = answer.json();
        let case = &cases["cases"][0];
        for member in ["order", "account", "tracks"] {
            assert_eq!(case[member], row[member], "{order}");
        }
        assert_eq!(case["findings"].as_array().unwrap().len() as u64, row["open_findings"]);
        for document in case["documents"].as_array().unwrap() {
            let id = document["id"].as_str().unwrap();
            let read = shop.get(&format!("/api/v1/documents/{id}"), &key).await;
            let is = read.json();
            assert_eq!(
                (&is["key"], &is["current"], &is["kind"]),
                (&document["key"], &document["version"], &document["kind"])
            );
            documents += &read.text;
        }
    }
    let people: Vec<Story> = (0..20).map(Story::nth).collect();
    assert!(
        people.iter().any(|person| documents.contains(&person.name)),
        "people are in documents"
    );
    for Story { name, phone, address, postcode, .. } in &people {
        for value in [name, phone, address] {
            assert!(!told.contains(value.as_str()), "{value} is told");
        }
        assert!(!told.contains(&format!("\"{postcode}\"")), "{postcode} is told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_closed_is_closed_in_its_case_as_well() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    let page = shop.get("/api/v1/findings?limit=1", &key).await.json();
    let finding = &page["findings"][0];
    let (id, order) = (finding["id"].as_str().unwrap(), finding["order"].as_str().unwrap());
    let closing = Closing {
        id: id.to_owned(),
        actor: "ops".to_owned(),
        reason: "seen".to_owned(),
        force: true,
        at: Still.now(),
    };
    assert_eq!(shop.ledger.close(shop.seller, closing).await.unwrap(), CloseOutcome::Closed);
    let cases = shop.get(&format!("/api/v1/cases/{order}"), &key).await.json();
    let findings = cases["cases"][0]["findings"].as_array().unwrap();
    let told = findings.iter().find(|finding| finding["id"] == id).unwrap();
    assert_eq!(told["state"], "closed");
}

#[test]
fn no_channel_owns_a_path_of_the_api() {
    let document: Value = serde_json::from_str(&openapi()).unwrap();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(path.starts_with("/api/v1/"), "{path}");
        assert!(CHANNELS.iter().all(|channel| !channel.owns(path)), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_to_everybody_and_is_what_is_generated() {
    let shop = Shop::open().await;
    let request = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let answer = Answer::of(shop.app.answer(request).await).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), serde_json::from_str::<Value>(&openapi()).unwrap());
}

#[test]
fn the_document_is_sound() {
    let document: Value = serde_json::from_str(&openapi()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let written = serde_json::to_value(routes().into_openapi()).unwrap();
    assert_eq!(
        document["paths"].as_object().unwrap().keys().collect::<Vec<_>>(),
        written["paths"].as_object().unwrap().keys().collect::<Vec<_>>()
    );
    let mut referred = BTreeSet::new();
    walk(&document, "", &mut |place, value| {
        if let Some(to) = value.get("$ref").and_then(Value::as_str) {
            let to = to.strip_prefix('#').unwrap_or_else(|| panic!("{place} leads elsewhere"));
            assert!(document.pointer(to).is_some(), "{place} leads to nothing: {to}");
            referred.insert(to.to_owned());
        }
        let Some(members) = value.get("properties").and_then(Value::as_object) else { return };
        for (name, member) in members {
            assert!(member["description"].is_string(), "{place} does not say what {name} is");
        }
        for name in value["required"].as_array().into_iter().flatten() {
            assert!(members.contains_key(name.as_str().unwrap()), "{place} has no {name}");
        }
    });
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(
            referred.contains(&format!("/components/schemas/{name}")),
            "nobody speaks of {name}"
        );
    }
    let mut names = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert_eq!(method, "get", "{path}");
            assert!(names.insert(operation["operationId"].as_str().unwrap()), "{path}");
            assert!(operation["summary"].is_string(), "{path}");
            let said: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|one| one["in"] == "path")
                .map(|one| one["name"].as_str().unwrap())
                .collect();
            let parts =
                path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            assert_eq!(said, parts.collect(), "{path}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{path}: {parameter}");
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(response["description"].is_string(), "{path} {status}");
                let media = response["content"].as_object().into_iter().flatten().next();
                let media = media.map(|(media, _)| media.as_str());
                let is_problem = status.starts_with(['4', '5']);
                assert_eq!(
                    media == Some("application/problem+json"),
                    is_problem,
                    "{path} {status}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_has_the_members_that_are_documented() {
    let shop = Shop::open().await;
    let key = shop.key(shop.seller, &EVERYTHING).await;
    shop.settle(vec![case("A1", 1, vec![finding("A1", Rule::RefundDue, Some(5))])]).await;
    let document: Value = serde_json::from_str(&openapi()).unwrap();
    let (id, order) = (shop.document().await.0, shop.order().await);
    for (path, asked) in [
        ("/api/v1/findings", "/api/v1/findings".to_owned()),
        ("/api/v1/cases", "/api/v1/cases".to_owned()),
        ("/api/v1/cases/{order}", format!("/api/v1/cases/{order}")),
        ("/api/v1/documents/{id}", format!("/api/v1/documents/{id}")),
    ] {
        let answer = &document["paths"][path]["get"]["responses"]["200"]["content"];
        let answer = &answer["application/json"];
        let said = shop.get(&asked, &key).await.json();
        fits(&document, &answer["schema"], &said, path);
        if let Some(example) = answer.get("example") {
            fits(&document, &answer["schema"], example, path);
        }
    }
}

/// Calls `see` with every value of a document and its place.
fn walk<'a>(value: &'a Value, place: &str, see: &mut impl FnMut(&str, &'a Value)) {
    see(place, value);
    match value {
        Value::Object(members) => {
            // What is in an example is no schema.
            for (name, member) in members.iter().filter(|(name, _)| !name.starts_with("example")) {
                walk(member, &format!("{place}/{name}"), see);
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                walk(value, &format!("{place}/{at}"), see);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Says that a value is what a schema says, in the words this document uses.
fn fits(document: &Value, schema: &Value, value: &Value, place: &str) {
    if let Err(why) = check(document, schema, value, place) {
        panic!("{why}");
    }
    let mut known = BTreeSet::new();
    members(document, schema, value, &mut known);
    for name in value.as_object().into_iter().flat_map(|members| members.keys()) {
        assert!(known.contains(name), "{place} has a {name} that is not documented");
    }
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let wrong = || Err(format!("{place}: {value} is not {schema}"));
    if let Some(to) = schema["$ref"].as_str() {
        let schema = document.pointer(&to[1..]).unwrap();
        check(document, schema, value, place)?;
    }
    if let Some(all) = schema["allOf"].as_array() {
        all.iter().try_for_each(|one| check(document, one, value, place))?;
    }
    if let Some(one_of) = schema["oneOf"].as_array() {
        let fitting = one_of.iter().filter(|one| check(document, one, value, place).is_ok());
        if fitting.count() != 1 {
            return wrong();
        }
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        return wrong();
    }
    let is = |kind: &Value| match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some(_) | None => false,
    };
    let kinds = schema["type"].as_array();
    let fits = match (kinds, schema.get("type")) {
        (Some(kinds), _) => kinds.iter().any(is),
        (None, Some(kind)) => is(kind),
        (None, None) => true,
    };
    if !fits {
        return wrong();
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            return wrong();
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            check(document, member, value, &format!("{place}/{name}"))?;
        }
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        check(document, &schema["items"], item, &format!("{place}/{at}"))?;
        if let Some(items) = schema.get("items") {
            fits_item(document, items, item, &format!("{place}/{at}"))?;
        }
    }
    Ok(())
}

/// No item of a list has a member that is not documented.
fn fits_item(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let mut known = BTreeSet::new();
    members(document, schema, value, &mut known);
    let mut names = value.as_object().into_iter().flat_map(|members| members.keys());
    match names.find(|name| !known.contains(*name)) {
        Some(name) => Err(format!("{place} has a {name} that is not documented")),
        None => Ok(()),
    }
}

/// The members that a schema documents for a value.
fn members(document: &Value, schema: &Value, value: &Value, known: &mut BTreeSet<String>) {
    if let Some(to) = schema["$ref"].as_str() {
        members(document, document.pointer(&to[1..]).unwrap(), value, known);
    }
    known.extend(schema["properties"].as_object().into_iter().flat_map(|all| all.keys().cloned()));
    for one in schema["allOf"].as_array().into_iter().flatten() {
        members(document, one, value, known);
    }
    for one in schema["oneOf"].as_array().into_iter().flatten() {
        if check(document, one, value, "").is_ok() {
            members(document, one, value, known);
        }
    }
}
