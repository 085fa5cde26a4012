//! One stored row → the row as it is answered: the contract's members in the contract's order, unknown
//! ones after them, JSON or XML whichever way it was stored.

use std::borrow::Cow;

use hoesu_claims::Media;

use super::profile::{Profile, Quirk};
use super::record::{Record, Value, unquoted};
use super::wire::{COST, CST_INFO};
use crate::{Refusal, xml};

/// A way to write a row. Its number is the slot under which the ledger keeps the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A JSON object.
    Json(Profile),
    /// A `<data>` element: text is all XML has, so profiles don't differ.
    Xml,
}

impl Form {
    /// The form of a row in an answer.
    pub(super) const fn of(media: Media, profile: Profile) -> Self {
        match media {
            Media::Json => Self::Json(profile),
            Media::Xml => Self::Xml,
        }
    }

    /// The slot of [`hoesu_ledger::Held::form`].
    pub(super) const fn slot(self) -> usize {
        match self {
            Self::Json(Profile::Documented) => 0,
            Self::Json(Profile::Measured) => 1,
            Self::Xml => 2,
        }
    }
}

/// What the contract says of a list's rows.
#[derive(Debug)]
pub(super) struct Shape {
    /// The element each row is in XML.
    pub(super) element: &'static str,
    /// The members in the contract's order, all of them text but `costs`.
    pub(super) members: &'static [&'static str],
    /// The member that is a list of [`COST`]s, always answered.
    pub(super) costs: Option<&'static str>,
}

impl Shape {
    /// Writes a stored row.
    pub(super) fn render(&self, media: Media, body: &[u8], form: Form) -> Result<Vec<u8>, Refusal> {
        let row = Record::parse(media, body)?;
        let mut out = Vec::with_capacity(body.len() + body.len() / 2);
        match form {
            Form::Json(profile) => json_row(&mut out, &row, self, profile)?,
            Form::Xml => xml_row(&mut out, &row, self)?,
        }
        Ok(out)
    }

    fn costs_of<'a, 'r>(&self, row: &'a Record<'r>) -> Result<Vec<&'a Record<'r>>, Refusal> {
        self.costs.map_or(Ok(Vec::new()), |name| row.groups(name))
    }
}

/// The members the document doesn't know, in their own order.
fn others<'a, 'r>(
    record: &'a Record<'r>,
    documented: &'a [&str],
) -> impl Iterator<Item = &'a (String, Value<'r>)> {
    record.members.iter().filter(move |(name, _)| !documented.contains(&name.as_str()))
}

fn json_row(
    out: &mut Vec<u8>,
    row: &Record<'_>,
    shape: &Shape,
    profile: Profile,
) -> Result<(), Refusal> {
    let costs = shape.costs_of(row)?;
    let mut object = Object::begin(out);
    for &name in shape.members {
        if shape.costs == Some(name) {
            json_costs(&mut object, &costs, profile);
        } else if let Some(value) = row.get(name) {
            json_value(object.member(name), value, true, profile);
        }
    }
    for (name, value) in others(row, shape.members) {
        json_value(object.member(name), value, false, profile);
    }
    object.end();
    Ok(())
}

fn json_costs(row: &mut Object<'_>, costs: &[&Record<'_>], profile: Profile) {
    match costs {
        [] if profile.has(Quirk::MissingListWhenEmpty) => {}
        [one] if profile.has(Quirk::OneAsBareObject) => {
            json_cost(row.member(CST_INFO), one, profile);
        }
        costs => {
            let list = row.member(CST_INFO);
            list.push(b'[');
            for (nth, cost) in costs.iter().enumerate() {
                if nth > 0 {
                    list.push(b',');
                }
                json_cost(list, cost, profile);
            }
            list.push(b']');
        }
    }
}

fn json_cost(out: &mut Vec<u8>, cost: &Record<'_>, profile: Profile) {
    let mut object = Object::begin(out);
    for name in COST {
        if let Some(value) = cost.get(name) {
            json_value(object.member(name), value, true, profile);
        }
    }
    for (name, value) in others(cost, &COST) {
        json_value(object.member(name), value, false, profile);
    }
    object.end();
}

