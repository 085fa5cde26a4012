//! The two languages of the pages.

use hoesu_channels::Title;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 한국어.
    #[default]
    Ko,
    /// English.
    En,
}

impl Lang {
    /// As HTML and cookies name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }

    /// The language of a code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Ko, Self::En].into_iter().find(|lang| lang.code() == code)
    }

    /// One of two.
    pub const fn pick<'a>(self, ko: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Ko => ko,
            Self::En => en,
        }
    }

    /// A name in this language.
    pub const fn title(self, title: Title) -> &'static str {
        self.pick(title.ko, title.en)
    }
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
