//! `hoesu import`: what a channel said, from a file or a pipe into the ledger.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use hoesu_claims::Moment;
use hoesu_engine::{How, Progress, Report};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use crate::account::Whose;
use crate::failure::{Exit, Result, misuse};
use crate::lang::say;
use crate::pick;
use crate::shell::Shell;
use crate::source;
use crate::table::table;
use crate::why;

/// Refusals a person is shown.
const REFUSALS_SHOWN: usize = 20;

/// Put what a channel said into the ledger: its response bodies, or one document a line.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The account whose documents these are.
    account: String,
    /// JSON, NDJSON or XML, of any length; - reads standard input.
    file: PathBuf,
    /// When the channel said this; without a zone it is KST. Unless given, a row is as fresh as it says
    /// itself, and one that says nothing is of now.
    #[arg(long, value_name = "INSTANT", value_parser = crate::given::instant)]
    observed_at: Option<Timestamp>,
    /// What is known of all of them beside their bodies: confirmed=2024-01-31; repeatable.
    #[arg(long = "mark", value_name = "NAME=INSTANT|DAY", value_parser = crate::given::mark)]
    marks: Vec<(Moment, Timestamp)>,
    #[command(flatten)]
    whose: Whose,
}

impl Import {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        if self.observed_at.is_some_and(|at| hoesu_engine::is_ahead(at, shell.now)) {
            let now = shell.now;
            return Err(misuse!(
                "--observed-at이 아직 오지 않은 때예요 (지금은 {now}); 그때까지 그 뒤에 들은 것을 가리게 돼요",
                "--observed-at lies in the future (it is {now}); until then it would cover whatever is heard after it"
            ));
        }
        let ledger = shell.existing_ledger().await?;
        let (_, account) =
            pick::account(&ledger, &self.account, self.whose.seller.as_deref()).await?;
        let channel = pick::channel_of(&account)?;
        let (source, length) = source::open(&self.file)?;
        let bar = bar(shell, length);
        let how = How {
            observed_at: self.observed_at.unwrap_or(shell.now),
            as_rows_say: self.observed_at.is_none(),
            marks: self.marks.iter().copied().collect(),
            now: shell.now,
        };
        let watch = bar.clone();
        let progress = move |Progress { bytes, records }| {
            watch.set_position(bytes);
            watch.set_message(records.to_string());
        };
        let done = hoesu_engine::import(&ledger, channel, &account, source, &how, progress).await;
        bar.finish_and_clear();
        let mut report = done?;
        for refusal in &mut report.refusals {
            refusal.why = why::said(&refusal.why, shell.lang);
        }
        if shell.json {
            shell.value(&report)?;
        } else {
            tell(shell, &self.account, &report)?;
        }
        Ok(if report.refused > 0 { Exit::Refusals } else { Exit::Done })
    }
}

/// A progress bar, where somebody watches.
fn bar(shell: &Shell, length: Option<u64>) -> ProgressBar {
    if !shell.is_watched() || !std::io::stdout().is_terminal() && shell.json {
        return ProgressBar::hidden();
    }
    let records = shell.lang.pick("건", "records");
    let (bar, look) = match length {
        Some(length) => (
            ProgressBar::new(length),
            format!("{{bar:32}} {{bytes}}/{{total_bytes}} · {{msg}} {records} · {{eta}}"),
        ),
        None => (
            ProgressBar::new_spinner(),
            format!("{{spinner}} {{bytes}} · {{msg}} {records} · {{elapsed}}"),
        ),
    };
    if let Ok(style) = ProgressStyle::with_template(&look) {
        bar.set_style(style);
    }
    bar
}

fn tell(shell: &Shell, account: &str, report: &Report) -> Result<()> {
    let Report { read, new, changed, unchanged, refused, refusals } = report;
    shell.line(say!(
        shell.lang,
        "{read}건을 읽었어요: 새로 {new}건, 바뀜 {changed}건, 그대로 {unchanged}건, 거절 {refused}건",
        "read {read}: {new} new, {changed} changed, {unchanged} unchanged, {refused} refused"
    ))?;
    if refusals.is_empty() {
        return Ok(());
    }
    let headings = [
        shell.lang.pick("위치", "at"),
        shell.lang.pick("항목", "field"),
        shell.lang.pick("이유", "why"),
    ];
    let rows = refusals.iter().take(REFUSALS_SHOWN).map(|refusal| {
        vec![why::place(&refusal.at, shell.lang), refusal.field.clone(), refusal.why.clone()]
    });
    shell.line(table(headings, rows))?;
    shell.note(say!(
        shell.lang,
        "거절된 것은 봉인해 두었어요. `hoesu refusals {account}`로 볼 수 있어요.",
        "What was refused is kept, sealed: `hoesu refusals {account}` lists it."
    ));
    Ok(())
}
