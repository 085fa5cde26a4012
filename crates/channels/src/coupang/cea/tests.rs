//! The scheme against known signatures, and headers nobody should trust.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Known {
    access_key: String,
    secret_key: String,
    signed_date: String,
    vectors: Vec<Vector>,
    must_fail: Vec<Mistake>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    method: String,
    path: String,
    query: String,
    signature: String,
}

#[derive(Deserialize)]
struct Mistake {
    why: String,
    method: String,
    path: String,
    query: String,
    signed_date: String,
    signature: String,
}

fn vectors() -> Known {
    serde_json::from_str(include_str!("vectors.json")).unwrap()
}

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn header(access_key: &str, date: &str, signature: &str, gap: &str) -> String {
    format!(
        "CEA algorithm=HmacSHA256,{gap}access-key={access_key},{gap}signed-date={date},{gap}\
         signature={signature}"
    )
}

#[test]
fn every_known_signature_is_made_and_accepted_in_both_spellings() {
    let known = vectors();
    assert_eq!(known.vectors.len(), 7);
    for vector in &known.vectors {
        let signed = Signed { method: &vector.method, path: &vector.path, query: &vector.query };
        let spaced = header(&known.access_key, &known.signed_date, &vector.signature, " ");
        assert_eq!(
            authorization(&known.access_key, &known.secret_key, signed, now()),
            spaced,
            "{}",
            vector.id
        );
        let tight = header(&known.access_key, &known.signed_date, &vector.signature, "");
        for header in [&spaced, &tight] {
            let header = Header::parse(header).unwrap();
            assert_eq!(header.access_key, known.access_key);
            assert!(header.is_fresh(now()));
            assert!(header.signs(&known.secret_key, signed), "{}", vector.id);
            assert!(!header.signs("another-secret", signed));
        }
    }
}

#[test]
fn the_common_mistakes_are_refused() {
    let known = vectors();
    assert_eq!(known.must_fail.len(), 5);
    for mistake in &known.must_fail {
        let signed = Signed { method: &mistake.method, path: &mistake.path, query: &mistake.query };
        let text = header(&known.access_key, &mistake.signed_date, &mistake.signature, " ");
        let header = Header::parse(&text).unwrap();
        let accepted = header.is_fresh(now()) && header.signs(&known.secret_key, signed);
        assert!(!accepted, "{}", mistake.why);
    }
}

#[test]
fn a_signature_is_good_for_five_minutes_on_either_side() {
    let text = header("key", "260101T000000Z", &"0".repeat(64), " ");
    let header = Header::parse(&text).unwrap();
    for (seconds, fresh) in [(0, true), (300, true), (301, false), (-300, true), (-301, false)] {
        let then = now() + SignedDuration::from_secs(seconds);
        assert_eq!(header.is_fresh(then), fresh, "{seconds}");
    }
}

#[test]
fn a_header_of_another_form_is_none() {
    let good = header("key", "260101T000000Z", &"0".repeat(64), " ");
    assert!(Header::parse(&good).is_some());
    let bad = [
        String::new(),
        "Bearer abc".into(),
        good.replace("CEA ", "CEA"),
        good.replace("HmacSHA256", "HmacSHA1"),
        good.replace("algorithm=HmacSHA256, ", ""),
        good.replace("access-key=key, ", ""),
        good.replace("access-key=key", "access-key"),
        good.replace("signed-date=260101T000000Z, ", ""),
        good.replace("260101T000000Z", "260230T000000Z"),
        good.replace("260101T000000Z", "20260101T000000Z"),
        good.replace("260101T000000Z", "260101T000000+"),
        good.split(", signature").next().unwrap().into(),
        format!("{good}, signature=1"),
    ];
    for header in bad {
        assert_eq!(Header::parse(&header), None, "{header}");
    }
}

#[test]
fn a_signature_in_upper_case_is_not_the_documented_one() {
    let signature = vectors().vectors[0].signature.clone();
    assert!(from_hex(&signature).is_some());
    assert_eq!(from_hex(&signature.to_uppercase()), None);
    assert_eq!(from_hex(&signature[1..]), None);
}

#[test]
fn made_credentials_pass_their_own_check() {
    for byte in 0..=255 {
        for field in CREDENTIAL {
            assert_eq!((field.check)(&(field.make)([byte; 32])), Ok(()), "{}", field.name);
        }
    }
}

proptest! {
    #[test]
    fn no_header_makes_it_panic(header in ".{0,80}", inside in "[a-z=, 0-9TZ\\-]{0,80}") {
        let _ = Header::parse(&header);
        if let Some(header) = Header::parse(&format!("CEA algorithm=HmacSHA256,{inside}")) {
            let signed = Signed { method: "GET", path: "/", query: "" };
            let _ = header.is_fresh(now()) && header.signs("secret", signed);
        }
    }

    #[test]
    fn what_is_signed_verifies_and_nothing_else_does(
        path in "/[a-z0-9%/]{0,40}", query in "[a-z0-9%=&]{0,40}", secret in "[a-z0-9]{1,40}",
        seconds in 0_i64..2_000_000_000,
    ) {
        let now = Timestamp::from_second(946_684_800 + seconds).unwrap();
        let signed = Signed { method: "GET", path: &path, query: &query };
        let text = authorization("key", &secret, signed, now);
        let header = Header::parse(&text).unwrap();
        prop_assert!(header.is_fresh(now));
        prop_assert!(header.signs(&secret, signed));
        let longer = format!("{query}x");
        let another = Signed { query: &longer, ..signed };
        prop_assert!(!header.signs(&secret, another));
    }
}
