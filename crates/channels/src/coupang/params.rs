//! A query as its call means it: decoded, each parameter once, empty ones not there.

use super::refusal::Refused;
use crate::page;

/// The parameters of a query.
#[derive(Debug)]
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a raw query: any input is some query.
    pub(super) fn read(query: Option<&str>) -> Self {
        let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    /// A parameter's value, if it was given and is not empty.
    pub(super) fn get(&self, name: &str) -> Result<Option<&str>, Refused> {
        let mut values = self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() {
            return Err(Refused::parameter(format!("{name} may be given only once")));
        }
        Ok(value.map(String::as_str).filter(|value| !value.is_empty()))
    }

    /// A parameter that must be there.
    pub(super) fn require(&self, name: &str) -> Result<&str, Refused> {
        self.get(name)?.ok_or_else(|| {
            Refused::parameter(format!("Required String parameter '{name}' is not present"))
        })
    }

    /// A parameter that must be a whole number if it is there.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refused> {
        let number = |text| {
            page::number(text).ok_or_else(|| Refused::parameter(format!("{name} must be a number")))
        };
        self.get(name)?.map(number).transpose()
    }

    /// How many rows a page may have: 1 to `max`, `default` if nothing is said.
    pub(super) fn rows(&self, name: &str, default: usize, max: usize) -> Result<usize, Refused> {
        let Some(rows) = self.number(name)? else { return Ok(default) };
        usize::try_from(rows)
            .ok()
            .filter(|rows| (1..=max).contains(rows))
            .ok_or_else(|| Refused::parameter(format!("{name} must be between 1 and {max}")))
    }

    /// Refuses a parameter where it has no meaning.
    pub(super) fn refuse(&self, name: &str, beside: &str) -> Result<(), Refused> {
        match self.get(name)? {
            Some(_) => {
                Err(Refused::parameter(format!("{name} can't be used together with {beside}")))
            }
            None => Ok(()),
        }
    }
}

/// Percent-decoding as forms have it. What is no escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let nibble = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = if byte == b'%' { nibble(at + 1).zip(nibble(at + 2)) } else { None };
        at += if escaped.is_some() { 3 } else { 1 };
        out.push(match (escaped, byte) {
            (Some((high, low)), _) => (high << 4 | low) as u8,
            (None, b'+') => b' ',
            (None, byte) => byte,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parameters_are_decoded_and_empty_ones_are_not_there() {
        let params =
            Params::read(Some("a=2017-08-27T09%3A00&b=&c&d=1+2%2B3&e=100%&f=%zz%ea%b0%80"));
        assert_eq!(params.get("a"), Ok(Some("2017-08-27T09:00")));
        for absent in ["b", "c", "x"] {
            assert_eq!(params.get(absent), Ok(None));
        }
        assert_eq!(params.get("d"), Ok(Some("1 2+3")));
        assert_eq!(params.get("e"), Ok(Some("100%")));
        assert_eq!(params.get("f"), Ok(Some("%zz가")));
    }

    #[test]
    fn a_parameter_given_twice_is_refused_by_name() {
        let params = Params::read(Some("status=RU&status=UC"));
        assert_eq!(params.get("status"), Err(Refused::parameter("status may be given only once")));
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(query in ".{0,60}", escapes in "[%0-9a-f+&=]{0,40}") {
            for query in [&query, &escapes] {
                let params = Params::read(Some(query));
                let _ = (params.get("a"), params.number(""), params.rows("a", 1, 2));
            }
        }
    }
}
