use proptest::prelude::*;

use super::*;

const SHOP_A: AccountId = AccountId(1);
const SHOP_B: AccountId = AccountId(2);
const DEPOT: AccountId = AccountId(3);

fn book(channel_names: &str) -> Book {
    let account = |trade, name: &str, channel_names: &str| Account {
        trade,
        name: name.into(),
        channel_names: channel_names.into(),
        pickup_cutoff: String::new(),
        order_suffix: String::new(),
    };
    Book::new([
        (SHOP_A, account(Trade::Market, "shop-a", "")),
        (SHOP_B, account(Trade::MarketOfVendors, "shop-b", "")),
        (DEPOT, account(Trade::Warehouse, "depot", channel_names)),
    ])
}

fn linked(account: AccountId, key: &str, order: Option<&str>) -> Linked {
    let document = DocumentRef { account, kind: "thing".into(), key: key.into(), version: 1 };
    Linked { document, links: Links { order: order.map(str::to_owned), ..Links::default() } }
}

fn row(key: &str, order: &str, sold_on: &str, waybill: &str) -> Linked {
    let mut row = linked(DEPOT, key, Some(order));
    row.links.sold_on = Some(sold_on.into());
    row.links.waybills = vec![waybill.into()];
    row
}

fn cases(documents: &[Linked], book: &Book) -> Vec<(String, Vec<String>)> {
    let told = |group: Group| {
        let keys = group.documents.iter().map(|document| document.key.clone()).collect();
        (group.case.text(), keys)
    };
    group(documents.iter().cloned(), book).into_iter().map(told).collect()
}

#[test]
fn a_mapped_name_leads_to_the_sales_account_before_it_says_anything() {
    let book = book("에이=shop-a, 비=shop-b");
    let found = cases(&[row("r", "100", "에이", "W1")], &book);
    assert_eq!(found, [("sale/1/100".into(), vec!["r".into()])]);
}

#[test]
fn a_name_that_leads_nowhere_is_as_good_as_none() {
    for names in ["에이=nowhere", "에이=depot", "=shop-a", "에이=", "에이", ""] {
        let found = cases(&[row("r", "100", "에이", "W1")], &book(names));
        assert_eq!(found, [("waiting/3/100".into(), vec!["r".into()])], "{names}");
    }
}

#[test]
fn a_ticket_goes_with_the_rows_of_its_order() {
    let book = book("비=shop-b");
    let all = [row("r", "100", "비", "W1"), linked(DEPOT, "t", Some("100"))];
    assert_eq!(cases(&all, &book), [("sale/2/100".into(), vec!["r".into(), "t".into()])]);
}

#[test]
fn without_a_map_the_only_account_that_knows_the_number_has_it() {
    let all = [linked(SHOP_A, "c", Some("100")), row("r", "100", "어딘가", "W1")];
    let found = cases(&all, &book(""));
    assert_eq!(found, [("sale/1/100".into(), vec!["c".into(), "r".into()])]);
}

#[test]
fn what_nobody_sells_waits_under_the_warehouse_and_merges_late() {
    let ticket = linked(DEPOT, "t", Some("100"));
    let book = book("");
    assert_eq!(cases(std::slice::from_ref(&ticket), &book)[0].0, "waiting/3/100");
    let all = [ticket, linked(SHOP_B, "c", Some("100"))];
    assert_eq!(cases(&all, &book), [("sale/2/100".into(), vec!["c".into(), "t".into()])]);
}

#[test]
fn an_order_two_accounts_know_waits_until_a_person_chooses() {
    let mut book = book("");
    let all = [
        linked(SHOP_A, "a", Some("100")),
        linked(SHOP_B, "b", Some("100")),
        linked(DEPOT, "t", Some("100")),
    ];
    let waiting = group(all.clone(), &book).into_iter().find(|group| !group.candidates.is_empty());
    let waiting = waiting.unwrap();
    assert_eq!(waiting.case.text(), "waiting/3/100");
    assert_eq!(waiting.candidates, BTreeSet::from([SHOP_A, SHOP_B]));
    book.choose(DEPOT, "100", SHOP_B);
    let found = cases(&all, &book);
    assert_eq!(found[1], ("sale/2/100".into(), vec!["b".into(), "t".into()]));
}

#[test]
fn a_waybill_links_where_the_order_is_missing() {
    let mut ticket = linked(DEPOT, "t", None);
    ticket.links.waybills = vec!["W1".into()];
    let book = book("에이=shop-a");
    let found = cases(&[ticket.clone(), row("r", "100", "에이", "W1")], &book);
    assert_eq!(found, [("sale/1/100".into(), vec!["r".into(), "t".into()])]);
    assert_eq!(cases(&[ticket.clone()], &book)[0].0, "parcel/3/W1");
    let both = [ticket, row("r", "100", "에이", "W1"), row("s", "200", "에이", "W1")];
    assert_eq!(cases(&both, &book)[2], ("parcel/3/W1".into(), vec!["t".into()]));
}

#[test]
fn a_claims_own_order_number_leads_to_the_order() {
    let mut cancel = linked(SHOP_A, "c", Some("100"));
    cancel.links.aliases = vec!["900".into()];
    let all = [cancel, linked(DEPOT, "t", Some("900"))];
    assert_eq!(cases(&all, &book("")), [("sale/1/100".into(), vec!["c".into(), "t".into()])]);
}

#[test]
fn what_names_nothing_stands_alone() {
    assert_eq!(cases(&[linked(DEPOT, "t", None)], &book(""))[0].0, "alone/3/thing/t");
}

