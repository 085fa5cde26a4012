//! How a scenario is written, read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hoesu_channels::by_id;
use hoesu_claims::case::{ItemMap, Telling};
use hoesu_claims::fact::{DocumentRef, Said, dated};
use hoesu_claims::link::{Account, Book};
use hoesu_claims::time::{kst, kst_day, parse_day};
use hoesu_claims::{
    AccountId, Assessment, Calendar, Case, Document, Finding, Media, Policy, rules,
};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::{found_by, record};

/// Accounts every scenario has: name and channel.
const ACCOUNTS: [(&str, &str); 4] =
    [("coupang", "coupang"), ("ssg", "ssg"), ("3pfl", "coupang-3pfl"), ("poomgo", "poomgo")];

/// How the warehouse's names are mapped unless a scenario says otherwise.
const NAMES: &str = "쿠팡=coupang,SSG.COM=ssg,3PFL=3pfl";

/// One of them.
pub(crate) struct Scenario {
    pub(crate) name: String,
    pub(crate) book: Book,
    pub(crate) items: ItemMap,
    pub(crate) policy: Policy,
    pub(crate) calendar: Calendar,
    tellings: Vec<Telling>,
    pub(crate) checks: Vec<Check>,
}

/// What must be found at an instant.
pub(crate) struct Check {
    pub(crate) at: Timestamp,
    pub(crate) expected: Vec<String>,
}

impl Scenario {
    pub(crate) fn told_until(&self, at: Timestamp) -> Vec<Telling> {
        let heard = self.tellings.iter().enumerate();
        let heard = heard.filter(|(_, telling)| telling.observed_at <= at);
        heard.map(|(nth, telling)| self.dated(nth, telling)).collect()
    }

    /// A telling, dated by what its document told before.
    fn dated(&self, nth: usize, telling: &Telling) -> Telling {
        let of = |other: &&Telling| {
            let (one, other) = (&telling.document, &other.document);
            (one.account, &one.kind, &one.key) == (other.account, &other.kind, &other.key)
        };
        let before = self.tellings[..nth].iter().filter(of);
        let said: Vec<Said> = before
            .map(|one| Said { facts: one.facts.clone(), last_heard_at: one.observed_at })
            .collect();
        Telling { facts: dated(telling.facts.clone(), &said), ..telling.clone() }
    }

    /// What a case shows of something a scenario asks about; `None` if it is no such question, or
    /// about another case.
    pub(crate) fn shown(
        &self,
        case: &Case,
        said: &Assessment,
        at: Timestamp,
        wanted: &str,
    ) -> Option<String> {
        let mut words = wanted.split_whitespace();
        match words.next()? {
            "case" if case.key.text() == Self::key(wanted) => {
                let tracks = case.tracks;
                let tracks = [
                    serde_json::to_string(&tracks.claim).unwrap(),
                    serde_json::to_string(&tracks.goods).unwrap(),
                    serde_json::to_string(&tracks.money).unwrap(),
                ];
                let tracks = tracks.join(" ").replace('"', "");
                Some(format!("case {} {tracks}", words.next()?))
            }
            "count" => {
                let balance = case.balances.first()?;
                let told: Vec<String> = words
                    .filter_map(|word| {
                        let name = word.split('=').next()?;
                        let value = match name {
                            "ordered" => balance.ordered.map_or("?".into(), |n| n.to_string()),
                            "cancelled" => balance.cancelled.to_string(),
                            "asked" => balance.cancel_asked.to_string(),
                            "claimed" => balance.claimed.map_or("?".into(), |n| n.to_string()),
                            "sent" => balance.sent.to_string(),
                            "held" => balance.held.to_string(),
                            "arrived" => balance.arrived.to_string(),
                            "good" => balance.good.to_string(),
                            "unsellable" => balance.unsellable.to_string(),
                            "refunded" => {
                                case.lines.iter().map(|line| line.refunded).sum::<u32>().to_string()
                            }
                            _ => panic!("{}: count {name}?", self.name),
                        };
                        Some(format!("{name}={value}"))
                    })
                    .collect();
                Some(format!("count {}", told.join(" ")))
            }
            "refund" => {
                let refunds = rules::refunds(case, &self.calendar, kst_day(at));
                let one = refunds.into_iter().find(|one| wanted.contains(&one.claim))?;
                let interest = one.interest.map_or("unknown".into(), |won| won.0.to_string());
                let (due, days) = (one.clock.due, one.days_overdue);
                Some(format!("refund {} due={due} days={days} interest={interest}", one.claim))
            }
            "wake" => said.wake_at.map(|at| format!("wake {}", minute(at))),
            _ => None,
        }
    }

    fn key(wanted: &str) -> String {
        let key = wanted.split_whitespace().nth(1).unwrap_or_default();
        let mut parts: Vec<String> = key.split('/').map(str::to_owned).collect();
        parts[1] = account(&parts[1]).0.to_string();
        parts.join("/")
    }
}

