use hoesu_claims::Media;

use super::*;
use crate::Channel as _;
use crate::connect::tests::{answer, read_all, said, span, upstream};
use crate::connect::{Denied, Failing, Reading, Span, sign};
use crate::ssg::Ssg;
use crate::trial::{NOW, Trial};

fn first(id: &str) -> Ask {
    let days = span("2024-01-01T00:00:00", "2024-01-31T00:00:00");
    Reading::oldest_first(Client.feed(id).unwrap(), days).next_ask().unwrap()
}

/// What the made-up cancels are told of in.
fn months() -> Span {
    span("2024-01-01T00:00:00", "2024-02-20T07:30:00")
}

async fn fill(trial: &Trial, many: u64) -> Vec<String> {
    let mut all = Vec::new();
    for nth in (0..many).chain(90_000..90_030) {
        let body = String::from_utf8(Ssg.invent(CANCEL, nth).unwrap().body).unwrap();
        trial.put(&body).await;
        all.push(body);
    }
    all.sort();
    all
}

#[tokio::test]
async fn every_cancel_is_brought_once() {
    let trial = Trial::of(&Ssg, &[]).await;
    let stored = fill(&trial, 300).await;
    for newest_first in [false, true] {
        let feed = Client.feed("cancels").unwrap();
        let reading = if newest_first {
            Reading::newest_first(feed, months())
        } else {
            Reading::oldest_first(feed, months())
        };
        let mut brought = read_all(&trial, reading, months()).await;
        brought.sort();
        assert_eq!(brought, stored);
    }
}

#[tokio::test]
async fn every_cancel_is_brought_in_the_form_live_answers_have() {
    let trial = Trial::of(&Ssg, &[("profile", "measured")]).await;
    let stored = fill(&trial, 40).await;
    let key = |body: &String| Ssg.read(Media::Json, body.as_bytes()).unwrap().key;
    let mut expected: Vec<String> = stored.iter().map(key).collect();
    let reading = Reading::oldest_first(Client.feed("cancels").unwrap(), months());
    let brought = read_all(&trial, reading, months()).await;
    let mut brought: Vec<String> = brought.iter().map(key).collect();
    expected.sort();
    brought.sort();
    assert_eq!(brought, expected);
}

#[tokio::test]
async fn an_empty_week_is_a_page_and_one_row_is_a_page_of_one_in_both_forms() {
    for profile in ["documented", "measured"] {
        let trial = Trial::of(&Ssg, &[("profile", profile)]).await;
        let ask = first("cancels");
        assert_eq!(answer(&trial, &ask).await, Ok(FeedPage::default()));
        let made = Ssg.invent(CANCEL, 0).unwrap().body;
        trial.put(std::str::from_utf8(&made).unwrap()).await;
        assert_eq!(answer(&trial, &ask).await.unwrap().records.len(), 1, "{profile}");
    }
}

#[tokio::test]
async fn questions_are_put_as_live_clients_put_them() {
    let trial = Trial::of(&Ssg, &[]).await;
    let upstream = upstream(&trial);
    let cancels = sign(&Ssg, &upstream, &first("cancels"), NOW).unwrap();
    assert_eq!(cancels.target(), INQUIRY);
    assert_eq!(
        String::from_utf8(cancels.body).unwrap(),
        r#"{"request":{"perdEndDts":"20240107","perdStrDts":"20240101"}}"#
    );
    let key = cancels.headers.iter().find(|(name, _)| *name == "authorization").unwrap();
    assert_eq!(key.1, trial.credentials["key"]);
    let requests = sign(&Ssg, &upstream, &first("cancel-requests"), NOW).unwrap();
    assert_eq!(requests.method, Method::GET);
    assert_eq!(
        requests.target(),
        "/api/claim/v2/cancel/requests?perdStrDts=20240101&perdEndDts=20240107"
    );
    let returns = sign(&Ssg, &upstream, &first("returns"), NOW).unwrap();
    assert_eq!(returns.target(), EXCHANGE_TARGETS);
    let body: Value = serde_json::from_slice(&returns.body).unwrap();
    assert_eq!(body["requestExchangeTarget"]["perdType"], "01");
}

fn read(id: &str, status: u16, body: &str) -> Result<FeedPage, ReadFailure> {
    Client.read(&first(id), &said(status, &[], body))
}

