//! When a person was here before: two instants in a cookie, which says nothing else.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};

use crate::look::cookie;

const VISIT: &str = "hoesu_visit";

/// Whoever was away this long comes for a new visit.
const AWAY: SignedDuration = SignedDuration::from_mins(30);

/// A visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Visit {
    /// When the visit before this one was over.
    pub(crate) before: Option<Timestamp>,
    /// When the person was seen last.
    seen: Timestamp,
}

pub(crate) fn of(headers: &HeaderMap, now: Timestamp) -> Visit {
    let instant = |text: &str| Timestamp::from_second(text.parse().ok()?).ok();
    let known = cookie(headers, VISIT).and_then(|text| text.split_once('.'));
    let known = known.map(|(before, seen)| (instant(before), instant(seen)));
    let before = match known {
        Some((_, Some(seen))) if now.duration_since(seen) >= AWAY => Some(seen),
        Some((before, _)) => before,
        None => None,
    };
    Visit { before, seen: now }
}

pub(crate) fn keep(visit: &Visit, response: &mut Response) {
    let before = visit.before.map(|at| at.as_second().to_string()).unwrap_or_default();
    let seen = visit.seen.as_second();
    let line =
        format!("{VISIT}={before}.{seen}; Path=/console; Max-Age=31536000; SameSite=Lax; HttpOnly");
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(text: &str, now: i64) -> Option<i64> {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(text).unwrap());
        let visit = of(&headers, Timestamp::from_second(now).unwrap());
        visit.before.map(Timestamp::as_second)
    }

    #[test]
    fn a_visit_goes_on_until_somebody_was_away() {
        assert_eq!(came("x=1", 10_000), None);
        assert_eq!(came("hoesu_visit=.10000", 10_060), None);
        assert_eq!(came("hoesu_visit=.10000", 12_000), Some(10_000));
        assert_eq!(came("hoesu_visit=10000.12000", 12_060), Some(10_000));
        assert_eq!(came("hoesu_visit=broken", 12_060), None);
    }
}
