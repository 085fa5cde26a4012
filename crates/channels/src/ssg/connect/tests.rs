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
    let body: serde_json::Value = serde_json::from_slice(&returns.body).unwrap();
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
            "<result><resultCode>00</resultCode></result>",
            "<html></html>",
        ] {
            let answer = read(id, 200, body);
            assert!(matches!(answer, Err(ReadFailure::Unreadable(_))), "{id} {body} {answer:?}");
        }
        assert!(read(id, 200, r#"{"result":{}}"#).is_err());
        assert!(read(id, 200, r#"{"result":{"resultCode":0}}"#).is_err());
    }
}
