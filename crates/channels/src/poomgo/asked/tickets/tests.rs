//! The 27 parameters: what each is read as, and what each refuses.

use hoesu_claims::{AccountId, SellerId};
use proptest::prelude::*;

use super::*;

fn shelf() -> Shelf {
    Shelf { seller: SellerId(1), account: AccountId(1), kind: "ticket" }
}

fn asked(query: &str) -> Query {
    read(shelf(), query).unwrap().0
}

fn wrong(query: &str) -> String {
    read(shelf(), query).unwrap_err().0
}

fn span(query: &str) -> Between {
    let query = asked(query);
    assert!(query.moments.len() <= 1);
    query.moments.first().map_or(query.during, |(_, span)| *span)
}

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

#[test]
fn there_are_the_27_documented_parameters_and_no_name_twice() {
    let mut names: Vec<&str> = PARAMETERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), 27);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 27);
}

#[test]
fn nothing_asked_is_the_first_twenty_listed_tickets() {
    for query in ["", "&", "&&", "unknown=1", "unknown", "=", "page=1&pageSize=20"] {
        let (query, paging) = read(shelf(), query).unwrap();
        assert_eq!(paging.rows, 20);
        assert_eq!((query.start, query.limit), (Start::Offset(0), 20));
        assert_eq!(query.states, [(State::Listed, vec!["cs".to_owned()])]);
        assert!(query.terms.is_empty() && query.texts.is_empty() && query.moments.is_empty());
        assert!(query.during.is_everything());
    }
}

#[test]
fn an_empty_parameter_is_as_if_it_were_not_there() {
    let nothing = format!("{:?}", read(shelf(), "").unwrap());
    for (name, _) in PARAMETERS {
        for query in [format!("{name}="), name.to_owned(), format!("{name}=&{name}=")] {
            assert_eq!(format!("{:?}", read(shelf(), &query).unwrap()), nothing, "{query}");
        }
    }
    let all = PARAMETERS.map(|(name, _)| format!("{name}=")).join("&");
    assert_eq!(format!("{:?}", read(shelf(), &all).unwrap()), nothing);
    assert_eq!(asked("page=&page=2").start, Start::Offset(20));
}

#[test]
fn pages_count_from_one() {
    let query = asked("page=3&pageSize=10");
    assert_eq!((query.start, query.limit), (Start::Offset(20), 10));
    assert_eq!(asked("pageSize=500").limit, 500);
    assert_eq!(asked("page=2147483647&pageSize=500").limit, 500);
}

#[test]
fn every_parameter_refuses_a_wrong_value_by_its_name() {
    for (name, asks) in PARAMETERS {
        let values: &[&str] = match asks {
            Asks::Page => &["0", "-1", "1.5", "x", "2147483648", "99999999999999999999", "+1"],
            Asks::PageSize => &["0", "-1", "501", "1e2", "99999999999999999999", "٣"],
            Asks::Code(..) => &["UNKNOWN", "draft", "DRAFT,DONE", "CANCELLED"],
            Asks::Codes(..) => &["UNKNOWN", "draft", "DRAFT,", "DRAFT,,FAILED", "CANCELLED"],
            Asks::Exact(_) | Asks::Contains(_) => &["%20", "+", "%FF", "%B1%E8"],
            Asks::Time(..) => &[
                "2026-02-30",
                "2026-13-01",
                "20260201",
                "2026-2-1",
                "2026-02-01T10:00:00",
                "2026-02-01T25:00:00Z",
                "2026-02-01T10:00:00+09:00",
                "yesterday",
                "0",
            ],
        };
        for value in values {
            let sentence = wrong(&format!("{name}={value}"));
            assert!(sentence.starts_with(&format!("{name} 값은 ")), "{name}={value}: {sentence}");
        }
    }
}

#[test]
fn a_phone_without_digits_and_a_waybill_of_hyphens_are_refused() {
    for name in ["returnSenderMobile", "returnRecipientMobile", "originalInvoiceCode"] {
        assert_eq!(wrong(&format!("{name}=---")), format!("{name} 값은 비어 있을 수 없습니다."));
    }
}

#[test]
fn a_parameter_named_twice_is_refused_unless_it_is_a_list() {
    for (name, asks) in PARAMETERS {
        let value = match asks {
            Asks::Page | Asks::PageSize | Asks::Exact(_) | Asks::Contains(_) => "1",
            Asks::Code(..) | Asks::Codes(..) => "DRAFT",
            Asks::Time(..) => "2026-02-01",
        };
        let twice = read(shelf(), &format!("{name}={value}&{name}={value}"));
        if matches!(asks, Asks::Codes(..)) {
            assert!(twice.is_ok());
        } else {
            assert_eq!(twice.unwrap_err().0, format!("{name} 값은 한 번만 적어야 합니다."));
        }
    }
}

