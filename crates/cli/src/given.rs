//! Values as they are given on the command line.

use hoesu_claims::time::{kst_midnight, parse_day, parse_time};
use hoesu_claims::{Moment, Rule};
use jiff::Timestamp;
use jiff::civil::Date;

/// `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Reads `NAME=VALUE`; the value may be empty and may hold further `=`.
pub(crate) fn pair(text: &str) -> Result<Pair, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok(Pair { name: name.to_owned(), value: value.to_owned() })
        }
        Some(_) | None => Err("NAME=VALUE".to_owned()),
    }
}

/// Reads an instant; without a zone it is KST.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    parse_time(text).ok_or_else(|| "2024-01-31T09:00:00+09:00, 2024-01-31T00:00:00Z".to_owned())
}

/// Reads a day that exists.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    parse_day(text).ok_or_else(|| "2024-01-31".to_owned())
}

/// Reads `NAME=INSTANT` or `NAME=DAY`; a day is its midnight in Korea.
pub(crate) fn mark(text: &str) -> Result<(Moment, Timestamp), String> {
    let Pair { name, value } = pair(text)?;
    let moment = Moment::from_name(&name).ok_or_else(|| {
        Moment::ALL.iter().map(|moment| moment.name()).collect::<Vec<_>>().join(", ")
    })?;
    let day = || parse_day(&value).and_then(kst_midnight);
    let at = parse_time(&value).or_else(day);
    at.map(|at| (moment, at)).ok_or_else(|| "2024-01-31, 2024-01-31T00:00:00Z".to_owned())
}

/// A rule, by its id.
pub(crate) fn rule(text: &str) -> Result<Rule, String> {
    Rule::from_id(text).ok_or_else(|| {
        let ids = Rule::ALL.map(Rule::id).join(", ");
        format!("no such rule; the rules are {ids}")
    })
}

/// Who sits before the shell.
pub(crate) fn user() -> String {
    ["LOGNAME", "USER"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|user| !user.trim().is_empty()))
        .unwrap_or_else(|| "cli".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_midnight_in_korea() {
        let at: Timestamp = "2024-01-30T15:00:00Z".parse().unwrap();
        assert_eq!(mark("confirmed=2024-01-31"), Ok((Moment::Confirmed, at)));
        assert_eq!(mark("closed=2024-01-31T00:00:00+09:00"), Ok((Moment::Closed, at)));
        assert!(mark("closed=2024-02-30").is_err());
        assert!(mark("tomorrow=2024-01-31").unwrap_err().contains("confirmed"));
    }

    #[test]
    fn a_value_may_hold_an_equals_sign() {
        assert_eq!(pair("a=b=c"), Ok(Pair { name: "a".into(), value: "b=c".into() }));
        assert!(pair("=b").is_err());
        assert!(pair("a").is_err());
    }
}
