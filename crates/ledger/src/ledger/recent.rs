//! Which version a point read found, and as of which moment: while nothing was written since, or only
//! other documents and by us, the answer is the same and the database needn't be asked.

use std::hash::{Hash, Hasher};

use quick_cache::Equivalent;
use quick_cache::sync::Cache;

use crate::store::{Instant, OwnCommit, ShelfNo, Store};

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

/// A version that was current, as of an instant, and the own commit that led there if it was one.
#[derive(Clone, Copy)]
struct Answer {
    as_of: Instant,
    link: Option<OwnCommit>,
    seq: i64,
}

/// Answers of point reads, each good as of an instant of the database.
pub(super) struct Recent(Cache<Question, Answer>);

impl Default for Recent {
    fn default() -> Self {
        Self(Cache::new(ANSWERS_MAX))
    }
}

impl Recent {
    /// The version that is current, if nothing that could change it happened since it was looked up:
    /// nothing at all, or own commits alone that touched other documents.
    pub(super) fn current(
        &self,
        asked: Asked<'_>,
        now: &Instant,
        store: &dyn Store,
    ) -> Option<i64> {
        let Answer { as_of, link, seq } = self.0.get(&asked)?;
        if as_of == *now {
            return Some(seq);
        }
        // The chain leads from there to now, and nothing of it is about what was asked.
        let link =
            link.filter(|link| store.own_commit(now).is_some_and(|to| to.chain == link.chain))?;
        (!store.touched_since(link, asked.at.seller, asked.key)).then_some(seq)
    }

    /// Keeps what a read found that began at `as_of`, where `link` led.
    pub(super) fn keep(&self, asked: Asked<'_>, as_of: Instant, link: Option<OwnCommit>, seq: i64) {
        let Asked { at, key, unless } = asked;
        let question = Question { at, key: key.into(), unless: unless.map(Into::into) };
        self.0.insert(question, Answer { as_of, link, seq });
    }
}
