//! The item map as it fits one case: only where it settles which pieces of the warehouse are meant.

use std::collections::{BTreeMap, BTreeSet};

use super::goods::Resources;
use super::{Case, ItemMap, LineOf, Unit, line_key};
use crate::fact::{Line, Quantity};
use crate::link::CaseKey;

/// The item map, if it knows every line: by line, the units in one piece.
pub(super) struct Mapped {
    /// What the warehouse has.
    pub(super) resources: Resources,
    lines: BTreeMap<String, BTreeMap<Unit, Quantity>>,
}

impl Mapped {
    pub(super) fn of(case: &Case, items: &ItemMap) -> Option<Self> {
        let CaseKey::Sale { account, .. } = case.key else { return None };
        let lines = case.lines.iter().map(|line| Some((line, items.of(account, &line.line)?)));
        let lines: Vec<(&LineOf, &BTreeMap<String, Quantity>)> = lines.collect::<Option<_>>()?;
        let resources = Resources::of(case);
        let unit = |text: &String| {
            Unit::Resource(
                resources.named(text).map_or_else(|| text.clone(), |at| resources.label(at)),
            )
        };
        let lines = lines.into_iter().map(|(line, within)| {
            let within = within.iter().map(|(text, pieces)| (unit(text), *pieces)).collect();
            (line_key(&line.line), within)
        });
        let map = Self { lines: lines.collect(), resources };
        (!map.lines.is_empty() && map.fits(case)).then_some(map)
    }

    /// Whether what the warehouse has can be told apart as the map does: everything has a bar code or
    /// number, and nothing the map names is missing. Else a cancel could point past what is held.
    fn fits(&self, case: &Case) -> bool {
        let labels: BTreeSet<Unit> = self.resources.labels().map(Unit::Resource).collect();
        let mut wanted = self.lines.values().flat_map(BTreeMap::keys);
        let known = case.rows.is_empty() || wanted.all(|unit| labels.contains(unit));
        let told = case.rows.iter().all(|row| !row.items.is_empty());
        known && told && self.resources.are_named()
    }

    /// What is in one piece of a line.
    pub(super) fn within(&self, line: &Line) -> impl Iterator<Item = (&Unit, Quantity)> {
        let within = self.lines.get(&line_key(line));
        within.into_iter().flatten().map(|(unit, pieces)| (unit, *pieces))
    }
}
