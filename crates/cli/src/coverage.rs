//! `hoesu coverage`: how far the channels are known.

use clap::Args;
use hoesu_engine::told::{self, AccountCoverage, FeedCoverage, Gap, SpanRead};
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result, fail};
use crate::lang::{Lang, say};
use crate::pick;
use crate::shell::Shell;
use crate::when::kst;

/// Gaps and readings shown of one feed; `--json` has all.
const SHOWN: usize = 5;

/// Show which spans of every feed were read, and what is missing; exit with 1 if a gap is older than
/// promised.
#[derive(Debug, Args)]
pub(crate) struct Coverage {
    /// Only this account.
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    #[command(flatten)]
    whose: Whose,
}

impl Coverage {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let seller = pick::whose(&ledger, self.whose.seller.as_deref()).await?;
        let now = shell.clock().await?.now();
        let mut accounts = told::coverage(&ledger, seller.id, now).await?;
        if let Some(name) = &self.account {
            accounts.retain(|one| one.account == *name);
            if accounts.is_empty() {
                return Err(fail!("{name} 계정이 없어요", "there is no account {name}"));
            }
        }
        let overdue = accounts.iter().flat_map(|one| &one.feeds).any(|feed| feed.overdue);
        if shell.json {
            let notices = told::notices(&ledger, seller.id, now).await?;
            shell.value(&json!({ "accounts": accounts, "notices": notices }))?;
        } else {
            for account in &accounts {
                shell.line(shown(account, shell.lang))?;
            }
        }
        Ok(if overdue { Exit::Failed } else { Exit::Done })
    }
}

fn shown(account: &AccountCoverage, lang: Lang) -> String {
    let AccountCoverage { account: name, channel, why_not, key_ends, held_until, feeds, .. } =
        account;
    let mut lines = vec![format!("{name} ({channel})")];
    if let Some(why) = why_not {
        let why = lang.pick(&why.ko, &why.en);
        lines.push(say!(lang, "  물어보지 않아요: {why}", "  not asked: {why}"));
    }
    if let Some(day) = key_ends {
        lines.push(say!(lang, "  키 만료: {day}", "  the key ends on {day}"));
    }
    if let Some(until) = held_until {
        let until = kst(*until);
        lines.push(say!(lang, "  {until}까지 채널을 쉬게 해요", "  left alone until {until}"));
    }
    for feed in feeds {
        lines.extend(of_feed(feed, lang));
    }
    lines.join("\n")
}

fn of_feed(feed: &FeedCoverage, lang: Lang) -> Vec<String> {
    let FeedCoverage { feed: id, title, overdue, complete_until, failures, .. } = feed;
    let name = lang.pick(&title.ko, &title.en);
    let until = kst(*complete_until);
    let why = feed.why.as_ref().map(|why| lang.pick(&why.ko, &why.en));
    let state = match (overdue, why.or(feed.failure.as_deref())) {
        (true, Some(why)) if *failures == 0 => say!(lang, "늦음 · {why}", "overdue · {why}"),
        (true, Some(failure)) => {
            say!(lang, "늦음 · {failure} {failures}번", "overdue · {failure}, {failures} times")
        }
        (true, None) => lang.pick("늦음", "overdue").to_owned(),
        (false, Some(failure)) => {
            say!(
                lang,
                "다시 시도 중 · {failure} {failures}번",
                "trying again · {failure}, {failures} times"
            )
        }
        (false, None) => lang.pick("최신", "fresh").to_owned(),
    };
    let mut lines = vec![say!(
        lang,
        "  {name} ({id}): {state} · {until}까지 확인",
        "  {name} ({id}): {state} · known until {until}"
    )];
    let gap = |Gap { from, until }: &Gap| {
        let (from, until) = (kst(*from), kst(*until));
        say!(lang, "    빈 구간 {from} – {until}", "    gap {from} – {until}")
    };
    // The last gap is what has not happened yet when it was last read.
    lines.extend(feed.gaps.iter().filter(|_| *overdue).take(SHOWN).map(gap));
    let read = |SpanRead { from, until, began, rows }: &SpanRead| {
        let (from, until, began) = (kst(*from), kst(*until), kst(*began));
        say!(
            lang,
            "    {began}에 {from} – {until}을 읽음 ({rows}행)",
            "    read {from} – {until} at {began} ({rows} rows)"
        )
    };
    lines.extend(feed.spans.iter().rev().take(SHOWN).map(read));
    lines
}
