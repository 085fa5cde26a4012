//! What a hub marked as read: what was shown before that must be kept.

use hoesu_channels::connect::Feed;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::hub::Hub;

/// How much earlier than it is shown a row may say that it happened: the fault that shows rows late.
const LATE: SignedDuration = SignedDuration::from_mins(10);

/// The feeds of every account, with the spans that were read of them.
pub(crate) struct Marked(Vec<Covered>);

struct Covered {
    account: String,
    feed: &'static Feed,
    spans: Vec<Span>,
}

struct Span {
    from: Timestamp,
    until: Timestamp,
    began: Timestamp,
}

impl Marked {
    /// What a hub says it has read.
    pub(crate) fn of<'a>(hub: &Hub, sellers: impl IntoIterator<Item = &'a String>) -> Self {
        let mut marked = Vec::new();
        for seller in sellers {
            let covered = hub.json(&["coverage", "--seller", seller]);
            for account in covered["accounts"].as_array().expect("accounts") {
                let text = |member: &str| account[member].as_str().expect("a text");
                let channel = hoesu_channels::by_id(text("channel")).expect("a channel");
                let Some(connector) = channel.connector() else { continue };
                for covered in account["feeds"].as_array().expect("feeds") {
                    let id = covered["feed"].as_str().expect("a text");
                    // Beside the connector's feeds there is the one that asks by number.
                    let Some(feed) = connector.feeds().iter().find(|feed| feed.id == id) else {
                        continue;
                    };
                    let spans = covered["spans"].as_array().expect("spans").iter().map(span);
                    let account = text("account").to_owned();
                    marked.push(Covered { account, feed, spans: spans.collect() });
                }
            }
        }
        Self(marked)
    }

    /// Whether every list that shows a kind was read, around an instant at which something of it was
    /// shown first, after that instant.
    pub(crate) fn was_read(&self, account: &str, kind: &str, shown: Timestamp) -> bool {
        let shows = |one: &&Covered| one.account == account && one.feed.kinds.contains(&kind);
        let mut lists = self.0.iter().filter(shows).peekable();
        lists.peek().is_some() && lists.all(|list| list.was_read(shown))
    }
}

impl Covered {
    fn was_read(&self, shown: Timestamp) -> bool {
        let mut at = shown.saturating_sub(LATE).expect("an instant");
        while at <= shown {
            let read = self
                .spans
                .iter()
                .find(|span| span.began > shown && span.from <= at && at < span.until);
            let Some(read) = read else { return false };
            at = read.until;
        }
        true
    }
}

fn span(span: &Value) -> Span {
    let at = |member: &str| {
        let text = span[member].as_str().expect("an instant");
        text.parse().expect("an instant")
    };
    Span { from: at("from"), until: at("until"), began: at("began") }
}