fn json_value(out: &mut Vec<u8>, value: &Value<'_>, documented: bool, profile: Profile) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Text(text) => match profile.bare(text) {
            Some(number) => out.extend_from_slice(number.as_bytes()),
            None => json_string(out, text),
        },
        Value::Token(token) => {
            out.extend_from_slice(json_token(token, documented, profile).as_bytes());
        }
        Value::List(values) => {
            out.push(b'[');
            for (nth, value) in values.iter().enumerate() {
                if nth > 0 {
                    out.push(b',');
                }
                json_value(out, value, false, profile);
            }
            out.push(b']');
        }
        Value::Group(group) => {
            let mut object = Object::begin(out);
            for (name, value) in &group.members {
                json_value(object.member(name), value, false, profile);
            }
            object.end();
        }
    }
}

/// A token as it is served: documented members are all text, so a number gets its quotes; the
/// measured profile takes them from what looks like a number.
fn json_token(token: &str, documented: bool, profile: Profile) -> Cow<'_, str> {
    if let Some(quoted) = token.strip_prefix('"') {
        let inner = quoted.strip_suffix('"').unwrap_or(quoted);
        return Cow::Borrowed(profile.bare(inner).unwrap_or(token));
    }
    if documented && !profile.has(Quirk::UnquotedNumbers) {
        Cow::Owned(format!("\"{token}\""))
    } else {
        Cow::Borrowed(token)
    }
}

fn json_string(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
}

/// A JSON object being written.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    fn begin(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Writes a name; its value comes next.
    fn member(&mut self, name: &str) -> &mut Vec<u8> {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(b',');
        }
        json_string(self.out, name);
        self.out.push(b':');
        self.out
    }

    fn end(self) {
        self.out.push(b'}');
    }
}

fn xml_row(out: &mut Vec<u8>, row: &Record<'_>, shape: &Shape) -> Result<(), Refusal> {
    let costs = shape.costs_of(row)?;
    xml::open(out, shape.element);
    for &name in shape.members {
        if shape.costs == Some(name) {
            for cost in &costs {
                xml_cost(out, cost)?;
            }
        } else if let Some(value) = row.get(name) {
            xml_value(out, name, value)?;
        }
    }
    for (name, value) in others(row, shape.members) {
        xml_value(out, &xml::element_name(name), value)?;
    }
    xml::close(out, shape.element);
    Ok(())
}

fn xml_cost(out: &mut Vec<u8>, cost: &Record<'_>) -> Result<(), Refusal> {
    xml::open(out, CST_INFO);
    for name in COST {
        if let Some(value) = cost.get(name) {
            xml_value(out, name, value)?;
        }
    }
    for (name, value) in others(cost, &COST) {
        xml_value(out, &xml::element_name(name), value)?;
    }
    xml::close(out, CST_INFO);
    Ok(())
}

/// A value as elements of one name: a list as one element each, nothing as an empty one.
fn xml_value(out: &mut Vec<u8>, name: &str, value: &Value<'_>) -> Result<(), Refusal> {
    match value {
        Value::Null => xml::leaf(out, name, ""),
        Value::Text(text) => xml::leaf(out, name, text),
        Value::Token(token) => {
            let text = unquoted(token).ok_or_else(|| Refusal::of(name, "is not readable JSON"))?;
            xml::leaf(out, name, &text);
        }
        Value::List(values) => {
            for value in values {
                if let Value::List(_) = value {
                    xml::open(out, name);
                    xml_value(out, name, value)?;
                    xml::close(out, name);
                } else {
                    xml_value(out, name, value)?;
                }
            }
        }
        Value::Group(group) => {
            xml::open(out, name);
            for (name, value) in &group.members {
                xml_value(out, &xml::element_name(name), value)?;
            }
            xml::close(out, name);
        }
    }
    Ok(())
}