fn success(rest: &str) -> String {
    format!(r#"{{"result":{{"resultCode":"00","resultMessage":"SUCCESS"{rest}}}}}"#)
}

#[test]
fn rows_are_found_in_every_form_their_family_has() {
    let count = |id, rest: &str| read(id, 200, &success(rest)).map(|page| page.records.len());
    for (id, rest, rows) in [
        ("cancels", "", 0),
        ("cancels", r#","data":[]"#, 0),
        ("cancels", r#","data":{"ordNo":1}"#, 1),
        ("cancels", r#","data":[{"ordNo":1},{"ordNo":2}]"#, 2),
        ("cancel-requests", "", 0),
        ("cancel-requests", r#","resultData":{"ordNo":1}"#, 1),
        ("cancel-requests", r#","resultData":[{"ordNo":1},{"ordNo":2}]"#, 2),
        ("returns", "", 0),
        ("returns", r#","exchangeTargets":[""]"#, 0),
        ("returns", r#","exchangeTargets":"""#, 0),
        ("returns", r#","exchangeTargets":[{"exchangeTarget":{"shppNo":1}}]"#, 1),
        ("returns", r#","exchangeTargets":[{"exchangeTarget":[{"shppNo":1},{"shppNo":2}]}]"#, 2),
        ("returns", r#","exchangeTargets":{"exchangeTarget":[{"shppNo":1}]}"#, 1),
    ] {
        assert_eq!(count(id, rest), Ok(rows), "{id} {rest}");
    }
    assert!(count("returns", r#","exchangeTargets":[{"other":[]}]"#).is_err());
    assert!(count("cancels", r#","data":"none""#).is_err());
}

#[test]
fn what_is_no_documented_success_is_never_an_empty_list() {
    let failing = |status, code: &str| {
        ReadFailure::Failed(Failing { status, code: Some(code.into()), retry_after: None })
    };
    let refused = r#"{"result":{"resultCode":"99","resultMessage":"ERROR","resultDesc":"x"}}"#;
    let broken = r#"{"result":{"resultCode":"91","resultMessage":"Server Exception"}}"#;
    for id in ["cancels", "cancel-requests", "returns"] {
        assert_eq!(read(id, 200, refused), Err(failing(200, "99")));
        assert_eq!(read(id, 500, broken), Err(failing(500, "91")));
        // A success in words is none with another status.
        assert_eq!(read(id, 500, &success("")), Err(failing(500, "00")));
        assert_eq!(read(id, 401, refused), Err(ReadFailure::Denied(Denied::Key)));
        assert_eq!(read(id, 403, "<html>"), Err(ReadFailure::Blocked(403)));
        assert_eq!(read(id, 429, ""), Err(ReadFailure::RateLimited(None)));
        assert_eq!(read(id, 504, ""), Err(ReadFailure::TooMuch));
        for body in [
            "",
            "{}",
            r#"{"result":null}"#,
            r#"{"resultCode":"00","data":[]}"#,
            r#"{"result":{"resultCode":"00","data":[{"ordNo":1"#,
            "<data><resultCode>00</resultCode></data>",
            "<result><resultCode>00</resultCode>",
            "<html></html>",
        ] {
            let answer = read(id, 200, body);
            assert!(matches!(answer, Err(ReadFailure::Unreadable(_))), "{id} {body} {answer:?}");
        }
        assert_eq!(
            read(id, 200, "<result><resultCode>99</resultCode></result>"),
            Err(failing(200, "99"))
        );
        assert!(read(id, 200, r#"{"result":{}}"#).is_err());
        assert!(read(id, 200, r#"{"result":{"resultCode":0}}"#).is_err());
    }
}

#[test]
fn rows_are_found_in_xml_as_in_json() {
    let count = |id, rest: &str| {
        let body = format!("<result><resultCode>00</resultCode>{rest}</result>");
        read(id, 200, &body).map(|page| {
            assert!(page.records.iter().all(|record| record.media == Media::Xml));
            page.records.len()
        })
    };
    let row = "<ordNo>1</ordNo>";
    let target = |inside: &str| format!("<exchangeTargets>{inside}</exchangeTargets>");
    for (id, rest, rows) in [
        ("cancels", String::new(), 0),
        ("cancels", "<data/>".to_owned(), 0),
        ("cancels", format!("<data>{row}</data>"), 1),
        ("cancel-requests", format!("<resultData>{row}</resultData>\n").repeat(2), 2),
        ("returns", target(""), 0),
        ("returns", target("<exchangeTarget/>"), 0),
        ("returns", target(&format!("<exchangeTarget>{row}</exchangeTarget>").repeat(3)), 3),
    ] {
        assert_eq!(count(id, &rest), Ok(rows), "{id} {rest}");
    }
    assert!(count("returns", &target("none")).is_err());
    assert!(count("returns", &target("<other/>")).is_err());
    assert!(count("cancels", "<data>none</data>").is_err());
}

#[test]
fn a_request_wants_its_order_looked_up_and_nothing_else_does() {
    let request = br#"{"ordNo":"20240102800088","ordItemSeq":"1","orordNo":"20240101000011","orordItemSeq":"1","clmDemndDts":"2024-01-02 10:00:00"}"#;
    let wants = |body: &[u8]| Client.wants(&Ssg.read(Media::Json, body).unwrap());
    assert_eq!(wants(request), [("order", "20240101000011".to_owned())]);
    assert_eq!(wants(&Ssg.invent(CANCEL, 3).unwrap().body), []);
}

#[test]
fn a_month_is_read_in_a_call_a_week_and_the_week_in_one() {
    let returns = Client.feed("returns").unwrap();
    let now = "2024-02-20T22:30:00+09:00".parse().unwrap();
    let mut reading = Reading::oldest_first(returns, returns.span(now, now));
    let mut asked = 0;
    while reading.next_ask().is_some() {
        asked += 1;
        reading.take(&FeedPage::default()).unwrap();
    }
    assert_eq!(asked, RETURN_DAYS.len());
}
