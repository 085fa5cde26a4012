//! Every channel tells something of every body, and nothing unknown of its own samples.

use hoesu_channels::CHANNELS;
use hoesu_claims::fact::{Fact, Tells, links};
use hoesu_claims::{Document, Media};
use hoesu_testkit::property::config;
use proptest::prelude::*;

/// Where failing seeds are kept.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proptest-regressions/facts.txt");

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
fn the_documented_samples_hold_nothing_unknown_and_know_their_order() {
    for channel in CHANNELS {
        for sample in channel.samples() {
            let kind = channel.read(sample.media, &sample.body).unwrap().kind;
            let facts = channel.facts(kind, &document(sample.media, &sample.body));
            let unknown = |fact: &&Fact| matches!(fact.tells, Tells::Unrecognised { .. });
            assert_eq!(facts.iter().find(unknown), None, "{} {kind}", channel.id());
            let knows = links(&facts).is_some_and(|links| links.order.is_some());
            assert!(knows, "{} {kind}", channel.id());
        }
    }
}

proptest! {
    #![proptest_config(config(256, SEEDS))]

    #[test]
    fn whatever_the_body_is_there_is_an_answer(body in prop::collection::vec(any::<u8>(), 0..64)) {
        for channel in CHANNELS {
            for kind in channel.capabilities().kinds {
                for media in [Media::Json, Media::Xml] {
                    let facts = channel.facts(kind, &document(media, &body));
                    prop_assert!(!facts.is_empty(), "{} {kind}", channel.id());
                }
            }
        }
    }

    #[test]
    fn whatever_the_values_are_there_is_an_answer(
        place in any::<prop::sample::Index>(),
        value in "(-?[0-9]{1,20}|null|true|\\[\\]|\\{\\}|\"[A-Z]{0,8}\"|\\[\\{\\},1\\])",
        nth in 0_u64..500,
    ) {
        for channel in CHANNELS {
            for kind in channel.capabilities().kinds {
                let Some(made) = channel.invent(kind, nth) else { continue };
                let text = String::from_utf8(made.body).unwrap();
                // One value anywhere in the record is another one.
                let starts: Vec<usize> = text.match_indices("\":").map(|(at, _)| at + 2).collect();
                let start = starts[place.index(starts.len())];
                let end = start + text[start..].find(",\"").unwrap_or(1);
                let broken = format!("{}{value}{}", &text[..start], &text[end..]);
                let facts = channel.facts(kind, &document(Media::Json, broken.as_bytes()));
                prop_assert!(!facts.is_empty(), "{} {kind}", channel.id());
            }
        }
    }
}
