//! `hoesu collect`: read what the channels say, now.

use std::sync::Arc;

use clap::Args;
use hoesu_channels::Clock;
use hoesu_channels::connect::failure_title;
use hoesu_claims::time::kst_midnight;
use hoesu_engine::Collector;
use hoesu_engine::collect::{Collected, Only, Owner, Web};
use hoesu_ledger::Ledger;
use jiff::civil::Date;
use serde_json::json;
use tokio::sync::watch;

use crate::account::Whose;
use crate::failure::{Exit, Result, misuse};
use crate::given;
use crate::lang::{Lang, say};
use crate::pick;
use crate::serve;
use crate::shell::Shell;
use crate::table::table;

/// Read what the channels say, without a gap: until told to stop, or once.
#[derive(Debug, Args)]
pub(crate) struct Collect {
    /// Only this account; all that can be asked unless given.
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// Also what came before the account was made, from this day on.
    #[arg(long, value_name = "DAY", value_parser = given::day)]
    since: Option<Date>,
    /// Read everything that is due, say what came, and end; exit with 1 if something could not be read.
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    whose: Whose,
}

impl Collect {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let ledger = shell.existing_ledger().await?;
        let clock = shell.clock().await?;
        let only = self.only(&ledger).await?;
        let collector = collector(Arc::clone(&ledger), Arc::clone(&clock));
        if !self.once {
            serve::log(shell)?;
            shell.note(shell.lang.pick(
                "채널에 물어보고 있어요. Ctrl+C로 멈춰요",
                "asking the channels; Ctrl+C stops",
            ));
            let (end, ended) = watch::channel(());
            let (background, stopped) = (shell.background.clone(), serve::is_over(ended.clone()));
            let collecting = tokio::spawn(async move {
                let collect = || collector.run(only.clone(), serve::is_over(ended.clone()));
                background.run("collecting", collect, stopped).await;
            });
            serve::told_to_stop()?.await;
            drop(end);
            serve::finish(collecting).await;
            return Ok(Exit::Done);
        }
        let reports = collector.once(only).await?;
        let failed = reports.iter().any(|report| report.failure.is_some());
        if shell.json {
            shell.value(&json!({ "feeds": reports }))?;
        } else if reports.is_empty() {
            shell.note(nothing_asked(shell.lang));
        } else {
            shell.line(shown(&reports, shell.lang))?;
        }
        Ok(if failed { Exit::Failed } else { Exit::Done })
    }

    async fn only(&self, ledger: &Arc<Ledger>) -> Result<Only> {
        let since = match self.since {
            Some(day) => Some(kst_midnight(day).ok_or_else(|| {
                misuse!("{day}은 읽을 수 없는 날이에요", "{day} is no day that can be read from")
            })?),
            None => None,
        };
        let account = match &self.account {
            Some(name) => {
                let (_, account) =
                    pick::account(ledger, name, self.whose.seller.as_deref()).await?;
                Some((account.seller, account.id))
            }
            None => None,
        };
        Ok(Only { account, since })
    }
}

/// A worker that collects over the network, for this process.
pub(crate) fn collector(ledger: Arc<Ledger>, clock: Arc<dyn Clock>) -> Collector {
    let chance = || getrandom::u32().unwrap_or(u32::MAX / 2);
    Collector::new(ledger, clock, Arc::new(Web::new()), chance, Owner::this())
}

fn nothing_asked(lang: Lang) -> &'static str {
    lang.pick(
        "물어볼 수 있는 계정이 없어요. `hoesu coverage`가 이유를 알려 줘요",
        "there is no account that can be asked; `hoesu coverage` says why",
    )
}

fn shown(reports: &[Collected], lang: Lang) -> String {
    let headings = match lang {
        Lang::Ko => ["계정", "피드", "구간", "행", "새 원문", "바뀐 원문", "거절", "상태"],
        Lang::En => ["account", "feed", "spans", "rows", "new", "changed", "refused", "state"],
    };
    let rows = reports.iter().map(|report| {
        let Collected { account, feed, spans, rows, new, changed, refused, failure, left, .. } =
            report;
        let state = match (failure, left) {
            (Some(failure), _) => {
                let failure = failure_title(failure).map_or(*failure, |title| lang.title(title));
                say!(lang, "실패: {failure}", "failed: {failure}")
            }
            (None, true) => lang.pick("나중에 읽음", "left for later").to_owned(),
            (None, false) => lang.pick("다 읽음", "read").to_owned(),
        };
        let counts = [spans, rows, new, changed, refused].map(ToString::to_string);
        [account.clone(), feed.clone()].into_iter().chain(counts).chain([state]).collect()
    });
    table(headings, rows)
}
