//! The stage: the play, its ledger and its clock, and the floor where callers' acts are done.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use hoesu_channels::Clock as _;
use hoesu_channels::stall::Floor;
use hoesu_claims::Incoming;
use hoesu_ledger::{Account, Ledger, Put};
use hoesu_market::{Act, Acted, Happened, Refused};
use jiff::Timestamp;

use crate::Result;
use crate::booth::{Booth, bits};
use crate::clock::MarketClock;
use crate::fault::{Fault, Faults, Order, Strike};
use crate::play::{Play, Told};
use crate::snapshot::{Done, Input};

/// Documents in one transaction.
const BATCH: usize = 4_000;

/// The play with all it needs.
pub(crate) struct Stage {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) booths: Arc<[Booth]>,
    pub(crate) clock: Arc<MarketClock>,
    seed: u64,
    chances: AtomicU64,
    faults: Mutex<Faults>,
    play: tokio::sync::Mutex<Playing>,
}

/// The play, and what was asked of it from outside.
struct Playing {
    play: Play,
    inputs: Vec<Input>,
}

impl Stage {
    pub(crate) fn new(
        ledger: Arc<Ledger>,
        booths: Arc<[Booth]>,
        clock: Arc<MarketClock>,
        seed: u64,
        play: Play,
    ) -> Self {
        let faults = Mutex::new(Faults::new(seed));
        let play = tokio::sync::Mutex::new(Playing { play, inputs: Vec::new() });
        Self { ledger, booths, clock, seed, chances: AtomicU64::new(0), faults, play }
    }

    /// Lets everything happen that happens until now.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        let mut playing = self.play.lock().await;
        self.advance(&mut playing.play, self.clock.now()).await
    }

    /// Lets everything happen that happens until an instant.
    pub(crate) async fn advance_to(&self, until: Timestamp) -> Result<()> {
        self.advance(&mut self.play.lock().await.play, until).await
    }

    async fn advance(&self, play: &mut Play, until: Timestamp) -> Result<()> {
        while play.market.now() < until {
            play.advance(until, BATCH, &mut self.faults());
            self.write(play).await?;
        }
        self.write(play).await
    }

    /// Writes what became visible. What can't be written stays to be written.
    async fn write(&self, play: &mut Play) -> Result<()> {
        while !play.visible.is_empty() {
            let count = play.visible.len().min(BATCH);
            let mut shelves: BTreeMap<(usize, &'static str), Vec<Incoming>> = BTreeMap::new();
            for Told { booth, kind, incoming } in &play.visible[..count] {
                shelves.entry((*booth, kind)).or_default().push(incoming.clone());
            }
            for ((booth, kind), documents) in shelves {
                let shelf = self.booths[booth].account.shelf(kind);
                self.ledger.append(shelf, Put::Newer, documents).await?;
            }
            play.visible.drain(..count);
        }
        Ok(())
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the faults do to a call.
    pub(crate) fn strike(&self, booth: Option<usize>, path: &str) -> Strike {
        let account = booth.map(|booth| self.booths[booth].account.name.as_str());
        self.faults().strike(account, path, self.clock.now())
    }

    /// The faults that were ordered and not lifted.
    pub(crate) fn ordered(&self) -> Faults {
        self.faults().clone()
    }

    /// Orders a fault, now.
    pub(crate) async fn order(&self, order: Order) -> Result<Fault> {
        let mut playing = self.play.lock().await;
        let at = self.clock.now();
        self.advance(&mut playing.play, at).await?;
        let fault = self.faults().order(order.clone(), at)?;
        playing.inputs.push(Input { at, done: Done::Fault(order) });
        Ok(fault)
    }

    /// Lifts a fault or all; whether there was any.
    pub(crate) async fn lift(&self, id: Option<u64>) -> Result<bool> {
        let mut playing = self.play.lock().await;
        let at = self.clock.now();
        self.advance(&mut playing.play, at).await?;
        let lifted = self.faults().lift(id);
        if lifted {
            playing.inputs.push(Input { at, done: Done::Lift(id) });
        }
        Ok(lifted)
    }

    /// What happened since the `since`th thing, at most so many.
    pub(crate) async fn happened(&self, since: usize, limit: usize) -> (Vec<Happened>, usize) {
        let playing = self.play.lock().await;
        let all = playing.play.market.happened();
        let page = all.iter().skip(since).take(limit).cloned().collect();
        (page, all.len())
    }

    /// Everything asked of the play, how far it has come, and which documents callers brought.
    pub(crate) async fn inputs(&self) -> Result<(Vec<Input>, Timestamp)> {
        let mut playing = self.play.lock().await;
        let at = self.clock.now();
        self.advance(&mut playing.play, at).await?;
        Ok((playing.inputs.clone(), at))
    }

    /// Whether the market tells a document, or a caller brought it.
    pub(crate) async fn tells(&self, booth: usize, kind: &'static str, key: &str) -> bool {
        self.play.lock().await.play.tells(booth, kind, key)
    }

    /// How many random numbers were drawn.
    pub(crate) fn chances(&self) -> u64 {
        self.chances.load(Ordering::SeqCst)
    }

    /// Does again what was done once, and goes on from there.
    pub(crate) async fn replay(
        &self,
        inputs: Vec<Input>,
        chances: u64,
        faults: Vec<Fault>,
    ) -> Result<()> {
        let mut playing = self.play.lock().await;
        for Input { at, done } in &inputs {
            self.advance(&mut playing.play, *at).await?;
            match done {
                Done::Act { seller, place, act } => {
                    // It was refused then if it is refused now.
                    let _acted = playing.play.act(*seller, *place, act);
                    self.write(&mut playing.play).await?;
                }
                Done::Fault(order) => drop(self.faults().order(order.clone(), *at)?),
                Done::Lift(id) => drop(self.faults().lift(*id)),
            }
        }
        playing.inputs = inputs;
        self.advance(&mut playing.play, self.clock.now()).await?;
        self.chances.store(chances, Ordering::SeqCst);
        self.faults().all = faults;
        Ok(())
    }
}

#[async_trait]
impl Floor for Stage {
    async fn act(&self, account: &Account, act: Act) -> std::result::Result<Acted, Refused> {
        let whose = |booth: &&Booth| {
            (booth.account.seller, booth.account.id) == (account.seller, account.id)
        };
        let booth = self.booths.iter().find(whose).ok_or(Refused::NotThere)?;
        let (seller, place) = (booth.seller, booth.place.ok_or(Refused::NotThere)?);
        let mut playing = self.play.lock().await;
        let failed = |error: crate::Error| {
            tracing::error!(error = &error as &dyn std::error::Error, "the market stopped");
            Refused::NotThere
        };
        let at = self.clock.now();
        self.advance(&mut playing.play, at).await.map_err(failed)?;
        let acted = playing.play.act(seller, place, &act);
        self.write(&mut playing.play).await.map_err(failed)?;
        if acted.is_ok() {
            playing.inputs.push(Input { at, done: Done::Act { seller, place, act } });
        }
        acted
    }

    fn chance(&self) -> u128 {
        let nth = self.chances.fetch_add(1, Ordering::SeqCst);
        let bits = bits(self.seed, &format!("chance/{nth}"));
        u128::from_le_bytes(std::array::from_fn(|at| bits[at]))
    }
}
