//! Documented or measured: how the JSON of live answers differs from the document, one quirk each.

use hoesu_ledger::Account;

use crate::Title;
use crate::channel::Setting;

/// The account setting that chooses.
pub(super) const SETTING: Setting = Setting {
    name: "profile",
    what: Title {
        ko: "JSON 응답을 문서대로(documented) 또는 실제 관측된 모습대로(measured) 냅니다",
        en: "answers JSON as documented or as live clients have met it",
    },
    values: &["documented", "measured"],
    secret: false,
};

/// Which of the two an account is answered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Profile {
    /// Every member text, every list a list.
    Documented,
    /// As the XML tree comes out when it is written again as JSON: every [`Quirk`].
    Measured,
}

/// A difference live clients met. All of them concern JSON only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quirk {
    /// What looks like a number is one: `"ordItemSeq":1`, but `"uitemId":"00000"`.
    UnquotedNumbers,
    /// A list of one is the one, without the list: `"data":{…}`, `"cstInfo":{…}`.
    OneAsBareObject,
    /// A list of none is not there at all: no `cstInfo`.
    MissingListWhenEmpty,
    /// A wrapper without rows is a list of an empty text: `"exchangeTargets":[""]`.
    EmptyTextInWrapper,
}

impl Profile {
    /// What the account asks for; documented if it says nothing.
    pub(super) fn of(account: &Account) -> Self {
        match account.setting(SETTING.name) {
            Some("measured") => Self::Measured,
            Some(_) | None => Self::Documented,
        }
    }

    /// Whether answers have this quirk.
    pub(super) const fn has(self, quirk: Quirk) -> bool {
        match (self, quirk) {
            (Self::Documented, _) => false,
            (
                Self::Measured,
                Quirk::UnquotedNumbers
                | Quirk::OneAsBareObject
                | Quirk::MissingListWhenEmpty
                | Quirk::EmptyTextInWrapper,
            ) => true,
        }
    }

    /// The text as it stands without quotes, if it does: a whole number without leading zeros that
    /// fits 64 bits.
    pub(super) fn bare(self, text: &str) -> Option<&str> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = text == "0"
            || (digits.bytes().all(|byte| byte.is_ascii_digit())
                && (1..=18).contains(&digits.len())
                && !digits.starts_with('0'));
        (is_number && self.has(Quirk::UnquotedNumbers)).then_some(text)
    }
}
