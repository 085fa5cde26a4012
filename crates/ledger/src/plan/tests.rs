//! What a document is known by must not depend on the order in which hearings arrive.

use hoesu_claims::document::Marks;
use hoesu_claims::{Media, Moment, Rank};
use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::Outcome;

/// A hearing of a content; what a content says of its change is a function of it.
fn arriving(content: u8, heard_at: i64) -> Arriving {
    Arriving {
        key: "1".into(),
        media: Media::Json,
        body: vec![content],
        // Keyed: in no order that the contents have.
        digest: [content.wrapping_mul(101); 32],
        marks: Marks::new(),
        observed_at: heard_at,
        received: heard_at,
        changed_at: i64::from(content / 2),
        dated: false,
        rank: Rank::default(),
        states: vec![],
        moments: vec![],
        terms: vec![],
        signatures: vec![],
    }
}

fn marked(mut one: Arriving, moment: Moment, at: i64) -> Arriving {
    one.marks.insert(moment, Timestamp::from_millisecond(at).unwrap());
    one
}

/// What is known of a document in the end: contents with their hearings, the current one, the marks.
#[derive(Debug, PartialEq)]
struct Summary {
    current: Digest,
    marks: Marks,
    contents: Vec<(Digest, i64, Hearing)>,
}

/// Arrivals in batches of `size`, each decided on what the one before left.
fn known_after(arrivals: &[Arriving], size: usize, put: Put) -> (Summary, Vec<Outcome>) {
    let (mut heads, mut contents) =
        (std::collections::HashMap::new(), std::collections::HashMap::new());
    let mut bodies: std::collections::HashMap<i64, Vec<u8>> = std::collections::HashMap::new();
    let (mut outcomes, mut seq, mut documents) = (Vec::new(), 0, 0);
    for chunk in arrivals.chunks(size) {
        let mut known = Known { heads, contents, ..Known::default() };
        for (key, seq) in known.tied(chunk) {
            known.body(&key, bodies[&seq].clone());
        }
        let batch = Batch::decide(put, (seq, documents), known, chunk);
        (seq, documents) = (batch.seq, batch.documents);
        for version in &batch.versions {
            assert!(version.seq <= seq, "a version has a number that was given");
            let body = match version.body {
                Body::Arriving(one) => one.body.clone(),
                Body::Stored(from) => bodies[&from].clone(),
            };
            bodies.insert(version.seq, body);
        }
        outcomes.extend_from_slice(&batch.outcomes);
        (heads, contents) = batch.into_known();
    }
    let head = &heads["1"];
    let mut contents: Vec<_> = contents
        .into_iter()
        .map(|((_, digest), content)| (digest, content.first_at, content.last))
        .collect();
    contents.sort_unstable();
    (Summary { current: head.digest, marks: head.marks.values(), contents }, outcomes)
}

fn outcomes(arrivals: &[Arriving]) -> Vec<Outcome> {
    known_after(arrivals, 1, Put::Newer).1
}

#[test]
fn the_same_content_again_changes_nothing_and_other_content_is_a_version() {
    let all = [arriving(7, 10), arriving(7, 20), arriving(8, 30), arriving(8, 30), arriving(7, 40)];
    let told =
        [Outcome::New, Outcome::Unchanged, Outcome::Changed, Outcome::Unchanged, Outcome::Changed];
    assert_eq!(outcomes(&all), told);
    assert_eq!(known_after(&all, 10, Put::Newer), known_after(&all, 1, Put::Newer));
    let once = known_after(&[arriving(7, 10), arriving(7, 20), arriving(8, 30)], 2, Put::Once);
    assert_eq!(once.1, [Outcome::New, Outcome::Unchanged, Outcome::Conflict]);
}

#[test]
fn what_was_heard_earlier_never_becomes_current() {
    let (summary, told) =
        known_after(&[arriving(8, 20), arriving(7, 10), arriving(7, 15)], 1, Put::Newer);
    assert_eq!(told, [Outcome::New, Outcome::Changed, Outcome::Unchanged]);
    assert_eq!(summary.current, arriving(8, 0).digest);
}

