//! Lists: the catalog brought up to date, asked, and its rows read.

use std::sync::{Arc, RwLock};

use super::memory::Memory;
use super::{Ledger, read, write};
use crate::catalog::{Catalog, Conditions, Hit};
use crate::query::{Order, Start};
use crate::store::{Card, ShelfNo, documents};
use crate::{Page, Query, Result};

/// One shelf's catalog, and the turn to bring it up to date.
#[derive(Default)]
pub(super) struct Slot {
    catalog: RwLock<Catalog>,
    turn: tokio::sync::Mutex<()>,
}

/// How many bodies are opened at a time when text is searched.
const OPENED: usize = 256;

/// From how many changed documents on a catalog is brought up to date on a blocking thread.
const MANY: usize = 4096;

impl Ledger {
    /// One page of the documents that match, and how many there are in all; exact as of the moment
    /// it is asked, whoever wrote last.
    pub async fn list(&self, query: &Query) -> Result<Page> {
        let memory = self.memory_of(query.shelf.seller).await?;
        let Some(at) = self.shelf_no(&memory, query.shelf, false).await? else {
            return Ok(Page::default());
        };
        let keys = self.keys_in(&memory, query.shelf.seller).await?;
        let mut among = Vec::new();
        for (term, values) in &query.terms {
            let values: Vec<String> =
                values.iter().map(|value| keys.term(*term, &term.normal(value))).collect();
            let term = *term;
            let numbers = self
                .database
                .read("looking up a term", move |tx| {
                    Box::pin(documents::holding(tx, at, term, values))
                })
                .await?;
            among.push(numbers);
        }
        for (text, part) in &query.texts {
            let (text, part) = (*text, keys.signer.sign(part));
            let numbers = self
                .database
                .scan("looking for a part of a text", move |tx| {
                    Box::pin(documents::resembling(tx, at, text, part))
                })
                .await?;
            among.push(numbers);
        }
        let slot = self.up_to_date(&memory, at).await?;
        let conditions = Conditions {
            during: query.during,
            states: &query.states,
            moments: &query.moments,
            among: &among,
        };
        // One more than asked tells whether more follow.
        let wanted = query.limit.saturating_add(1);
        let (total, mut hits) = if query.texts.is_empty() {
            read(&slot.catalog).page(&conditions, query.order, query.start, wanted)
        } else {
            let candidates = read(&slot.catalog).all(&conditions, query.order);
            let hits = self.verified(&memory, query, candidates).await?;
            (hits.len() as u64, cut(&hits, query, wanted))
        };
        let more = hits.len() > query.limit;
        hits.truncate(query.limit);
        let seqs: Vec<i64> = hits.iter().map(|hit| hit.seq).collect();
        Ok(Page {
            total,
            next: hits.last().filter(|_| more).map(|hit| hit.rank),
            rows: self.by_seq(&memory, query.shelf.seller, &seqs).await?,
        })
    }

    /// Brings a shelf's catalog into memory, so that the first list need not wait for it.
    pub async fn warm(&self, shelf: crate::Shelf) -> Result<()> {
        let memory = self.memory_of(shelf.seller).await?;
        if let Some(at) = self.shelf_no(&memory, shelf, false).await? {
            self.up_to_date(&memory, at).await?;
        }
        Ok(())
    }

    async fn up_to_date(&self, memory: &Memory, at: ShelfNo) -> Result<Arc<Slot>> {
        let known = read(&memory.catalogs).get(&at).cloned();
        let slot = match known {
            Some(slot) => slot,
            None => Arc::clone(write(&memory.catalogs).entry(at).or_default()),
        };
        let seq = self.seen_top(memory, at).await?;
        if read(&slot.catalog).seq() >= seq {
            return Ok(slot);
        }
        let turn = slot.turn.lock().await;
        let known = read(&slot.catalog).seq();
        if known < seq {
            // What changes after `seq` may be among the cards already; it is taken in again later.
            let cards = self.cards_after(at, known).await?;
            if cards.iter().any(|card| card.seq > seq) {
                self.seen_top(memory, at).await?;
            }
            if cards.len() < MANY {
                write(&slot.catalog).follow(cards, seq);
            } else {
                let slot = Arc::clone(&slot);
                let follow = move || write(&slot.catalog).follow(cards, seq);
                tokio::task::spawn_blocking(follow).await.map_err(|_| crate::Error::Closed)?;
            }
        }
        drop(turn);
        Ok(slot)
    }

    async fn cards_after(&self, at: ShelfNo, seq: i64) -> Result<Vec<Card>> {
        const DOING: &str = "reading cards";
        if seq == 0 {
            self.database.scan(DOING, move |tx| Box::pin(documents::cards_after(tx, at, seq))).await
        } else {
            self.database.read(DOING, move |tx| Box::pin(documents::cards_after(tx, at, seq))).await
        }
    }

    /// The last number of the sequence. It is remembered as seen, so that what is taken in up to there can
    /// be found to be no more.
    async fn seen_top(&self, memory: &Memory, at: ShelfNo) -> Result<i64> {
        let top = self.database.top(at.seller).await?;
        let seq = top.seq;
        if !memory.watch(at.seller).saw(top)
            && self.memory_now(at.seller).await?.history != memory.history
        {
            return Err(crate::Error::WentBack);
        }
        Ok(seq)
    }

    /// Those of the candidates that have every text in them.
    async fn verified(
        &self,
        memory: &Memory,
        query: &Query,
        candidates: Vec<Hit>,
    ) -> Result<Vec<Hit>> {
        let Some(read_texts) = query.read_texts else { return Ok(Vec::new()) };
        let mut hits = Vec::new();
        for candidates in candidates.chunks(OPENED) {
            let seqs: Vec<i64> = candidates.iter().map(|hit| hit.seq).collect();
            for (hit, held) in
                candidates.iter().zip(self.by_seq(memory, query.shelf.seller, &seqs).await?)
            {
                let texts = read_texts(held.document.media, &held.document.body);
                let has = |(text, part): &(_, String)| {
                    texts
                        .iter()
                        .any(|(other, value)| other == text && value.contains(part.as_str()))
                };
                if query.texts.iter().all(has) {
                    hits.push(*hit);
                }
            }
        }
        Ok(hits)
    }
}

/// A page cut from a list that is whole in memory.
fn cut(hits: &[Hit], query: &Query, limit: usize) -> Vec<Hit> {
    let from = match query.start {
        Start::Offset(offset) => usize::try_from(offset).unwrap_or(usize::MAX).min(hits.len()),
        Start::After(rank) => hits.partition_point(|hit| match query.order {
            Order::Oldest => hit.rank <= rank,
            Order::Newest => hit.rank >= rank,
        }),
    };
    hits[from..].iter().take(limit).copied().collect()
}