/// A finding as a scenario writes it: with a deadline and won where it asks for them.
pub(crate) fn finding_line(finding: &Finding, wanted: &str) -> String {
    let mut line = format!("{} {}", finding.rule.id(), finding.about);
    if wanted.contains(" until ") {
        let shown = |at| {
            let is_minute =
                wanted.split(" until ").nth(1).is_some_and(|day| day.get(10..11) == Some("T"));
            if is_minute { minute(at).replace(' ', "T") } else { kst_day(at).to_string() }
        };
        let day = finding.deadline.map_or("never".into(), shown);
        write!(line, " until {day}").unwrap();
    }
    if wanted.contains(" won ") {
        let won = finding.won_at_risk.map_or("unknown".into(), |won| won.0.to_string());
        write!(line, " won {won}").unwrap();
    }
    if wanted.contains(" interest ") {
        let won = finding.interest.map_or("unknown".into(), |won| won.0.to_string());
        write!(line, " interest {won}").unwrap();
    }
    if wanted.contains(" do ") {
        let proposed = serde_json::to_value(&finding.proposed).unwrap();
        write!(line, " do {}", proposed["action"].as_str().unwrap_or("nothing")).unwrap();
    }
    if let Some((_, quoted)) = wanted.split_once(" with ").filter(|_| !wanted.contains(" says ")) {
        let proposed = serde_json::to_string(&finding.proposed).unwrap();
        write!(line, " with {}", if proposed.contains(quoted) { quoted } else { &proposed })
            .unwrap();
    }
    if let Some((_, quoted)) = wanted.split_once(" says ") {
        let said = finding.sentence.ko.contains(quoted);
        write!(line, " says {}", if said { quoted } else { &finding.sentence.ko }).unwrap();
    }
    line
}

fn minute(at: Timestamp) -> String {
    hoesu_claims::time::KST.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

fn account(name: &str) -> AccountId {
    let at = ACCOUNTS.iter().position(|(known, _)| *known == name);
    AccountId(at.unwrap_or_else(|| panic!("{name} is no account")) as i64 + 1)
}

pub(crate) fn parse(text: &str) -> Vec<Scenario> {
    let parts = text.split("\n== ").map(|part| part.trim_start_matches("== "));
    parts.filter(|part| part.contains('\n')).map(parse_one).collect()
}

fn parse_one(text: &str) -> Scenario {
    let (name, lines) = text.split_once('\n').unwrap();
    let (mut names, mut pickup, mut suffix) = (NAMES.to_owned(), String::new(), String::new());
    let mut choices = Vec::new();
    let mut scenario = Scenario {
        name: name.trim().to_owned(),
        book: Book::default(),
        items: ItemMap::default(),
        policy: Policy::default(),
        calendar: Calendar::default(),
        tellings: Vec::new(),
        checks: Vec::new(),
    };
    let mut versions: BTreeMap<(AccountId, String, String), i64> = BTreeMap::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if let Some(expected) = line.strip_prefix("  ") {
            let check = scenario.checks.last_mut().expect("an instant before what is expected");
            check.expected.push(expected.trim().to_owned());
            continue;
        }
        let (first, rest) = line.split_once(' ').expect("a line has words");
        let words: Vec<&str> = rest.split_whitespace().collect();
        match first {
            "@" => scenario.checks.push(Check { at: instant(rest), expected: Vec::new() }),
            "names" => rest.clone_into(&mut names),
            "pickup" => rest.clone_into(&mut pickup),
            "suffix" => rest.clone_into(&mut suffix),
            "map" => {
                let pieces = words[3].trim_start_matches('x').parse().unwrap();
                scenario.items.add(account(words[0]), words[1], words[2], pieces);
            }
            "choose" => choices.push((words[0].to_owned(), account(words[1]))),
            "holiday" => scenario.calendar.add(parse_day(words[0]).unwrap(), "임시공휴일"),
            _ => {
                let at = instant(&format!("{first} {}", words[0]));
                let telling = heard(at, &words[1..], &mut versions, &scenario.name);
                scenario.tellings.push(telling);
            }
        }
    }
    let accounts = ACCOUNTS.iter().map(|(name, channel)| {
        let trade = by_id(channel).expect("a channel").trade();
        let channel_names = if trade.sells() { String::new() } else { names.clone() };
        let (pickup_cutoff, order_suffix) = (pickup.clone(), suffix.clone());
        let name_of = (*name).to_owned();
        let known = Account { trade, name: name_of, channel_names, pickup_cutoff, order_suffix };
        (account(name), known)
    });
    scenario.book = Book::new(accounts);
    for (order, sales) in choices {
        scenario.book.choose(account("poomgo"), order, sales);
    }
    scenario
}

/// What was heard on a line: as a document, through the channel's own reading of it.
fn heard(
    at: Timestamp,
    words: &[&str],
    versions: &mut BTreeMap<(AccountId, String, String), i64>,
    name: &str,
) -> Telling {
    let [who, what, told @ ..] = words else { panic!("{name}: who said what?") };
    let (body, marks) = record::record(who, what, at, told);
    let account = account(who);
    let channel = by_id(ACCOUNTS[account.0 as usize - 1].1).unwrap();
    let body = body.to_string().into_bytes();
    let reading = channel.read(Media::Json, &body);
    let reading = reading.unwrap_or_else(|refusal| panic!("{name}: {who} {what}: {refusal:?}"));
    let (kind, key) = (reading.kind.to_owned(), reading.key);
    let version = versions.entry((account, kind.clone(), key.clone())).or_default();
    *version += 1;
    let document = Document {
        key: key.clone(),
        version: *version,
        seq: 0,
        media: Media::Json,
        body,
        marks,
        observed_at: at,
    };
    let facts = channel.facts(&kind, &document);
    found_by::assert_found_by_its_keys(&facts, &reading.found, name);
    let document = DocumentRef { account, kind, key, version: *version };
    Telling { document, observed_at: at, facts }
}

/// `2024-01-02 10:00`, in Korea.
pub(crate) fn instant(text: &str) -> Timestamp {
    let text = text.trim();
    let local: DateTime = text.parse().unwrap_or_else(|_| panic!("{text} is no time"));
    kst(local).unwrap()
}
