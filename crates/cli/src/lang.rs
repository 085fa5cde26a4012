//! The two languages hoesu speaks with people.

use clap::ValueEnum;
use hoesu_channels::Title;

/// A language.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    ValueEnum,
    serde::Deserialize,
    serde::Serialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Lang {
    /// 한국어.
    Ko,
    /// English.
    En,
}

/// Says something in the language at hand: Korean first, then English.
macro_rules! say {
    ($lang:expr, $ko:literal, $en:literal $(,)?) => {
        match $lang {
            $crate::lang::Lang::Ko => format!($ko),
            $crate::lang::Lang::En => format!($en),
        }
    };
}

pub(crate) use say;

impl Lang {
    /// What to speak before the command line is understood: `--lang` wherever it stands, then the
    /// environment.
    pub(crate) fn of_process() -> Self {
        let args: Vec<String> =
            std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
        Self::of(&args, |name| std::env::var(name).ok())
    }

    fn of(args: &[String], env: impl Fn(&str) -> Option<String>) -> Self {
        let flag = args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--lang") {
            Some("") => args.get(at + 1).cloned(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        });
        let named = ["HOESU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
        let env = || named.iter().find_map(|name| env(name).filter(|value| !value.is_empty()));
        let flag = flag.filter(|name| matches!(name.as_str(), "ko" | "en"));
        Self::of_name(&flag.or_else(env).unwrap_or_default())
    }

    fn of_name(name: &str) -> Self {
        if name.starts_with("ko") { Self::Ko } else { Self::En }
    }

    pub(crate) fn pick<'a>(self, ko: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ko => ko,
            Self::En => en,
        }
    }

    pub(crate) fn title(self, title: Title) -> &'static str {
        self.pick(title.ko, title.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(args: &[&str], env: &[(&str, &str)]) -> Lang {
        let args: Vec<_> = args.iter().map(|&arg| arg.to_owned()).collect();
        Lang::of(&args, |name| {
            env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_flag_comes_before_the_environment() {
        assert_eq!(of(&["hoesu", "--lang", "ko"], &[("LANG", "en_US.UTF-8")]), Lang::Ko);
        assert_eq!(of(&["hoesu", "--lang=en"], &[("LANG", "ko_KR.UTF-8")]), Lang::En);
        assert_eq!(of(&["hoesu"], &[("LC_ALL", "ko_KR.UTF-8"), ("LANG", "C")]), Lang::Ko);
        assert_eq!(of(&["hoesu"], &[("LC_ALL", ""), ("LANG", "ko_KR")]), Lang::Ko);
        assert_eq!(of(&["hoesu"], &[]), Lang::En);
    }
}
