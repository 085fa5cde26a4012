//! Settling: what a document costs in a ledger of so many cases. The cost must not grow with the
//! ledger.
//!
//! Made-up orders of all channels are put into a throw-away ledger and settled; then further orders
//! arrive one document at a time, each settled before the next. The reference is a bare hash join of
//! the rows of the same orders, in the same run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use hoesu_channels::Story;
use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::SellerId;
use hoesu_claims::document::Marks;
use hoesu_engine::{How, catch_up, put};
use hoesu_ledger::{Account, Ledger, MasterKey, Place};
use jiff::{SignedDuration, Timestamp};

use crate::Report;
use crate::fill;

/// Orders put at once.
const PORTION: u64 = 2_000;

/// Orders that arrive one document at a time.
const SINGLE: u64 = 100;

/// Measures at each number of cases; `say` hears every line as soon as it is known.
pub async fn settle(
    cases: &[u64],
    scratch: Option<PathBuf>,
    mut say: impl FnMut(&str),
) -> anyhow::Result<Report> {
    let mut report = Report::default();
    let mut put = |line: String| {
        say(&line);
        report.put(line);
    };
    put("| cases | documents | imported | settled | of a bare hash join | one new document, p50 | p99 | in rows joined, p50 | of it, to store |"
        .to_owned());
    put("| --- | --- | --- | --- | --- | --- | --- | --- | --- |".to_owned());
    for cases in cases {
        put(measure(*cases, scratch.as_ref()).await?);
    }
    Ok(report)
}

async fn measure(cases: u64, scratch: Option<&PathBuf>) -> anyhow::Result<String> {
    let join = crate::cases::join(cases)?;
    let folder = crate::surfaces::scratch(scratch)?;
    let key = MasterKey::generate();
    let ledger = Ledger::open(&Place::Folder(folder.path().join("data")), &key).await?;
    let seller = ledger.add_seller("bench", Timestamp::now()).await?;
    let mut accounts = Vec::new();
    for channel in CHANNELS {
        accounts.push((fill::account(&ledger, &seller, *channel).await?.0, *channel));
    }
    let now = Story::nth(cases + SINGLE).after(0).saturating_add(SignedDuration::from_hours(48))?;
    let how = How { observed_at: now, as_rows_say: false, marks: Marks::new(), now };

    let started = Instant::now();
    let mut documents = 0;
    let mut first = 0;
    while first < cases {
        let until = cases.min(first + PORTION);
        documents += arrive(&ledger, &accounts, first..until, &how).await?;
        first = until;
    }
    let imported = started.elapsed();

    let started = Instant::now();
    let settling = catch_up(&ledger, seller.id, now).await?;
    let settled = started.elapsed();
    ensure!(settling.changes == documents, "{} of {documents} were settled", settling.changes);

    let (mut whole, mut stored) = (Vec::new(), Duration::ZERO);
    for nth in cases..cases + SINGLE {
        for (account, channel) in &accounts {
            for made in channel.invent_order(nth) {
                let started = Instant::now();
                put(&ledger, *channel, account, vec![made.1], &how).await?;
                stored += started.elapsed();
                settle_one(&ledger, seller.id, now).await?;
                whole.push(started.elapsed());
            }
        }
    }
    whole.sort_unstable();
    let at = |part: usize| whole[(whole.len() - 1) * part / 100].as_secs_f64() * 1_000.0;
    let all: Duration = whole.iter().sum();
    Ok(format!(
        "| {cases} | {documents} | {:.0} documents/s | {:.0} documents/s, {:.0} cases/s | {:.4} of {join:.0} rows/s | {:.2} ms | {:.2} ms | {:.0} | {:.2} |",
        documents as f64 / imported.as_secs_f64(),
        documents as f64 / settled.as_secs_f64(),
        cases as f64 / settled.as_secs_f64(),
        documents as f64 / settled.as_secs_f64() / join,
        at(50),
        at(99),
        at(50) / 1_000.0 * join,
        stored.as_secs_f64() / all.as_secs_f64(),
    ))
}

async fn settle_one(ledger: &Arc<Ledger>, seller: SellerId, now: Timestamp) -> anyhow::Result<()> {
    let settling = catch_up(ledger, seller, now).await?;
    ensure!(settling.changes == 1, "{} documents were settled", settling.changes);
    Ok(())
}

/// Puts the documents of some orders; how many.
async fn arrive(
    ledger: &Arc<Ledger>,
    accounts: &[(Account, &'static dyn Channel)],
    orders: std::ops::Range<u64>,
    how: &How,
) -> anyhow::Result<u64> {
    let mut count = 0;
    for (account, channel) in accounts {
        let made = orders.clone().flat_map(|nth| channel.invent_order(nth));
        let made: Vec<_> = made.map(|(_, made)| made).collect();
        count += put(ledger, *channel, account, made, how).await?.new;
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn every_document_is_settled_and_every_size_is_a_row() {
        let report = settle(&[20, 40], None, |_| ()).await.unwrap().to_string();
        assert_eq!(report.lines().count(), 4);
        assert!(report.contains("| 40 |"), "{report}");
    }
}
