//! A finding as lists show it.

use hoesu_ledger::cases::KeptFinding;

use crate::look::Look;
use crate::shop::{Shop, case_path};
use crate::when::{self, Left};
use crate::words;

/// A row.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) order: String,
    pub(crate) account: String,
    pub(crate) href: String,
    pub(crate) sentence: String,
    pub(crate) todo: String,
    pub(crate) won: String,
    pub(crate) left: Option<Left>,
    pub(crate) deadline: String,
    pub(crate) opened: String,
    pub(crate) closed: Option<&'static str>,
    pub(crate) changed: String,
}

impl Row {
    pub(crate) fn of(look: &Look, shop: &Shop, kept: KeptFinding) -> Self {
        let (lang, now) = (look.lang, shop.now);
        let finding = kept.finding;
        let account = shop.names.name(kept.account);
        let left = finding.deadline.map(|at| when::left(at, now, lang));
        Self {
            href: case_path(&account, &finding.order),
            rule: words::rule(finding.rule, lang),
            deadline: finding.deadline.map(|at| when::short(at, now)).unwrap_or_default(),
            left,
            sentence: words::sentence(&finding, lang),
            todo: words::todo(&finding, &shop.names, lang),
            won: words::risk(
                finding.won_at_risk.unwrap_or_default(),
                finding.interest.unwrap_or_default(),
                lang,
            ),
            opened: when::short(kept.opened_at, now),
            closed: kept.standing.closed.map(|closed| words::closed(closed, lang)),
            changed: when::short(kept.changed_at, now),
            id: finding.id,
            order: finding.order,
            account,
        }
    }
}
