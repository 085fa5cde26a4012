use std::collections::BTreeSet;

use hoesu_claims::State;

use super::*;
use crate::Channel as _;
use crate::channel::Fault;
use crate::connect::tests::{answer, read_all, said, span, upstream};
use crate::connect::{Failing, Fix, HttpAsk, Reading, RetryAfter, Span, sign};
use crate::coupang::Coupang;
use crate::coupang::cea::{Header, Signed};
use crate::coupang::version::{self, Version};
use crate::trial::{NOW, Trial};

fn feed(id: &str) -> &'static Feed {
    Client.feed(id).unwrap()
}

/// The first question of a reading of two days.
fn first(feed: &'static Feed) -> Ask {
    let days = span("2024-01-01T00:00:00", "2024-01-03T00:00:00");
    Reading::oldest_first(feed, days).next_ask().unwrap()
}

fn lookup(id: &str, keys: &[&str]) -> Ask {
    let lookup = Client.lookups().iter().find(|lookup| lookup.id == id).unwrap();
    Ask::Keys { lookup, keys: keys.iter().map(|key| (*key).to_owned()).collect() }
}

async fn trial() -> Trial {
    Trial::of(&Coupang, &[]).await
}

/// What the made-up returns are told of in: two windows of the longest feed.
fn months() -> Span {
    span("2024-01-01T00:00:00", "2024-02-26T07:30:00")
}

/// Puts so many made-up documents now, and some more weeks later; what the feed should bring.
async fn fill(trial: &Trial, kind: &'static str, many: u64) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for nth in (0..many).chain(180_000..180_030) {
        let body = Coupang.invent(kind, nth).unwrap().body;
        // The current version of the returns' calls writes money and times in another form.
        let body = match kind {
            RETURN => version::write(&body, Version::V6).into_owned(),
            _ => body,
        };
        let body = String::from_utf8(body).unwrap();
        trial.put(&body).await;
        all.insert(body);
    }
    all
}

#[tokio::test]
async fn every_return_and_cancel_is_brought_by_day() {
    let trial = trial().await;
    let stored = fill(&trial, RETURN, 260).await;
    for newest_first in [false, true] {
        let feed = feed("returns-by-day");
        let reading = if newest_first {
            Reading::newest_first(feed, months())
        } else {
            Reading::oldest_first(feed, months())
        };
        let brought = read_all(&trial, reading, months()).await;
        // A receipt is shown under as many statuses as it has, a cancel under none.
        let shown = |body: &String| {
            let found = Coupang.read(Media::Json, body.as_bytes()).unwrap().found;
            found.states.iter().filter(|(state, _)| *state == State::Listed).count().max(1)
        };
        assert_eq!(brought.len(), stored.iter().map(shown).sum::<usize>());
        assert_eq!(brought.into_iter().collect::<BTreeSet<_>>(), stored);
    }
}

#[tokio::test]
async fn every_return_and_cancel_is_brought_by_minute() {
    let trial = trial().await;
    let stored = fill(&trial, RETURN, 120).await;
    let reading = Reading::newest_first(feed("returns-by-minute"), months());
    let brought = read_all(&trial, reading, months()).await;
    assert_eq!(brought.into_iter().collect::<BTreeSet<_>>(), stored);
}

#[tokio::test]
async fn every_exchange_and_withdrawal_is_brought_once() {
    let trial = trial().await;
    for (id, kind) in [("exchanges", EXCHANGE), ("withdrawals", WITHDRAWAL)] {
        let stored = fill(&trial, kind, 230).await;
        let reading = Reading::oldest_first(feed(id), months());
        let brought = read_all(&trial, reading, months()).await;
        assert_eq!(brought.len(), stored.len(), "{id}");
        assert_eq!(brought.into_iter().collect::<BTreeSet<_>>(), stored, "{id}");
    }
}

