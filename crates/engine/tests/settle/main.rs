//! Settling: what is kept is what all documents together say, however and whenever they came.

mod shuffled;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::document::Marks;
use hoesu_claims::{Finding, Media, SellerId};
use hoesu_engine::{Docket, How, catch_up, compare, import, ledger_hash, replay};
use hoesu_ledger::cases::{CaseQuery, Closing, FindingQuery};
use hoesu_ledger::{Account, Choice, Ledger, NewAccount, Resources, SalesItem};
use hoesu_testkit::{Database, TestLedger, on_both, throwaway};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Made-up documents of each kind.
const OF_EACH_KIND: u64 = 30;

type Accounts = Vec<(Account, &'static dyn Channel)>;

/// Around the days of the first made-up orders.
fn day(days: i64) -> Timestamp {
    Timestamp::constant(1_704_034_800, 0) + SignedDuration::from_hours(24 * days)
}

/// An account of each channel, all of one seller.
async fn accounts(ledger: &Ledger) -> Accounts {
    accounts_of(ledger, "별빛상점").await
}

/// An account of each channel, all of a new seller with this name.
async fn accounts_of(ledger: &Ledger, name: &str) -> Accounts {
    let seller: SellerId = ledger.add_seller(name, day(0)).await.unwrap().id;
    let mut accounts = Vec::new();
    for channel in CHANNELS {
        let new = NewAccount {
            seller,
            channel: channel.id().into(),
            name: channel.id().into(),
            settings: BTreeMap::new(),
            secrets: BTreeMap::new(),
            credential: format!("{} {name}", channel.id()),
        };
        accounts.push((ledger.add_account(new, day(0)).await.unwrap(), *channel));
    }
    accounts
}

/// One record as it arrives.
#[derive(Clone)]
struct Arrival {
    channel: usize,
    body: Vec<u8>,
    heard: i64,
}

/// As a person reads it who looks for what went wrong.
impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let channel = CHANNELS[self.channel].id();
        write!(f, "{channel}, day {}: {}", self.heard, String::from_utf8_lossy(&self.body))
    }
}

fn invented() -> Vec<Arrival> {
    let mut all = Vec::new();
    for (channel, made_by) in CHANNELS.iter().enumerate() {
        for kind in made_by.capabilities().kinds {
            for nth in 0..OF_EACH_KIND {
                let made = made_by.invent(kind, nth).filter(|made| made.media == Media::Json);
                all.extend(made.map(|made| Arrival { channel, body: made.body, heard: 20 }));
            }
        }
    }
    all
}

async fn arrive(ledger: &Arc<Ledger>, accounts: &Accounts, arrivals: &[Arrival]) {
    for Arrival { channel, body, heard } in arrivals {
        let (account, channel) = &accounts[*channel];
        let how = How {
            observed_at: day(*heard),
            as_rows_say: false,
            marks: Marks::new(),
            now: day(*heard),
        };
        let source = Cursor::new(body.clone());
        import(ledger, *channel, account, source, &how, |_| ()).await.unwrap();
    }
}

/// All at once, a channel in a stream.
async fn fill(ledger: &Arc<Ledger>, accounts: &Accounts) {
    for (at, (account, channel)) in accounts.iter().enumerate() {
        let bodies = invented().into_iter().filter(|one| one.channel == at);
        let lines: Vec<u8> = bodies.flat_map(|one| [one.body, b"\n".to_vec()].concat()).collect();
        let how =
            How { observed_at: day(20), as_rows_say: false, marks: Marks::new(), now: day(20) };
        import(ledger, *channel, account, Cursor::new(lines), &how, |_| ()).await.unwrap();
    }
}

