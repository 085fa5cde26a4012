//! A batch of arriving documents, decided in memory against what the ledger knows of them: what has
//! to be written, in whichever database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hoesu_claims::document::Marks;

use super::{Content, Decision, Head, Hearing, KnownMarks, decide};
use crate::store::{Arriving, Digest};
use crate::{Outcome, Put};

/// A content of a document, by the document's number and its digest.
type ContentOf = (i64, Digest);

/// What the ledger knows of the documents of a batch before it.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// By key.
    pub(crate) heads: HashMap<String, Head>,
    /// Of known documents: the current content and each arriving one that is known.
    pub(crate) contents: HashMap<ContentOf, Content>,
    /// Current bodies by key, of those that are tied.
    pub(crate) bodies: HashMap<String, Vec<u8>>,
}

/// What appending a batch came to.
pub(crate) struct AppendResult {
    pub(crate) outcomes: Vec<Outcome>,
    /// Documents of which something happened at another time than was known.
    pub(crate) woken: Vec<String>,
}

impl AppendResult {
    pub(crate) fn of(batch: Batch<'_>) -> Self {
        let woken = batch.woken.iter().map(|key| (*key).to_owned()).collect();
        Self { outcomes: batch.outcomes, woken }
    }
}

impl Known {
    /// Adds a document's row. `first_at` is when its current content was heard first.
    pub(crate) fn head(&mut self, key: String, head: Head, first_at: i64) {
        let content = Content { first_at, last: head.last };
        self.contents.insert((head.no, head.digest), content);
        self.heads.insert(key, head);
    }

    /// The arriving contents that may be known beside the current ones, each once.
    pub(crate) fn unread<'a>(&self, arriving: &'a [Arriving]) -> Vec<(i64, &'a Digest)> {
        let other = arriving.iter().filter_map(|one| {
            let head = self.heads.get(&one.key)?;
            (head.versions > 1 && head.digest != one.digest).then_some((head.no, &one.digest))
        });
        other.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Documents whose current body has to be read, with its place in the change sequence: another
    /// content arrives, heard at the same instant as the current one, with the same time of change.
    pub(crate) fn tied(&self, arriving: &[Arriving]) -> Vec<(String, i64)> {
        let hearings_of = |head: &Head, key: &str| -> BTreeSet<Hearing> {
            let again = arriving.iter().filter(|one| one.key == key && one.digest == head.digest);
            again.map(Arriving::hearing).chain([head.last]).collect()
        };
        let ties = arriving.iter().filter_map(|one| {
            let head = self.heads.get(&one.key)?;
            if head.digest == one.digest || head.changed_at != one.changed_at {
                return None;
            }
            let known = self.contents.get(&(head.no, one.digest)).map(|known| known.last);
            let current = hearings_of(head, &one.key);
            let meets =
                current.contains(&one.hearing()) || known.is_some_and(|at| current.contains(&at));
            meets.then(|| (one.key.clone(), head.seq))
        });
        ties.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Takes in a body that was read for [`Known::tied`].
    pub(crate) fn body(&mut self, key: &str, body: Vec<u8>) {
        self.bodies.insert(key.to_owned(), body);
    }
}

/// Where a version's body, media and terms are.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    Arriving(&'a Arriving),
    /// In the version with this place in the sequence, written before the batch.
    Stored(i64),
}

/// A version to be written.
pub(crate) struct Version<'a> {
    pub(crate) seq: i64,
    pub(crate) no: i64,
    pub(crate) key: &'a str,
    /// Which version of its document.
    pub(crate) nth: i64,
    pub(crate) body: Body<'a>,
    pub(crate) digest: Digest,
    pub(crate) changed_at: i64,
    pub(crate) marks: Marks,
    /// When it was heard, unless it is the first of its content.
    heard_at: Option<i64>,
}

/// When a stored content was heard, now that more is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Interval<'b> {
    pub(crate) no: i64,
    pub(crate) digest: &'b Digest,
    pub(crate) content: Content,
}

