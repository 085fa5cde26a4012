//! The one binary: `hoesu`.

mod account;
mod assess;
mod audit;
mod bench;
mod calendar;
mod case;
mod choose;
mod clock;
mod close;
mod collect;
mod command;
mod completions;
mod coverage;
mod demo;
mod doctor;
mod export;
mod failure;
mod finding;
mod findings;
mod generate;
mod given;
mod help;
mod import;
mod items;
mod key;
mod lang;
mod pick;
mod record;
mod refusals;
mod replay;
mod sandbox;
mod seller;
mod serve;
mod settings;
mod shell;
mod sign;
mod source;
mod table;
mod usage;
mod user;
mod when;
mod why;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::command::Cli;
use crate::failure::{Exit, Failure};
use crate::lang::Lang;
use crate::shell::Shell;

/// A request is some dozens of short-lived pieces on several threads, for which the system's allocator
/// is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let lang = Lang::of_process();
    let matches = match help::command(lang).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return usage::explain(&error, lang).into(),
    };
    let done = Cli::from_arg_matches(&matches)
        .map_err(|error| Failure::usage(error.to_string(), error.to_string()))
        .and_then(|cli| {
            let Cli { global, command } = cli;
            let (mut shell, command) = Shell::open(global, command, lang)?;
            let done = command::run(&mut shell, command);
            done.map_err(|failure| failure.in_language(shell.lang))
        });
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.print(lang);
            Exit::from(&failure).into()
        }
    }
}
