//! `hoesu demo`: everything at once, over a ledger that is thrown away afterwards.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use clap::Args;
use hoesu_channels::channel::Call;
use hoesu_channels::connect::Unsigned;
use hoesu_channels::{CHANNELS, Channel, Example};
use hoesu_claims::SellerId;
use hoesu_engine::How;
use hoesu_ledger::{Account, IssuedLink, Ledger, MasterKey, NewAccount, Place, Role};
use hoesu_sandbox::{Past, Plan, curl};
use jiff::{SignedDuration, Timestamp};

use crate::account::fill;
use crate::failure::{Exit, Result, fail};
use crate::given::Pair;
use crate::lang::say;
use crate::serve;
use crate::shell::Shell;

/// Sellers of a market that has been open for two weeks now.
const SELLERS: [&str; 2] = ["별빛상점", "물결마켓"];

/// Whose accounts hold the documents of the channels' own documentation, and whose keys are shown.
const BY_THE_BOOK: &str = "문서 견본";

/// The market before today: how many days, and how many orders of one seller on one marketplace in each.
const DAYS: u32 = 14;
const ORDERS_PER_DAY: u32 = 8;

/// Who looks at the demo's console.
const PERSON: &str = "demo";

/// How long the demo's link signs in: longer than a demo goes on.
const LASTS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Invented documents of each kind, beside those of the documentation.
const DOCUMENTS: u64 = 200;

/// Try everything over invented sellers, orders and claims; nothing is kept.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Address to listen on; 127.0.0.1:8780 unless given.
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
}

impl Demo {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        // Told to stop before there is anything to stop, it still takes its folder away.
        let mut stop = pin!(serve::told_to_stop()?);
        let bound = serve::bind(shell).await?;
        let base = format!("http://{}", bound.address());
        let folder = Folder::make()?;
        let (ledger, shown, link) = tokio::select! {
            filled = fill_all(&folder, shell.now) => filled?,
            () = &mut stop => return Ok(Exit::Done),
        };
        let ready = || {
            // The demo goes on whether or not anybody reads this.
            for (channel, credentials) in &shown {
                for example in channel.examples(credentials) {
                    let _ = shell.line(told(shell, *channel, credentials, &example, &base));
                }
            }
            let console = format!("{base}/console/enter/{}", *link.text);
            let _ = shell.line(say!(
                shell.lang,
                "# 콘솔: 이 링크를 열면 바로 들어가요.\n{console}\n",
                "# The console: this link signs you in.\n{console}\n"
            ));
            let _ = shell.line(shell.lang.pick(
                "# 위 줄을 다른 터미널에 붙여 넣어 보세요. Ctrl+C로 끝내면 모두 사라져요.",
                "# Paste these lines into another terminal. Ctrl+C ends the demo, and nothing stays.",
            ));
        };
        serve::listen(shell, bound, ledger, false, ready, stop).await
    }
}