/// What a batch comes to.
pub(crate) struct Batch<'a> {
    pub(crate) outcomes: Vec<Outcome>,
    /// The last number given in the seller's change sequence.
    pub(crate) seq: i64,
    /// The last number given on the shelf.
    pub(crate) documents: i64,
    pub(crate) versions: Vec<Version<'a>>,
    /// Documents with another current version, by key, and where its body is.
    pub(crate) pointed: BTreeMap<&'a str, Body<'a>>,
    /// Documents of whose row only hearing, marks and the count of versions change.
    pub(crate) heard: BTreeSet<&'a str>,
    /// Documents of which something happened at another time than was known.
    pub(crate) woken: BTreeSet<&'a str>,
    /// By document number: the version that was current before the batch, of documents with another
    /// current content since.
    pub(crate) replaced: BTreeMap<i64, i64>,
    before: HashMap<String, KnownMarks>,
    intervals: BTreeSet<ContentOf>,
    known: Known,
}

impl<'a> Batch<'a> {
    /// Decides a batch. `seq` and `documents` are the last numbers given before it.
    pub(crate) fn decide(
        put: Put,
        (seq, documents): (i64, i64),
        known: Known,
        arriving: &'a [Arriving],
    ) -> Self {
        let before = known.heads.iter().map(|(key, head)| (key.clone(), head.marks.clone()));
        let mut batch = Self {
            outcomes: Vec::with_capacity(arriving.len()),
            seq,
            documents,
            versions: Vec::new(),
            pointed: BTreeMap::new(),
            heard: BTreeSet::new(),
            woken: BTreeSet::new(),
            replaced: BTreeMap::new(),
            before: before.collect(),
            intervals: BTreeSet::new(),
            known,
        };
        for one in arriving {
            let outcome = batch.add(put, one);
            batch.outcomes.push(outcome);
        }
        batch
    }

    /// The row of a document of the batch, as it is after it.
    pub(crate) fn head(&self, key: &str) -> &Head {
        &self.known.heads[key]
    }

    /// When the current content of a document of the batch was heard first.
    pub(crate) fn first_at(&self, key: &str) -> i64 {
        let head = self.head(key);
        self.known.contents[&(head.no, head.digest)].first_at
    }

    /// When the content of a version was heard.
    pub(crate) fn content(&self, version: &Version<'_>) -> Content {
        self.known.contents[&(version.no, version.digest)]
    }

    /// When a version was heard.
    pub(crate) fn heard_at(&self, version: &Version<'_>) -> i64 {
        version.heard_at.unwrap_or_else(|| self.content(version).first_at)
    }

    /// The marks a known document had before the batch.
    pub(crate) fn marks_before(&self, key: &str) -> Marks {
        self.before.get(key).map(KnownMarks::values).unwrap_or_default()
    }

