//! Nothing of anybody is shown of any document of any channel.

use hoesu_claims::found::Personal;
use hoesu_claims::{Term, Text};
use proptest::prelude::*;

use super::{Holds, Media, Personal as Member, Shown, Walk, masked, revealed};
use crate::{CHANNELS, Channel, Invented};

/// The documents there are: the channels' own, and many made-up ones.
fn documents(channel: &dyn Channel) -> Vec<Invented> {
    let kinds = channel.capabilities().kinds.iter();
    let invented = kinds.flat_map(|kind| (0..60).filter_map(|nth| channel.invent(kind, nth)));
    channel.samples().into_iter().chain(invented).collect()
}

fn texts(shown: &[Shown]) -> Vec<&str> {
    shown.iter().map(|shown| shown.text.as_str()).collect()
}

#[test]
fn whoever_is_found_in_a_document_is_masked_in_it() {
    for channel in CHANNELS {
        for Invented { media, body, .. } in documents(*channel) {
            let found = channel.read(media, &body).unwrap().found;
            let shown = masked(channel.capabilities(), media, &body);
            assert!(!shown.is_empty());
            for (term, value) in &found.terms {
                let whole = |shown: &str| match term.personal() {
                    None => false,
                    // A name of one letter is nobody's.
                    Some(Personal::Name) => {
                        value.chars().count() > 1 && shown.contains(value.as_str())
                    }
                    // Some channels mask phones themselves: what is left of them has fewer digits.
                    Some(Personal::Phone) => {
                        let digits = Term::BuyerPhone.normal(shown);
                        value.len() >= 9 && shown.len() < 20 && digits.contains(value.as_str())
                    }
                    Some(Personal::Postcode) => value.len() >= 5 && shown.trim() == value,
                };
                for one in &shown {
                    // Its own number may hold any digits.
                    let own = one.holds.is_none() && one.path.ends_with("Id");
                    assert!(own || !whole(&one.text), "{} {} {}", channel.id(), term, one.path);
                }
            }
            for (text, value) in &found.texts {
                let personal = matches!(text, Text::RecipientAddress | Text::SenderAddress);
                let shown = texts(&shown);
                let told =
                    value.len() > 3 && shown.iter().any(|shown| shown.contains(value.as_str()));
                assert!(!(personal && told), "{} {text}", channel.id());
            }
        }
    }
}

#[test]
fn a_document_in_full_says_all_that_it_says_masked_and_more() {
    for channel in CHANNELS {
        for Invented { media, body, .. } in documents(*channel) {
            let all = revealed(channel.capabilities(), media, &body);
            let some = masked(channel.capabilities(), media, &body);
            assert_eq!(all.len(), some.len());
            for (all, some) in all.iter().zip(&some) {
                assert_eq!((&all.path, all.holds), (&some.path, some.holds));
                assert!(!all.is_masked && some.is_masked == some.holds.is_some());
                assert!(some.is_masked || all.text == some.text);
            }
        }
    }
}

#[test]
fn what_is_nobodys_is_read_in_full() {
    let mut unnamed: Vec<String> = Vec::new();
    for channel in CHANNELS {
        let walk = Walk { people: channel.capabilities().people, hide: true };
        for document in documents(*channel) {
            for shown in masked(channel.capabilities(), document.media, &document.body) {
                let names: Vec<&str> =
                    shown.path.split('.').map(|part| part.split('[').next().unwrap()).collect();
                if shown.is_masked && walk.holds(&names).is_none() {
                    unnamed.push(format!("{} {}", channel.id(), shown.path));
                }
            }
        }
    }
    assert_eq!(unnamed, Vec::<String>::new(), "members of known documents that nobody named");
}

#[test]
fn a_member_nobody_named_is_shown_only_if_it_is_a_code() {
    let body = r#"{"new":"김하늘","newCode":"READY","at":"2024-01-31 09:00:00","contact":"010-0000-1234","nickName":"haneul","n":12,"buyerTel":1000001234,"none":null,"empty":"","list":[],"of":{"two words":"two words"}}"#;
    for channel in CHANNELS {
        let shown = masked(channel.capabilities(), Media::Json, body.as_bytes());
        assert_eq!(
            texts(&shown),
            [
                "***",
                "READY",
                "2024-01-31 09:00:00",
                "***",
                "***",
                "12",
                "***",
                "null",
                "",
                "[]",
                "***"
            ],
        );
    }
}

#[test]
fn what_stands_below_a_named_member_holds_what_it_holds() {
    let walk = Walk {
        people: &[
            Member("data", Holds::Words),
            Member("data.status", Holds::Plain),
            Member("name", Holds::Name),
        ],
        hide: true,
    };
    assert_eq!(walk.holds(&["data", "x", "y"]), Some(Holds::Words));
    assert_eq!(walk.holds(&["data", "status"]), Some(Holds::Plain));
    assert_eq!(walk.holds(&["data", "name"]), Some(Holds::Name));
    assert_eq!(walk.holds(&["status"]), None);
}

proptest! {
    #[test]
    fn a_name_or_phone_anywhere_is_never_shown(
        member in "[a-zA-Z]{1,8}", deep in 0_usize..4, name in "[김이박최정][가-힣]{1,3}", digits in "0[0-9]{4}",
    ) {
        let phone = format!("010-9{}-{}", &digits[..3], &digits[1..]);
        let value = format!(r#"{{"{member}":["{name}","{phone}"]}}"#);
        let body = (0..deep).fold(value, |inside, _| format!(r#"{{"{member}":{inside}}}"#));
        for channel in CHANNELS {
            let named = channel.capabilities().people.iter().any(|one| one.0 == member);
            for shown in masked(channel.capabilities(), Media::Json, body.as_bytes()) {
                prop_assert!(named || (!shown.text.contains(&name) && !shown.text.contains(&phone)));
            }
        }
    }
}
