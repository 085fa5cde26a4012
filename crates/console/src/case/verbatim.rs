//! The channels' own words beside what was understood of them, version by version.

use std::collections::{BTreeMap, BTreeSet};

use hoesu_channels::people::{Shown, masked};
use hoesu_claims::fact::DocumentRef;
use hoesu_claims::{Case, Document};
use hoesu_engine::told::{DocumentId, happened};

use crate::look::Look;
use crate::shop::{Shop, channel};
use crate::when;

/// All versions of a document, the latest first.
pub(crate) struct Sheaf {
    pub(crate) anchor: String,
    /// As addresses name it.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) from: String,
    pub(crate) versions: Vec<Version>,
    /// What was understood of the current version.
    pub(crate) facts: Vec<String>,
}

/// A version.
pub(crate) struct Version {
    pub(crate) no: i64,
    pub(crate) at: String,
    pub(crate) is_current: bool,
    /// Whether something in it is masked.
    pub(crate) has_people: bool,
    /// Every value, with what changed since the version before.
    pub(crate) values: Vec<Value>,
    /// How many values changed.
    pub(crate) changed: usize,
}

/// A value of a version.
pub(crate) struct Value {
    pub(crate) path: String,
    pub(crate) text: String,
    /// What stood there before, if it changed.
    pub(crate) before: Option<String>,
    /// `new`, `changed`, `gone` or nothing.
    pub(crate) class: &'static str,
    pub(crate) masked: bool,
}

/// Where a document is on the page of its order.
pub(crate) fn anchor(document: &DocumentRef) -> String {
    format!("doc-{}", DocumentId::of(document))
}

impl Sheaf {
    pub(crate) fn of(
        look: &Look,
        shop: &Shop,
        case: &Case,
        at: usize,
        versions: &[Document],
    ) -> Self {
        let document = &case.documents[at];
        let account = shop.by_id(document.account);
        let known = account.and_then(|account| hoesu_channels::by_id(&account.channel));
        let mut shown: Vec<Vec<Shown>> = Vec::new();
        for version in versions {
            let values = known.map(|one| masked(one.capabilities(), version.media, &version.body));
            shown.push(values.unwrap_or_default());
        }
        let told = versions.iter().enumerate().map(|(nth, version)| {
            let before = nth.checked_sub(1).map(|before| shown[before].as_slice());
            let values = diff(before, &shown[nth]);
            Version {
                no: version.version,
                at: when::kst(version.observed_at),
                is_current: version.version == document.version,
                has_people: values.iter().any(|value| value.masked),
                changed: values.iter().filter(|value| !value.class.is_empty()).count(),
                values,
            }
        });
        let mut told: Vec<Version> = told.collect();
        told.reverse();
        let facts = case.timeline.iter().filter(|(by, _)| *by == at).filter_map(|(_, fact)| {
            let said = happened(&fact.tells)?;
            let clock = when::short(fact.when.at, shop.now);
            Some(format!("{clock} {}", look.t(&said.ko, &said.en)))
        });
        Self {
            anchor: anchor(document),
            id: DocumentId::of(document).to_string(),
            title: format!("{} {}", document.kind, document.key),
            from: account
                .map(|one| format!("{} · {}", one.name, channel(one, look.lang)))
                .unwrap_or_default(),
            versions: told,
            facts: facts.collect(),
        }
    }
}

/// Every value of a version with what became of it since the one before; what is gone comes last. Of the
/// first version nothing is new.
fn diff(before: Option<&[Shown]>, now: &[Shown]) -> Vec<Value> {
    let known: BTreeMap<&str, &Shown> =
        before.unwrap_or_default().iter().map(|value| (value.path.as_str(), value)).collect();
    let paths: BTreeSet<&str> = now.iter().map(|value| value.path.as_str()).collect();
    let value = |shown: &Shown, before: Option<String>, class| Value {
        path: shown.path.clone(),
        text: shown.text.clone(),
        before,
        class,
        masked: shown.is_masked,
    };
    let mut values: Vec<Value> = now
        .iter()
        .map(|shown| match known.get(shown.path.as_str()) {
            Some(old) if old.text != shown.text => value(shown, Some(old.text.clone()), "changed"),
            Some(_) => value(shown, None, ""),
            None => value(shown, None, if before.is_some() { "new" } else { "" }),
        })
        .collect();
    let gone = known.values().filter(|old| !paths.contains(old.path.as_str()));
    values.extend(gone.map(|old| value(old, None, "gone")));
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(path: &str, text: &str) -> Shown {
        Shown { path: path.to_owned(), text: text.to_owned(), holds: None, is_masked: false }
    }

    #[test]
    fn a_version_says_what_changed_came_and_went() {
        let before = [shown("a", "1"), shown("b", "2"), shown("c", "3")];
        let now = [shown("a", "1"), shown("b", "9"), shown("d", "4")];
        let told: Vec<_> = diff(Some(&before), &now)
            .into_iter()
            .map(|value| (value.path, value.class, value.before))
            .collect();
        let expected = [
            ("a", "", None),
            ("b", "changed", Some("2".to_owned())),
            ("d", "new", None),
            ("c", "gone", None),
        ];
        assert_eq!(told, expected.map(|(path, class, old)| (path.to_owned(), class, old)));
        assert!(diff(None, &now).iter().all(|value| value.class.is_empty()));
    }
}