#[tokio::test]
async fn a_return_taken_back_is_not_there_and_found_among_the_withdrawals() {
    let trial = trial().await;
    let stored = fill(&trial, RETURN, 20).await;
    let record = stored.iter().find(|body| body.contains(r#""receiptType":"RETURN""#)).unwrap();
    let key = Coupang.read(Media::Json, record.as_bytes()).unwrap().key;
    let one = lookup("return", &[&key]);
    assert_eq!(answer(&trial, &one).await.unwrap().records[0].body, record.as_bytes());
    assert_eq!(answer(&trial, &lookup("withdrawals", &[&key])).await, Ok(FeedPage::default()));

    let taken_back = format!(
        r#"{{"cancelId":{key},"orderId":1,"vendorId":"A00012345","refundDeliveryDuty":"CUS","createdAt":"2024-01-02T10:00:00","vendorItemIds":[1]}}"#
    );
    trial.put(&taken_back).await;
    let gone = answer(&trial, &one).await.unwrap_err();
    assert_eq!((gone.clone(), gone.fix()), (ReadFailure::NotThere, Fix::GoOn));
    let found = answer(&trial, &lookup("withdrawals", &[&key, "9"])).await.unwrap();
    assert_eq!(found.records.len(), 1);
    assert_eq!(found.records[0].body, taken_back.as_bytes());
    assert_eq!(found.records[0].kind, WITHDRAWAL);
}

#[tokio::test]
async fn the_boxes_of_an_order_are_wanted_with_its_claims_and_brought() {
    let trial = trial().await;
    let sheet = Coupang.invent(ORDER_SHEET, 6).unwrap().body;
    trial.put(std::str::from_utf8(&sheet).unwrap()).await;
    let wanted = |kind: &str| {
        let record = Coupang.invent(kind, 6).unwrap().body;
        Client.wants(&Coupang.read(Media::Json, &record).unwrap())
    };
    for kind in [RETURN, EXCHANGE] {
        assert_eq!(wanted(kind), [("order-sheets", "500000006".to_owned())]);
    }
    assert_eq!((wanted(WITHDRAWAL), wanted(ORDER_SHEET)), (vec![], vec![]));
    let missed = |kind: &str| {
        let record = Coupang.invent(kind, 6).unwrap().body;
        let record = Coupang.read(Media::Json, &record).unwrap();
        (record.key.clone(), Client.missed(&record))
    };
    let (key, asks) = missed(RETURN);
    assert_eq!(asks, [("withdrawals", key.clone()), ("return", key)]);
    assert_eq!(missed(EXCHANGE).1, []);
    for ask in
        [lookup("order-sheets", &["500000006"]), lookup("order-sheet", &["640000000000000006"])]
    {
        let page = answer(&trial, &ask).await.unwrap();
        assert_eq!((page.records.len(), page.records[0].kind), (1, ORDER_SHEET));
        assert_eq!(page.records[0].body, sheet);
    }
    let text = String::from_utf8(sheet).unwrap();
    let count = text.split_once("\"shippingCount\":").unwrap().1.split(',').next().unwrap();
    let gone = text.replace("\"cancelCount\":0", &format!("\"cancelCount\":{count}"));
    trial.put(&gone).await;
    let gone = answer(&trial, &lookup("order-sheets", &["500000006"])).await;
    assert_eq!(gone, Err(ReadFailure::NotThere));
}

#[tokio::test]
async fn every_question_is_signed_as_the_gateway_checks_it() {
    let trial = trial().await;
    let upstream = upstream(&trial);
    let token = Some(Page::Token("a+b/c=%?&".to_owned()));
    let mut asks: Vec<Ask> = Client.feeds().iter().map(first).collect();
    let window = match &asks[1] {
        Ask::List { window, .. } => *window,
        Ask::Keys { .. } => panic!("a list"),
    };
    asks.push(Ask::List { feed: feed("returns-by-day"), window, part: "UC", page: token });
    asks.extend([lookup("return", &["365937"]), lookup("withdrawals", &["1", "2"])]);
    asks.extend([lookup("order-sheets", &["7"]), lookup("order-sheet", &["7"])]);
    for ask in asks {
        let HttpAsk { method, path, query, headers, .. } =
            sign(&Coupang, &upstream, &ask, NOW).unwrap();
        let header = headers.iter().find(|(name, _)| *name == "Authorization").unwrap();
        let header = Header::parse(&header.1).unwrap();
        let signed = Signed { method: method.as_str(), path: &path, query: &query };
        assert!(header.is_fresh(NOW) && header.signs("test-secret-key", signed), "{path}");
        assert!(!header.signs("another", signed));
    }
}

#[tokio::test]
async fn questions_are_put_as_documented() {
    let trial = trial().await;
    let upstream = upstream(&trial);
    let base = "/v2/providers/openapi/apis/api";
    let target = |ask: &Ask| sign(&Coupang, &upstream, ask, NOW).unwrap().target();
    let expected = [
        "/v6/vendors/A00012345/returnRequests?searchType=timeFrame&createdAtFrom=2024-01-01T00%3A00&createdAtTo=2024-01-02T00%3A00&status=RU",
        "/v6/vendors/A00012345/returnRequests?createdAtFrom=2024-01-01&createdAtTo=2024-01-02&maxPerPage=50&status=RU",
        "/v4/vendors/A00012345/exchangeRequests?createdAtFrom=2024-01-01T00%3A00%3A00&createdAtTo=2024-01-03T00%3A00%3A00&maxPerPage=10",
        "/v4/vendors/A00012345/returnWithdrawRequests?dateFrom=2024-01-01&dateTo=2024-01-02&sizePerPage=100",
    ];
    for (feed, expected) in Client.feeds().iter().zip(expected) {
        assert_eq!(target(&first(feed)), format!("{base}{expected}"));
    }
    let one = target(&lookup("return", &["1/../2"]));
    assert_eq!(one, format!("{base}/v6/vendors/A00012345/returnRequests/1%2F..%2F2"));
    let these = sign(&Coupang, &upstream, &lookup("withdrawals", &["87033689", "x"]), NOW).unwrap();
    assert_eq!(these.body, br#"{"cancelIds":[87033689]}"#);
    assert_eq!(
        these.url(),
        format!("http://127.0.0.1:9{base}/v4/vendors/A00012345/returnWithdrawList")
    );
}

fn read(status: u16, body: &str) -> Result<FeedPage, ReadFailure> {
    Client.read(&first(feed("returns-by-day")), &said(status, &[], body))
}

#[test]
fn an_empty_list_is_a_page_in_every_documented_form() {
    for body in [
        r#"{"code":200,"message":"OK","data":[],"nextToken":""}"#,
        r#"{"code":"200","message":"OK","data":[],"nextToken":null}"#,
        r#" { "code" : 200, "data" : [ ] } "#,
    ] {
        assert_eq!(read(200, body), Ok(FeedPage::default()), "{body}");
    }
}

#[test]
fn what_is_no_documented_success_is_never_an_empty_list() {
    let failed = |code: &str| {
        ReadFailure::Failed(Failing { status: 200, code: Some(code.into()), retry_after: None })
    };
    assert_eq!(read(200, r#"{"code":"ERROR","message":"x","data":[]}"#), Err(failed("ERROR")));
    assert_eq!(read(200, r#"{"code":500,"data":[]}"#), Err(failed("500")));
    // A code that could carry anything is not repeated.
    let quiet = ReadFailure::Failed(Failing { status: 200, code: None, retry_after: None });
    assert_eq!(read(200, r#"{"code":"홍길동 010","data":[]}"#), Err(quiet.clone()));
    assert_eq!(read(200, "{}"), Err(quiet.clone()));
    assert_eq!(read(200, r#"{"data":[]}"#), Err(quiet));
    for body in [
        "",
        "[]",
        "null",
        r#"{"code":200}"#,
        r#"{"code":200,"data":null}"#,
        r#"{"code":200,"data":"none"}"#,
        r#"{"code":200,"data":[1]}"#,
        r#"{"code":200,"data":[{"receiptId":1},"#,
        r#"{"code":200,"data":[{"receiptId":1}],"nextToken":"ab"#,
        r#"{"code":200,"data":[],"data":[]}"#,
        r#"{"code":200,"data":[],"nextToken":{}}"#,
        r#"{"code":200,"data":[]}{"code":200,"data":[]}"#,
        "<html><title>Access Denied</title></html>",
    ] {
        assert!(matches!(read(200, body), Err(ReadFailure::Unreadable(_))), "{body}");
    }
    let full = vec!["{}"; 50].join(",");
    let full = format!(r#"{{"code":200,"data":[{full}]}}"#);
    assert!(matches!(read(200, &full), Err(ReadFailure::Unreadable(_))));
}

#[test]
fn failures_are_told_apart() {
    let gateway = |message: &str| format!(r#"{{"code":"ERROR","message":"{message}"}}"#);
    let failing = |status| Failing { status, code: Some("ERROR".into()), retry_after: None };
    let late = "Request timed out, if the situation continues consider applying timeout extension.";
    let cases = [
        (401, gateway("Specified signature is expired."), ReadFailure::Denied(Denied::Clock)),
        (401, gateway("Invalid signature."), ReadFailure::Denied(Denied::Key)),
        (
            401,
            r#"{"message":"Request is not authorized.","messages":{"korean":"","english":""}}"#.into(),
            ReadFailure::Denied(Denied::Key),
        ),
        (
            403,
            r#"{"message":"[FORBIDDEN] Not allowed IP. Please contact the Coupang seller call center."}"#.into(),
            ReadFailure::Denied(Denied::Address),
        ),
        (
            403,
            "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>Reference #18.abc</BODY></HTML>".into(),
            ReadFailure::Blocked(403),
        ),
        (302, String::new(), ReadFailure::Blocked(302)),
        (429, gateway("Too many requests."), ReadFailure::RateLimited(None)),
        (400, gateway("params's vendorId not equals gateway's vendorId!"), ReadFailure::Denied(Denied::Key)),
        (400, gateway("endTime-startTime range should less than 32 day."), ReadFailure::Rejected(failing(400))),
        (504, gateway(late), ReadFailure::TooMuch),
        (412, gateway(late), ReadFailure::TooMuch),
        (412, gateway("inactive"), ReadFailure::Failed(failing(412))),
        (500, gateway("Internal server error."), ReadFailure::Failed(failing(500))),
        (521, gateway("connection timed out: host/10.0.0.1:80"), ReadFailure::Failed(failing(521))),
        (524, String::new(), ReadFailure::TooMuch),
        (200, gateway(late), ReadFailure::TooMuch),
    ];
    for (status, body, failure) in cases {
        assert_eq!(read(status, &body), Err(failure), "{status} {body}");
    }
    let ask = first(feed("exchanges"));
    let limited = Client.read(&ask, &said(429, &[("retry-after", "30")], ""));
    let after = RetryAfter::For(SignedDuration::from_secs(30));
    assert_eq!(limited, Err(ReadFailure::RateLimited(Some(after))));
}

#[test]
fn what_the_surface_says_around_a_call_is_read_as_what_it_is() {
    let ask = first(feed("returns-by-day"));
    for (fault, name) in [
        (Fault::NotFound, "rejected"),
        (Fault::MethodNotAllowed, "rejected"),
        (Fault::TooLarge, "too-much"),
        (Fault::TimedOut, "too-much"),
        (Fault::Unavailable, "channel-failed"),
        (Fault::Broken, "channel-failed"),
    ] {
        let status = Coupang.refuse(fault, &axum::http::HeaderMap::new()).status();
        let failure = Client.read(&ask, &said(status.as_u16(), &[], "")).unwrap_err();
        assert_eq!(failure.name(), name, "{fault:?}");
    }
}

#[test]
fn records_stay_as_they_came() {
    let record = r#"{ "receiptId" : 123456789012345678, "x":[ 1.50,"한\u0041" ] }"#;
    let page = read(200, &format!(r#"{{"code":200,"data":[{record}],"nextToken":"t"}}"#)).unwrap();
    assert_eq!(page.records[0].body, record.as_bytes());
    assert_eq!(page.next, Some(Page::Token("t".into())));
    let withdrawals = first(feed("withdrawals"));
    let next = |index: &str| {
        let body = format!(r#"{{"code":200,"data":[{{}}],"nextPageIndex":{index}}}"#);
        Client.read(&withdrawals, &said(200, &[], &body)).map(|page| page.next)
    };
    assert_eq!(next("\"2\""), Ok(Some(Page::Number(2))));
    assert_eq!(next("2"), Ok(Some(Page::Number(2))));
    assert_eq!(next("\"\""), Ok(None));
    assert!(next("\"two\"").is_err() && next("1").is_err());
}

#[test]
fn nothing_is_called_failed_that_may_have_happened() {
    let deed = Deed {
        kind: RETURN.to_owned(),
        key: "365937".to_owned(),
        does: crate::connect::Does::Approve { pieces: 1 },
    };
    let late = r#"{"code":"ERROR","message":"Request timed out, if the situation continues consider applying timeout extension."}"#;
    let cases = [
        (200, r#"{"code":"200","message":"OK"}"#, "done"),
        (200, r#"{"code":200,"message":"OK","data":{"receiptId":1}}"#, "done"),
        // As one page nests it.
        (200, r#"{"data":{"code":"200","message":"OK","resultCode":"SUCCESS"}}"#, "done"),
        (200, r#"{"code":"200","data":{"resultCode":"FAIL","resultMessage":"x"}}"#, "refused"),
        (200, r#"{"code":"ERROR","message":"x"}"#, "unknown"),
        (200, r#"{"code":"200","data":{"resultCode":"LATER"}}"#, "unknown"),
        (200, "", "unknown"),
        (200, r#"{"code":"20"#, "unknown"),
        (200, "<html><title>Access Denied</title></html>", "unknown"),
        (200, late, "unknown"),
        (400, late, "unknown"),
        (412, late, "unknown"),
        (504, late, "unknown"),
        (500, r#"{"code":"500","message":"x"}"#, "unknown"),
        (521, r#"{"code":"ERROR","message":"connection timed out: host/10.0.0.1:80"}"#, "unknown"),
        (400, r#"{"code":"400","message":"이미 반품이 완료된 건입니다."}"#, "done-already"),
        (400, r#"{"code":"400","message":"취소반품접수내역이 존재하지 않습니다."}"#, "not-there"),
        (400, r#"{"code":"400","message":"x"}"#, "refused"),
        (400, "", "refused"),
        (401, r#"{"code":"ERROR","message":"Specified signature is expired."}"#, "not-done"),
        (403, "<html><title>Access Denied</title></html>", "not-done"),
        (412, r#"{"code":"ERROR","message":"inactive"}"#, "not-done"),
        (429, "", "not-done"),
        (302, "", "not-done"),
    ];
    for (status, body, name) in cases {
        let outcome = Client.read_deed(&deed, &said(status, &[], body));
        assert_eq!(outcome.name(), name, "{status} {body}");
    }
}
