//! `hoesu calendar`: the business days the refund clock counts.

mod days;

use clap::{Args, Subcommand};
use hoesu_claims::calendar::DayOff;
use hoesu_claims::refund_clock::{Clock, StartIs};
use jiff::civil::Date;
use serde::Serialize;

use crate::account::Whose;
use crate::failure::{Exit, Result};
use crate::given;
use crate::lang::{Lang, say};
use crate::shell::Shell;
use crate::table::table;
use crate::when;

/// Business days, by which the refund clock counts.
#[derive(Debug, Args)]
pub(crate) struct Calendar {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Say when a refund is due whose clock starts on a day.
    Due {
        /// The day it starts; it is not counted.
        #[arg(value_name = "DATE", value_parser = given::day)]
        start: Date,
        #[command(flatten)]
        whose: Whose,
    },
    /// Add a day that does not count, such as a temporary holiday.
    Add {
        /// The day.
        #[arg(value_name = "DATE", value_parser = given::day)]
        day: Date,
        /// What it is called.
        name: String,
        #[command(flatten)]
        whose: Whose,
    },
    /// List the days that were added.
    List {
        #[command(flatten)]
        whose: Whose,
    },
    /// Let a day that was added count again.
    Remove {
        /// The day.
        #[arg(value_name = "DATE", value_parser = given::day)]
        day: Date,
        #[command(flatten)]
        whose: Whose,
    },
}

/// The due day, and how it is counted.
#[derive(Debug, Serialize)]
struct Counted {
    start: Date,
    due: Date,
    business_days: Vec<Date>,
    days_off: Vec<Off>,
    /// Whether the holidays of all these years are known; if not, the due day may be later.
    holidays_known: bool,
}

/// A day that does not count.
#[derive(Debug, Serialize)]
struct Off {
    day: Date,
    why: Why,
    /// In Korean, as it is announced.
    name: String,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Why {
    Saturday,
    Sunday,
    Holiday,
    Added,
}

impl Off {
    fn of(day: Date, off: DayOff<'_>) -> Self {
        let why = match off {
            DayOff::Saturday => Why::Saturday,
            DayOff::Sunday => Why::Sunday,
            DayOff::Holiday(_) => Why::Holiday,
            DayOff::Added(_) => Why::Added,
        };
        Self { day, why, name: off.name().to_owned() }
    }

    fn text(&self, lang: Lang) -> &str {
        match self.why {
            Why::Saturday => lang.pick(&self.name, "Saturday"),
            Why::Sunday => lang.pick(&self.name, "Sunday"),
            Why::Holiday | Why::Added => &self.name,
        }
    }
}

impl Counted {
    fn of(start: Date, calendar: &hoesu_claims::Calendar) -> Self {
        // Every cause has the same term today; what starts the clock does not matter here.
        let clock = Clock::start(start, StartIs::GoodsBack, calendar);
        let (mut business_days, mut days_off) = (Vec::new(), Vec::new());
        for (day, off) in calendar.days(start, clock.due) {
            match off {
                Some(off) => days_off.push(Off::of(day, off)),
                None => business_days.push(day),
            }
        }
        let Clock { due, holidays_known, .. } = clock;
        Self { start, due, business_days, days_off, holidays_known }
    }

    /// Each day after the start with what it is, in order.
    fn days(&self, lang: Lang) -> Vec<Vec<String>> {
        let counted = self
            .business_days
            .iter()
            .zip(1..)
            .map(|(day, nth)| (*day, say!(lang, "영업일 {nth}일째", "business day {nth}")));
        let off = self.days_off.iter().map(|off| (off.day, off.text(lang).to_owned()));
        let mut days: Vec<(Date, String)> = counted.chain(off).collect();
        days.sort();
        days.into_iter().map(|(day, what)| vec![shown(day, lang), what]).collect()
    }
}

impl Calendar {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        match self.verb {
            Verb::Due { start, whose } => {
                let calendar = days::known(shell, whose.seller.as_deref()).await?;
                Counted::of(start, &calendar).tell(shell)
            }
            Verb::Add { day, name, whose } => {
                days::add(shell, day, name.trim(), whose.seller.as_deref()).await
            }
            Verb::List { whose } => days::list(shell, whose.seller.as_deref()).await,
            Verb::Remove { day, whose } => days::remove(shell, day, whose.seller.as_deref()).await,
        }
    }
}

impl Counted {
    fn tell(&self, shell: &Shell) -> Result<Exit> {
        let due = self;
        if shell.json {
            shell.value(due)?;
            return Ok(Exit::Done);
        }
        let (first, last) = (shown(due.start, shell.lang), shown(due.due, shell.lang));
        shell.line(say!(
            shell.lang,
            "{first}에 시작하면 {last}까지 환불해야 해요.",
            "A clock that starts on {first} is due on {last}."
        ))?;
        shell.line(table([], due.days(shell.lang)))?;
        if !due.holidays_known {
            shell.note(shell.lang.pick(
                "이 해의 공휴일은 아직 몰라서 주말만 뺐어요. 실제 기한은 더 늦을 수 있어요.",
                "The holidays of this year are not known, only weekends are left out; the due day may be later.",
            ));
        }
        Ok(Exit::Done)
    }
}

fn shown(day: Date, lang: Lang) -> String {
    format!("{day}({})", when::weekday(day, lang))
}
