//! Every fault that can be ordered, as a caller meets it over a real connection: it is seen on the wire of
//! each channel it applies to, and once it is lifted the answers are the same to the byte.

mod client;

use std::collections::BTreeSet;
use std::net::SocketAddr;

use axum::http::Method;
use client::{Caller, Heard, control, hear, send};
use hoesu_channels::connect::{Ask, Deed, Does, HttpAsk, ReadFailure, Verb};
use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::State;
use hoesu_sandbox::{Plan, Sandbox, Seed, serve};
use hoesu_server::Config;
use serde_json::{Value, json};

/// A market whose clock stands still and in which nobody answers claims.
async fn open() -> (SocketAddr, Seed) {
    let (sellers, orders_per_day, days) = (1, 24, 8);
    let plan = Plan {
        seed: 5,
        sellers,
        orders_per_day,
        days,
        staffed: false,
        frozen: true,
        ..Plan::default()
    };
    let market = Sandbox::open(plan).await.unwrap();
    let seed = market.seed("http://127.0.0.1:1");
    let config = Config { listen: SocketAddr::from(([127, 0, 0, 1], 0)), tls: None };
    let bound = config.bind().await.unwrap();
    let address = bound.address();
    tokio::spawn(serve(market, bound, std::future::pending()));
    (address, seed)
}

/// The first seller's account on each channel that a market plays.
fn callers(address: SocketAddr, seed: &Seed) -> Vec<Caller> {
    let played =
        CHANNELS.iter().copied().filter(|channel: &&dyn Channel| channel.stall().is_some());
    let of = |channel: &'static dyn Channel| {
        let mut accounts = seed.sellers[0].accounts.iter();
        let account = accounts.find(|account| account.channel == channel.id()).unwrap();
        Caller::new(address, channel, account.clone())
    };
    played.map(of).collect()
}

fn order(caller: &Caller, mut fault: Value) -> u64 {
    fault["account"] = json!(caller.account.name);
    let ordered = control(caller.address, Method::POST, "/faults", &fault.to_string());
    serde_json::from_str::<Value>(ordered.text()).unwrap()["id"].as_u64().unwrap()
}

fn lift(caller: &Caller, id: u64) {
    control(caller.address, Method::DELETE, &format!("/faults/{id}"), "");
}

/// One call of a channel, and how it is answered while nothing is wrong.
struct Subject<'c> {
    caller: &'c Caller,
    call: HttpAsk,
    ask: Option<Ask>,
    before: Heard,
}

