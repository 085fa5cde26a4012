use hoesu_claims::Media;
use proptest::prelude::*;

use super::*;
use crate::contract::{Table, assert_documented};
use crate::{Channel as _, coupang_3pfl::Coupang3pfl};

const TABLES: &[(&str, &dyn Table)] =
    &[("requestType", &REQUEST_TYPE), ("status", &STATUS), ("cancelReason", &CANCEL_REASON)];

fn document(media: Media, body: &[u8]) -> Document {
    Document {
        key: "1".into(),
        version: 1,
        seq: 1,
        media,
        body: body.to_vec(),
        marks: std::collections::BTreeMap::new(),
        observed_at: "2026-01-01T00:00:00Z".parse().unwrap(),
    }
}

#[test]
fn the_readme_says_what_each_code_tells() {
    assert_documented(include_str!("../README.md"), TABLES);
}

#[test]
fn the_documented_samples_hold_nothing_unknown() {
    for sample in Coupang3pfl.samples() {
        let kind = Coupang3pfl.read(sample.media, &sample.body).unwrap().kind;
        let facts = facts(kind, &document(sample.media, &sample.body));
        let unknown = |fact: &&Fact| matches!(fact.tells, Tells::Unrecognised { .. });
        assert_eq!(facts.iter().find(unknown), None);
        assert!(hoesu_claims::fact::links(&facts).is_some_and(|links| links.order.is_some()));
    }
}

proptest! {
    #[test]
    fn whatever_the_body_is_there_is_an_answer(body in prop::collection::vec(any::<u8>(), 0..64)) {
        for kind in Coupang3pfl.capabilities().kinds {
            for media in [Media::Json, Media::Xml] {
                prop_assert!(!facts(kind, &document(media, &body)).is_empty());
            }
        }
    }

    #[test]
    fn whatever_the_values_are_there_is_an_answer(
        place in any::<prop::sample::Index>(),
        value in "(-?[0-9]{1,20}|null|true|\\[\\]|\\{\\}|\"[A-Z]{0,8}\"|\\[\\{\\},1\\])",
        nth in 0_u64..500,
    ) {
        for kind in Coupang3pfl.capabilities().kinds {
            let Some(made) = Coupang3pfl.invent(kind, nth) else { continue };
            let text = String::from_utf8(made.body).unwrap();
            // One value anywhere in the record is another one.
            let starts: Vec<usize> = text.match_indices("\":").map(|(at, _)| at + 2).collect();
            let start = starts[place.index(starts.len())];
            let end = start + text[start..].find(",\"").unwrap_or(1);
            let broken = format!("{}{value}{}", &text[..start], &text[end..]);
            prop_assert!(!facts(kind, &document(Media::Json, broken.as_bytes())).is_empty());
        }
    }
}
