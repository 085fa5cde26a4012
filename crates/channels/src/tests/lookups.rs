//! Lookups: what a record wants looked up, and what became of what lists show no more.

use std::collections::BTreeSet;

use super::fair::{Fair, asked, variants};
use crate::connect::tests::answer;
use crate::connect::{Ask, ReadFailure};

#[tokio::test]
async fn every_lookup_brings_what_it_was_asked_for_or_says_that_it_is_not_there() {
    for channel in asked() {
        let connector = channel.connector().unwrap();
        for settings in variants(channel) {
            let fair = Fair::market(channel, &settings, 10, 15).await;
            for lookup in connector.lookups() {
                let wants = fair.told.iter().flat_map(|told| {
                    let reading = channel.read(told.media, &told.body).unwrap();
                    let wanted = connector.wants(&reading).into_iter();
                    wanted.filter(|(id, _)| *id == lookup.id).map(|(_, key)| key)
                });
                let wanted: BTreeSet<String> = wants.collect();
                // One that no record wants is asked with the documents' own keys.
                let keys: BTreeSet<String> = if wanted.is_empty() {
                    let own = fair.told.iter().filter(|told| told.kind == lookup.kind);
                    own.map(|told| told.key.clone()).collect()
                } else {
                    wanted
                };
                let keys: Vec<String> = keys.into_iter().take(40).collect();
                let mut brought = 0;
                for keys in keys.chunks(lookup.keys_max) {
                    let ask = Ask::Keys { lookup, keys: keys.to_vec() };
                    let page = match answer(&fair.trial, &ask).await {
                        Ok(page) => page,
                        Err(ReadFailure::NotThere) => continue,
                        Err(failure) => panic!("{} {}: {failure}", channel.id(), lookup.id),
                    };
                    assert!(page.next.is_none());
                    for record in &page.records {
                        let known = channel.read(record.media, &record.body).unwrap();
                        assert_eq!(known.kind, lookup.kind);
                        let by_order = known.found.terms.iter().map(|(_, number)| number);
                        let mut named = by_order.chain([&known.key]);
                        assert!(named.any(|number| keys.contains(number)), "{}", lookup.id);
                        brought += 1;
                    }
                }
                assert!(brought > 0, "{} {} brings nothing", channel.id(), lookup.id);
                let nobody = Ask::Keys { lookup, keys: vec!["999999999".to_owned()] };
                match answer(&fair.trial, &nobody).await {
                    Ok(page) => assert!(page.records.is_empty()),
                    Err(failure) => assert_eq!(failure, ReadFailure::NotThere),
                }
            }
            for told in &fair.told {
                let reading = channel.read(told.media, &told.body).unwrap();
                for (id, key) in connector.missed(&reading) {
                    assert!(connector.lookup(id).is_some() && !key.is_empty(), "{}", told.kind);
                }
            }
        }
    }
}
