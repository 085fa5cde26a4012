//! The core on one core: made-up documents → facts → cases → findings, beside a bare hash join of the
//! same orders in the same run.
//!
//! Orders are taken in portions, as they are when a ledger is followed; only the few words the join
//! needs are kept of all. Making the documents is not measured.

use std::collections::HashMap;
use std::hint::black_box;
use std::ops::Range;
use std::time::{Duration, Instant};

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::case::{self, ItemMap, Setting, Telling};
use hoesu_claims::fact::{self, DocumentRef, Tells};
use hoesu_claims::link::{Account, Book};
use hoesu_claims::{AccountId, Calendar, Document, Policy, assess};
use jiff::{SignedDuration, Timestamp};

use crate::Report;

/// Orders taken at once: as many as are worked out together when a ledger is followed.
const PORTION: u64 = 1_000;

/// Findings are looked for this long after the last order of a portion, when some refunds are due and
/// some are late.
const LATER: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What took how long.
#[derive(Default)]
struct Spent {
    facts: Duration,
    fold: Duration,
    assess: Duration,
    join: Duration,
    documents: u64,
    told: u64,
    cases: u64,
    findings: u64,
}

/// What the join needs: order and pieces of each document.
#[derive(Default)]
struct Rows {
    sales: Vec<Row>,
    kept: Vec<Row>,
}

/// Measures; `say` hears every line as soon as it is known.
pub fn cases(cases: u64, mut say: impl FnMut(&str)) -> anyhow::Result<Report> {
    let book = accounts();
    let (mut spent, mut rows) = (Spent::default(), Rows::default());
    for orders in portions(cases) {
        portion(orders, &book, &mut spent, &mut rows)?;
    }
    spent.join = rows.join();
    let mut report = Report::default();
    for line in spent.lines(&rows) {
        say(&line);
        report.put(line);
    }
    Ok(report)
}

/// The reference alone: how many rows of so many orders a bare hash join meets in a second.
pub(crate) fn join(cases: u64) -> anyhow::Result<f64> {
    let book = accounts();
    let mut rows = Rows::default();
    for orders in portions(cases) {
        let tellings: Vec<Telling> = documents(orders)?.iter().map(tell).collect();
        rows.take(&tellings, &book);
    }
    Ok(rate(rows.count(), rows.join()))
}

/// One account of each channel.
fn accounts() -> Book {
    Book::new(CHANNELS.iter().enumerate().map(|(at, channel)| {
        let name = channel.id().to_owned();
        (
            account(at),
            Account {
                trade: channel.trade(),
                name,
                channel_names: String::new(),
                pickup_cutoff: String::new(),
                order_suffix: String::new(),
            },
        )
    }))
}

fn portions(cases: u64) -> impl Iterator<Item = Range<u64>> {
    let count = cases.div_ceil(PORTION);
    (0..count).map(move |at| at * PORTION..(at + 1).saturating_mul(PORTION).min(cases))
}

fn account(at: usize) -> AccountId {
    AccountId(at as i64 + 1)
}

/// A document on its shelf.
struct Kept {
    channel: &'static dyn Channel,
    account: AccountId,
    kind: &'static str,
    document: Document,
}

fn portion(
    orders: Range<u64>,
    book: &Book,
    spent: &mut Spent,
    rows: &mut Rows,
) -> anyhow::Result<()> {
    let until = orders.end;
    let kept = documents(orders)?;
    spent.documents += kept.len() as u64;

    let started = Instant::now();
    let tellings: Vec<Telling> = kept.iter().map(tell).collect();
    spent.facts += started.elapsed();
    spent.told += tellings.iter().map(|telling| telling.facts.len() as u64).sum::<u64>();

    rows.take(&tellings, book);

    let items = ItemMap::default();
    let setting = Setting { book, items: &items, known_until: None };
    let started = Instant::now();
    let cases = case::cases(tellings, setting);
    spent.fold += started.elapsed();
    spent.cases += cases.len() as u64;

    let (policy, calendar) = (Policy::default(), Calendar::default());
    let now = observed_at(until).saturating_add(LATER)?;
    let started = Instant::now();
    for case in &cases {
        let said = assess(case, &policy, &calendar, now);
        spent.findings += black_box(said).findings.len() as u64;
    }
    spent.assess += started.elapsed();
    Ok(())
}

