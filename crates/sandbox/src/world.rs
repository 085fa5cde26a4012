//! A world: one market with its ledger, surfaces and clock, made whole and thrown away whole.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hoesu_channels::Desk;
use hoesu_claims::Incoming;
use hoesu_ledger::{Ledger, Limits, MasterKey, Place, Put};
use hoesu_market::Market;
use hoesu_server::{App, Meter};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::booth::{self, bits};
use crate::called::Calls;
use crate::clock::MarketClock;
use crate::play::Play;
use crate::snapshot::{Brought, FORMAT, Snapshot};
use crate::stage::Stage;
use crate::{Error, Plan, Result};

/// What the market's ledger may take.
const LIMITS: Limits = Limits { held_bytes: 64 << 20, ..Limits::USUAL };

/// Documents looked at in one go.
const PAGE: usize = 500;

/// One market with all around it.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) stage: Arc<Stage>,
    pub(crate) app: App,
    pub(crate) calls: Calls,
    /// The ledger's. Goes when the last call to this world is answered.
    _folder: TempDir,
}

impl World {
    /// A market as it is when the first caller comes.
    pub(crate) async fn open(plan: Plan, meter: Arc<Meter>) -> Result<Arc<Self>> {
        let (now, speed, frozen) = (plan.from, plan.speed, plan.frozen);
        let world = Self::set_up(plan, now, meter).await?;
        world.stage.advance_to(now).await?;
        world.stage.clock.set(None, Some(speed), Some(frozen))?;
        Ok(Arc::new(world))
    }

    /// A market as it was.
    pub(crate) async fn restore(snapshot: Snapshot, meter: Arc<Meter>) -> Result<Arc<Self>> {
        let Snapshot { format, plan, now, speed, frozen, inputs, faults, chances, brought } =
            snapshot;
        if format != FORMAT {
            let why = format!("A snapshot of format {FORMAT} is needed.");
            return Err(Error::Impossible(why));
        }
        if now < plan.from || inputs.iter().any(|input| input.at > now) {
            return Err(Error::Impossible(
                "The snapshot's times contradict each other.".to_owned(),
            ));
        }
        let from = plan.from;
        let world = Self::set_up(plan.checked()?, now, meter).await?;
        world.stage.advance_to(from).await?;
        world.stage.replay(inputs, chances, faults).await?;
        world.bring(brought).await?;
        world.stage.clock.set(None, Some(speed), Some(frozen))?;
        Ok(Arc::new(world))
    }

    /// Everything but what happens; the clock stands.
    async fn set_up(plan: Plan, now: Timestamp, meter: Arc<Meter>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("hoesu-sandbox-").tempdir();
        let folder = folder.map_err(Error::Folder)?;
        let mut key = String::new();
        for byte in bits(plan.seed, "master") {
            // Writing into a String cannot fail.
            let _ = write!(key, "{byte:02x}");
        }
        let place = Place::Folder(folder.path().to_owned());
        let ledger = Ledger::open_within(&place, &MasterKey::from_hex(&key)?, LIMITS).await?;
        let booths: Arc<[_]> = booth::set_up(&plan, &ledger).await?.into();
        let (sold_on, customs): (Vec<_>, Vec<_>) =
            booth::places().into_iter().map(|(channel, customs)| (channel.id(), customs)).unzip();
        let market = Market::new(plan.config(), customs);
        let play = Play::new(market, Arc::clone(&booths), sold_on);
        let clock = Arc::new(MarketClock::new(now, 1.0, true));
        let stage = Stage::new(Arc::clone(&ledger), booths, Arc::clone(&clock), plan.seed, play);
        let stage = Arc::new(stage);
        let floor = Arc::clone(&stage);
        let desk = Desk { ledger, clock, floor: Some(floor) };
        let app = hoesu_server::app(&desk, meter);
        Ok(Self { plan, stage, app, calls: Calls::default(), _folder: folder })
    }

