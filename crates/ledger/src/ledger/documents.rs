//! Putting documents on shelves and reading them back.

use std::sync::Arc;

use hoesu_claims::{AccountId, Document, Incoming, Moment, SellerId, Text};
use jiff::Timestamp;

use super::Ledger;
use super::memory::Memory;
use super::recent::Asked;
use crate::keys::SellerKeys;
use crate::signature::{Signature, union};
use crate::store::look::{Seal, Written};
use crate::store::{Arriving, Current, ShelfNo, VersionRow};
use crate::store::{directory, documents};
use crate::{Error, Held, Outcome, Put, Result, Shelf};

impl Ledger {
    /// Puts documents on a shelf, in order, all or nothing; one outcome each. Durable when it
    /// answers.
    pub async fn append(
        &self,
        shelf: Shelf,
        put: Put,
        batch: Vec<Incoming>,
    ) -> Result<Vec<Outcome>> {
        let memory = self.memory_now(shelf.seller).await?;
        let prepared = self.prepare_in(&memory, shelf, batch).await?;
        self.write_prepared(&memory, put, prepared).await
    }

    /// Does everything about a batch that needs no database, so that it can be done while the batch
    /// before is being written.
    pub async fn prepare(&self, shelf: Shelf, batch: Vec<Incoming>) -> Result<Prepared> {
        let memory = self.memory_of(shelf.seller).await?;
        self.prepare_in(&memory, shelf, batch).await
    }

    async fn prepare_in(
        &self,
        memory: &Memory,
        shelf: Shelf,
        batch: Vec<Incoming>,
    ) -> Result<Prepared> {
        let keys = self.keys_in(memory, shelf.seller).await?;
        let arriving = batch.into_iter().map(|one| prepare(&keys, one)).collect();
        Ok(Prepared { shelf, arriving, keys, history: memory.history })
    }

    /// As [`Ledger::append`], of a batch that is prepared. Fails if the database went back in time since:
    /// the keys it was prepared with may be no more.
    pub async fn append_prepared(&self, put: Put, prepared: Prepared) -> Result<Vec<Outcome>> {
        let memory = self.memory_now(prepared.shelf.seller).await?;
        if memory.history != prepared.history {
            return Err(Error::WentBack);
        }
        self.write_prepared(&memory, put, prepared).await
    }

    async fn write_prepared(
        &self,
        memory: &Memory,
        put: Put,
        prepared: Prepared,
    ) -> Result<Vec<Outcome>> {
        let Prepared { shelf, arriving, keys, history: _ } = prepared;
        if arriving.is_empty() {
            return Ok(Vec::new());
        }
        let at = self.shelf_no(memory, shelf, true).await?.expect("a shelf is made when asked");
        let written =
            |one: &Arriving| Written { shelf: at.shelf, key: one.key.clone(), digest: one.digest };
        let written: Vec<Written> = arriving.iter().map(written).collect();
        let outcomes = self.database.append(at, put, arriving, keys).await?;
        let kept = outcomes.iter().zip(written).rev();
        let mut kept = kept.filter(|(outcome, _)| is_written(**outcome));
        if let Some((_, written)) = kept.next() {
            memory.watch(shelf.seller).wrote(written);
        }
        Ok(outcomes)
    }

    /// The current version of a document.
    pub async fn document(&self, shelf: Shelf, key: &str) -> Result<Option<Arc<Held>>> {
        self.current(shelf, key, None).await
    }

    /// The current version of a document, unless the account has one of `kind` with the same key: a
    /// thing that was taken back, say. One read, so that both are seen at the same moment.
    pub async fn document_unless(
        &self,
        shelf: Shelf,
        key: &str,
        kind: &str,
    ) -> Result<Option<Arc<Held>>> {
        self.current(shelf, key, Some((shelf.account, kind))).await
    }

