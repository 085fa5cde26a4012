//! `hoesu audit`: the access log, read and verified without a server.

use clap::{Args, Subcommand};
use hoesu_claims::time::{kst_midnight, parse_day, parse_time};
use hoesu_ledger::{Anchor, Tampering};
use jiff::Timestamp;
use serde_json::json;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;
use crate::table::table;
use crate::when;

/// Lines shown unless told otherwise.
const SHOWN: usize = 100;

/// Who saw or changed what: show it, or verify that nobody changed what it says.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show the access log, newest first.
    Show {
        /// Only lines since this day or instant.
        #[arg(long, value_name = "WHEN", value_parser = since)]
        since: Option<Timestamp>,
        /// How many at most; 100 unless given.
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        #[command(flatten)]
        whose: Whose,
    },
    /// Verify that no line was changed or removed; ends with 1 if one was.
    Verify {
        /// What an earlier verification said, as NUMBER:VALUE: shows whether lines were cut off the end
        /// since.
        #[arg(long, value_name = "NO:HEAD")]
        expect: Option<Anchor>,
        #[command(flatten)]
        whose: Whose,
    },
}

fn since(text: &str) -> std::result::Result<Timestamp, String> {
    let day = || parse_day(text).and_then(kst_midnight);
    parse_time(text).or_else(day).ok_or_else(|| "2024-01-31, 2024-01-31T00:00:00Z".to_owned())
}

impl Audit {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        match self.verb {
            Verb::Show { since, limit, whose } => {
                show(shell, since, limit.unwrap_or(SHOWN), whose.seller.as_deref()).await
            }
            Verb::Verify { expect, whose } => {
                verify(shell, expect.as_ref(), whose.seller.as_deref()).await
            }
        }
    }
}

async fn show(
    shell: &Shell,
    since: Option<Timestamp>,
    limit: usize,
    of: Option<&str>,
) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let seller = pick::whose(&ledger, of).await?;
    let lines = ledger.accesses(seller.id, since, None, limit).await?;
    if shell.json {
        let lines: Vec<_> = lines
            .iter()
            .map(|line| {
                json!({
                    "no": line.no,
                    "at": line.at,
                    "who": line.who,
                    "origin": line.origin,
                    "what": line.what,
                    "whose": line.whose,
                    "reason": line.reason,
                })
            })
            .collect();
        shell.value(&lines)?;
        return Ok(Exit::Done);
    }
    let headings = [
        shell.lang.pick("번호", "no"),
        shell.lang.pick("때", "at"),
        shell.lang.pick("누가", "who"),
        shell.lang.pick("어디서", "from"),
        shell.lang.pick("무엇을", "what"),
        shell.lang.pick("누구의", "whose"),
        shell.lang.pick("왜", "why"),
    ];
    let rows = lines.into_iter().map(|line| {
        let why = line.reason.unwrap_or_else(|| "?".to_owned());
        let no = line.no.to_string();
        vec![no, when::kst(line.at), line.who, line.origin, line.what, line.whose, why]
    });
    shell.line(table(headings, rows))?;
    Ok(Exit::Done)
}

async fn verify(shell: &Shell, expect: Option<&Anchor>, of: Option<&str>) -> Result<Exit> {
    let ledger = shell.existing_ledger().await?;
    let sellers = match of {
        None if expect.is_none() => ledger.sellers().await?,
        of => vec![pick::whose(&ledger, of).await?],
    };
    let (mut exit, mut said) = (Exit::Done, Vec::new());
    for seller in sellers {
        let verified = ledger.verify_accesses(seller.id, expect).await?;
        let (name, lines, head) = (&seller.name, verified.lines, &verified.head);
        if verified.broken.is_some() {
            exit = Exit::Failed;
        }
        if shell.json {
            let broken = verified.broken.map(|broken| {
                let how = match broken.how {
                    Tampering::Missing => "missing",
                    Tampering::Changed => "changed",
                };
                json!({ "no": broken.no, "how": how })
            });
            said.push(json!({ "seller": name, "lines": lines, "head": head, "broken": broken }));
            continue;
        }
        shell.line(match verified.broken.map(|broken| (broken.no, broken.how)) {
            None => say!(
                shell.lang,
                "{name}: {lines}줄이 모두 그대로예요. {lines}:{head}",
                "{name}: all {lines} lines are as they were written. {lines}:{head}"
            ),
            Some((no, Tampering::Missing)) => say!(
                shell.lang,
                "{name}: {no}번 줄이 없어졌어요. 그 앞 {lines}줄은 그대로예요",
                "{name}: line {no} is missing; the {lines} before it are as they were written"
            ),
            Some((no, Tampering::Changed)) => say!(
                shell.lang,
                "{name}: {no}번 줄이 바뀌었어요. 그 앞 {lines}줄은 그대로예요",
                "{name}: line {no} was changed; the {lines} before it are as they were written"
            ),
        })?;
    }
    if shell.json {
        shell.value(&said)?;
    }
    Ok(exit)
}
