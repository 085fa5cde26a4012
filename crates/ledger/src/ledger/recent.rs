//! Which version a point read found, and as of which moment: while nothing was written since, the
//! answer is the same and the database needn't be asked.

use std::hash::{Hash, Hasher};

use quick_cache::Equivalent;
use quick_cache::sync::Cache;

use crate::store::{Instant, ShelfNo};

/// How many answers are remembered; each takes about 150 bytes.
const ANSWERS_MAX: usize = 200_000;

/// What was asked for.
#[derive(Clone, PartialEq, Eq)]
struct Question {
    at: ShelfNo,
    key: Box<str>,
    unless: Option<Box<str>>,
}

/// The same, borrowed.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) at: ShelfNo,
    pub(super) key: &'a str,
    pub(super) unless: Option<&'a str>,
}

impl Hash for Question {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Asked { at: self.at, key: &self.key, unless: self.unless.as_deref() }.hash(state);
    }
}

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.at, self.key, self.unless).hash(state);
    }
}

impl Equivalent<Question> for Asked<'_> {
    fn equivalent(&self, other: &Question) -> bool {
        self.at == other.at && self.key == &*other.key && self.unless == other.unless.as_deref()
    }
}

/// Answers of point reads, each good as of an instant of the database.
pub(super) struct Recent(Cache<Question, (Instant, i64)>);

impl Default for Recent {
    fn default() -> Self {
        Self(Cache::new(ANSWERS_MAX))
    }
}

impl Recent {
    /// The version that is current, if it was looked up at this same instant of the database.
    pub(super) fn current(&self, asked: Asked<'_>, now: &Instant) -> Option<i64> {
        self.0.get(&asked).filter(|(as_of, _)| as_of == now).map(|(_, seq)| seq)
    }

    /// Keeps what a read found that began at `as_of`.
    pub(super) fn keep(&self, asked: Asked<'_>, as_of: Instant, seq: i64) {
        let Asked { at, key, unless } = asked;
        let question = Question { at, key: key.into(), unless: unless.map(Into::into) };
        self.0.insert(question, (as_of, seq));
    }
}