/// Who can call which channel.
type Shown = Vec<(&'static dyn Channel, BTreeMap<String, String>)>;

/// Makes the ledger, its sellers, accounts and documents; answers the credentials that are shown.
async fn fill_all(folder: &Folder, now: Timestamp) -> Result<(Arc<Ledger>, Shown, IssuedLink)> {
    let place = Place::Folder(folder.0.clone());
    let ledger = Ledger::open(&place, &MasterKey::generate()).await?;
    live_through(&ledger, now).await?;
    let book = ledger.add_seller(BY_THE_BOOK, now).await?;
    let mut shown = Vec::new();
    for channel in CHANNELS {
        shown.push((*channel, settle(&ledger, *channel, book.id, now).await?));
    }
    let link = enter(&ledger, now).await?;
    Ok((ledger, shown, link))
}

/// Sellers with two weeks of orders and claims, and what was found in them day by day.
async fn live_through(ledger: &Arc<Ledger>, now: Timestamp) -> Result<()> {
    let plan = Plan { from: now, days: DAYS, orders_per_day: ORDERS_PER_DAY, ..Plan::default() };
    let names: Vec<(&str, &str)> =
        CHANNELS.iter().map(|channel| (channel.id(), channel.id())).collect();
    let (mut sellers, mut accounts) = (Vec::new(), Vec::new());
    for (nth, name) in (1..).zip(SELLERS) {
        let seller = ledger.add_seller(name, now).await?;
        let mut own = Vec::new();
        for channel in CHANNELS {
            let settings = Past::settings(*channel, &names);
            own.push(open(ledger, *channel, seller.id, nth, settings, now).await?.0);
        }
        sellers.push(seller.id);
        accounts.push(own);
    }
    let past = Past::of(Arc::clone(ledger), &plan, accounts);
    for back in (0..=DAYS).rev() {
        let day = SignedDuration::from_hours(24 * i64::from(back));
        let then = now.saturating_sub(day).unwrap_or(now);
        past.advance_to(then).await.map_err(|error| {
            fail!("데모를 채우지 못했어요: {error}", "the demo could not be filled: {error}")
        })?;
        for seller in &sellers {
            hoesu_engine::catch_up(ledger, *seller, then).await?;
        }
    }
    Ok(())
}

/// Somebody who may do everything with every seller, and the link that signs them in.
async fn enter(ledger: &Ledger, now: Timestamp) -> Result<IssuedLink> {
    let sellers = ledger.sellers().await?;
    let added = ledger.add_person(sellers[0].id, PERSON, Role::Admin, None, now).await?;
    let (person, _) =
        added.map_err(|_| fail!("데모를 채우지 못했어요", "the demo could not be filled"))?;
    for seller in &sellers[1..] {
        // The person was made just now; there is nothing to refuse.
        let _ = ledger.set_role(seller.id, person.id, Some(Role::Admin), now).await?;
    }
    Ok(ledger.enter_link(person.id, LASTS, now).await?)
}

/// Makes a seller's account on a channel; it, and its credential.
async fn open(
    ledger: &Ledger,
    channel: &'static dyn Channel,
    seller: SellerId,
    nth: u64,
    settings: BTreeMap<String, String>,
    now: Timestamp,
) -> Result<(Account, BTreeMap<String, String>)> {
    let mut filled = fill(channel, &keys(channel, nth), &BTreeMap::new())?;
    filled.settings.extend(settings);
    let account = NewAccount {
        seller,
        channel: channel.id().to_owned(),
        name: channel.id().to_owned(),
        settings: filled.settings,
        secrets: filled.secrets,
        credential: filled.credential,
    };
    let account = ledger.add_account(account, now).await?;
    Ok((account, filled.shown.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

/// The same, filled with what the channel's documentation has, and more like it.
async fn settle(
    ledger: &Arc<Ledger>,
    channel: &'static dyn Channel,
    seller: SellerId,
    now: Timestamp,
) -> Result<BTreeMap<String, String>> {
    let (account, shown) = open(ledger, channel, seller, 0, BTreeMap::new(), now).await?;
    let how = How { observed_at: now, as_rows_say: false, marks: BTreeMap::new(), now };
    let mut documents = channel.samples();
    for kind in channel.capabilities().kinds {
        documents.extend((0..DOCUMENTS).filter_map(|nth| channel.invent(kind, nth)));
    }
    hoesu_engine::put(ledger, channel, &account, documents, &how).await?;
    Ok(shown)
}

/// The credential of a seller's account: the same at every start, so that a line copied yesterday, or
/// from the README, works today. It opens invented documents on this machine only.
fn keys(channel: &dyn Channel, nth: u64) -> Vec<Pair> {
    let fields = channel.capabilities().credential.iter().zip(1_u8..);
    fields
        .map(|(field, place)| {
            let start = place.wrapping_mul(101).wrapping_add(nth as u8);
            let bytes = std::array::from_fn(|at| start.wrapping_add((at as u8).wrapping_mul(59)));
            Pair { name: field.name.to_owned(), value: (field.make)(bytes) }
        })
        .collect()
}

/// One example as a person tries it: what it shows, a curl line, and where the line holds a
/// signature, how to make a fresh one.
fn told(
    shell: &Shell,
    channel: &dyn Channel,
    credentials: &BTreeMap<String, String>,
    example: &Example,
    base: &str,
) -> String {
    let Example { what, method, path, query, headers, body } = example;
    let call = Call { credentials, method, path, query, now: Timestamp::now() };
    let proof = channel.authorize(&call);
    let words = proof.iter().map(|(name, value)| curl::header(name, value)).collect();
    let unsigned = Unsigned {
        method: method.clone(),
        path: path.clone(),
        query: query.clone(),
        headers: headers.clone(),
        body: body.clone().unwrap_or_default().into_bytes(),
    };
    let line = curl::line(base, &unsigned, words);
    let title = format!("# {} · {}", shell.lang.title(channel.title()), shell.lang.title(*what));
    let later = call.now.saturating_add(SignedDuration::from_hours(1)).unwrap_or(call.now);
    if channel.authorize(&Call { now: later, ..call }) == proof {
        return format!("{title}\n{line}\n");
    }
    let hoesu = std::env::args().next().unwrap_or_else(|| "hoesu".to_owned());
    let mut sign = format!(
        "{hoesu} sign {} {method} {}",
        channel.id(),
        curl::word(&curl::target(path, query))
    );
    for field in channel.capabilities().credential {
        if let Some(value) = credentials.get(field.name) {
            sign = format!("{sign} --set {}", curl::word(&format!("{}={value}", field.name)));
        }
    }
    let fresh = say!(
        shell.lang,
        "# 서명은 곧 만료돼요. 새로 만들려면:\n{sign}",
        "# the signature expires soon; for a fresh one:\n{sign}"
    );
    format!("{title}\n{line}\n{fresh}\n")
}

/// A folder that goes when we go.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("hoesu-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| {
            let path = path.display();
            fail!(
                "임시 폴더를 만들지 못했어요: {path} ({error}). TMPDIR로 쓸 수 있는 폴더를 알려 주세요",
                "no temporary folder could be made: {path} ({error}); name a writable one by TMPDIR"
            )
        })?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It holds nothing anybody needs; a leftover is the system's to clean.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
