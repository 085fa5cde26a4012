//! Rows in forms nobody documented: numbers in quotes and out of them, one row without its list, members
//! that are missing or say nothing, codes and members nobody knows. A row is never dropped.

use hoesu_claims::{Media, State};
use serde_json::{Map, Value, json};

use super::failing::answers;
use super::fair::{Fair, asked, variants};
use crate::connect::{Ask, HttpSaid, Record};
use crate::{Channel, Reading};

/// An answer, and the rows in it.
struct Answer {
    channel: &'static dyn Channel,
    ask: Ask,
    said: HttpSaid,
    whole: Value,
}

impl Answer {
    fn kinds(&self) -> &'static [&'static str] {
        match &self.ask {
            Ask::List { feed, .. } => feed.kinds,
            Ask::Keys { .. } => panic!("a list"),
        }
    }

    fn is_row(&self, value: &Value) -> bool {
        let read = || self.channel.read(Media::Json, value.to_string().as_bytes());
        value.is_object() && read().is_ok_and(|reading| self.kinds().contains(&reading.kind))
    }

    /// The answer with each of its rows rewritten.
    fn with_rows(&self, rewrite: &dyn Fn(&Value) -> Value) -> Value {
        fn walk(answer: &Answer, value: &Value, rewrite: &dyn Fn(&Value) -> Value) -> Value {
            if answer.is_row(value) {
                return rewrite(value);
            }
            inside(value, &|one| walk(answer, one, rewrite))
        }
        walk(self, &self.whole, rewrite)
    }

    fn records(&self, whole: &Value) -> Vec<Record> {
        let said = HttpSaid { body: whole.to_string().into(), ..self.said.clone() };
        let connector = self.channel.connector().unwrap();
        let page = connector.read(&self.ask, &said);
        page.unwrap_or_else(|failure| panic!("{} {failure}: {whole}", self.channel.id())).records
    }

    fn read(&self, record: &Record) -> Reading {
        let body = String::from_utf8_lossy(&record.body);
        let reading = self.channel.read(record.media, &record.body);
        reading.unwrap_or_else(|refusal| panic!("{} {refusal:?}: {body}", self.channel.id()))
    }

    fn keys(&self, whole: &Value) -> Vec<String> {
        self.records(whole).iter().map(|record| self.read(record).key).collect()
    }
}

/// Answers of every feed, in JSON.
async fn all() -> Vec<Answer> {
    let mut all = Vec::new();
    for channel in asked() {
        let market = Fair::market(channel, &variants(channel)[0], 14, 15).await;
        for (ask, said) in answers(&market).await {
            let whole = serde_json::from_slice(&said.body).unwrap();
            all.push(Answer { channel, ask, said, whole });
        }
    }
    all
}