    /// What the channel itself answers; counted for whoever calls.
    pub(crate) async fn answer(&self, caller: Option<&str>, request: Request<Body>) -> Response {
        let answer = self.app.answer(request).await;
        if let Some(account) = caller {
            self.calls.count(account, Some(answer.status()));
        }
        answer
    }

    /// Puts what callers brought where it was.
    async fn bring(&self, brought: Vec<Brought>) -> Result<()> {
        for Brought { account, media, body, marks, observed_at } in brought {
            let booths = &self.stage.booths;
            let booth = booths.iter().find(|booth| booth.account.name == account);
            let read = |booth: &&booth::Booth| booth.channel.read(media, body.as_bytes()).ok();
            let Some((booth, reading)) = booth.and_then(|booth| Some((booth, read(&booth)?)))
            else {
                let why = "The snapshot has a document of no account.".to_owned();
                return Err(Error::Impossible(why));
            };
            let incoming = Incoming {
                key: reading.key,
                media,
                body: body.into_bytes(),
                marks,
                found: reading.found,
                observed_at,
            };
            let shelf = booth.account.shelf(reading.kind);
            self.stage.ledger.append(shelf, Put::Newer, vec![incoming]).await?;
        }
        Ok(())
    }

    /// The market as it is now, to be restored.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot> {
        let (inputs, now) = self.stage.inputs().await?;
        let (hands, _) = self.stage.clock.read();
        let faults = self.stage.ordered();
        let mut brought = Vec::new();
        for version in self.documents(None, None).await? {
            let Version { booth, kind, document } = version;
            if !self.stage.tells(booth, kind, &document.key).await {
                brought.push(Brought {
                    account: self.stage.booths[booth].account.name.clone(),
                    media: document.media,
                    body: String::from_utf8_lossy(&document.body).into_owned(),
                    marks: document.marks,
                    observed_at: document.observed_at,
                });
            }
        }
        Ok(Snapshot {
            format: FORMAT,
            plan: self.plan.clone(),
            now,
            speed: hands.speed,
            frozen: hands.frozen,
            inputs,
            faults: faults.all,
            chances: self.stage.chances(),
            brought,
        })
    }

    /// Every version of every document, by account, kind and key.
    pub(crate) async fn documents(
        &self,
        account: Option<&str>,
        kind: Option<&str>,
    ) -> Result<Vec<Version>> {
        let mut all = Vec::new();
        for (nth, booth) in self.stage.booths.iter().enumerate() {
            if account.is_some_and(|account| account != booth.account.name) {
                continue;
            }
            for shelf_kind in booth.channel.capabilities().kinds {
                if kind.is_none_or(|kind| kind == *shelf_kind) {
                    self.shelf(nth, shelf_kind, &mut all).await?;
                }
            }
        }
        Ok(all)
    }

    async fn shelf(&self, booth: usize, kind: &'static str, all: &mut Vec<Version>) -> Result<()> {
        let shelf = self.stage.booths[booth].account.shelf(kind);
        let mut after = String::new();
        loop {
            let page = self.stage.ledger.current_after(shelf, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(&last.key);
            for current in page {
                // Most have one version, which is at hand.
                if current.version == 1 {
                    all.push(Version { booth, kind, document: current });
                    continue;
                }
                let versions = self.stage.ledger.versions(shelf, &current.key).await?;
                let versions = versions.into_iter();
                all.extend(versions.map(|document| Version { booth, kind, document }));
            }
        }
    }
}

/// A version of a document.
pub(crate) struct Version {
    pub(crate) booth: usize,
    pub(crate) kind: &'static str,
    pub(crate) document: hoesu_claims::Document,
}

/// Accounts of a seller, with the seller's name, in order.
pub(crate) fn by_seller(world: &World) -> BTreeMap<usize, Vec<&booth::Booth>> {
    let mut sellers: BTreeMap<usize, Vec<&booth::Booth>> = BTreeMap::new();
    for booth in world.stage.booths.iter() {
        sellers.entry(booth.seller).or_default().push(booth);
    }
    sellers
}
