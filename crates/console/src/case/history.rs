//! A finding with all that happened to it.

use hoesu_ledger::cases::{Happened, KeptFinding};
use jiff::Timestamp;

use crate::look::Look;
use crate::shop::Shop;
use crate::when::{self, Left};
use crate::words;

/// A finding as the page of its order tells it.
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) sentence: String,
    pub(crate) todo: String,
    pub(crate) won: String,
    pub(crate) left: Option<Left>,
    pub(crate) deadline: String,
    pub(crate) evidence: Vec<(String, String)>,
    pub(crate) steps: Vec<Step>,
    pub(crate) is_open: bool,
    /// Whether a person's look settles it, so that closing needs no force.
    pub(crate) looks: bool,
    pub(crate) urgency: (i64, String),
}

/// What happened to it.
pub(crate) struct Step {
    pub(crate) at: String,
    pub(crate) what: &'static str,
    pub(crate) who: String,
    pub(crate) why: String,
}

impl Told {
    pub(crate) fn of(look: &Look, shop: &Shop, kept: KeptFinding, happened: Vec<Happened>) -> Self {
        let (lang, now) = (look.lang, shop.now);
        let is_open = kept.standing.is_open();
        let finding = kept.finding;
        let deadline = finding.deadline.map_or(i64::MAX, Timestamp::as_millisecond);
        let step = |one: Happened| Step {
            at: when::short(one.at, now),
            what: words::event(one.event, lang),
            who: one.actor.unwrap_or_default(),
            why: one.reason.unwrap_or_default(),
        };
        let evidence = finding.evidence.iter().map(|document| {
            let id = super::verbatim::anchor(document);
            let (kind, key, version) = (&document.kind, &document.key, document.version);
            (id, format!("{} {kind} {key} v{version}", shop.names.name(document.account)))
        });
        Self {
            rule: words::rule(finding.rule, lang),
            sentence: words::sentence(&finding, lang),
            todo: words::todo(&finding, &shop.names, lang),
            won: words::risk(
                finding.won_at_risk.unwrap_or_default(),
                finding.interest.unwrap_or_default(),
                lang,
            ),
            left: finding.deadline.map(|at| when::left(at, now, lang)),
            deadline: finding.deadline.map(|at| when::short(at, now)).unwrap_or_default(),
            evidence: evidence.collect(),
            steps: happened.into_iter().map(step).collect(),
            is_open,
            looks: finding.rule.asks_for_a_look(),
            urgency: (deadline, finding.id.clone()),
            id: finding.id,
        }
    }
}