    async fn current(
        &self,
        shelf: Shelf,
        key: &str,
        unless: Option<(AccountId, &str)>,
    ) -> Result<Option<Arc<Held>>> {
        // No key has a NUL in it, and PostgreSQL takes none.
        if key.contains('\0') {
            return Ok(None);
        }
        let memory = self.memory_of(shelf.seller).await?;
        let Some(at) = self.shelf_no(&memory, shelf, false).await? else { return Ok(None) };
        let asked = Asked { at, key, unless: unless.map(|(_, kind)| kind) };
        let now = self.database.now();
        if let Some(seq) = now.and_then(|now| memory.recent.current(asked, &now, &*self.database))
            && let Some(held) = memory.held.get(&(shelf.seller, seq))
        {
            return Ok(Some(held));
        }
        let link = now.and_then(|now| self.database.own_commit(&now));
        let holds = |seq| memory.held.get(&(shelf.seller, seq)).is_some();
        let held = match self.database.current(at, key, unless, &holds).await? {
            None => return Ok(None),
            Some(Current::Read(row)) => {
                let keys = self.keys_in(&memory, shelf.seller).await?;
                hold(&memory, shelf.seller, row, &keys)?
            }
            Some(Current::Held(seq)) => match memory.held.get(&(shelf.seller, seq)) {
                Some(held) => held,
                // Pushed out in between.
                None => match self.by_seq(&memory, shelf.seller, &[seq]).await?.pop() {
                    Some(held) => held,
                    None => return Ok(None),
                },
            },
        };
        if let Some(now) = now {
            memory.recent.keep(asked, now, link, held.document.seq);
        }
        Ok(Some(held))
    }

    /// Every version of a document, by arrival.
    pub async fn versions(&self, shelf: Shelf, key: &str) -> Result<Vec<Document>> {
        // No key has a NUL in it, and PostgreSQL takes none.
        if key.contains('\0') {
            return Ok(Vec::new());
        }
        let memory = self.memory_of(shelf.seller).await?;
        let Some(at) = self.shelf_no(&memory, shelf, false).await? else { return Ok(Vec::new()) };
        let keys = self.keys_in(&memory, shelf.seller).await?;
        let key = key.to_owned();
        let rows = self
            .database
            .scan("reading a document's versions", move |tx| {
                Box::pin(documents::versions(tx, at, key))
            })
            .await?;
        rows.into_iter().map(|row| row.open(&keys)).collect()
    }

