//! Three rails on one axis of time: the claim, the goods, the money.

use std::fmt::Write as _;

use hoesu_claims::Case;
use hoesu_claims::fact::{InvoiceStage, Source, Tells};
use hoesu_claims::rules::Refund;
use hoesu_claims::time::{kst_day, kst_midnight};
use hoesu_engine::told::{happened, words};
use jiff::{Timestamp, ToSpan as _};

use crate::lang::Lang;
use crate::shop::Shop;
use crate::when;

/// Where things are drawn, in units of the drawing.
const LEFT: f64 = 76.0;
const RIGHT: f64 = 984.0;
const LANES: [f64; 3] = [26.0, 66.0, 106.0];

/// What is nearer than this is one mark.
const NEAR: f64 = 15.0;

/// A drawing of the rails.
pub(crate) struct Strip {
    pub(crate) lanes: Vec<Lane>,
    pub(crate) ticks: Vec<Tick>,
    /// Where now is.
    pub(crate) now: String,
    /// Last days to refund.
    pub(crate) dues: Vec<Mark>,
}

/// A rail.
pub(crate) struct Lane {
    pub(crate) name: &'static str,
    pub(crate) class: &'static str,
    pub(crate) y: String,
    pub(crate) marks: Vec<Mark>,
}

/// A mark on a rail.
pub(crate) struct Mark {
    pub(crate) x: String,
    pub(crate) title: String,
    pub(crate) label: String,
    pub(crate) count: usize,
}

/// A day on the axis.
pub(crate) struct Tick {
    pub(crate) x: String,
    pub(crate) label: String,
}

/// What happened within a minute, rail by rail.
pub(crate) struct Moment {
    pub(crate) at: String,
    pub(crate) day: Option<String>,
    pub(crate) told: [Vec<Line>; 3],
}

/// One thing that happened.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) who: String,
    pub(crate) anchor: String,
    /// A detail of something else.
    pub(crate) minor: bool,
    /// When it was heard, since nobody tells when it was.
    pub(crate) heard: bool,
}

/// Which rail a fact belongs to; `None` for what is on none.
fn lane(tells: &Tells) -> Option<usize> {
    match tells {
        Tells::Links(_) => None,
        Tells::ClaimOpened { .. }
        | Tells::ClaimFault { .. }
        | Tells::ClaimLine { .. }
        | Tells::ClaimStage { .. }
        | Tells::LineWithdrawn { .. }
        | Tells::StopAsked { .. }
        | Tells::ReturnRequestedAtChannel { .. }
        | Tells::Placed
        | Tells::Ordered { .. }
        | Tells::LineStands { .. }
        | Tells::AddressChanged
        | Tells::Unrecognised { .. } => Some(0),
        Tells::ClaimCollection { .. }
        | Tells::ReturnWaybill { .. }
        | Tells::ReceivedAtChannel { .. }
        | Tells::Lost { .. }
        | Tells::Reshipped { .. }
        | Tells::Row { .. }
        | Tells::RowItem { .. }
        | Tells::Invoice { .. }
        | Tells::Ticket { .. }
        | Tells::TicketStage { .. }
        | Tells::Parcel { .. }
        | Tells::Arrived { .. } => Some(1),
        Tells::Paid
        | Tells::Priced { .. }
        | Tells::ClaimCharge { .. }
        | Tells::RefundSeen { .. }
        | Tells::PreRefunded { .. }
        | Tells::RowPaid { .. } => Some(2),
    }
}

/// Whether a fact only says more of another one.
const fn is_minor(tells: &Tells) -> bool {
    matches!(
        tells,
        Tells::Ordered { .. }
            | Tells::Priced { .. }
            | Tells::LineStands { .. }
            | Tells::ClaimLine { .. }
            | Tells::ClaimFault { .. }
            | Tells::ClaimCharge { .. }
            | Tells::ReturnWaybill { .. }
            | Tells::RowItem { .. }
            | Tells::RowPaid { .. }
    )
}

/// The word by which an event is known at a glance; empty for the others.
#[expect(clippy::wildcard_enum_match_arm, reason = "a strip has room for the turning points only")]
fn label(tells: &Tells, lang: Lang) -> String {
    let word = match tells {
        Tells::Placed => lang.pick("주문", "ordered"),
        Tells::Paid => lang.pick("결제", "paid"),
        Tells::ClaimOpened { kind, .. } => lang.title(words::claim_kind(*kind)),
        Tells::ClaimStage { stage, .. } => lang.title(words::claim_stage(*stage)),
        Tells::Invoice { stage: InvoiceStage::Closed, .. } => lang.pick("출고", "shipped"),
        Tells::Invoice { stage: InvoiceStage::Delivered, .. } => lang.pick("배송", "delivered"),
        Tells::Arrived { .. } | Tells::ReceivedAtChannel { .. } => lang.pick("입고", "arrived"),
        Tells::RefundSeen { .. } => lang.pick("환불", "refunded"),
        Tells::PreRefunded { .. } => lang.pick("선환불", "refunded ahead"),
        _ => "",
    };
    word.to_owned()
}

/// How wide a text is about, in units of the drawing.
fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 7.2 } else { 13.2 }).sum()
}

