//! `hoesu sandbox`: a simulated market behind the surfaces, over a ledger that is thrown away.

use std::net::SocketAddr;
use std::pin::pin;

use clap::{Args, ValueEnum};
use hoesu_claims::time::kst;
use hoesu_sandbox::{Error, Plan, Sandbox as Market, Seed};
use hoesu_server::Config;
use jiff::Timestamp;
use jiff::civil::{Date, time};

use crate::failure::{Exit, Failure, Result, fail, misuse};
use crate::given;
use crate::lang::say;
use crate::serve;
use crate::shell::Shell;
use crate::when;

/// Beside the address of `hoesu serve`, so that both can run.
const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8790);

/// Play a market for a client to be tested against; nothing is kept.
#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// Address to listen on; 127.0.0.1:8790 unless given.
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// The same seed, the same market and the same keys.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How many seconds of the market pass in one of the world's.
    #[arg(long, value_name = "NUMBER", default_value_t = 1.0)]
    speed: f64,
    /// How surfaces answer where documents and live answers differ: documented or measured.
    #[arg(long, value_name = "PROFILE", default_value = "documented", hide_possible_values = true)]
    profile: Profile,
    /// How many sellers, each with an account on every channel.
    #[arg(long, value_name = "COUNT", default_value_t = 3)]
    sellers: u32,
    /// Orders of one seller on one marketplace in a day.
    #[arg(long, value_name = "COUNT", default_value_t = 40)]
    orders: u32,
    /// The day the market's clock shows at first, at 09:00 in Korea; 2026-01-19 unless given.
    #[arg(long, value_name = "DATE", value_parser = given::day)]
    from: Option<Date>,
    /// How many days the market has been open by then.
    #[arg(long, value_name = "COUNT", default_value_t = 14)]
    days: u32,
    /// Leave answering claims to whoever calls.
    #[arg(long)]
    unstaffed: bool,
    /// Let the clock stand still until it is told to go.
    #[arg(long)]
    frozen: bool,
}

/// [`hoesu_sandbox::Profile`].
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Profile {
    Documented,
    Measured,
}

impl Sandbox {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        // Told to stop before there is anything to stop, it still takes its folder away.
        let mut stop = pin!(serve::told_to_stop()?);
        serve::log(shell)?;
        let config = Config { listen: self.listen.unwrap_or(LISTEN), tls: None };
        let bound = config.bind().await.map_err(|error| serve::could_not(&error))?;
        let market = tokio::select! {
            market = Market::open(self.plan()?) => market.map_err(could_not_play)?,
            () = &mut stop => return Ok(Exit::Done),
        };
        let seed = market.seed(&format!("http://{}", reachable(bound.address())));
        // The market goes on whether or not anybody reads this.
        let _ = if shell.json { shell.value(&seed) } else { show(shell, &seed) };
        hoesu_sandbox::serve(market, bound, stop).await;
        Ok(Exit::Done)
    }

    fn plan(&self) -> Result<Plan> {
        let from = match self.from {
            Some(day) => kst(day.to_datetime(time(9, 0, 0, 0))).ok_or_else(|| {
                misuse!("--from에 쓸 수 없는 날짜예요", "--from is no day a market can be on")
            })?,
            None => Plan::default().from,
        };
        Ok(Plan {
            seed: self.seed,
            from,
            days: self.days,
            sellers: self.sellers,
            orders_per_day: self.orders,
            staffed: !self.unstaffed,
            profile: match self.profile {
                Profile::Documented => hoesu_sandbox::Profile::Documented,
                Profile::Measured => hoesu_sandbox::Profile::Measured,
            },
            speed: self.speed,
            frozen: self.frozen,
        })
    }
}

/// An address as it is called: one that stands for all of a machine's is this machine's own.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    address
}

/// What can be done with the market, ready to paste.
fn show(shell: &Shell, seed: &Seed) -> Result<()> {
    let base = &seed.base_url;
    let now = when::kst(seed.plan.from);
    shell.line(say!(
        shell.lang,
        "# {base} 에서 시장이 열렸어요. 시장의 시각은 {now}(한국)부터예요.",
        "# A market is open at {base}. Its clock begins at {now} in Korea."
    ))?;
    shell.line(shell.lang.pick(
        "# hoesu가 이 시장을 수집하게 하려면 (다른 데이터 폴더에서):",
        "# To have hoesu collect from it (in a data folder of its own):",
    ))?;
    for command in seed.commands() {
        shell.line(command)?;
    }
    shell.line(format!("hoesu serve --clock {base}"))?;
    shell.line(
        shell.lang.pick("# 채널마다 서명된 호출 하나씩:", "# One call of each channel, signed:"),
    )?;
    for account in seed.sellers.iter().take(1).flat_map(|seller| &seller.accounts) {
        shell.line(&account.call)?;
    }
    shell.line(shell.lang.pick("# 시계와 장애와 진실:", "# The clock, faults and the truth:"))?;
    let later = seed.plan.from + jiff::SignedDuration::from_hours(24);
    for line in controls(base, later) {
        shell.line(line)?;
    }
    shell.line(
        shell.lang.pick(
            "# Ctrl+C로 끝내면 모두 사라져요.",
            "# Ctrl+C ends the market, and nothing stays.",
        ),
    )
}

fn controls(base: &str, later: Timestamp) -> [String; 5] {
    let control = format!("{base}/_sandbox");
    [
        format!("curl -s {control}/seed"),
        format!(r#"curl -s -X PUT {control}/clock -d '{{"now":"{later}"}}'"#),
        format!(
            r#"curl -s {control}/faults -d '{{"fault":"rate-limited","rate":0.1,"seconds":2}}'"#
        ),
        format!("curl -s '{control}/events?since=0&limit=20'"),
        format!("curl -s {control}/documents"),
    ]
}

fn could_not_play(error: Error) -> Failure {
    match error {
        Error::Ledger(error) => error.into(),
        Error::Folder(error) => fail!(
            "임시 폴더를 만들지 못했어요 ({error}). TMPDIR로 쓸 수 있는 폴더를 알려 주세요",
            "no temporary folder could be made ({error}); name a writable one by TMPDIR"
        ),
        Error::Impossible(why) => {
            misuse!("이런 시장은 만들 수 없어요 ({why})", "there can be no such market ({why})")
        }
    }
}

#[cfg(test)]
mod tests {
    use hoesu_claims::time::kst_day;

    use super::*;

    #[test]
    fn an_address_of_all_is_called_at_this_machine() {
        assert_eq!(reachable("0.0.0.0:1".parse().unwrap()), "127.0.0.1:1".parse().unwrap());
        assert_eq!(reachable("127.0.0.2:1".parse().unwrap()), "127.0.0.2:1".parse().unwrap());
    }

    #[test]
    fn the_day_a_market_begins_on_is_korean() {
        let at = kst("2026-01-19T09:00:00".parse().unwrap()).unwrap();
        assert_eq!(Plan::default().from, at);
        assert_eq!(kst_day(at).to_string(), "2026-01-19");
    }
}
