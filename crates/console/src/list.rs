//! A list whose whole view stands in the address: what is asked of it, its pages, and how much there is.

mod file;
mod filter;
mod frame;
pub(crate) mod people;

use std::future::Future;

use hoesu_channels::Desk;
use hoesu_ledger::overview::{Spot, Turn};

pub(crate) use file::{csv, xlsx};
pub(crate) use filter::{Counts, Filter};
pub(crate) use frame::Frame;

use crate::asked::{Asked, Days};
use crate::look::Look;
use crate::sheet::Cell;
use crate::shop::Shop;
use crate::trouble::Trouble;
use crate::words;

/// Of a span, more than this is told as «more than».
const COUNTED: usize = 10_000;

/// What an address may name, what is meant by it, and what people call it, Korean first.
pub(crate) type Named<T> = (&'static str, T, &'static str, &'static str);

/// From where a list is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) look: &'a Look,
    pub(crate) shop: &'a Shop,
}

/// What is asked of a list, understood.
pub(crate) struct View<Order> {
    pub(crate) asked: Asked,
    pub(crate) order: Order,
    /// Only what is open, only what is not, or all.
    pub(crate) open: Option<bool>,
    pub(crate) days: Days,
}

/// What the lists have in common, and what each says for itself.
pub(crate) trait Listing: Sized + Send + Sync {
    /// By what its rows are ordered.
    type Order: Copy + PartialEq + Send + Sync + 'static;
    /// A row, as the ledger keeps it.
    type Kept: Send + Sync;

    /// Where it is.
    const PATH: &'static str;
    /// Its name among files, which are beside it.
    const FILE: &'static str;
    /// Its tabs; the first is shown if none is asked for.
    const STATES: &'static [Named<Option<bool>>];
    /// Its orders, the same.
    const ORDERS: &'static [Named<Self::Order>];
    /// The columns of its files.
    const HEADINGS: &'static [(&'static str, &'static str)];

    /// Reads what is needed before anything of it can be shown.
    fn open(here: Here<'_>, asked: &Asked) -> impl Future<Output = Result<Self, Trouble>> + Send;

    /// How many rows there are in a state, whenever they are of.
    fn tallied(&self, here: Here<'_>, view: &View<Self::Order>, open: Option<bool>) -> u64;

    /// How many there are in a state within the days asked for, counted to `most`.
    fn counted(
        &self,
        here: Here<'_>,
        view: &View<Self::Order>,
        open: Option<bool>,
        most: usize,
    ) -> impl Future<Output = Result<u64, Trouble>> + Send;

    /// Rows from a spot.
    fn picked(
        &self,
        here: Here<'_>,
        view: &View<Self::Order>,
        from: Option<Turn>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Self::Kept>, Trouble>> + Send;

    /// All rows in a state, where they were looked up one by one and make one page.
    fn whole(
        &self,
        here: Here<'_>,
        view: &View<Self::Order>,
        open: Option<bool>,
    ) -> Option<Vec<Self::Kept>> {
        let _ = (here, view, open);
        None
    }

    /// Where a row stands.
    fn spot(kept: &Self::Kept, order: Self::Order) -> Spot;

    /// The key of a row's case.
    fn case(kept: &Self::Kept) -> &str;

    /// The number of a row's order.
    fn number(kept: &Self::Kept) -> &str;

    /// A row of its files.
    fn cells(here: Here<'_>, kept: Self::Kept) -> Vec<Cell>;
}

/// A page of a list, and what is around it.
pub(crate) struct Leaf<Kept> {
    pub(crate) rows: Vec<Kept>,
    /// Before which row the page before is, if there is one.
    pub(crate) before: Option<Spot>,
    /// After which row the next one is, if there is one.
    pub(crate) next: Option<Spot>,
}

impl<Order: Copy> View<Order> {
    /// What an address asks of a list.
    pub(crate) fn of<L: Listing<Order = Order>>(pairs: Vec<(String, String)>, shop: &Shop) -> Self {
        let asked = Asked::of(L::PATH, pairs);
        let days = asked.days(shop.now);
        let (order, open) =
            (meant(L::ORDERS, asked.one("by")), meant(L::STATES, asked.one("state")));
        Self { asked, order, open, days }
    }

    /// How many rows there are in a state; with a plus where nobody counted on.
    async fn count<L: Listing<Order = Order>>(
        &self,
        list: &L,
        here: Here<'_>,
        open: Option<bool>,
    ) -> Result<String, Trouble> {
        if let Some(whole) = list.whole(here, self, open) {
            return Ok(words::count(whole.len() as u64));
        }
        if self.days.is_everything() {
            return Ok(words::count(list.tallied(here, self, open)));
        }
        let count = list.counted(here, self, open, COUNTED).await?;
        let more = if count >= COUNTED as u64 { "+" } else { "" };
        Ok(format!("{}{more}", words::count(count)))
    }

    /// One page.
    pub(crate) async fn leaf<L: Listing<Order = Order>>(
        &self,
        list: &L,
        here: Here<'_>,
        from: Option<Turn>,
        size: usize,
    ) -> Result<Leaf<L::Kept>, Trouble> {
        if let Some(rows) = list.whole(here, self, self.open) {
            return Ok(Leaf { rows, before: None, next: None });
        }
        let spot = |kept: Option<&L::Kept>| kept.map(|kept| L::spot(kept, self.order));
        if matches!(from, Some(Turn::Before(_))) {
            let mut rows = list.picked(here, self, from, size + 1).await?;
            if rows.len() > size {
                rows.remove(0);
                let (before, next) = (spot(rows.first()), spot(rows.last()));
                return Ok(Leaf { rows, before, next });
            }
            // What is left before is the first page, and that is a whole one.
            return Box::pin(self.leaf(list, here, None, size)).await;
        }
        let is_first = from.is_none();
        let mut rows = list.picked(here, self, from, size + 1).await?;
        let more = rows.len() > size;
        rows.truncate(size);
        let before = if is_first { None } else { spot(rows.first()) };
        let next = if more { spot(rows.last()) } else { None };
        Ok(Leaf { rows, before, next })
    }
}

/// What an address means; the first if it names none.
fn meant<T: Copy>(all: &[Named<T>], name: Option<&str>) -> T {
    all.iter().find(|(known, ..)| Some(*known) == name).unwrap_or(&all[0]).1
}