/// Every document of these orders, as the ledger hands it out.
fn documents(orders: Range<u64>) -> anyhow::Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for nth in orders {
        for (at, channel) in CHANNELS.iter().enumerate() {
            for (kind, made) in channel.invent_order(nth) {
                let reading = channel.read(made.media, &made.body);
                let reading = reading.map_err(|refusal| {
                    anyhow::anyhow!("{} {kind} {nth}: {}", channel.id(), refusal.why)
                })?;
                let document = Document {
                    key: reading.key,
                    version: 1,
                    seq: nth as i64 + 1,
                    media: made.media,
                    body: made.body,
                    marks: made.marks,
                    observed_at: observed_at(nth),
                };
                kept.push(Kept { channel: *channel, account: account(at), kind, document });
            }
        }
    }
    Ok(kept)
}

/// When the documents of an order are heard: a day after it was placed.
fn observed_at(nth: u64) -> Timestamp {
    hoesu_channels::Story::nth(nth).after(24 * 60 * 60)
}

fn tell(kept: &Kept) -> Telling {
    let Kept { channel, account, kind, document } = kept;
    let (kind, key, version) = ((*kind).to_owned(), document.key.clone(), document.version);
    Telling {
        facts: channel.facts(&kind, document),
        document: DocumentRef { account: *account, kind, key, version },
        observed_at: document.observed_at,
    }
}

type Row = (String, u64);

impl Rows {
    fn count(&self) -> u64 {
        (self.sales.len() + self.kept.len()) as u64
    }

    /// How long the join of all rows takes.
    fn join(&self) -> Duration {
        let started = Instant::now();
        black_box(joined(self));
        started.elapsed()
    }

    fn take(&mut self, tellings: &[Telling], book: &Book) {
        for telling in tellings {
            let links = fact::links(&telling.facts);
            let Some(order) = links.and_then(|links| links.order.clone()) else { continue };
            let row = (order, telling.facts.iter().filter_map(|fact| pieces(&fact.tells)).sum());
            let sells = book.trade(telling.document.account).sells();
            if sells { &mut self.sales } else { &mut self.kept }.push(row);
        }
    }
}

/// The reference: rows of the sales side by order number, rows of the warehouse looked up among
/// them, pieces summed. What a spreadsheet does, and nothing else.
fn joined(rows: &Rows) -> (u64, u64) {
    let mut by_order: HashMap<&str, Vec<u64>> = HashMap::with_capacity(rows.sales.len());
    for (order, pieces) in &rows.sales {
        by_order.entry(order).or_default().push(*pieces);
    }
    let (mut asked, mut held) = (0, 0);
    for (order, pieces) in &rows.kept {
        if let Some(sold) = by_order.get(order.as_str()) {
            asked += sold.iter().sum::<u64>();
            held += pieces;
        }
    }
    (asked, held)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a join knows pieces and nothing else")]
fn pieces(tells: &Tells) -> Option<u64> {
    match tells {
        Tells::ClaimLine { quantity, .. } => quantity.map(u64::from),
        Tells::RowItem { quantity, .. } | Tells::Arrived { quantity, .. } => {
            Some(u64::from(*quantity))
        }
        _ => None,
    }
}

impl Spent {
    fn lines(&self, rows: &Rows) -> Vec<String> {
        let all = self.facts + self.fold + self.assess;
        let rows = rows.count();
        let join = rate(rows, self.join);
        let mut lines = vec![
            format!(
                "{} cases of {} documents on one core: {} facts, {} findings",
                self.cases, self.documents, self.told, self.findings
            ),
            "| what | took | cases/s | documents/s | per case | of the join |".to_owned(),
            "| --- | --- | --- | --- | --- | --- |".to_owned(),
        ];
        for (what, took, documents) in [
            ("facts", self.facts, self.documents),
            ("fold", self.fold, self.documents),
            ("assess", self.assess, self.documents),
            ("facts + fold + assess", all, self.documents),
            ("bare hash join", self.join, rows),
        ] {
            let documents = rate(documents, took);
            lines.push(format!(
                "| {what} | {:.2} s | {:.0} | {documents:.0} | {:.2} µs | {:.4} |",
                took.as_secs_f64(),
                rate(self.cases, took),
                took.as_secs_f64() * 1_000_000.0 / self.cases.max(1) as f64,
                documents / join,
            ));
        }
        lines
    }
}

fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_a_case_and_both_sides_of_it_meet() {
        let report = cases(200, |_| ()).unwrap().to_string();
        let first = report.lines().next().unwrap_or_default();
        assert!(first.starts_with("200 cases of "), "{first}");
        assert!(!first.ends_with(" 0 findings"), "{first}");
        assert_eq!(report.lines().count(), 8);
    }
}
