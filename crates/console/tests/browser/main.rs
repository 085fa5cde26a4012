//! The console in a browser: `story.mjs` is told where it is, and works in it as an operator does.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use hoesu_channels::{CHANNELS, Clock, Desk};
use hoesu_console::console;
use hoesu_engine::{How, catch_up, put};
use hoesu_ledger::{NewAccount, Role};
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
            let account = NewAccount {
                seller,
                channel: channel.id().to_owned(),
                name: channel.id().to_owned(),
                settings: BTreeMap::new(),
                secrets: BTreeMap::new(),
                credential: channel.id().to_owned(),
            };
            let made = now - SignedDuration::from_hours(24 * 11);
            accounts.push((*channel, ledger.add_account(account, made).await.expect("an account")));
        }
        // Day by day, so that there is a past to be seen.
        for days in (0..10_u64).rev() {
            let then = now - SignedDuration::from_hours(24 * days as i64);
            let orders = ORDERS * (9 - days) / 10..ORDERS * (10 - days) / 10;
            for (channel, account) in &accounts {
                let how = How { observed_at: then, marks: BTreeMap::new(), now: then };
                let told = orders.clone().flat_map(|nth| channel.invent_order(nth));
                let documents: Vec<_> = told.map(|(_, made)| made).collect();
                put(&ledger, *channel, account, documents, &how).await.expect("documents");
            }
            catch_up(&ledger, seller, then).await.expect("cases");
        }
        let added = ledger.add_person(seller, "하늘", Role::Admin, Some(PASSWORD), now).await;
        added.expect("a person is added").expect("the name is free");
        let desk = Desk::showing(Arc::clone(&ledger), clock.clone());
        let app = console(&desk);
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
