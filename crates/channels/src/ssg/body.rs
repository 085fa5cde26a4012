//! A request's body → the texts of the members its contract has, or the sentence that says why not.

use std::borrow::Cow;

use hoesu_claims::Media;

use super::record::{Record, Value, unquoted};
use super::refusal::Refused;
use crate::{Refusal, json, xml};

/// The root of a request and its members. Others are not ours to judge.
pub(super) struct Root<const N: usize> {
    /// JSON `{"root":{…}}`, XML `<root>…</root>`.
    pub(super) name: &'static str,
    /// The members, all of them text.
    pub(super) members: [&'static str; N],
    /// Whether a JSON number is as good as its digits in quotes: live clients of the calls no document
    /// shows send either.
    pub(super) numbers: bool,
}

impl<const N: usize> Root<N> {
    /// The members' texts, in the order of [`Root::members`]. An empty value is as good as none: clients
    /// send the members they don't use empty.
    pub(super) fn read(&self, media: Media, body: &[u8]) -> Result<[Option<String>; N], Refused> {
        if std::str::from_utf8(body).is_err() {
            return Err(Refused::because("요청 본문은 UTF-8이어야 합니다."));
        }
        match media {
            Media::Json => {
                let body = json::compact(body).map_err(|refusal| self.unreadable_json(&refusal))?;
                let whole = Record::parse(media, &body)
                    .map_err(|_| Refused::because("요청 본문이 올바른 JSON이 아닙니다."))?;
                match whole.get(self.name) {
                    Some(Value::Group(members)) => self.texts(media, members),
                    Some(Value::Token(_) | Value::Text(_) | Value::List(_)) => {
                        Err(wrong_form(self.name))
                    }
                    Some(Value::Null) | None => Err(required(self.name)),
                }
            }
            Media::Xml => {
                let root = xml::parse(body).map_err(|refusal| unreadable_xml(&refusal))?;
                if root.name != self.name {
                    return Err(required(self.name));
                }
                match Value::from(root) {
                    Value::Group(members) => self.texts(media, &members),
                    Value::Text(text) if text.trim().is_empty() => Ok([const { None }; N]),
                    Value::Text(_) | Value::Token(_) | Value::Null | Value::List(_) => {
                        Err(wrong_form(self.name))
                    }
                }
            }
        }
    }

    fn texts(&self, media: Media, members: &Record<'_>) -> Result<[Option<String>; N], Refused> {
        let mut texts = [const { None }; N];
        for (text, name) in texts.iter_mut().zip(self.members) {
            let value = match members.get(name) {
                None | Some(Value::Null) => None,
                Some(Value::Text(text)) => Some(text.clone()),
                Some(Value::Token(token)) if self.is_text(token) => {
                    Some(unquoted(token).map(Cow::into_owned).ok_or_else(|| wrong_form(name))?)
                }
                // In XML a list is an element written twice; JSON with a member twice does not come this far.
                Some(Value::List(_)) if media == Media::Xml => return Err(named_twice(name)),
                Some(Value::Token(_) | Value::List(_) | Value::Group(_)) => {
                    return Err(wrong_form(name));
                }
            };
            *text = value.filter(|text| !text.is_empty());
        }
        Ok(texts)
    }

    fn is_text(&self, token: &str) -> bool {
        let first = token.bytes().next().unwrap_or_default();
        first == b'"' || self.numbers && (first == b'-' || first.is_ascii_digit())
    }

    fn unreadable_json(&self, refusal: &Refusal) -> Refused {
        let member = refusal.field.rsplit('.').next().unwrap_or_default();
        match self.members.into_iter().chain([self.name]).find(|name| *name == member) {
            Some(name) if refusal.why == "is named twice" => named_twice(name),
            Some(_) | None => Refused::because("요청 본문이 올바른 JSON이 아닙니다."),
        }
    }
}

fn unreadable_xml(refusal: &Refusal) -> Refused {
    Refused::because(match refusal.why.as_str() {
        xml::HAS_DTD => "요청 본문에 DTD를 쓸 수 없습니다.",
        xml::NOT_UTF8 => "요청 본문은 UTF-8이어야 합니다.",
        _ => "요청 본문이 올바른 XML이 아닙니다.",
    })
}

/// A member that has to be there.
pub(super) fn required(name: &str) -> Refused {
    Refused::because(format!("{name} 항목은 필수입니다."))
}

fn named_twice(name: &str) -> Refused {
    Refused::because(format!("{name} 항목이 두 번 있습니다."))
}

/// A member that cannot be what it says.
pub(super) fn wrong_form(name: &str) -> Refused {
    Refused::because(format!("{name} 항목의 형식이 올바르지 않습니다."))
}