#[test]
fn return_statuses_may_be_repeated_bracketed_or_separated_by_commas() {
    for query in [
        "returnStatus=DRAFT&returnStatus=AT_CENTER",
        "returnStatus[]=DRAFT&returnStatus[]=AT_CENTER",
        "returnStatus%5B%5D=DRAFT&returnStatus%5b1%5d=AT_CENTER",
        "returnStatus[0]=DRAFT&returnStatus[1]=AT_CENTER",
        "returnStatus=DRAFT,AT_CENTER",
        "returnStatus=DRAFT%2CAT_CENTER",
    ] {
        let expected = (State::ReturnStatus, vec!["DRAFT".to_owned(), "AT_CENTER".to_owned()]);
        assert_eq!(asked(query).states[1], expected, "{query}");
    }
    assert_eq!(asked("status[]=DRAFT").states.len(), 1, "a list of what is no list is unknown");
    assert_eq!(asked("returnStatus[x]=DRAFT").states.len(), 1);
}

#[test]
fn exact_and_contained_values_are_taken_over() {
    let query = asked(
        "serial=CS_RT_190628_000014&returnSenderMobile=010-0000-1234&originalInvoiceCode=3804-1&returnSenderAddress=%EB%B3%84%EB%B9%9B+12&status=DONE",
    );
    assert_eq!(
        query.terms,
        [
            (Term::Serial, vec!["CS_RT_190628_000014".to_owned()]),
            (Term::SenderPhone, vec!["01000001234".to_owned()]),
            (Term::Invoice, vec!["38041".to_owned()]),
        ]
    );
    assert_eq!(query.texts, [(Text::SenderAddress, "별빛 12".to_owned())]);
    assert_eq!(query.states[1], (State::Status, vec!["DONE".to_owned()]));
    assert!(query.read_texts.is_some());
}

#[test]
fn a_day_is_the_whole_day_in_korea() {
    assert_eq!(
        span("returnDoneAtGte=2024-01-01&returnDoneAtLte=2024-01-31"),
        Between { from: Some(at("2023-12-31T15:00:00Z")), until: Some(at("2024-01-31T15:00:00Z")) }
    );
    assert_eq!(span("canceledAtLte=2024-02-29").until, Some(at("2024-02-29T15:00:00Z")));
    assert_eq!(span("createdAtLte=9999-12-31").until, None);
}

#[test]
fn an_instant_is_taken_as_it_is_and_its_last_millisecond_is_inside() {
    let instant = "2024-01-01T00:00:00.250Z";
    let both = span(&format!("createdAtGte={instant}&createdAtLte={instant}"));
    assert_eq!(
        both,
        Between { from: Some(at(instant)), until: Some(at("2024-01-01T00:00:00.251Z")) }
    );
    assert!(both.contains(instant.parse().unwrap()));
    let zoned = span("returnRequestedAtGte=2024-01-01T09:00:00%2B09:00");
    assert_eq!(zoned, Between { from: Some(at("2024-01-01T00:00:00Z")), until: None });
    // Finer than a millisecond: nothing before it, nothing after it.
    let fine = "2024-01-01T00:00:00.250500Z";
    assert_eq!(
        span(&format!("createdAtGte={fine}&createdAtLte={fine}")),
        Between {
            from: Some(at("2024-01-01T00:00:00.251Z")),
            until: Some(at("2024-01-01T00:00:00.251Z"))
        }
    );
}

#[test]
fn each_pair_of_dates_asks_for_its_own_moment() {
    for (name, moment) in [
        ("canceledAtGte", Moment::Cancelled),
        ("returnRequestedAtGte", Moment::CollectionAsked),
        ("returnDoneAtGte", Moment::Arrived),
    ] {
        assert_eq!(asked(&format!("{name}=2024-01-01")).moments[0].0, moment);
    }
    let created = asked("createdAtGte=2024-01-01");
    assert!(created.moments.is_empty());
    assert_eq!(created.during.from, Some(at("2023-12-31T15:00:00Z")));
}

#[test]
fn no_sentence_repeats_a_value() {
    for query in ["status=김하늘", "page=김하늘", "createdAtGte=김하늘", "returnStatus=김하늘"]
    {
        assert!(!wrong(query).contains("김하늘"));
    }
}

proptest! {
    #[test]
    fn no_query_makes_it_panic(query in any::<String>()) {
        let _ = read(shelf(), &query);
    }

    #[test]
    fn no_value_of_a_known_parameter_makes_it_panic(
        at in 0..PARAMETERS.len(),
        value in prop_oneof![any::<String>(), "[0-9TZ:.+%-]{0,30}", "%[0-9a-fA-F]{0,3}"],
    ) {
        let _ = read(shelf(), &format!("{}={value}", PARAMETERS[at].0));
    }

    #[test]
    fn what_was_escaped_is_read_as_it_was(text in any::<String>()) {
        let escaped = text.bytes().fold(String::new(), |all, byte| all + &format!("%{byte:02X}"));
        prop_assert_eq!(unescape(&escaped).unwrap(), text.as_str());
    }
}