fn any_linked() -> impl Strategy<Value = Linked> {
    let order = prop::option::of("[12]");
    let waybills = prop::collection::vec("[WX]", 0..2);
    let alias = prop::collection::vec("[12]", 0..2);
    let sold_on = prop::option::of("[에비]");
    (1_i64..4, "[a-f]", order, waybills, alias, sold_on).prop_map(
        |(account, key, order, waybills, aliases, sold_on)| {
            let account = AccountId(account);
            let document = DocumentRef { account, kind: "thing".into(), key, version: 1 };
            Linked { document, links: Links { order, aliases, sold_on, waybills } }
        },
    )
}

proptest! {
    // A law of order, and a cheap one: ten times as many cases as others have.
    #![proptest_config(ProptestConfig::with_cases(2560))]

    #[test]
    fn neither_order_nor_repetition_changes_the_groups(
        documents in prop::collection::vec(any_linked(), 0..10).prop_shuffle(),
    ) {
        let book = book("에=shop-a,비=shop-b");
        let once = group(documents.clone(), &book);
        let twice = documents.iter().rev().chain(&documents).cloned();
        prop_assert_eq!(&once, &group(twice, &book));
        // Every document is in some case.
        let placed: BTreeSet<&DocumentRef> = once.iter().flat_map(|group| &group.documents).collect();
        prop_assert_eq!(placed.len(), documents.iter().map(|d| &d.document).collect::<BTreeSet<_>>().len());
    }
}

/// Numbers as channels write them, and as nobody would: with `/`, empty, with anything.
fn number() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9A-Z/-]{0,12}", any::<String>()]
}

fn case_key() -> impl Strategy<Value = CaseKey> {
    let account = || any::<i64>().prop_map(AccountId);
    prop_oneof![
        (account(), number()).prop_map(|(account, order)| CaseKey::Sale { account, order }),
        (account(), number()).prop_map(|(account, order)| CaseKey::Waiting { account, order }),
        (account(), number()).prop_map(|(account, waybill)| CaseKey::Parcel { account, waybill }),
        (account(), "[^/]*", number()).prop_map(|(account, kind, key)| CaseKey::Alone {
            account,
            kind,
            key
        }),
    ]
}

proptest! {
    #[test]
    fn a_case_is_found_again_by_its_text(key in case_key()) {
        prop_assert_eq!(CaseKey::parse(&key.text()), Some(key));
    }

    #[test]
    fn a_text_that_is_read_as_a_case_is_that_cases_text(
        text in "(sale|waiting|parcel|alone|sold)?/?[-+]?[0-9]{0,3}/?[a-z/]{0,4}",
    ) {
        if let Some(key) = CaseKey::parse(&text) {
            prop_assert_eq!(key.text(), text);
        }
    }
}

#[test]
fn a_case_is_shown_by_its_order_or_else_by_what_there_is() {
    let (order, waybill) = ("500".to_owned(), "W1".to_owned());
    let alone = CaseKey::Alone { account: DEPOT, kind: "thing".into(), key: "7/1".into() };
    assert_eq!(CaseKey::Sale { account: SHOP_A, order: order.clone() }.number(), "500");
    assert_eq!(CaseKey::Waiting { account: DEPOT, order }.number(), "500");
    assert_eq!(CaseKey::Parcel { account: DEPOT, waybill }.number(), "W1");
    assert_eq!(alone.number(), "7/1");
}

#[test]
fn a_text_that_no_case_has_is_none() {
    for text in [
        "",
        "sale",
        "sale/1",
        "sale/x/500",
        "sale/+1/500",
        "sale/01/500",
        "sale/-0/500",
        "sold/1/500",
        "Sale/1/500",
        "alone/1/thing",
    ] {
        assert_eq!(CaseKey::parse(text), None, "{text}");
    }
    let slashed = CaseKey::Alone { account: DEPOT, kind: "thing".into(), key: "7/1".into() };
    assert_eq!(CaseKey::parse("alone/3/thing/7/1"), Some(slashed));
}

#[test]
fn a_suffix_is_taken_off_and_put_on() {
    let account = |order_suffix: &str| Account {
        trade: Trade::Warehouse,
        name: "depot".into(),
        channel_names: String::new(),
        pickup_cutoff: "11:30".into(),
        order_suffix: order_suffix.into(),
    };
    let book = Book::new([(DEPOT, account("_1, -#"))]);
    assert_eq!(book.bare(DEPOT, "500_1"), Some("500"));
    assert_eq!(book.bare(DEPOT, "500-27"), Some("500"));
    for other in ["500", "_1", "500-", "500_2", ""] {
        assert_eq!(book.bare(DEPOT, other), None, "{other}");
    }
    assert_eq!(book.bare(SHOP_A, "500_1"), None);
    let elsewhere = book.written_elsewhere("500");
    assert!(["500_1", "500-1", "500-9"].iter().all(|one| elsewhere.contains(*one)));
    assert!(book.written_elsewhere("500-27").contains("500"));
    assert_eq!(Book::new([(DEPOT, account(""))]).written_elsewhere("500").len(), 0);
    assert_eq!(book.pickup(DEPOT).to_string(), "11:30:00");
    assert_eq!(book.pickup(SHOP_A), PICKUP);
    assert_eq!(
        ["", "25:00", "9", "9:5"].map(|text| pickup_cutoff(text).is_some()),
        [false, false, false, true]
    );
}
