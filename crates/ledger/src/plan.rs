//! What to do with an arriving document: decided without a database, the same for both.

use std::collections::BTreeSet;

use hoesu_claims::document::Marks;
use hoesu_claims::{Moment, Term};

use crate::Put;
use crate::store::{Arriving, Head};

/// The decision on one arriving document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// First of its key.
    New { marks: Marks },
    /// A further version, current from now on.
    Changed { marks: Marks },
    /// A further version, observed before the current one. What was told beside it is known of the
    /// current one too: it goes on with the marks `carried`, if it lacked any.
    Late { marks: Marks, carried: Option<Marks> },
    /// Known already. `heard` if the current version is heard again, later than before: not a version,
    /// but what arrives late is measured against it.
    Unchanged { heard: bool },
    /// What the version heard next says (its place in the log): it was said as early as this already.
    Sooner { seq: i64 },
    /// Known with other content, where that is refused.
    Conflict,
}

/// What a version of a document says.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// Its place in the log.
    pub(crate) seq: i64,
    pub(crate) digest: Vec<u8>,
    pub(crate) marks: Marks,
}

/// The versions of a document beside a late one: the one that was current at the instant it was
/// observed, and the one observed next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    pub(crate) before: Option<Said>,
    pub(crate) after: Option<Said>,
}

/// Whether the current version was heard after the arriving one. What counts is when something was
/// heard, then when the channel says it changed it, then which arrived last.
pub(crate) fn is_late(head: &Head, arriving: &Arriving) -> bool {
    (arriving.observed_at, arriving.changed_at) < (head.heard_at, head.changed_at)
}

/// Decides. What is `around` it is looked up only for a late document.
pub(crate) fn decide<E>(
    put: Put,
    head: Option<&Head>,
    arriving: &Arriving,
    around: impl FnOnce() -> Result<Around, E>,
) -> Result<Decision, E> {
    let Some(head) = head else {
        return Ok(Decision::New { marks: arriving.marks.clone() });
    };
    if put == Put::Once {
        let same = head.digest == arriving.digest;
        return Ok(if same { Decision::Unchanged { heard: false } } else { Decision::Conflict });
    }
    if is_late(head, arriving) {
        let Around { before, after } = around()?;
        let marks = merge(before.as_ref().map(|before| &before.marks), &arriving.marks);
        let same = |said: &Said| said.digest == arriving.digest && said.marks == marks;
        return Ok(match (before.filter(same), after.filter(same)) {
            (Some(_), _) => Decision::Unchanged { heard: false },
            (None, Some(after)) => Decision::Sooner { seq: after.seq },
            (None, None) => Decision::Late { marks, carried: carried(head, arriving) },
        });
    }
    let marks = merge(Some(&head.marks), &arriving.marks);
    if head.digest == arriving.digest && head.marks == marks {
        return Ok(Decision::Unchanged { heard: arriving.observed_at > head.heard_at });
    }
    Ok(Decision::Changed { marks })
}

/// The current version's marks with those told late which nothing was said of since.
fn carried(head: &Head, late: &Arriving) -> Option<Marks> {
    let lacks = |moment: &&Moment| !head.marks.contains_key(*moment);
    late.marks.keys().any(|moment| lacks(&moment)).then(|| merge(Some(&late.marks), &head.marks))
}

/// What was known stays known; what is said now wins.
fn merge(known: Option<&Marks>, said: &Marks) -> Marks {
    let mut marks = known.cloned().unwrap_or_default();
    marks.extend(said.iter().map(|(moment, at)| (*moment, *at)));
    marks
}

/// A document's moments with what the channel told beside the body.
pub(crate) fn moments(arriving: &Arriving, marks: &Marks) -> Vec<(Moment, i64)> {
    with_marks(arriving.moments.clone(), marks)
}

/// Moments, those of a body or those known until now, with marks.
pub(crate) fn with_marks(mut moments: Vec<(Moment, i64)>, marks: &Marks) -> Vec<(Moment, i64)> {
    for (moment, at) in marks.iter().map(|(moment, at)| (*moment, at.as_millisecond())) {
        if !moments.contains(&(moment, at)) {
            moments.push((moment, at));
        }
    }
    moments
}

/// How a document's terms change: what goes, what comes.
pub(crate) struct TermChange {
    pub(crate) gone: Vec<(Term, String)>,
    pub(crate) come: Vec<(Term, String)>,
}

