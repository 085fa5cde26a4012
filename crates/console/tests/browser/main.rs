//! The console in a browser: `story.mjs` is told where it is, and works in it as an operator does.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Extension;
use hoesu_channels::{CHANNELS, Channel, Clock, Desk, Role as FieldRole};
use hoesu_claims::SellerId;
use hoesu_claims::coverage::{Read, Span};
use hoesu_console::{Peer, console};
use hoesu_engine::{How, catch_up, put};
use hoesu_ledger::{
    Access, Account, Deed, FeedKey, Ledger, NewAccount, Resources, Role, SalesItem, Scope,
};
use hoesu_testkit::{Database, throwaway};
use jiff::{SignedDuration, Timestamp};

/// Orders of the market the browser works in.
const ORDERS: u64 = 160;

/// What the operator signs in with.
const PASSWORD: &str = "correct horse battery";

/// A clock that only goes on when it is told to.
struct Told(AtomicI64);

impl Clock for Told {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::Relaxed)).expect("an instant")
    }
}

/// 2024-01-12 15:00 in Korea: the first orders were placed on the first.
const NOW: i64 = 1_705_039_200;

/// Lets the feeds of an account have been read for twelve days; the third account's with a gap, and the
/// fourth's last one failing since yesterday.
async fn hear(
    ledger: &Ledger,
    channel: &dyn Channel,
    account: &Account,
    nth: usize,
    now: Timestamp,
) {
    let hours = |back: i64| now - SignedDuration::from_hours(back);
    let Some(connector) = channel.connector() else { return };
    let last = connector.feeds().len() - 1;
    let lists = connector.feeds().iter().map(|feed| feed.id);
    let by_number = (!connector.lookups().is_empty()).then_some("by-number");
    for (at, feed) in lists.chain(by_number).enumerate() {
        let (seller, id) = (account.seller, account.id);
        let key = FeedKey { seller, account: id, feed: feed.to_owned() };
        let until = now + SignedDuration::from_mins(1);
        let lease = ledger.lease_feed(key, "browser", hours(24 * 12), now, until).await;
        let lease = lease.expect("a feed").expect("nobody has it");
        let fails = nth == 3 && at == last;
        let spans = match (nth, at) {
            (2, 0) => vec![(24 * 13, 24 * 6), (24 * 4 + 9, 0)],
            _ if fails => vec![(24 * 13, 27)],
            _ => vec![(24 * 13, 0)],
        };
        for (from, until) in spans {
            let (from, until) = (hours(from).as_millisecond(), hours(until).as_millisecond());
            let span = Span::of(from, until).expect("time");
            let read = Read::of(span, until, 40).expect("it was there");
            assert!(ledger.mark_read(&lease, read).await.expect("kept"));
        }
        if fails {
            ledger.fail_feed(lease, "key-refused", now, until).await.expect("told");
        } else {
            ledger.leave_feed(lease, now, until).await.expect("left");
        }
    }
}