impl Subject<'_> {
    /// What is heard while a fault stands, so many times; then it is lifted, and all is as it was.
    fn with(&self, fault: &Value, times: usize) -> Vec<Option<Heard>> {
        let id = order(self.caller, fault.clone());
        let heard = (0..times).map(|_| self.caller.hear(&self.call)).collect();
        lift(self.caller, id);
        assert_eq!(self.again(), self.before.body, "{} after {fault}", self.caller.channel.id());
        heard
    }

    fn again(&self) -> Vec<u8> {
        let heard = self.caller.hear(&self.call).unwrap();
        assert_eq!(heard.status, self.before.status);
        heard.body
    }

    fn with_one(&self, fault: &Value) -> Heard {
        self.with(fault, 1).remove(0).unwrap()
    }

    /// What the connector says of an answer that is none.
    fn failure(&self, heard: &Heard) -> Option<ReadFailure> {
        let connector = self.caller.channel.connector()?;
        Some(connector.read(self.ask.as_ref()?, &heard.said()).unwrap_err())
    }

    /// Whether there is a code in the rows of the answer.
    fn has_codes(&self) -> bool {
        let channel = self.caller.channel;
        let connector = channel.connector().unwrap();
        let page = connector.read(self.ask.as_ref().unwrap(), &self.before.said()).unwrap();
        page.records.iter().any(|record| {
            let body = String::from_utf8_lossy(&record.body);
            let states = channel.read(record.media, &record.body).unwrap().found.states;
            let stands = |code: &str| body.contains(&format!(r#":"{code}""#));
            states.iter().any(|(state, code)| *state != State::Listed && stands(code))
        })
    }

    /// The keys of the rows of an answer, in order.
    fn keys(&self, heard: &Heard) -> Option<Vec<String>> {
        let channel = self.caller.channel;
        let page = channel.connector()?.read(self.ask.as_ref()?, &heard.said()).ok()?;
        let key = |record: hoesu_channels::connect::Record| {
            channel.read(record.media, &record.body).unwrap().key
        };
        Some(page.records.into_iter().map(key).collect())
    }
}

/// What each channel is called for: its feeds, or its example where it has none.
fn subjects(caller: &Caller) -> Vec<Subject<'_>> {
    let lists = caller.lists();
    let mut all: Vec<Subject<'_>> = lists
        .into_iter()
        .map(|(ask, before)| Subject { caller, call: caller.ask(&ask), ask: Some(ask), before })
        .collect();
    if all.is_empty() {
        let call = caller.example();
        let before = caller.hear(&call).unwrap();
        all.push(Subject { caller, call, ask: None, before });
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_in_the_place_of_an_answer() {
    let (address, seed) = open().await;
    for caller in callers(address, &seed) {
        let all = subjects(&caller);
        let subject = &all[0];
        for (fault, status, says) in [
            (json!({"fault": "expired-signature"}), 401, &["key-refused", "signature-expired"][..]),
            (json!({"fault": "forbidden-json"}), 403, &["address-refused"]),
            (json!({"fault": "forbidden-html"}), 403, &["blocked"]),
            (json!({"fault": "rate-limited", "seconds": 7}), 429, &["rate-limited"]),
            (json!({"fault": "failed-with-body"}), 500, &["channel-failed"]),
            (json!({"fault": "timed-out-after-commit"}), 504, &["too-much"]),
        ] {
            let heard = subject.with_one(&fault);
            let what = format!("{} {fault}", caller.channel.id());
            assert_eq!((heard.status, heard.is_whole), (status, true), "{what}");
            let is_html = heard.header("content-type").unwrap().contains("html");
            assert_eq!(is_html, fault["fault"] == "forbidden-html", "{what}");
            let after = (status == 429).then_some("7");
            assert_eq!(heard.header("retry-after"), after, "{what}");
            if let Some(failure) = subject.failure(&heard) {
                assert!(says.contains(&failure.name()), "{what}: {failure}");
            }
        }
        assert_eq!(subject.with(&json!({"fault": "reply-lost"}), 2), [None, None]);
        let silence = subject.with(&json!({"fault": "silence"}), 4);
        let statuses: Vec<_> = silence.iter().map(|said| said.as_ref().map(|s| s.status)).collect();
        assert_eq!(statuses, [Some(503), None, Some(503), None]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_of_an_answer_now_with_the_length_of_the_whole_and_now_without() {
    let (address, seed) = open().await;
    for caller in callers(address, &seed) {
        for subject in subjects(&caller) {
            // Turning somebody away who calls too often is cut off, too, and takes a turn.
            let halves = subject.with(&json!({"fault": "truncated"}), 4);
            let whole = &subject.before.body;
            let mut said = BTreeSet::new();
            for half in halves {
                let half = half.unwrap();
                assert_eq!(half.body, whole[..whole.len() / 2]);
                if let Some(failure) = subject.failure(&half) {
                    assert_eq!(failure.name(), "unreadable");
                }
                said.insert(half.is_whole);
            }
            assert_eq!(said.len(), 2, "{}", caller.channel.id());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_twice_in_another_order_and_with_codes_nobody_knows() {
    let (address, seed) = open().await;
    let mut safe = 0;
    for caller in callers(address, &seed).iter().filter(|one| one.channel.connector().is_some()) {
        for subject in subjects(caller) {
            let what = caller.channel.id();
            let before = subject.keys(&subject.before).unwrap();
            let twice = subject.with_one(&json!({"fault": "duplicate-rows"}));
            assert!(twice.is_whole && twice.body.len() > subject.before.body.len(), "{what}");
            // Where an answer counts its rows, a row more is noticed; elsewhere it is one of them.
            match subject.keys(&twice) {
                Some(mut keys) => {
                    assert_eq!(keys.len(), before.len() + 1, "{what}");
                    keys.dedup();
                    assert_eq!(keys, before, "{what}");
                }
                None => assert_eq!(subject.failure(&twice).unwrap().name(), "unreadable"),
            }
            let turned = subject.with_one(&json!({"fault": "reordered-pages"}));
            let keys = subject.keys(&turned).unwrap();
            assert!(keys.iter().eq(before.iter().rev()), "{what}: {keys:?} of {before:?}");
            let unknown = subject.with_one(&json!({"fault": "unknown-codes"}));
            let is_unknown = unknown.text().contains("SANDBOX_UNKNOWN");
            assert_eq!(is_unknown, subject.has_codes(), "{what} {}", unknown.text());
            assert_eq!(subject.keys(&unknown).unwrap(), before, "{what}");
            let null = subject.with_one(&json!({"fault": "null-safe-numbers"}));
            assert!(!null.text().contains(r#":"050"#), "{what}");
            assert_eq!(subject.keys(&null).unwrap(), before, "{what}");
            safe += usize::from(null.body != subject.before.body);
        }
    }
    assert!(safe > 0, "nobody has a safe number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_still_to_come_when_another_call_is_answered() {
    let (address, seed) = open().await;
    for caller in callers(address, &seed) {
        let all = subjects(&caller);
        let subject = &all[0];
        let id = order(&caller, json!({"fault": "slow", "seconds": 3600, "count": 1}));
        let slow = send(address, &subject.call);
        loop {
            let faults = control(address, Method::GET, "/faults", "");
            let faults: Value = serde_json::from_str(faults.text()).unwrap();
            if faults["faults"][0]["hit"] == 1 {
                break;
            }
        }
        assert_eq!(subject.again(), subject.before.body);
        slow.set_nonblocking(true).unwrap();
        let nothing = std::io::Read::read(&mut &slow, &mut [0; 1]).unwrap_err();
        assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock, "{}", caller.channel.id());
        lift(&caller, id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_late_is_in_no_list_until_then() {
    let (address, seed) = open().await;
    let callers = callers(address, &seed);
    let heard = |caller: &Caller| -> Vec<Vec<u8>> {
        subjects(caller).iter().map(|subject| subject.before.body.clone()).collect()
    };
    for caller in callers.iter().filter(|one| one.channel.connector().is_some()) {
        order(caller, json!({"fault": "late-rows", "seconds": 4 * 3600}));
        let before = heard(caller);
        let later = |hours: i64| {
            let at = client::now(address) + jiff::SignedDuration::from_hours(hours);
            control(address, Method::PUT, "/clock", &json!({ "now": at }).to_string());
        };
        later(3);
        assert_eq!(heard(caller), before, "{}", caller.channel.id());
        later(24);
        assert_ne!(heard(caller), before, "{}", caller.channel.id());
        control(address, Method::DELETE, "/faults", "");
    }
}

/// How many things have happened.
fn happened(address: SocketAddr) -> u64 {
    let events = control(address, Method::GET, "/events?since=0&limit=1", "");
    serde_json::from_str::<Value>(events.text()).unwrap()["total"].as_u64().unwrap()
}

/// A thing that can be done about every document of a caller's, one way or another.
fn deeds(caller: &Caller) -> Vec<Deed> {
    let Some(connector) = caller.channel.connector() else { return Vec::new() };
    let documents = format!("/documents?account={}", caller.account.name);
    let documents = control(caller.address, Method::GET, &documents, "");
    let lines = documents.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut deeds = Vec::new();
    for line in lines {
        let (kind, key) = (line["kind"].as_str().unwrap(), line["key"].as_str().unwrap());
        let of = |ability: &&hoesu_channels::connect::Ability| {
            ability.kind == kind && ability.verb == Verb::ConfirmReceipt
        };
        for _ in connector.deeds().iter().filter(of) {
            let pieces = 1..4;
            deeds.extend(pieces.map(|pieces| {
                let does = Does::ConfirmReceipt { pieces: Some(pieces), by: None };
                Deed { kind: kind.to_owned(), key: key.to_owned(), does }
            }));
        }
    }
    deeds
}

#[tokio::test(flavor = "multi_thread")]
async fn what_timed_out_or_was_never_answered_was_done_and_what_failed_was_not() {
    let (address, seed) = open().await;
    let mut written = 0;
    for caller in callers(address, &seed) {
        let mut deeds = deeds(&caller).into_iter().filter_map(|deed| caller.deed(&deed));
        for (fault, status) in [("timed-out-after-commit", Some(504)), ("reply-lost", None)] {
            let id = order(&caller, json!({ "fault": fault }));
            let before = happened(address);
            let mut any = false;
            for call in deeds.by_ref() {
                any = true;
                let heard = hear(send(address, &call));
                assert_eq!(heard.map(|heard| heard.status), status, "{}", caller.channel.id());
                if happened(address) > before {
                    written += 1;
                    break;
                }
            }
            assert!(!any || happened(address) > before, "{} {fault}", caller.channel.id());
            lift(&caller, id);
        }
        let id = order(&caller, json!({"fault": "failed-with-body"}));
        let before = happened(address);
        for call in deeds.take(30) {
            assert_eq!(hear(send(address, &call)).unwrap().status, 500);
        }
        assert_eq!(happened(address), before, "{}", caller.channel.id());
        lift(&caller, id);
    }
    assert!(written >= 4, "{written}");
}