/// The value with what is in it rewritten: of a list each one, of an object each member's.
fn inside(value: &Value, rewrite: &dyn Fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(all) => all.iter().map(rewrite).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, one)| (name.clone(), rewrite(one)));
            Value::Object(members.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// The value with every scalar in it rewritten.
fn scalars(value: &Value, rewrite: &dyn Fn(&Value) -> Value) -> Value {
    if value.is_array() || value.is_object() {
        return inside(value, &|one| scalars(one, rewrite));
    }
    rewrite(value)
}

#[tokio::test]
async fn numbers_in_quotes_and_out_of_them_cost_no_row() {
    for answer in all().await {
        let keys = answer.keys(&answer.whole);
        let quoted = |scalar: &Value| match scalar.as_number() {
            Some(number) => Value::from(number.to_string()),
            None => scalar.clone(),
        };
        let bare = |scalar: &Value| {
            let number = scalar.as_str().and_then(|text| text.parse::<i64>().ok());
            let number = number.filter(|number| Some(&*number.to_string()) == scalar.as_str());
            number.map_or_else(|| scalar.clone(), Value::from)
        };
        let forms: [&dyn Fn(&Value) -> Value; 2] = [&quoted, &bare];
        for form in forms {
            let told = answer.with_rows(&|row| scalars(row, form));
            for (record, key) in answer.records(&told).iter().zip(&keys) {
                match answer.channel.read(record.media, &record.body) {
                    Ok(reading) => assert_eq!(reading.key, *key),
                    // A channel may be particular; the hub keeps the row with the reason then.
                    Err(refusal) => assert_ne!(refusal.field, "", "{}", answer.channel.id()),
                }
            }
            assert_eq!(answer.records(&told).len(), keys.len());
        }
    }
}

#[tokio::test]
async fn one_row_is_read_with_and_without_its_list() {
    for answer in all().await {
        let keys = answer.keys(&answer.whole);
        for bare in [false, true] {
            let one = alone(&answer, &answer.whole, keys.len(), bare);
            assert_eq!(answer.keys(&one), keys[..1], "{} {one}", answer.channel.id());
        }
    }
}

/// The answer with its first row alone, and with the counts of its rows set right.
fn alone(answer: &Answer, value: &Value, rows: usize, bare: bool) -> Value {
    let count = rows.to_string();
    if let Some([first, ..]) = value.as_array().map(Vec::as_slice)
        && answer.is_row(first)
    {
        return if bare { first.clone() } else { json!([first]) };
    }
    if value.as_str() == Some(&count) {
        return json!("1");
    }
    if value.as_number().is_some_and(|number| number.to_string() == count) {
        return json!(1);
    }
    inside(value, &|one| alone(answer, one, rows, bare))
}

/// The places of all members in a row: names and positions from its top.
fn places(value: &Value) -> Vec<String> {
    let below = |at: String, one: &Value| {
        let inside = places(one).into_iter().map(|rest| format!("{at}{rest}")).collect::<Vec<_>>();
        std::iter::once(at).chain(inside)
    };
    match value {
        Value::Object(members) => {
            members.iter().flat_map(|(name, one)| below(format!("/{name}"), one)).collect()
        }
        Value::Array(all) => {
            let inside = all.iter().enumerate();
            let inside = inside.flat_map(|(at, one)| {
                places(one).into_iter().map(move |rest| format!("/{at}{rest}")).collect::<Vec<_>>()
            });
            inside.collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// The row without what stands at a place, or with something else there.
fn without(row: &Value, place: &str, instead: Option<Value>) -> Value {
    let mut row = row.clone();
    let (above, name) = place.rsplit_once('/').unwrap();
    let members: &mut Map<String, Value> = row.pointer_mut(above).unwrap().as_object_mut().unwrap();
    match instead {
        Some(instead) => drop(members.insert(name.to_owned(), instead)),
        None => drop(members.remove(name)),
    }
    row
}

#[tokio::test]
async fn a_row_without_one_of_its_members_is_a_row() {
    for answer in all().await {
        let (channel, kinds) = (answer.channel, answer.kinds());
        let rows = answer.records(&answer.whole);
        let alone = alone(&answer, &answer.whole, rows.len(), false);
        let row: Value = serde_json::from_slice(&rows[0].body).unwrap();
        let key = answer.read(&rows[0]).key;
        for place in places(&row) {
            for instead in [None, Some(Value::Null), Some(json!(""))] {
                let told = without(&row, &place, instead.clone());
                let records = answer.records(&replaced(&alone, &row, &told));
                let what = format!("{} {kinds:?} {place} {instead:?}", channel.id());
                assert_eq!(records.len(), 1, "{what}");
                match channel.read(Media::Json, &records[0].body) {
                    Ok(reading) => assert_eq!(reading.key, key, "{what}"),
                    // It can't be known without its own number or time: it is kept with the reason.
                    Err(refusal) => {
                        let missed = ["", &place[1..]].contains(&&*refusal.field);
                        assert!(missed, "{what}: {refusal:?}");
                    }
                }
            }
        }
    }
}

/// The value with one thing in it replaced by another.
fn replaced(value: &Value, this: &Value, by: &Value) -> Value {
    if value == this { by.clone() } else { inside(value, &|one| replaced(one, this, by)) }
}

#[tokio::test]
async fn codes_and_members_nobody_knows_cost_no_row() {
    for answer in all().await {
        let keys = answer.keys(&answer.whole);
        let more = answer.with_rows(&|row| {
            let mut row = row.clone();
            row.as_object_mut().unwrap().insert("hoesuNew".to_owned(), json!({"a": [1, null]}));
            row
        });
        assert_eq!(answer.keys(&more), keys, "{}", answer.channel.id());
        let other = answer.with_rows(&|row| {
            let reading = answer.channel.read(Media::Json, row.to_string().as_bytes()).unwrap();
            let states = reading.found.states;
            let is_code = |text: &str| {
                states.iter().any(|(state, code)| *state != State::Listed && code == text)
            };
            scalars(row, &|scalar| match scalar.as_str() {
                Some(text) if is_code(text) => json!("SOMETHING_NEW"),
                _ => scalar.clone(),
            })
        });
        assert_eq!(answer.keys(&other), keys, "{}", answer.channel.id());
    }
}
