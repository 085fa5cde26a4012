//! What makes gathering complete: a document can be found by every key it meets others by.

use hoesu_claims::{Fact, Found, fact};

/// Panics unless every key of these facts is among the words of the same document.
pub(crate) fn assert_found_by_its_keys(facts: &[Fact], found: &Found, whose: &str) {
    for key in fact::links(facts).into_iter().flat_map(fact::Links::keys) {
        let (terms, value) = key.found_by();
        let is_found = terms.iter().any(|term| {
            found.terms.iter().any(|(word, said)| word == term && *said == term.normal(value))
        });
        assert!(is_found && !value.is_empty(), "{whose} is not found by {key:?}");
    }
}