/// The change from one set of terms to another.
pub(crate) fn term_change(old: &[(Term, String)], new: &[(Term, String)]) -> TermChange {
    let was: BTreeSet<_> = old.iter().collect();
    let is: BTreeSet<_> = new.iter().collect();
    TermChange {
        gone: was.difference(&is).map(|pair| (*pair).clone()).collect(),
        come: is.difference(&was).map(|pair| (*pair).clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use hoesu_claims::{Media, Rank};
    use jiff::Timestamp;

    use super::*;

    fn arriving(digest: u8, observed_at: i64) -> Arriving {
        Arriving {
            key: "1".into(),
            media: Media::Json,
            body: vec![],
            digest: [digest; 32],
            marks: Marks::new(),
            observed_at,
            changed_at: 0,
            rank: Rank::default(),
            states: vec![],
            moments: vec![],
            terms: vec![],
            signatures: vec![],
        }
    }

    fn head(digest: u8, heard_at: i64) -> Head {
        Head {
            no: 1,
            seq: 1,
            versions: 1,
            heard_at,
            changed_at: 0,
            digest: vec![digest; 32],
            marks: Marks::new(),
        }
    }

    fn decided(put: Put, head: Option<&Head>, arriving: &Arriving, before: Option<u8>) -> Decision {
        decided_between(put, head, arriving, before, None)
    }

    fn decided_between(
        put: Put,
        head: Option<&Head>,
        arriving: &Arriving,
        before: Option<u8>,
        after: Option<u8>,
    ) -> Decision {
        let said = |digest| Said { seq: 1, digest: vec![digest; 32], marks: Marks::new() };
        let around = Around { before: before.map(said), after: after.map(said) };
        decide(put, head, arriving, || Ok::<_, Infallible>(around)).unwrap()
    }

    #[test]
    fn the_same_content_again_changes_nothing() {
        assert_eq!(
            decided(Put::Newer, Some(&head(7, 10)), &arriving(7, 20), None),
            Decision::Unchanged { heard: true }
        );
        assert_eq!(
            decided(Put::Once, Some(&head(7, 10)), &arriving(7, 20), None),
            Decision::Unchanged { heard: false }
        );
    }

    #[test]
    fn other_content_is_a_new_version_or_a_conflict() {
        let change = Decision::Changed { marks: Marks::new() };
        assert_eq!(decided(Put::Newer, Some(&head(7, 10)), &arriving(8, 20), None), change);
        assert_eq!(
            decided(Put::Once, Some(&head(7, 10)), &arriving(8, 20), None),
            Decision::Conflict
        );
    }

    #[test]
    fn what_was_observed_earlier_never_becomes_current() {
        let late = Decision::Late { marks: Marks::new(), carried: None };
        assert_eq!(decided(Put::Newer, Some(&head(8, 20)), &arriving(7, 10), None), late);
        assert_eq!(
            decided(Put::Newer, Some(&head(8, 20)), &arriving(7, 15), Some(7)),
            Decision::Unchanged { heard: false }
        );
    }

    #[test]
    fn what_is_said_next_was_said_as_early_as_it_was_observed() {
        let (head, late) = (head(7, 20), arriving(7, 10));
        let sooner = Decision::Sooner { seq: 1 };
        assert_eq!(decided_between(Put::Newer, Some(&head), &late, None, Some(7)), sooner);
        assert_eq!(decided_between(Put::Newer, Some(&head), &late, Some(8), Some(7)), sooner);
        assert_eq!(
            decided_between(Put::Newer, Some(&head), &late, Some(7), Some(7)),
            Decision::Unchanged { heard: false }
        );
        assert_eq!(
            decided_between(Put::Newer, Some(&head), &late, Some(8), Some(9)),
            Decision::Late { marks: Marks::new(), carried: None }
        );
    }

    #[test]
    fn of_two_seen_at_once_the_one_the_channel_changed_last_is_current() {
        let mut newest = head(8, 20);
        newest.changed_at = 5;
        let mut older = arriving(7, 20);
        older.changed_at = 4;
        assert!(is_late(&newest, &older));
        older.changed_at = 6;
        assert!(!is_late(&newest, &older));
    }

    #[test]
    fn a_mark_is_content_and_a_missing_mark_keeps_what_was_known() {
        let noon: Timestamp = "2024-01-01T03:00:00Z".parse().unwrap();
        let mut known = head(7, 10);
        known.marks.insert(Moment::Closed, noon);
        assert_eq!(
            decided(Put::Newer, Some(&known), &arriving(7, 20), None),
            Decision::Unchanged { heard: true }
        );
        let mut marked = arriving(7, 20);
        marked.marks.insert(Moment::Confirmed, noon);
        let both = Marks::from([(Moment::Confirmed, noon), (Moment::Closed, noon)]);
        assert_eq!(
            decided(Put::Newer, Some(&known), &marked, None),
            Decision::Changed { marks: both }
        );
    }

    #[test]
    fn a_mark_told_late_is_known_of_what_is_current() {
        let [noon, night] = ["2024-01-01T03:00:00Z", "2024-01-01T15:00:00Z"]
            .map(|text| text.parse::<Timestamp>().unwrap());
        let mut known = head(7, 20);
        known.marks.insert(Moment::Closed, night);
        let mut late = arriving(7, 10);
        late.marks = Marks::from([(Moment::Confirmed, noon), (Moment::Closed, noon)]);
        let both = Marks::from([(Moment::Confirmed, noon), (Moment::Closed, night)]);
        assert_eq!(
            decided(Put::Newer, Some(&known), &late, None),
            Decision::Late { marks: late.marks.clone(), carried: Some(both) }
        );
        late.marks.remove(&Moment::Confirmed);
        assert_eq!(
            decided(Put::Newer, Some(&known), &late, None),
            Decision::Late { marks: late.marks.clone(), carried: None }
        );
    }

    #[test]
    fn only_terms_that_differ_are_touched() {
        let old = [(Term::Order, "1".to_owned()), (Term::Item, "a".to_owned())];
        let new = [(Term::Order, "1".to_owned()), (Term::Item, "b".to_owned())];
        let change = term_change(&old, &new);
        assert_eq!(change.gone, [(Term::Item, "a".to_owned())]);
        assert_eq!(change.come, [(Term::Item, "b".to_owned())]);
    }
}
