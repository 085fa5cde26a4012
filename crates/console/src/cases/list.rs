//! Cases as a list: which fit what is asked, how many, and their files.

use hoesu_ledger::cases::KeptCase;
use hoesu_ledger::overview::{CaseOrder, CasePick, CaseSlot, CaseTally, Spot, Turn};

use super::search::{Found, find};
use crate::asked::Asked;
use crate::list::{Here, Listing, Named, View};
use crate::sheet::Cell;
use crate::shop::{Shop, channel};
use crate::trouble::Trouble;
use crate::{when, words};

/// The cases of a seller, by how many there are of what.
pub(crate) struct Cases {
    pub(super) tallies: Vec<CaseTally>,
    /// The cases that were searched for.
    pub(super) found: Option<Found>,
}

impl Cases {
    fn asked<'a>(
        &'a self,
        shop: &'a Shop,
        asked: &'a Asked,
        open: Option<bool>,
    ) -> impl Iterator<Item = &'a CaseTally> {
        self.tallies.iter().filter(move |one| stands(shop, asked, &one.slot, open))
    }

    fn slots(&self, here: Here<'_>, asked: &Asked, open: Option<bool>) -> Vec<CaseSlot> {
        self.asked(here.shop, asked, open).map(|one| one.slot.clone()).collect()
    }
}

/// Whether a case that stands so is asked for.
fn stands(shop: &Shop, asked: &Asked, slot: &CaseSlot, open: Option<bool>) -> bool {
    let account = shop.by_id(slot.account);
    account.is_some_and(|one| asked.is("account", &one.name) && asked.is("channel", &one.channel))
        && asked.is("claim", &slot.claim)
        && asked.is("goods", &slot.goods)
        && asked.is("money", &slot.money)
        && asked.is("fault", words::fault_word(slot.fault.as_deref()))
        && open.is_none_or(|open| open == slot.open)
}

impl Listing for Cases {
    type Order = CaseOrder;
    type Kept = KeptCase;

    const PATH: &'static str = super::PATH;
    const FILE: &'static str = "cases";
    const STATES: &'static [Named<Option<bool>>] = &[
        ("all", None, "전체", "All"),
        ("open", Some(true), "할 일 있음", "To do"),
        ("calm", Some(false), "할 일 없음", "Nothing to do"),
    ];
    const ORDERS: &'static [Named<CaseOrder>] = &[
        ("changed", CaseOrder::Changed, "바뀐 때", "Changed"),
        ("since", CaseOrder::Since, "시작한 때", "Begun"),
    ];
    const HEADINGS: &'static [(&'static str, &'static str)] = &[
        ("주문번호", "Order"),
        ("계정", "Account"),
        ("채널", "Channel"),
        ("클레임", "Claim"),
        ("상품", "Goods"),
        ("돈", "Money"),
        ("귀책", "Fault"),
        ("할 일", "Open findings"),
        ("시작한 때", "Begun"),
        ("바뀐 때", "Changed"),
    ];

    async fn open(here: Here<'_>, asked: &Asked) -> Result<Self, Trouble> {
        let found = match asked.one("q") {
            Some(text) => Some(find(here.desk, here.look, here.shop, text).await?),
            None => None,
        };
        let tallies = here.desk.ledger.case_tallies(here.look.signed.seller).await?;
        Ok(Self { tallies, found })
    }

    fn tallied(&self, here: Here<'_>, view: &View<CaseOrder>, open: Option<bool>) -> u64 {
        self.asked(here.shop, &view.asked, open).map(|one| one.cases).sum()
    }

    async fn counted(
        &self,
        here: Here<'_>,
        view: &View<CaseOrder>,
        open: Option<bool>,
        most: usize,
    ) -> Result<u64, Trouble> {
        let (slots, between) = (self.slots(here, &view.asked, open), view.days.between());
        let seller = here.look.signed.seller;
        Ok(here.desk.ledger.count_cases(seller, &slots, view.order, between, most).await?)
    }

    async fn picked(
        &self,
        here: Here<'_>,
        view: &View<CaseOrder>,
        from: Option<Turn>,
        limit: usize,
    ) -> Result<Vec<KeptCase>, Trouble> {
        let slots = self.slots(here, &view.asked, view.open);
        let between = view.days.between();
        let pick = CasePick { slots, order: view.order, between, from, limit };
        Ok(here.desk.ledger.pick_cases(here.look.signed.seller, pick).await?)
    }

    /// What was searched for is one page: there are at most so many numbers in a search.
    fn whole(
        &self,
        here: Here<'_>,
        view: &View<CaseOrder>,
        open: Option<bool>,
    ) -> Option<Vec<KeptCase>> {
        let between = view.days.between();
        let fits = |kept: &&KeptCase| {
            let at = match view.order {
                CaseOrder::Changed => kept.changed_at,
                CaseOrder::Since => kept.since,
            };
            let slot = CaseSlot {
                account: kept.account,
                claim: kept.claim.clone(),
                goods: kept.goods.clone(),
                money: kept.money.clone(),
                fault: kept.fault.clone(),
                open: kept.findings > 0,
            };
            between.contains(at) && stands(here.shop, &view.asked, &slot, open)
        };
        Some(self.found.as_ref()?.cases.iter().filter(fits).cloned().collect())
    }

    fn spot(kept: &KeptCase, order: CaseOrder) -> Spot {
        let at = match order {
            CaseOrder::Changed => kept.changed_at,
            CaseOrder::Since => kept.since,
        };
        Spot { at_ms: at.as_millisecond(), id: kept.key.clone() }
    }

    fn case(kept: &KeptCase) -> &str {
        &kept.key
    }

    fn number(kept: &KeptCase) -> &str {
        &kept.order
    }

    fn cells(here: Here<'_>, kept: KeptCase) -> Vec<Cell> {
        let Here { look, shop, .. } = here;
        let lang = look.lang;
        let account = shop.by_id(kept.account);
        vec![
            Cell::Text(kept.order),
            Cell::Text(shop.names.name(kept.account)),
            Cell::Text(account.map(|account| channel(account, lang)).unwrap_or_default()),
            Cell::Text(words::claim(&kept.claim, lang).to_owned()),
            Cell::Text(words::goods(&kept.goods, lang).to_owned()),
            Cell::Text(words::money(&kept.money, lang).to_owned()),
            Cell::Text(words::fault(words::fault_word(kept.fault.as_deref()), lang).to_owned()),
            Cell::Number(i64::from(kept.findings)),
            Cell::Text(when::kst(kept.since)),
            Cell::Text(when::kst(kept.changed_at)),
        ]
    }
}