    /// Up to `limit` current documents with keys after `after`, by key.
    pub async fn current_after(
        &self,
        shelf: Shelf,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Document>> {
        let memory = self.memory_of(shelf.seller).await?;
        let Some(at) = self.shelf_no(&memory, shelf, false).await? else { return Ok(Vec::new()) };
        let keys = self.keys_in(&memory, shelf.seller).await?;
        let after = after.to_owned();
        let rows = self
            .database
            .scan("reading documents in order", move |tx| {
                Box::pin(documents::current_after(tx, at, after, limit))
            })
            .await?;
        rows.into_iter().map(|row| row.open(&keys)).collect()
    }

    /// The shelf's number. Once made it never changes, so it is asked for once.
    pub(super) async fn shelf_no(
        &self,
        memory: &Memory,
        shelf: Shelf,
        make: bool,
    ) -> Result<Option<ShelfNo>> {
        let known = memory.shelf(shelf);
        let number = match known {
            Some(number) => Some(number),
            None => self.find_shelf(shelf, make).await?,
        };
        let Some(number) = number else { return Ok(None) };
        if known.is_none() {
            memory.hold_shelf(shelf, number);
        }
        Ok(Some(ShelfNo { seller: shelf.seller, shelf: number }))
    }

    async fn find_shelf(&self, shelf: Shelf, make: bool) -> Result<Option<i64>> {
        let Shelf { seller, account, kind } = shelf;
        let known = self
            .database
            .read("finding a shelf", move |tx| {
                Box::pin(directory::shelf(tx, seller, account, kind))
            })
            .await?;
        if known.is_some() || !make {
            return Ok(known);
        }
        self.database
            .write("making a shelf", move |tx| {
                Box::pin(directory::make_shelf(tx, seller, account, kind))
            })
            .await
    }

    /// Versions by their place in the sequence, in the order asked, from memory where they are held.
    pub(super) async fn by_seq(
        &self,
        memory: &Memory,
        seller: SellerId,
        seqs: &[i64],
    ) -> Result<Vec<Arc<Held>>> {
        let mut held: Vec<Option<Arc<Held>>> =
            seqs.iter().map(|seq| memory.held.get(&(seller, *seq))).collect();
        let missing: Vec<i64> = seqs
            .iter()
            .zip(&held)
            .filter(|(_, held)| held.is_none())
            .map(|(seq, _)| *seq)
            .collect();
        if !missing.is_empty() {
            let keys = self.keys_in(memory, seller).await?;
            let rows = self
                .database
                .read_several("reading versions", move |tx| {
                    Box::pin(documents::by_seq(tx, seller, missing))
                })
                .await?;
            let mut rows = rows.into_iter().peekable();
            for (slot, seq) in held.iter_mut().zip(seqs).filter(|(slot, _)| slot.is_none()) {
                match rows.next_if(|row| row.seq == *seq) {
                    Some(row) => *slot = Some(hold(memory, seller, row, &keys)?),
                    // A version once written is always there, unless the database is not what it was.
                    None if self.memory_now(seller).await?.history == memory.history => {
                        return Err(Error::Unreadable("sequence: a version is missing"));
                    }
                    None => return Err(Error::WentBack),
                }
            }
        }
        Ok(held.into_iter().flatten().collect())
    }
}

fn hold(
    memory: &Memory,
    seller: SellerId,
    row: VersionRow,
    keys: &SellerKeys,
) -> Result<Arc<Held>> {
    let seal = Seal::of(&row.body);
    let held = Held::new(row.open(keys)?);
    memory.hold(seller, seal, &held);
    Ok(held)
}

/// Whether a version was written.
const fn is_written(outcome: Outcome) -> bool {
    match outcome {
        Outcome::New | Outcome::Changed => true,
        Outcome::Unchanged | Outcome::Conflict => false,
    }
}

/// A batch about to be decided on and written.
pub struct Prepared {
    shelf: Shelf,
    arriving: Vec<Arriving>,
    keys: Arc<SellerKeys>,
    /// Which history of the database the keys are of.
    history: u64,
}

impl Prepared {
    /// Says when and in which order the documents reached us, where they were heard at other instants:
    /// at `now`, each behind so many others.
    #[must_use]
    pub fn received(mut self, now: Timestamp, behind: &[u64]) -> Self {
        for (one, behind) in self.arriving.iter_mut().zip(behind) {
            one.received = now.as_microsecond().saturating_add_unsigned(*behind);
        }
        self
    }
}

/// Does everything about an arriving document that needs no database.
fn prepare(keys: &SellerKeys, incoming: Incoming) -> Arriving {
    let Incoming { key, media, body, marks, found, observed_at } = incoming;
    let ms = |moment: Moment| {
        found
            .moments
            .iter()
            .filter(move |(other, _)| *other == moment)
            .map(|(_, at)| at.as_millisecond())
    };
    Arriving {
        digest: keys.digest(&[media.name().as_bytes(), &body]),
        changed_at: ms(Moment::Changed).max().unwrap_or(0),
        terms: found.terms.iter().map(|(term, value)| (*term, keys.term(*term, value))).collect(),
        signatures: sign(keys, &found.texts),
        moments: found.moments.iter().map(|(moment, at)| (*moment, at.as_millisecond())).collect(),
        states: found.states,
        rank: found.rank,
        dated: found.dated,
        observed_at: observed_at.as_millisecond(),
        received: observed_at.as_microsecond(),
        key,
        media,
        body,
        marks,
    }
}

fn sign(keys: &SellerKeys, texts: &[(Text, String)]) -> Vec<(Text, Signature)> {
    let mut signed: Vec<(Text, Signature)> = Vec::new();
    for (text, value) in texts {
        let signature = keys.signer.sign(value);
        match signed.iter_mut().find(|(other, _)| other == text) {
            Some((_, known)) => *known = union(*known, &signature),
            None => signed.push((*text, signature)),
        }
    }
    signed
}
