//! Findings as a list: which fit what is asked, how many, and their files.

use hoesu_ledger::cases::KeptFinding;
use hoesu_ledger::overview::{FindingOrder, FindingPick, FindingSlot, FindingTally, Spot, Turn};
use jiff::Timestamp;

use crate::asked::Asked;
use crate::list::{Here, Listing, Named, View};
use crate::sheet::Cell;
use crate::shop::{Shop, channel};
use crate::trouble::Trouble;
use crate::{when, words};

/// The findings of a seller, by how many there are of what.
pub(crate) struct Findings {
    pub(super) tallies: Vec<FindingTally>,
}

impl Findings {
    /// What is asked for, in a state.
    pub(super) fn asked<'a>(
        &'a self,
        shop: &'a Shop,
        asked: &'a Asked,
        open: Option<bool>,
    ) -> impl Iterator<Item = &'a FindingTally> {
        let is = move |one: &&FindingTally| {
            asked.is("rule", one.slot.rule.id())
                && asked.is("fault", words::fault_word(one.slot.fault.as_deref()))
        };
        self.there(shop, asked, open).filter(is)
    }

    fn slots(&self, here: Here<'_>, asked: &Asked, open: Option<bool>) -> Vec<FindingSlot> {
        self.asked(here.shop, asked, open).map(|one| one.slot.clone()).collect()
    }

    /// What there is in a state under the accounts asked for, whatever it is.
    pub(super) fn there<'a>(
        &'a self,
        shop: &'a Shop,
        asked: &'a Asked,
        open: Option<bool>,
    ) -> impl Iterator<Item = &'a FindingTally> {
        let is = move |one: &&FindingTally| {
            let account = shop.by_id(one.slot.account);
            open.is_none_or(|open| open == one.slot.open)
                && account.is_some_and(|account| {
                    asked.is("account", &account.name) && asked.is("channel", &account.channel)
                })
        };
        self.tallies.iter().filter(is)
    }
}

impl Listing for Findings {
    type Order = FindingOrder;
    type Kept = KeptFinding;

    const PATH: &'static str = super::PATH;
    const FILE: &'static str = "findings";
    const STATES: &'static [Named<Option<bool>>] = &[
        ("open", Some(true), "열림", "Open"),
        ("closed", Some(false), "닫힘", "Closed"),
        ("all", None, "전체", "All"),
    ];
    const ORDERS: &'static [Named<FindingOrder>] = &[
        ("deadline", FindingOrder::Deadline, "기한", "Deadline"),
        ("opened", FindingOrder::Opened, "발견한 때", "Found"),
        ("changed", FindingOrder::Changed, "바뀐 때", "Changed"),
    ];
    const HEADINGS: &'static [(&'static str, &'static str)] = &[
        ("발견", "Finding"),
        ("주문번호", "Order"),
        ("계정", "Account"),
        ("채널", "Channel"),
        ("상태", "State"),
        ("귀책", "Fault"),
        ("기한", "Deadline"),
        ("걸린 금액", "Won at risk"),
        ("지연이자", "Interest"),
        ("내용", "What"),
        ("할 일", "To do"),
        ("발견한 때", "Found"),
        ("바뀐 때", "Changed"),
        ("식별자", "Id"),
    ];

    async fn open(here: Here<'_>, _: &Asked) -> Result<Self, Trouble> {
        let tallies = here.desk.ledger.finding_tallies(here.look.signed.seller).await?;
        Ok(Self { tallies })
    }

    fn tallied(&self, here: Here<'_>, view: &View<FindingOrder>, open: Option<bool>) -> u64 {
        self.asked(here.shop, &view.asked, open).map(|one| one.findings).sum()
    }

    async fn counted(
        &self,
        here: Here<'_>,
        view: &View<FindingOrder>,
        open: Option<bool>,
        most: usize,
    ) -> Result<u64, Trouble> {
        let (slots, between) = (self.slots(here, &view.asked, open), view.days.between());
        let seller = here.look.signed.seller;
        Ok(here.desk.ledger.count_findings(seller, &slots, view.order, between, most).await?)
    }

    async fn picked(
        &self,
        here: Here<'_>,
        view: &View<FindingOrder>,
        from: Option<Turn>,
        limit: usize,
    ) -> Result<Vec<KeptFinding>, Trouble> {
        let slots = self.slots(here, &view.asked, view.open);
        let between = view.days.between();
        let pick = FindingPick { slots, order: view.order, between, from, limit };
        Ok(here.desk.ledger.pick_findings(here.look.signed.seller, pick).await?)
    }

    fn spot(kept: &KeptFinding, order: FindingOrder) -> Spot {
        let at_ms = match order {
            FindingOrder::Deadline => {
                kept.finding.deadline.map_or(i64::MAX, Timestamp::as_millisecond)
            }
            FindingOrder::Opened => kept.opened_at.as_millisecond(),
            FindingOrder::Changed => kept.changed_at.as_millisecond(),
        };
        Spot { at_ms, id: kept.finding.id.clone() }
    }

    fn case(kept: &KeptFinding) -> &str {
        &kept.case
    }

    fn number(kept: &KeptFinding) -> &str {
        &kept.finding.order
    }

    fn cells(here: Here<'_>, kept: KeptFinding) -> Vec<Cell> {
        let Here { look, shop, .. } = here;
        let lang = look.lang;
        let account = shop.by_id(kept.account);
        let finding = kept.finding;
        let todo = words::todo(&finding, &shop.names, lang);
        let state = kept.standing.closed.map(|closed| words::closed(closed, lang));
        vec![
            Cell::Text(words::rule(finding.rule, lang)),
            Cell::Text(finding.order),
            Cell::Text(shop.names.name(kept.account)),
            Cell::Text(account.map(|account| channel(account, lang)).unwrap_or_default()),
            Cell::Text(state.unwrap_or(look.t("열림", "open")).to_owned()),
            Cell::Text(words::fault(words::fault_word(kept.fault.as_deref()), lang).to_owned()),
            Cell::Text(finding.deadline.map(when::kst).unwrap_or_default()),
            finding.won_at_risk.map_or(Cell::Text(String::new()), |won| Cell::Number(won.0)),
            finding.interest.map_or(Cell::Text(String::new()), |won| Cell::Number(won.0)),
            Cell::Text(lang.pick(&finding.sentence.ko, &finding.sentence.en).to_owned()),
            Cell::Text(todo),
            Cell::Text(when::kst(kept.opened_at)),
            Cell::Text(when::kst(kept.changed_at)),
            Cell::Text(finding.id),
        ]
    }
}
