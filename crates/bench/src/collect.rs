//! Collecting: how fast a backlog of so many documents is caught up with, and in how much memory.
//!
//! The channels answer from a ledger of made-up documents in a process of their own; the collector
//! runs in this one, by a clock fast enough that no channel's limit of calls is what is measured.
//! What asking needs beside is left out: nothing is looked up by number. The reference is the import
//! of the same documents.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::ensure;
use hoesu_channels::{CHANNELS, Channel, Clock, Role, Story};
use hoesu_claims::document::Marks;
use hoesu_engine::collect::{Collector, Only, Owner, Web};
use hoesu_engine::{How, put};
use hoesu_ledger::{Account, Ledger, Limits, MasterKey, NewAccount, Place};
use jiff::{SignedDuration, Timestamp};

use crate::memory::Resident;
use crate::server::Server;
use crate::{Report, fill, surfaces};

/// Orders put at once.
const PORTION: u64 = 2_000;

/// What a ledger may take.
const LIMITS: Limits = Limits { held_bytes: 8 << 20, ..Limits::USUAL };

/// How often memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A clock that stands, but for counting calls and for waiting, where it hurries.
struct Hurried(Timestamp, Instant);

impl Clock for Hurried {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn world(&self) -> Timestamp {
        Timestamp::now()
    }

    fn counting(&self) -> Timestamp {
        let passed = SignedDuration::from_secs_f64(self.1.elapsed().as_secs_f64() * self.pace());
        self.0.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    fn pace(&self) -> f64 {
        1.0e5
    }
}

/// Measures with so many orders of all channels; `say` hears every line as soon as it is known.
pub async fn collect(
    orders: u64,
    scratch: Option<PathBuf>,
    mut say: impl FnMut(&str),
) -> anyhow::Result<Report> {
    let folder = surfaces::scratch(scratch.as_ref())?;
    let theirs = folder.path().join("theirs");
    let key = MasterKey::generate();
    std::fs::create_dir_all(&theirs)?;
    let now = Story::nth(orders).after(0).saturating_add(SignedDuration::from_hours(24 * 20))?;
    let ledger =
        Ledger::open_with_file(&Place::Folder(theirs.clone()), &theirs.join("master.key"), LIMITS)
            .await?;
    let seller = ledger.add_seller("bench", now).await?;
    let mut accounts = Vec::new();
    for channel in CHANNELS.iter().filter(|channel| channel.connector().is_some()) {
        accounts.push((*channel, fill::account(&ledger, &seller, *channel).await?));
    }
    let how = How { observed_at: now, as_rows_say: false, marks: Marks::new(), now };
    let (started, mut imported) = (Instant::now(), 0);
    for first in (0..orders).step_by(usize::try_from(PORTION)?) {
        let portion = first..orders.min(first + PORTION);
        for (channel, (account, _)) in &accounts {
            let made = portion.clone().flat_map(|nth| channel.invent_order(nth));
            let made = made.map(|(_, made)| made).collect();
            imported += put(&ledger, *channel, account, made, &how).await?.new;
        }
    }
    let importing = started.elapsed();
    drop(ledger);

    let server = Server::serving(&theirs).await?;
    let place = Place::Folder(folder.path().join("ours"));
    let hub = Ledger::open_within(&place, &key, LIMITS).await?;
    for (channel, (_, credentials)) in &accounts {
        asking(&hub, *channel, credentials, &format!("http://{}", server.address), now).await?;
    }
    let clock = Arc::new(Hurried(now, Instant::now()));
    let owner = Owner::this();
    let collector = Collector::new(Arc::clone(&hub), clock, Arc::new(Web::new()), || 0, owner);
    let since = Some(Story::nth(0).after(0).saturating_sub(SignedDuration::from_hours(24))?);
    let before = Resident::ours()?;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let watched = tokio::spawn({
        let seen = Arc::clone(&seen);
        async move {
            while let Ok(now) = Resident::ours() {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(now);
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    });
    let started = Instant::now();
    let reports = collector.once(Only { account: None, since }).await?;
    let took = started.elapsed();
    watched.abort();
    for report in &reports {
        ensure!(
            report.failure.is_none(),
            "{} of {} failed: {report:?}",
            report.feed,
            report.account
        );
    }
    let sum =
        |of: fn(&hoesu_engine::collect::Collected) -> u64| reports.iter().map(of).sum::<u64>();
    let (rows, new, calls) = (sum(|one| one.rows), sum(|one| one.new), sum(|one| one.calls));
    let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    let quarters = (1..=4).filter_map(|quarter| {
        let most = seen[..seen.len() * quarter / 4].iter().map(|seen| seen.own).max()?;
        Some(format!("{}", most >> 20))
    });
    let quarters = quarters.collect::<Vec<_>>().join(", ");
    let mapped = seen.iter().map(|seen| seen.mapped).max().unwrap_or_default();

    let mut report = Report::default();
    let mut put = |line: String| {
        say(&line);
        report.put(line);
    };
    let rate = |count: u64, took: Duration| count as f64 / took.as_secs_f64();
    put("| documents there | documents collected | rows heard | calls | took | documents/s | rows/s | of an import of the same | own memory before; most after each quarter | mapped |".to_owned());
    put("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |".to_owned());
    put(format!(
        "| {imported} | {new} | {rows} | {calls} | {:.1} s | {:.0} | {:.0} | {:.2} of {:.0}/s | {}; {quarters} MB | {} MB |",
        took.as_secs_f64(),
        rate(new, took),
        rate(rows, took),
        rate(new, took) / rate(imported, importing),
        rate(imported, importing),
        before.own >> 20,
        mapped >> 20,
    ));
    Ok(report)
}

/// An account that asks a channel at an address.
async fn asking(
    hub: &Arc<Ledger>,
    channel: &dyn Channel,
    credentials: &std::collections::BTreeMap<String, String>,
    origin: &str,
    now: Timestamp,
) -> anyhow::Result<Account> {
    let seller = match hub.sellers().await?.pop() {
        Some(seller) => seller,
        None => hub.add_seller("bench", now).await?,
    };
    let mut new = NewAccount {
        seller: seller.id,
        channel: channel.id().to_owned(),
        name: channel.id().to_owned(),
        settings: [("base_url".to_owned(), origin.to_owned())].into(),
        secrets: std::collections::BTreeMap::new(),
        credential: format!("ours-{}", channel.id()),
    };
    for field in channel.capabilities().credential {
        let value = credentials[field.name].clone();
        match field.role {
            Role::Setting => drop(new.settings.insert(field.name.to_owned(), value)),
            Role::Secret | Role::Credential => {
                drop(new.secrets.insert(format!("upstream_{}", field.name), value));
            }
        }
    }
    Ok(hub.add_account(new, now).await?)
}
