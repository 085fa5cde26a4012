//! A command line that cannot be understood, explained in either language.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::Exit;
use crate::lang::Lang;

/// Prints help if that is what was asked for, and else what is wrong.
pub(crate) fn explain(error: &Error, lang: Lang) -> Exit {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let shown = asked || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    // Nobody is left to tell if the output is closed.
    let _ = match (lang, korean(error)) {
        (Lang::Ko, Some(text)) if !shown => {
            std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes())
        }
        (Lang::Ko | Lang::En, _) => error.print(),
    };
    if asked { Exit::Done } else { Exit::Usage }
}

/// What is wrong, in Korean; `None` where only clap's own words are exact.
fn korean(error: &Error) -> Option<String> {
    let arg = shown(error, ContextKind::InvalidArg);
    let value = shown(error, ContextKind::InvalidValue);
    let text = match error.kind() {
        ErrorKind::UnknownArgument => format!("모르는 옵션이에요: {arg}"),
        ErrorKind::InvalidSubcommand => {
            format!("모르는 명령이에요: {}", shown(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("빠진 것이 있어요: {arg}"),
        ErrorKind::MissingSubcommand => "어떤 명령인지 알려 주세요".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg}에 값이 필요해요"),
        ErrorKind::InvalidValue => {
            let valid = shown(error, ContextKind::ValidValue);
            let valid =
                if valid.is_empty() { valid } else { format!(" (쓸 수 있는 값: {valid})") };
            format!("{arg}에 쓸 수 없는 값이에요: {value}{valid}")
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(ToString::to_string);
            let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{arg}에 쓸 수 없는 값이에요: {value}{why}")
        }
        ErrorKind::ArgumentConflict => {
            format!(
                "{arg}은(는) 한 번만 또는 따로 써야 해요: {}",
                shown(error, ContextKind::PriorArg)
            )
        }
        ErrorKind::NoEquals
        | ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::InvalidUtf8
        | ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format
        | _ => return None,
    };
    let usage = shown(error, ContextKind::Usage);
    let usage = usage.trim().trim_start_matches("Usage:").trim();
    let usage = if usage.is_empty() { String::new() } else { format!("사용법: {usage}\n") };
    let hint = "자세한 도움말은 --help로 볼 수 있어요.";
    Some(format!("hoesu: {text}\n{usage}{hint}\n"))
}

fn shown(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}
