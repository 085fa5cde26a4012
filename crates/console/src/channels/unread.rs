//! What nobody can read: codes and fields no contract knows, each with how often it stands open.

use hoesu_channels::Desk;
use hoesu_claims::Rule;
use hoesu_claims::time::Between;
use hoesu_ledger::overview::{FindingOrder, FindingPick};

use crate::look::Look;
use crate::shop::{Shop, case_path};
use crate::trouble::Trouble;
use crate::{when, words};

/// Findings gone through: the last ones.
const LOOKED_AT: usize = 500;

/// Different values shown.
const SHOWN: usize = 50;

/// A value that nobody can read, and where it was met.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) account: String,
    /// The kind of document.
    pub(crate) kind: String,
    /// Where in it, in the channel's spelling.
    pub(crate) path: String,
    /// The code; empty for an unknown field or form.
    pub(crate) code: String,
    pub(crate) findings: String,
    /// The order it was met in last.
    pub(crate) order: String,
    pub(crate) href: String,
    pub(crate) since: String,
}

/// What stands open of it in a seller's books, the last met first.
pub(crate) async fn unread(desk: &Desk, look: &Look, shop: &Shop) -> Result<Vec<Unread>, Trouble> {
    let tallies = desk.ledger.finding_tallies(look.signed.seller).await?;
    let slots = tallies.into_iter().map(|one| one.slot);
    let pick = FindingPick {
        slots: slots.filter(|slot| slot.open && slot.rule == Rule::Unrecognised).collect(),
        order: FindingOrder::Opened,
        between: Between::default(),
        from: None,
        limit: LOOKED_AT,
    };
    let kept = desk.ledger.pick_findings(look.signed.seller, pick).await?;
    // There may be more of what is met most.
    let more = if kept.len() == LOOKED_AT { "+" } else { "" };
    let mut met: Vec<(_, _, u64)> = Vec::new();
    for one in &kept {
        let about = (one.account, one.finding.about.as_str());
        match met.iter_mut().find(|(known, ..)| *known == about) {
            Some((_, (_, first), findings)) => {
                *first = one.opened_at.min(*first);
                *findings += 1;
            }
            None => met.push((about, (one, one.opened_at), 1)),
        }
    }
    let told = met.into_iter().take(SHOWN).map(|((account, about), (last, first), findings)| {
        let account = shop.names.name(account);
        let (kind, path, code) = parts(about);
        Unread {
            href: case_path(&account, &last.finding.order),
            findings: format!("{}{more}", words::count(findings)),
            order: last.finding.order.clone(),
            since: when::short(first, shop.now),
            account,
            kind,
            path,
            code,
        }
    });
    Ok(told.collect())
}

/// What a finding is about: `kind/path` or `kind/path=code`.
fn parts(about: &str) -> (String, String, String) {
    let (kind, rest) = about.split_once('/').unwrap_or(("", about));
    let (path, code) = rest.split_once('=').unwrap_or((rest, ""));
    (kind.to_owned(), path.to_owned(), code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_about_is_told_in_its_parts() {
        let told = |about| {
            let (kind, path, code) = parts(about);
            [kind, path, code].join("|")
        };
        assert_eq!(told("ticket/type=EXCHANGE"), "ticket|type|EXCHANGE");
        assert_eq!(told("return/returnItems[].cancelCount"), "return|returnItems[].cancelCount|");
        assert_eq!(told("cancel/a=b=c"), "cancel|a|b=c");
    }
}