    /// Contents written before the batch of which more is known now.
    pub(crate) fn intervals(&self) -> impl Iterator<Item = Interval<'_>> {
        self.intervals.iter().map(|of| Interval {
            no: of.0,
            digest: &of.1,
            content: self.known.contents[of],
        })
    }

    /// What is known after the batch: what the ledger would be asked for before the next.
    #[cfg(test)]
    pub(super) fn into_known(self) -> (HashMap<String, Head>, HashMap<ContentOf, Content>) {
        (self.known.heads, self.known.contents)
    }

    fn add(&mut self, put: Put, one: &'a Arriving) -> Outcome {
        let head = self.known.heads.get(&one.key);
        let of = head.map(|head| (head.no, one.digest));
        let content = of.as_ref().and_then(|of| self.known.contents.get(of)).copied();
        let body = match self.pointed.get(one.key.as_str()) {
            Some(Body::Arriving(current)) => &current.body,
            Some(Body::Stored(_)) | None => {
                self.known.bodies.get(&one.key).map_or(&[][..], |body| body)
            }
        };
        match (decide(put, head, body, content, one), of) {
            (Decision::Conflict, _) => Outcome::Conflict,
            (Decision::Known, _) => Outcome::Unchanged,
            (Decision::Current { content: now, marks }, None) => {
                self.documents += 1;
                let of = (self.documents, one.digest);
                self.known.contents.insert(of, now);
                self.put_current(one, self.documents, None, marks);
                Outcome::New
            }
            (Decision::Current { content: now, marks }, Some(of)) => {
                self.keep_last_of_current(&one.key);
                self.widen(of, content, now);
                self.put_current(one, of.0, content.map(|_| one.observed_at), marks);
                Outcome::Changed
            }
            (Decision::Again { content: now, marks }, of) => {
                let of = of.expect("only a known document is heard again");
                if content.is_some_and(|known| now.first_at < known.first_at) {
                    self.widen(of, content, now);
                    self.woken.insert(&one.key);
                } else {
                    self.known.contents.insert(of, now);
                }
                let head = self.known.heads.get_mut(&one.key).expect("it is known");
                (head.last, head.marks) = (now.last, marks);
                self.heard.insert(&one.key);
                Outcome::Unchanged
            }
            (Decision::Late { content: now, known, marks, marked }, of) => {
                let of = of.expect("only of a known document something is late");
                self.widen(of, content, now);
                if known {
                    self.woken.insert(&one.key);
                } else {
                    self.put_late(one, of.0);
                }
                let head = self.known.heads.get_mut(&one.key).expect("it is known");
                head.marks = marks;
                self.heard.insert(&one.key);
                if marked {
                    self.put_marked(&one.key);
                }
                if known && !marked { Outcome::Unchanged } else { Outcome::Changed }
            }
        }
    }

    /// More is known of a content.
    fn widen(&mut self, of: ContentOf, before: Option<Content>, now: Content) {
        if before.is_some_and(|before| before != now) {
            self.intervals.insert(of);
        }
        self.known.contents.insert(of, now);
    }

    /// The row of a document says when its current content was heard last; once another is current,
    /// the content's own versions do.
    fn keep_last_of_current(&mut self, key: &str) {
        let head = &self.known.heads[key];
        self.intervals.insert((head.no, head.digest));
    }

    fn put_current(
        &mut self,
        one: &'a Arriving,
        no: i64,
        heard_at: Option<i64>,
        marks: KnownMarks,
    ) {
        let head = self.known.heads.get(&one.key);
        let nth = head.map_or(0, |head| head.versions) + 1;
        if let Some(head) = head.filter(|_| self.before.contains_key(&one.key)) {
            self.replaced.entry(no).or_insert(head.seq);
        }
        self.seq += 1;
        let content = self.known.contents[&(no, one.digest)];
        let head = Head {
            no,
            seq: self.seq,
            versions: nth,
            last: content.last,
            changed_at: one.changed_at,
            dated: one.dated,
            digest: one.digest,
            marks,
        };
        self.push(&one.key, &head, Body::Arriving(one), heard_at);
        self.pointed.insert(&one.key, Body::Arriving(one));
        self.known.heads.insert(one.key.clone(), head);
    }

    fn put_late(&mut self, one: &'a Arriving, no: i64) {
        self.seq += 1;
        let head = self.known.heads.get_mut(&one.key).expect("it is known");
        head.versions += 1;
        let late = Head {
            no,
            seq: self.seq,
            digest: one.digest,
            changed_at: one.changed_at,
            marks: KnownMarks::told(&one.marks, one.observed_at),
            ..head.clone()
        };
        self.push(&one.key, &late, Body::Arriving(one), None);
    }

    /// The current content goes on with other marks: a version of it.
    fn put_marked(&mut self, key: &'a str) {
        self.seq += 1;
        let seq = self.seq;
        let head = self.known.heads.get_mut(key).expect("it is known");
        let body = self.pointed.get(key).copied().unwrap_or(Body::Stored(head.seq));
        (head.seq, head.versions) = (seq, head.versions + 1);
        let head = head.clone();
        self.push(key, &head, body, Some(head.last.heard_at));
        self.pointed.insert(key, body);
    }

    fn push(&mut self, key: &'a str, head: &Head, body: Body<'a>, heard_at: Option<i64>) {
        self.versions.push(Version {
            seq: head.seq,
            no: head.no,
            key,
            nth: head.versions,
            body,
            digest: head.digest,
            changed_at: head.changed_at,
            marks: head.marks.values(),
            heard_at,
        });
    }
}