/// What stands in the ledger, by id.
async fn standing(ledger: &Ledger, seller: SellerId) -> BTreeMap<String, Finding> {
    let query = FindingQuery { open: Some(true), limit: 10_000, ..FindingQuery::default() };
    let kept = ledger.findings(seller, query).await.unwrap();
    kept.into_iter().map(|kept| (kept.finding.id.clone(), kept.finding)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_settled_is_what_all_documents_say_together() {
    on_both(async |ledger: TestLedger| {
        let accounts = accounts(&ledger).await;
        let seller = accounts[0].0.seller;
        fill(&ledger, &accounts).await;
        let settling = catch_up(&ledger, seller, day(30)).await.unwrap();
        assert!(settling.changes > 0 && !settling.more);
        let docket = Docket::open(Arc::clone(&ledger), seller).await.unwrap();
        let all = docket.cases(None).await.unwrap();
        let query = CaseQuery { limit: 10_000, ..CaseQuery::default() };
        let mut kept: Vec<String> =
            ledger.cases(seller, query).await.unwrap().into_iter().map(|case| case.key).collect();
        kept.sort();
        let mut keys: Vec<String> = all.iter().map(|case| case.key.text()).collect();
        keys.sort();
        assert_eq!(kept, keys);
        let found = all.iter().flat_map(|case| docket.assess(case, day(30)).findings);
        let found: BTreeMap<String, Finding> =
            found.map(|finding| (finding.id.clone(), finding)).collect();
        assert!(!found.is_empty());
        assert_eq!(standing(&ledger, seller).await, found);
        let compared = compare(&ledger, seller).await.unwrap();
        assert!(compared.is_same(), "{compared:?}");
        assert_eq!((compared.cases, compared.unsettled), (all.len() as u64, 0));
        let hash = ledger_hash(&ledger, seller).await.unwrap();
        replay(&ledger, seller, day(30)).await.unwrap();
        assert_eq!(ledger_hash(&ledger, seller).await.unwrap(), hash);
        let again = catch_up(&ledger, seller, day(30)).await.unwrap();
        assert_eq!((again.changes, again.cases), (0, 0), "nothing new is no work");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_come_and_go_by_the_clock_alone_and_nothing_else_is_looked_at() {
    on_both(async |ledger: TestLedger| {
        let accounts = accounts(&ledger).await;
        let seller = accounts[0].0.seller;
        fill(&ledger, &accounts).await;
        catch_up(&ledger, seller, day(1)).await.unwrap();
        for _ in 0..40 {
            let Some(wake_at) = ledger.next_wake().await.unwrap() else { break };
            let before = wake_at - SignedDuration::from_millis(1);
            assert!(ledger.behind(before).await.unwrap().is_empty());
            assert_eq!(catch_up(&ledger, seller, before).await.unwrap().cases, 0);
            let due = ledger.due_cases(seller, wake_at, 1_000).await.unwrap();
            let settling = catch_up(&ledger, seller, wake_at).await.unwrap();
            // Its own, and those that share a number with it.
            let near = due.len() as u64..=4 * due.len() as u64;
            assert!(
                settling.changes == 0 && near.contains(&settling.cases),
                "{settling:?} {due:?}"
            );
            assert!(ledger.next_wake().await.unwrap().is_none_or(|next| next > wake_at));
        }
        let compared = compare(&ledger, seller).await.unwrap();
        assert!(compared.is_same(), "{compared:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_closed_is_closed_after_a_replay() {
    on_both(async |ledger: TestLedger| {
        let accounts = accounts(&ledger).await;
        let seller = accounts[0].0.seller;
        fill(&ledger, &accounts).await;
        catch_up(&ledger, seller, day(30)).await.unwrap();
        let id = standing(&ledger, seller).await.into_keys().next().unwrap();
        let closing = Closing {
            id: id.clone(),
            actor: "명수".to_owned(),
            reason: "확인함".to_owned(),
            force: true,
            at: day(31),
        };
        ledger.close(seller, closing).await.unwrap();
        replay(&ledger, seller, day(32)).await.unwrap();
        assert!(!standing(&ledger, seller).await.contains_key(&id));
        assert_eq!(ledger.happened(seller, &id).await.unwrap().len(), 2, "opened, closed by force");
        assert!(compare(&ledger, seller).await.unwrap().is_same());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_that_was_tampered_with_is_told() {
    let ledger = throwaway(Database::Sqlite).await;
    let accounts = accounts(&ledger).await;
    let seller = accounts[0].0.seller;
    fill(&ledger, &accounts).await;
    assert!(compare(&ledger, seller).await.unwrap().unsettled > 0, "nothing is settled yet");
    catch_up(&ledger, seller, day(30)).await.unwrap();
    let was = ledger.settled(seller).await.unwrap();
    let query = CaseQuery { limit: 1, ..CaseQuery::default() };
    let gone = ledger.cases(seller, query).await.unwrap().remove(0).key;
    let settlement = hoesu_ledger::cases::Settlement {
        was,
        seq: was.seq,
        at: day(30),
        cases: Vec::new(),
        gone: vec![gone.clone()],
    };
    assert!(ledger.settle(seller, settlement).await.unwrap());
    let compared = compare(&ledger, seller).await.unwrap();
    assert_eq!((compared.different, compared.named), (1, vec![gone]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_seller_tells_changes_the_cases_it_is_about() {
    on_both(async |ledger: TestLedger| {
        let accounts = accounts(&ledger).await;
        let seller = accounts[0].0.seller;
        fill(&ledger, &accounts).await;
        catch_up(&ledger, seller, day(30)).await.unwrap();
        let docket = Docket::open(Arc::clone(&ledger), seller).await.unwrap();
        let cases = docket.cases(None).await.unwrap();
        let still = async |what: &str| {
            let settling = catch_up(&ledger, seller, day(30)).await.unwrap();
            let compared = compare(&ledger, seller).await.unwrap();
            assert!(compared.is_same(), "{what}: {compared:?}");
            settling.cases
        };
        // Every sold item is one piece of a resource.
        let sold = cases.iter().flat_map(|case| {
            let account = case.key.account();
            let items = case.lines.iter().filter_map(|line| line.line.item.clone());
            items.map(move |item| SalesItem { account, item })
        });
        let map: BTreeMap<SalesItem, Resources> =
            sold.map(|item| (item, Resources::from([("R".to_owned(), 1)]))).collect();
        assert!(!map.is_empty());
        ledger.map_items(seller, map).await.unwrap();
        assert!(still("the item map").await > 0);
        assert_eq!(still("the same item map").await, 0);

        let days = (1..28).map(|nth| (jiff::civil::date(2024, 1, nth), "쉬는 날".to_owned()));
        ledger.add_days_off(seller, days.clone().collect()).await.unwrap();
        assert!(still("days off").await > 0);
        ledger.remove_days_off(seller, days.map(|(day, _)| day).collect()).await.unwrap();
        assert!(still("days taken back").await > 0);

        let set = async |settings: BTreeMap<String, String>| {
            let (account, channel) = accounts.last().unwrap();
            let (secrets, credential) = (BTreeMap::new(), channel.id());
            ledger.rotate(account, settings, &secrets, credential, day(30)).await.unwrap();
        };
        let settings = BTreeMap::from([("pickup_cutoff".to_owned(), "15:00".to_owned())]);
        set(settings.clone()).await;
        assert!(still("an account's settings").await > 0);
        set(settings).await;
        assert_eq!(still("the same settings").await, 0);

        let ambiguous = cases.iter().find(|case| case.candidates.len() > 1);
        if let Some(case) = ambiguous {
            let choice = Choice {
                warehouse: case.key.account(),
                order: case.key.number().to_owned(),
                sales: *case.candidates.first().unwrap(),
                who: "명수".to_owned(),
                chosen_at: day(30),
            };
            ledger.choose(seller, choice).await.unwrap();
            assert!(still("a choice").await > 0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nul_in_any_text_keeps_nobody_from_settling() {
    on_both(async |ledger: TestLedger| {
        let accounts = accounts(&ledger).await;
        let seller = accounts[0].0.seller;
        let mut kinds = BTreeSet::new();
        for one in invented() {
            let record: BTreeMap<String, Value> = serde_json::from_slice(&one.body).unwrap();
            let texts = record.iter().filter_map(|(field, value)| Some((field, value.as_str()?)));
            for (field, text) in texts {
                // One of each channel and field is enough.
                if !kinds.insert((one.channel, field.clone())) {
                    continue;
                }
                let mut record = record.clone();
                record.insert(field.clone(), format!("{text}\0").into());
                let body = serde_json::to_vec(&record).unwrap();
                arrive(&ledger, &accounts, &[Arrival { body, ..one.clone() }]).await;
            }
        }
        let settling = catch_up(&ledger, seller, day(30)).await.unwrap();
        assert!(settling.changes > 20 && settling.cases > 2, "{settling:?}");
        assert!(compare(&ledger, seller).await.unwrap().is_same());
    })
    .await;
}
