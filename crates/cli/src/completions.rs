//! `hoesu completions`: what a shell needs to complete our commands.

use clap::Args;
use clap_complete::Shell as Language;

use crate::failure::{Exit, Failure, Result};
use crate::help;
use crate::shell::Shell;

/// Print the completion script of a shell: bash, zsh, fish, elvish, powershell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell.
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    language: Language,
}

impl Completions {
    pub(crate) fn run(self, shell: &Shell) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(
            self.language,
            &mut help::command(shell.lang),
            "hoesu",
            &mut script,
        );
        std::io::Write::write_all(&mut std::io::stdout().lock(), &script)
            .map_err(|error| Failure::output(&error))?;
        Ok(Exit::Done)
    }
}