/// What the seller told hoesu and let programs read: a map of some items, a day off, keys.
async fn keep(
    ledger: &Ledger,
    seller: SellerId,
    accounts: &[(&'static dyn Channel, Account)],
    now: Timestamp,
) {
    let mut selling = accounts.iter().filter(|(channel, _)| channel.trade().sells());
    let account = selling.next().expect("somebody sells").1.id;
    let items = (0..12).map(|nth| {
        let item = SalesItem { account, item: format!("9000{nth:04}") };
        (item, Resources::from([(format!("R-{:03}", nth * 7), 1 + nth % 3)]))
    });
    ledger.map_items(seller, items.collect()).await.expect("a map");
    let day = jiff::civil::date(2024, 2, 8);
    let days = BTreeMap::from([(day, "창립기념일".to_owned())]);
    ledger.add_days_off(seller, days).await.expect("a day off");
    for (name, scopes) in
        [("erp", &Scope::ALL[..2]), ("bi", &Scope::ALL), ("old", &Scope::ALL[..1])]
    {
        let scopes = scopes.iter().copied().collect();
        let made = ledger.add_api_key(seller, name, scopes, now).await.expect("a key");
        if name == "old" {
            ledger.revoke_api_key(seller, made.key.id, now).await.expect("revoked");
        }
    }
    for (name, role) in [("지호", Role::Viewer), ("민지", Role::Operator)] {
        let added = ledger.add_person(seller, name, role, None, now).await;
        added.expect("a person is added").expect("the name is free");
    }
    for (who, what, whose, reason) in [
        ("하늘", Deed::PersonAdd, "민지", "operator"),
        ("하늘", Deed::KeyAdd, "bi", "findings:read cases:read documents:read"),
        ("민지", Deed::Reveal, "1:return:300000036@1", "고객이 수거지를 다시 물어봄"),
        (
            "민지",
            Deed::Download,
            "cases × 2: 500000036, 500000092",
            "택배사가 수거 명단을 달라고 함",
        ),
        ("key bi", Deed::Download, "1:return:300000036", "documents:read"),
        ("하늘", Deed::SettingsChange, "day 2024-02-08", "창립기념일"),
    ] {
        let (who, whose, reason) = (who.to_owned(), whose.to_owned(), reason.to_owned());
        let access = Access { at: now, who, origin: "192.0.2.7".to_owned(), what, whose, reason };
        ledger.note(seller, access).await.expect("a line");
    }
    let second = ledger.add_seller("물결마켓", now).await.expect("a second seller").id;
    let added = ledger.add_person(seller, "하늘", Role::Admin, Some(PASSWORD), now).await;
    let boss = added.expect("a person is added").expect("the name is free").0;
    let set = ledger.set_role(second, boss.id, Some(Role::Admin), now).await;
    set.expect("a role is set").expect("there is nothing to refuse");
}

#[test]
fn an_operator_works_a_day_in_it() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let clock = Arc::new(Told(AtomicI64::new(NOW)));
    let now = clock.now();
    let (address, _ledger) = runtime.block_on(async {
        let ledger = throwaway(Database::Sqlite).await;
        let seller = ledger.add_seller("별빛상점", now).await.expect("a seller").id;
        let mut accounts = Vec::new();
        for channel in CHANNELS {
            let mut account = NewAccount {
                seller,
                channel: channel.id().to_owned(),
                name: channel.id().to_owned(),
                settings: BTreeMap::new(),
                secrets: BTreeMap::new(),
                credential: channel.id().to_owned(),
            };
            for field in channel.capabilities().credential {
                let value = "EXAMPLEKEY0123456789".to_owned();
                match field.role {
                    FieldRole::Setting => {
                        drop(account.settings.insert(field.name.to_owned(), value));
                    }
                    FieldRole::Credential | FieldRole::Secret => {
                        drop(account.secrets.insert(format!("upstream_{}", field.name), value));
                    }
                }
            }
            let made = now - SignedDuration::from_hours(24 * 11);
            accounts.push((*channel, ledger.add_account(account, made).await.expect("an account")));
        }
        // Day by day, so that there is a past to be seen.
        for days in (0..10_u64).rev() {
            let then = now - SignedDuration::from_hours(24 * days as i64);
            let orders = ORDERS * (9 - days) / 10..ORDERS * (10 - days) / 10;
            for (channel, account) in &accounts {
                let how = How {
                    observed_at: then,
                    as_rows_say: false,
                    marks: BTreeMap::new(),
                    now: then,
                };
                let told = orders.clone().flat_map(|nth| channel.invent_order(nth));
                let documents: Vec<_> = told.map(|(_, made)| made).collect();
                put(&ledger, *channel, account, documents, &how).await.expect("documents");
            }
            catch_up(&ledger, seller, then).await.expect("cases");
        }
        for (nth, (channel, account)) in accounts.iter().enumerate() {
            hear(&ledger, *channel, account, nth, now).await;
        }
        keep(&ledger, seller, &accounts, now).await;
        let desk = Desk::showing(Arc::clone(&ledger), clock.clone());
        let address = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let app = console(&desk).layer(Extension(Peer { address, is_secure: false }));
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)));
        let listener = listener.await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, app).await });
        (address, ledger)
    });
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let shots = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screens");
    let ended = Command::new("node")
        .arg(home.join("story.mjs"))
        .arg(format!("http://{address}"))
        .arg(shots)
        .arg(PASSWORD)
        .current_dir(&home)
        .status()
        .expect("node is installed: ./check does that");
    assert!(ended.success(), "the browser's story failed");
}
