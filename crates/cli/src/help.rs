//! Help in either language. English stands beside each command and flag; Korean stands in one table.

mod korean;

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use crate::command::Cli;
use crate::lang::Lang;

/// The command line, in a language.
pub(crate) fn command(lang: Lang) -> Command {
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let root = Cli::command().disable_version_flag(true).arg(version.help("Print the version"));
    dress(root, "hoesu", lang)
}

/// Gives a command and what is under it the help of a language.
fn dress(command: Command, path: &str, lang: Lang) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let mut command = command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help.help("Print this help"))
        .mut_subcommands(|sub| {
            let path = format!("{path} {}", sub.get_name());
            dress(sub, &path, lang)
        });
    if lang == Lang::Ko {
        command = command
            .help_template("{about}\n\n사용법: {usage}\n\n{all-args}{after-help}")
            .subcommand_help_heading("명령")
            .mut_args(|arg| {
                let heading = if arg.is_positional() { "인자" } else { "옵션" };
                let help = korean::of(&format!("{path} {}", arg.get_id()))
                    .or_else(|| korean::of(arg.get_id().as_str()));
                match help {
                    Some(help) => arg.help(help).help_heading(heading),
                    None => arg.help_heading(heading),
                }
            });
        if let Some(about) = korean::of(path) {
            command = command.about(about);
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The keys of a command and of everything under it, with their English.
    fn walk(command: &Command, path: &str, found: &mut Vec<(String, String)>) {
        let english = command.get_about().map(ToString::to_string).unwrap_or_default();
        found.push((path.to_owned(), english));
        for arg in command.get_arguments() {
            let english = arg.get_help().map(ToString::to_string).unwrap_or_default();
            found.push((format!("{path} {}", arg.get_id()), english));
        }
        for sub in command.get_subcommands() {
            walk(sub, &format!("{path} {}", sub.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_argument_speaks_both_languages() {
        let mut found = Vec::new();
        walk(&command(Lang::En), "hoesu", &mut found);
        let mut used = BTreeSet::new();
        for (key, english) in &found {
            assert!(!english.is_empty(), "{key} has no English");
            assert!(!english.chars().any(|c| ('가'..='힣').contains(&c)), "{key}: {english}");
            let shared = key.rsplit(' ').next().unwrap();
            let key = if korean::of(key).is_some() { key } else { shared };
            assert!(korean::of(key).is_some(), "{key} has no Korean");
            used.insert(key.to_owned());
        }
        let stale: Vec<_> = korean::keys().filter(|key| !used.contains(*key)).collect();
        assert_eq!(stale, [""; 0], "Korean for what is not there");
    }

    #[test]
    fn the_command_line_is_sound() {
        command(Lang::En).debug_assert();
        command(Lang::Ko).debug_assert();
    }

    #[test]
    fn korean_help_has_korean_headings() {
        let help = command(Lang::Ko).render_help().to_string();
        for word in ["사용법:", "명령:", "옵션:", "가져와"] {
            assert!(help.contains(word), "{help}");
        }
        assert!(!help.contains("Usage"), "{help}");
        assert!(!help.contains("Options"), "{help}");
    }
}
