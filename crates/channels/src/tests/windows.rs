//! Windows: the longest the channel allows is accepted, a longer one refused, and nobody asks for it.

use hoesu_claims::time::kst_day;
use jiff::{SignedDuration, Timestamp};

use super::fair::{Fair, asked, variants};
use crate::Endpoint;
use crate::connect::tests::{answer, upstream};
use crate::connect::{Ask, Feed, Reading, Span, Step, Unsigned, Window};
use crate::trial::NOW;

/// The endpoint that answers a feed, as the capabilities have it.
pub(super) fn endpoint(fair: &Fair, feed: &'static Feed) -> &'static Endpoint {
    let channel = fair.trial.channel;
    let call = channel.connector().unwrap().put(&upstream(&fair.trial), &ask(feed, 1));
    let Unsigned { method, path, .. } = &call;
    let mut all = channel.capabilities().endpoints.iter();
    let found = all.find(|one| one.method == method.as_str() && fits(one.path, path));
    found.unwrap_or_else(|| panic!("{} asks {path}, which is no endpoint", feed.id))
}

/// Whether a path is one of a pattern in axum's spelling.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given || wanted.starts_with('{') => {}
            _ => return false,
        }
    }
}

/// The question for so many steps.
fn ask(feed: &'static Feed, steps: i64) -> Ask {
    let from = hoesu_claims::time::kst_midnight(kst_day(NOW)).unwrap();
    let length = SignedDuration::from_secs(feed.step.length().as_secs() * steps);
    let window = Window::covering(feed.step, Span { from, until: from + length }).unwrap();
    Ask::List { feed, window, part: feed.parts[0], page: None }
}

const fn steps(feed: &Feed, length: SignedDuration) -> i64 {
    length.as_secs() / feed.step.length().as_secs()
}

/// Whether a window of so many steps is answered with a page; a person must look otherwise, or the same
/// be asked again, but never is it a page.
async fn is_answered(fair: &Fair, feed: &'static Feed, steps: i64) -> bool {
    answer(&fair.trial, &ask(feed, steps)).await.is_ok()
}

#[tokio::test]
async fn the_longest_window_is_the_documented_one() {
    for channel in asked() {
        for settings in variants(channel) {
            let fair = Fair::empty(channel, &settings).await;
            for feed in channel.connector().unwrap().feeds() {
                let days = endpoint(&fair, feed).query_days_max;
                let name = format!("{} {}", channel.id(), feed.id);
                let ours = steps(feed, feed.window_max);
                assert!(is_answered(&fair, feed, ours).await, "{name} refuses what we ask");
                if days == 0 {
                    assert!(is_answered(&fair, feed, 12 * ours).await, "{name} has no longest");
                    continue;
                }
                let documented = SignedDuration::from_hours(24 * i64::from(days));
                assert!(feed.window_max <= documented, "{name} asks for more than is documented");
                // The last step named is inside, or it is the first one outside.
                let longest = match feed.step {
                    Step::Day => [i64::from(days), i64::from(days) + 1],
                    Step::Minute => [steps(feed, documented); 2],
                };
                assert!(is_answered(&fair, feed, longest[0]).await, "{name} refuses {days} days");
                assert!(!is_answered(&fair, feed, longest[1] + 1).await, "{name} takes more");
            }
        }
    }
}

#[tokio::test]
async fn nobody_asks_for_a_longer_window_and_none_that_is_asked_is_refused() {
    let from: Timestamp = NOW - SignedDuration::from_hours(24 * 45) - SignedDuration::from_secs(77);
    for channel in asked() {
        let fair = Fair::empty(channel, &variants(channel)[0]).await;
        for feed in channel.connector().unwrap().feeds() {
            let mut reading = Reading::newest_first(feed, Span { from, until: NOW });
            while let Some(ask) = reading.next_ask() {
                let Ask::List { window, .. } = &ask else { panic!("a list") };
                let span = window.span();
                assert!(span.until.duration_since(span.from) <= feed.window_max);
                reading.take(&answer(&fair.trial, &ask).await.unwrap()).unwrap();
            }
        }
    }
}