impl Strip {
    pub(crate) fn of(case: &Case, owed: &[Refund], now: Timestamp, lang: Lang) -> Self {
        let times = || case.timeline.iter().map(|(_, fact)| fact.when.at);
        let mut dues: Vec<(Timestamp, &Refund)> = Vec::new();
        for refund in owed.iter().filter(|refund| refund.refunded_on.is_none()) {
            let end = refund.clock.due.tomorrow().ok().and_then(kst_midnight);
            dues.extend(end.map(|end| (end, refund)));
        }
        let first = times().min().unwrap_or(now).as_second();
        let ends = times().chain([now]).chain(dues.iter().map(|(at, _)| *at));
        let last = ends.max().unwrap_or(now).as_second().max(first + 3_600);
        let x = |at: Timestamp| {
            LEFT + (at.as_second() - first) as f64 / (last - first) as f64 * (RIGHT - LEFT)
        };
        let shown = |x: f64| format!("{x:.1}");
        let names = [
            (lang.pick("클레임", "Claim"), "claim"),
            (lang.pick("상품", "Goods"), "goods"),
            (lang.pick("돈", "Money"), "money"),
        ];
        let lanes = names.into_iter().zip(LANES).enumerate().map(|(at, ((name, class), y))| {
            let mut marks: Vec<(f64, Mark)> = Vec::new();
            let mut free = 0.0;
            for (_, fact) in &case.timeline {
                if lane(&fact.tells) != Some(at) || is_minor(&fact.tells) {
                    continue;
                }
                let Some(said) = happened(&fact.tells) else { continue };
                let place = x(fact.when.at);
                let title =
                    format!("{} {}", when::kst(fact.when.at), lang.pick(&said.ko, &said.en));
                let word = label(&fact.tells, lang);
                let near = marks.last_mut().filter(|(known, _)| place - known < NEAR);
                if let Some((known, mark)) = near {
                    let _ = write!(mark.title, "\n{title}");
                    mark.count += 1;
                    if mark.label.is_empty() && *known - 4.0 >= free {
                        free = *known + width(&word) + 6.0;
                        mark.label = word;
                    }
                    continue;
                }
                let fits = place - 4.0 >= free && place + width(&word) < 1_000.0;
                let label = if fits { word } else { String::new() };
                if !label.is_empty() {
                    free = place + width(&label) + 6.0;
                }
                marks.push((place, Mark { x: shown(place), title, label, count: 1 }));
            }
            let marks = marks.into_iter().map(|(_, mark)| mark).collect();
            Lane { name, class, y: format!("{y:.0}"), marks }
        });
        let lanes = lanes.collect();
        let mut ticks = Vec::new();
        let (begin, end) = (Timestamp::from_second(first), Timestamp::from_second(last));
        if let (Ok(begin), Ok(end)) = (begin, end) {
            let days = (last - first) / 86_400 + 1;
            let step = [1, 2, 3, 7, 14, 30, 90, 365].into_iter().find(|step| days / step <= 11);
            let mut day = kst_day(begin).saturating_add(1.day());
            while let Some(at) = kst_midnight(day).filter(|at| *at < end) {
                ticks.push(Tick { x: shown(x(at)), label: day.strftime("%m-%d").to_string() });
                day = day.saturating_add(step.unwrap_or(365).days());
            }
        }
        let mark = |(at, refund): &(Timestamp, &Refund)| Mark {
            x: shown(x(*at).min(RIGHT)),
            title: format!(
                "{} {} {}",
                lang.pick("환불 기한", "refund due"),
                refund.clock.due,
                refund.claim
            ),
            label: lang.pick("기한", "due").to_owned(),
            count: 1,
        };
        Self { lanes, ticks, now: shown(x(now).min(RIGHT)), dues: dues.iter().map(mark).collect() }
    }
}

/// Everything that happened, by the minute, the first first.
pub(crate) fn moments(case: &Case, shop: &Shop, lang: Lang) -> Vec<Moment> {
    let mut moments: Vec<Moment> = Vec::new();
    let (mut minute, mut today) = (None, None);
    for (by, fact) in &case.timeline {
        let (Some(at), Some(said)) = (lane(&fact.tells), happened(&fact.tells)) else { continue };
        let this = fact.when.at.as_second().div_euclid(60);
        if minute != Some(this) {
            minute = Some(this);
            let day = kst_day(fact.when.at);
            let day = (today != Some(day)).then(|| {
                today = Some(day);
                when::day(day, lang)
            });
            let told = [Vec::new(), Vec::new(), Vec::new()];
            let clock = when::kst(fact.when.at);
            moments.push(Moment { at: clock[11..].to_owned(), day, told });
        }
        let document = case.documents.get(*by);
        let line = Line {
            text: lang.pick(&said.ko, &said.en).to_owned(),
            who: document.map(|one| shop.names.name(one.account)).unwrap_or_default(),
            anchor: document.map(super::verbatim::anchor).unwrap_or_default(),
            minor: is_minor(&fact.tells),
            heard: fact.when.source == Source::Observed,
        };
        let Some(moment) = moments.last_mut() else { continue };
        // One account's documents often tell the same of one minute.
        let same = |known: &Line| known.text == line.text && known.who == line.who;
        if !moment.told[at].iter().any(same) {
            moment.told[at].push(line);
        }
    }
    moments
}
