//! What a list is asked for: the whole view stands in the address, and the address can be read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use hoesu_claims::time::{Between, kst_day, parse_day};
use hoesu_ledger::overview::{Spot, Turn};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

/// Rows of a page.
pub(crate) const ROWS: [usize; 3] = [50, 100, 200];

/// Parameters that tell of one page and not of the whole view.
const PAGE: [&str; 3] = ["after", "before", "done"];

/// The parameters of an address, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    path: &'static str,
    pairs: Vec<(String, String)>,
}

/// A span of days somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
}

impl Asked {
    /// What is asked of a page; parameters left empty are not asked.
    pub(crate) fn of(path: &'static str, pairs: Vec<(String, String)>) -> Self {
        let given = pairs.into_iter().filter(|(_, value)| !value.trim().is_empty());
        Self { path, pairs: given.collect() }
    }

    /// The first value of a parameter.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        let mut pairs = self.pairs.iter();
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter has this value among others.
    pub(crate) fn has(&self, name: &str, value: &str) -> bool {
        self.pairs.iter().any(|(known, given)| known == name && given == value)
    }

    /// Whether this value is asked for: by name, or because none is.
    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.one(name).is_none() || self.has(name, value)
    }

    /// How many rows a page has.
    pub(crate) fn rows(&self) -> usize {
        let asked = self.one("rows").and_then(|rows| rows.parse().ok());
        asked.filter(|rows| ROWS.contains(rows)).unwrap_or(ROWS[0])
    }

    /// How many different things narrow the list that its filters choose.
    pub(crate) fn narrowed(&self) -> usize {
        const OTHER: [&str; 4] = ["state", "by", "rows", "q"];
        // A span has two ends and is one thing.
        let names = self.view(&OTHER).map(|(name, _)| if name == "until" { "from" } else { name });
        names.collect::<BTreeSet<_>>().len()
    }

    /// From where the page is.
    pub(crate) fn from(&self) -> Option<Turn> {
        let after = || Some(Turn::After(spot(self.one("after")?)?));
        let before = || Some(Turn::Before(spot(self.one("before")?)?));
        after().or_else(before)
    }

    /// Which days: a word for the days until today, or from and until.
    pub(crate) fn days(&self, now: Timestamp) -> Days {
        let today = kst_day(now);
        let since = |from: Date| Days { from: Some(from), until: Some(today) };
        match self.one("days") {
            Some("today") => since(today),
            Some("week") => since(today.saturating_sub(6.days())),
            Some("month") => since(today.saturating_sub(1.month())),
            _ => {
                let day = |name| self.one(name).and_then(parse_day);
                Days { from: day("from"), until: day("until") }
            }
        }
    }

    /// The view from its first page, without some parameters and with others.
    pub(crate) fn with(&self, without: &[&str], with: &[(&str, &str)]) -> String {
        address(self.path, self.view(without).chain(with.iter().copied()))
    }

    /// The same view at another path.
    pub(crate) fn at(&self, path: &str, without: &[&str]) -> String {
        address(path, self.view(without))
    }

    fn view(&self, without: &[&str]) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        pairs.filter(|(name, _)| !PAGE.contains(name) && !without.contains(name))
    }
}

impl Days {
    pub(crate) fn between(self) -> Between {
        Between::kst_days(self.from, self.until)
    }

    pub(crate) const fn is_everything(self) -> bool {
        self.from.is_none() && self.until.is_none()
    }
}

/// An address with parameters.
pub(crate) fn address<'a>(
    path: &str,
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut out = path.to_owned();
    for (at, (name, value)) in pairs.into_iter().enumerate() {
        out.push(if at == 0 { '?' } else { '&' });
        out.push_str(&quoted(name));
        out.push('=');
        out.push_str(&quoted(value));
    }
    out
}

/// A text as it may stand in an address.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn spot(text: &str) -> Option<Spot> {
    let (at_ms, id) = text.split_once('.')?;
    Some(Spot { at_ms: at_ms.parse().ok()?, id: id.to_owned() })
}

/// A row's place, as an address has it.
pub(crate) fn place(spot: &Spot) -> String {
    format!("{}.{}", spot.at_ms, spot.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Asked {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Asked::of("/x", pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).collect())
    }

    #[test]
    fn an_address_keeps_what_it_was_asked_and_nothing_empty() {
        let asked = asked("rule=a&rule=b&q=&account=가 게");
        assert_eq!(asked.with(&[], &[]), "/x?rule=a&rule=b&account=%EA%B0%80%20%EA%B2%8C");
        assert_eq!(
            asked.with(&["rule"], &[("rule", "c")]),
            "/x?account=%EA%B0%80%20%EA%B2%8C&rule=c"
        );
        assert!(asked.has("rule", "b") && !asked.has("rule", "c"));
        assert_eq!(asked.at("/y", &["rule", "account"]), "/y");
        assert_eq!(asked.narrowed(), 2, "rules and accounts");
        let span = self::asked("from=2026-02-01&until=2026-02-02&by=opened");
        assert_eq!(span.narrowed(), 1);
    }

    #[test]
    fn another_view_begins_at_its_first_page() {
        let asked = asked("rule=a&after=5.x&done=1.0.0");
        assert_eq!(asked.with(&[], &[("rows", "100")]), "/x?rule=a&rows=100");
        assert_eq!(asked.at("/y", &[]), "/y?rule=a");
    }

    #[test]
    fn a_place_comes_back_as_it_was_written() {
        let spot = Spot { at_ms: i64::MAX, id: "refund-due:sale/1/5.0:claim".to_owned() };
        let read = asked(&format!("after={}", place(&spot))).from();
        assert_eq!(read, Some(Turn::After(spot.clone())));
        let read = asked(&format!("before={}", place(&spot))).from();
        assert_eq!(read, Some(Turn::Before(spot)));
        assert_eq!(asked("after=x.y").from(), None);
        assert_eq!((asked("rows=100").rows(), asked("rows=7").rows()), (100, 50));
    }

    #[test]
    fn days_end_today_in_korea() {
        let now: Timestamp = "2026-02-11T15:30:00Z".parse().unwrap();
        let days = asked("days=week").days(now);
        assert_eq!(days.from, Some(Date::constant(2026, 2, 6)));
        assert_eq!(days.until, Some(Date::constant(2026, 2, 12)));
        assert!(asked("days=all").days(now).is_everything());
        assert_eq!(asked("from=2026-02-01").days(now).until, None);
    }
}