#[test]
fn of_two_heard_at_once_the_channels_time_decides_and_then_the_content() {
    for (one, other) in [(2, 5), (4, 5)] {
        let pair = [arriving(one, 20), arriving(other, 20)];
        assert_eq!(known_after(&pair, 1, Put::Newer).0.current, arriving(5, 0).digest);
        let pair = [arriving(other, 20), arriving(one, 20)];
        assert_eq!(known_after(&pair, 1, Put::Newer).0.current, arriving(5, 0).digest);
    }
}

#[test]
fn where_the_time_of_change_moves_with_every_change_an_older_one_never_covers_a_newer() {
    let dated = |content, heard_at| Arriving { dated: true, ..arriving(content, heard_at) };
    let (summary, _) = known_after(&[dated(9, 10), dated(3, 40)], 1, Put::Newer);
    assert_eq!(summary.current, arriving(9, 0).digest);
    // A content without a time stands where it was heard.
    let (summary, _) = known_after(&[dated(9, 10), dated(1, 40)], 1, Put::Newer);
    assert_eq!(summary.current, arriving(1, 0).digest);
    // A time far ahead of the hearing is an error: whatever is heard next is current.
    let mut absurd = dated(2, 10);
    absurd.changed_at = i64::MAX;
    let mut next = dated(3, 20);
    next.changed_at = 15;
    let (summary, _) = known_after(&[absurd, next], 1, Put::Newer);
    assert_eq!(summary.current, arriving(3, 0).digest);
}

#[test]
fn a_mark_is_known_of_whatever_is_current_and_the_one_heard_last_stands() {
    let all = [
        arriving(7, 30),
        marked(arriving(8, 10), Moment::Confirmed, 5),
        marked(arriving(8, 20), Moment::Confirmed, 3),
        marked(arriving(7, 15), Moment::Closed, 9),
    ];
    let (summary, told) = known_after(&all, 1, Put::Newer);
    assert_eq!(summary.current, arriving(7, 0).digest);
    let at = |ms| Timestamp::from_millisecond(ms).unwrap();
    assert_eq!(summary.marks, Marks::from([(Moment::Confirmed, at(3)), (Moment::Closed, at(9))]));
    assert_eq!(told, [Outcome::New, Outcome::Changed, Outcome::Changed, Outcome::Changed]);
}

/// Any hearings of one document, with few contents, instants and marks, so that all meet.
fn hearings() -> impl Strategy<Value = Vec<Arriving>> {
    let mark = prop::option::of((prop::bool::ANY, 0..3_i64));
    let one = (0..5_u8, 0..6_i64, 0..2_i64, mark).prop_map(|(content, heard, received, mark)| {
        let mut one = arriving(content, heard);
        one.received += received;
        match mark {
            None => one,
            Some((true, at)) => marked(one, Moment::Closed, at),
            Some((false, at)) => marked(one, Moment::Confirmed, at),
        }
    });
    (prop::collection::vec(one, 1..10), prop::bool::ANY).prop_map(|(mut all, dated)| {
        for one in &mut all {
            one.dated = dated;
        }
        all
    })
}

proptest! {
    #[test]
    fn any_order_and_any_repetition_of_arrivals_comes_to_the_same(
        (all, shuffled, size) in hearings().prop_flat_map(|all| {
            let order: Vec<usize> = (0..all.len()).chain(0..all.len().min(3)).collect();
            (Just(all), Just(order).prop_shuffle(), 1..5_usize)
        })
    ) {
        let other: Vec<Arriving> = shuffled.iter().map(|at| all[*at].clone()).collect();
        let plain = known_after(&all, 1, Put::Newer).0;
        prop_assert_eq!(&plain, &known_after(&other, 1, Put::Newer).0);
        prop_assert_eq!(&plain, &known_after(&other, size, Put::Newer).0);
    }
}

#[test]
fn only_terms_that_differ_are_touched() {
    use hoesu_claims::Term;
    let old = [(Term::Order, "1".to_owned()), (Term::Item, "a".to_owned())];
    let new = [(Term::Order, "1".to_owned()), (Term::Item, "b".to_owned())];
    let change = term_change(&old, &new);
    assert_eq!(change.gone, [(Term::Item, "a".to_owned())]);
    assert_eq!(change.come, [(Term::Item, "b".to_owned())]);
}
