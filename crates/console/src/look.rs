//! What every page has around it: the person's language and theme, the top bar, the assets.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use hoesu_ledger::Role;
use serde::Deserialize;

use crate::assets::{ICON, SCRIPT, STYLE};
use crate::lang::Lang;
use crate::signed::Signed;
use crate::trouble::Trouble;

/// Cookies that keep how a person likes the pages. They hold no secret and tell nobody who it is.
const LANG: &str = "hoesu_lang";
const THEME: &str = "hoesu_theme";

/// How long a liking is kept, in seconds: a year.
const KEPT_S: u32 = 31_536_000;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn of(code: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark].into_iter().find(|theme| theme.code() == code)
    }

    /// What the switch gives next.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Dark,
            Self::Dark => Self::Light,
            Self::Light => Self::Auto,
        }
    }
}

/// Which of the pages one is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Today,
    Findings,
    Cases,
    Channels,
    Settings,
}

/// A place in the top bar.
pub(crate) struct Entry {
    pub(crate) href: &'static str,
    pub(crate) name: &'static str,
    pub(crate) here: bool,
}

/// What surrounds a page.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) lang: Lang,
    pub(crate) theme: Theme,
    pub(crate) signed: Signed,
    /// The page's own address, to come back to.
    pub(crate) here: String,
    /// Which place of the top bar it belongs to.
    place: Option<Place>,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
    pub(crate) icon: &'static str,
}

impl Look {
    /// Korean first, then English.
    pub(crate) const fn t<'a>(&self, ko: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(ko, en)
    }

    /// The page's own path, without what is asked of it.
    pub(crate) fn path(&self) -> &str {
        self.here.split('?').next().unwrap_or_default()
    }

    /// Of a page of this place.
    pub(crate) const fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Whether deeds are offered.
    pub(crate) fn decides(&self) -> bool {
        self.signed.role >= Role::Operator
    }

    /// Whether what the seller tells hoesu may be changed.
    pub(crate) fn manages(&self) -> bool {
        self.signed.role >= Role::Admin
    }

    /// The places of the top bar.
    pub(crate) fn places(&self) -> [Entry; 5] {
        [
            (Place::Today, "/console", "오늘", "Today"),
            (Place::Findings, "/console/findings", "발견", "Findings"),
            (Place::Cases, "/console/cases", "건", "Cases"),
            (Place::Channels, "/console/channels", "채널", "Channels"),
            (Place::Settings, "/console/settings", "설정", "Settings"),
        ]
        .map(|(place, href, ko, en)| Entry {
            href,
            name: self.lang.pick(ko, en),
            here: self.place == Some(place),
        })
    }

    /// The rooms of the settings, as far as the person may enter them.
    pub(crate) fn rooms(&self) -> Vec<Entry> {
        let rooms = [
            ("/console/settings", "기준", "Basics"),
            ("/console/settings/people", "사용자", "People"),
            ("/console/settings/keys", "API 키", "API keys"),
            ("/console/settings/access", "접근 기록", "Access log"),
        ];
        let entered = if self.manages() { rooms.len() } else { 1 };
        let entry = |(href, ko, en): (&'static str, &'static str, &'static str)| {
            // A page that came of a form stays in its room.
            let here = self.path() == href
                || href != rooms[0].0 && self.path().starts_with(href)
                || href == rooms[0].0
                    && !rooms[1..].iter().any(|room| self.path().starts_with(room.0));
            Entry { href, name: self.lang.pick(ko, en), here }
        };
        rooms.into_iter().take(entered).map(entry).collect()
    }

    /// What the theme switch does.
    pub(crate) const fn theme_switch(&self) -> &'static str {
        match self.theme.next() {
            Theme::Auto => self.lang.pick("시스템 밝기에 맞추기", "Follow the system's theme"),
            Theme::Light => self.lang.pick("밝은 화면으로", "Light theme"),
            Theme::Dark => self.lang.pick("어두운 화면으로", "Dark theme"),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        let signed = Signed::from_request_parts(parts, state).await?;
        let here = parts.uri.path_and_query().map_or("/console", |whole| whole.as_str()).to_owned();
        Ok(Self {
            lang: lang(&parts.headers),
            theme: cookie(&parts.headers, THEME).and_then(Theme::of).unwrap_or_default(),
            signed,
            here,
            place: None,
            style: &STYLE.path,
            script: &SCRIPT.path,
            icon: &ICON.path,
        })
    }
}

/// The language a request is answered in.
pub(crate) fn lang(headers: &HeaderMap) -> Lang {
    cookie(headers, LANG).and_then(Lang::of).unwrap_or_default()
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}

/// What a person likes.
#[derive(Debug, Deserialize)]
pub(crate) struct Prefer {
    lang: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// Keeps a liking and goes back to where one was.
pub(crate) async fn prefer(Query(prefer): Query<Prefer>) -> Response {
    let back = if is_ours(&prefer.back) { prefer.back.as_str() } else { "/console" };
    let mut response = Redirect::to(back).into_response();
    let lang = prefer.lang.as_deref().and_then(Lang::of).map(|lang| (LANG, lang.code()));
    let theme = prefer.theme.as_deref().and_then(Theme::of).map(|theme| (THEME, theme.code()));
    for (name, value) in lang.into_iter().chain(theme) {
        let line =
            format!("{name}={value}; Path=/console; Max-Age={KEPT_S}; SameSite=Lax; HttpOnly");
        if let Ok(line) = HeaderValue::from_str(&line) {
            response.headers_mut().append(header::SET_COOKIE, line);
        }
    }
    response
}

/// Whether an address is one of our pages, so that nobody is sent elsewhere.
pub(crate) fn is_ours(address: &str) -> bool {
    address == "/console"
        || (address.starts_with("/console/") || address.starts_with("/console?"))
            && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for ours in ["/console", "/console?x=1", "/console/findings?rule=refund-due"] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/console",
            "/consolex",
            "/console/\\x",
            "/console/\r\nx",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; hoesu_lang=en;b=2"));
        assert_eq!(cookie(&headers, LANG), Some("en"));
        assert_eq!(lang(&headers), Lang::En);
        assert_eq!(cookie(&headers, "lang"), None);
    }
}
