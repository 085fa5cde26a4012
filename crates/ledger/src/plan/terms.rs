//! What a document is found by, before and after a change.

use std::collections::BTreeSet;

use hoesu_claims::document::Marks;
use hoesu_claims::{Moment, Term};

use crate::store::Arriving;

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

/// As [`with_marks`], of moments that hold marks known before: their values give way.
pub(crate) fn with_other_marks(
    mut moments: Vec<(Moment, i64)>,
    before: &Marks,
    marks: &Marks,
) -> Vec<(Moment, i64)> {
    moments.retain(|(moment, at)| before.get(moment).map(|at| at.as_millisecond()) != Some(*at));
    with_marks(moments, marks)
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
