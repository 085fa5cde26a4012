//! 해석 불가: a document carries a code or a field its contract does not know. Cleared when the contract
//! learns it.

use std::collections::BTreeMap;

use super::Rule;
use crate::assess::{Finding, Proposed, View};
use crate::case::Seen;

pub(super) fn speak(view: &View<'_>) -> Vec<Finding> {
    let mut found: BTreeMap<(&str, &str, Option<&str>), Vec<Seen>> = BTreeMap::new();
    for one in &view.case.unrecognised {
        let key = (one.kind.as_str(), one.path.as_str(), one.code.as_deref());
        found.entry(key).or_default().push(one.seen);
    }
    let told = found.into_iter().map(|((kind, path, code), seen)| {
        let since = seen.iter().map(|seen| seen.when.at).min().unwrap_or_default();
        let about =
            code.map_or_else(|| format!("{kind}/{path}"), |code| format!("{kind}/{path}={code}"));
        let (ko, en) = match (path, code) {
            ("", _) => {
                ("문서 전체를 읽을 수 없어요".to_owned(), "cannot be read at all".to_owned())
            }
            (path, Some(code)) => (
                format!("{path} 항목의 코드 {code}를 알 수 없어요"),
                format!("has the unknown code {code} in {path}"),
            ),
            (path, None) => (
                format!("{path} 항목을 알 수 없거나 형식이 달라요"),
                format!("has {path}, which is unknown or of another form"),
            ),
        };
        view.finding(Rule::Unrecognised, about, since)
            .seen_in(view, seen.iter().map(|seen| seen.by))
            .propose(Proposed::LearnContract { path: path.to_owned() })
            .says(
                format!("주문 {}: {kind} 문서에서 {ko}.", view.order()),
                format!("Order {}: a document ({kind}) {en}.", view.order()),
            )
    });
    told.collect()
}
