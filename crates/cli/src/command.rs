//! The commands and the flags they share.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::failure::{Exit, Result, fail};
use crate::lang::Lang;
use crate::settings::Settings;
use crate::shell::Shell;
use crate::{
    account, assess, audit, bench, calendar, case, choose, close, collect, completions, coverage,
    demo, doctor, export, findings, generate, import, items, key, refusals, replay, sandbox,
    seller, serve, sign, user,
};

/// One view of cancels, returns and refunds over every sales channel.
#[derive(Debug, Parser)]
#[command(name = "hoesu", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Folder of the ledger; ./hoesu-data unless given.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// PostgreSQL database to keep the ledger in instead, as a URL.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database: Option<String>,
    /// File of the master key; master.key in the data folder unless given.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) master_key_file: Option<PathBuf>,
    /// Settings file (TOML); the environment (HOESU_…) and flags are stronger.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Go by the clock of the sandbox at this address, not by the system's.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) clock: Option<String>,
    /// Language of messages: ko or en.
    #[arg(long, global = true, value_name = "LANG", hide_possible_values = true)]
    pub(crate) lang: Option<Lang>,
    /// Answer in JSON, for programs.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What hoesu can be told to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Sandbox(sandbox::Sandbox),
    Seller(seller::Seller),
    Account(account::Account),
    Key(key::Key),
    User(user::User),
    Audit(audit::Audit),
    Collect(collect::Collect),
    Coverage(coverage::Coverage),
    Import(import::Import),
    Export(export::Export),
    Refusals(refusals::Refusals),
    Findings(findings::Findings),
    Close(close::Close),
    Assess(assess::Assess),
    Case(case::Case),
    Choose(choose::Choose),
    Items(items::Items),
    Calendar(calendar::Calendar),
    Replay(replay::Replay),
    Sign(sign::Sign),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
    Bench(bench::Bench),
    #[command(hide = true)]
    Generate(generate::Generate),
}

impl Command {
    /// Hands over the flags that are settings.
    pub(crate) fn take_settings(&mut self, flags: &mut Settings) {
        match self {
            Self::Serve(serve) => serve.take_settings(flags),
            Self::Demo(demo) => flags.listen = demo.listen.take(),
            Self::Sandbox(_)
            | Self::Seller(_)
            | Self::Account(_)
            | Self::Key(_)
            | Self::User(_)
            | Self::Audit(_)
            | Self::Collect(_)
            | Self::Coverage(_)
            | Self::Import(_)
            | Self::Export(_)
            | Self::Refusals(_)
            | Self::Findings(_)
            | Self::Close(_)
            | Self::Replay(_)
            | Self::Assess(_)
            | Self::Case(_)
            | Self::Choose(_)
            | Self::Items(_)
            | Self::Calendar(_)
            | Self::Sign(_)
            | Self::Doctor(_)
            | Self::Completions(_)
            | Self::Bench(_)
            | Self::Generate(_) => {}
        }
    }
}

/// Does what is asked.
pub(crate) fn run(shell: &mut Shell, command: Command) -> Result<Exit> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| {
        fail!("시작하지 못했어요 ({error})", "hoesu could not start its threads ({error})")
    })?;
    runtime.block_on(async {
        if shell.settings.clock.is_some() {
            shell.now = shell.clock().await?.now();
        }
        let shell = &*shell;
        match command {
            Command::Serve(serve) => serve.run(shell).await,
            Command::Demo(demo) => demo.run(shell).await,
            Command::Sandbox(sandbox) => sandbox.run(shell).await,
            Command::Seller(seller) => seller.run(shell).await,
            Command::Account(account) => account.run(shell).await,
            Command::Key(key) => key.run(shell).await,
            Command::User(user) => user.run(shell).await,
            Command::Audit(audit) => audit.run(shell).await,
            Command::Collect(collect) => collect.run(shell).await,
            Command::Coverage(coverage) => coverage.run(shell).await,
            Command::Import(import) => import.run(shell).await,
            Command::Export(export) => export.run(shell).await,
            Command::Refusals(refusals) => refusals.run(shell).await,
            Command::Findings(findings) => findings.run(shell).await,
            Command::Close(close) => close.run(shell).await,
            Command::Replay(replay) => replay.run(shell).await,
            Command::Assess(assess) => assess.run(shell).await,
            Command::Case(case) => case.run(shell).await,
            Command::Choose(choose) => choose.run(shell).await,
            Command::Items(items) => items.run(shell).await,
            Command::Calendar(calendar) => calendar.run(shell).await,
            Command::Sign(sign) => sign.run(shell).await,
            Command::Doctor(doctor) => doctor.run(shell).await,
            Command::Completions(completions) => completions.run(shell),
            Command::Bench(bench) => bench.run(shell).await,
            Command::Generate(generate) => generate.run(shell),
        }
    })
}
