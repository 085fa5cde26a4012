//! What a fold makes of facts that no scenario's documents tell.

use super::*;
use crate::fact::{
    Arrival, ClaimKind, Collection, Grade, InvoiceStage, Reason, Release, Resource, Source, Stage,
    TicketStage,
};
use crate::link::{Account, Book};

const SHOP: AccountId = AccountId(1);
const DEPOT: AccountId = AccountId(2);

fn when(text: &str) -> When {
    When { at: text.parse().unwrap(), source: Source::Told }
}

fn noon() -> When {
    when("2024-01-02T03:00:00Z")
}

fn telling(account: AccountId, key: &str, facts: Vec<Fact>) -> Telling {
    let document = DocumentRef { account, kind: "thing".into(), key: key.into(), version: 1 };
    Telling { document, observed_at: noon().at, facts }
}

fn told(account: AccountId, key: &str, all: Vec<Tells>) -> Telling {
    telling(account, key, all.into_iter().map(|tells| tells.at(noon())).collect())
}

fn fold(items: &ItemMap, tellings: Vec<Telling>) -> Case {
    let account = |trade| Account {
        trade,
        name: String::new(),
        channel_names: String::new(),
        pickup_cutoff: String::new(),
        order_suffix: String::new(),
    };
    let book = Book::new([(SHOP, account(Trade::Market)), (DEPOT, account(Trade::Warehouse))]);
    let setting = Setting { book: &book, items, known_until: None };
    let key = CaseKey::Sale { account: SHOP, order: "500".into() };
    Case::fold(key, BTreeSet::new(), tellings, setting)
}

fn item(name: &str) -> Line {
    Line { number: None, item: Some(name.into()) }
}

fn opened(claim: &str, kind: ClaimKind) -> Tells {
    Tells::ClaimOpened { claim: claim.into(), kind: Some(kind), reason: Reason::Other }
}

fn asks(claim: &str, line: Line, quantity: Option<Quantity>) -> Tells {
    Tells::ClaimLine { claim: claim.into(), line, quantity, release: None }
}

fn stands(claim: &str, stage: Stage) -> Tells {
    Tells::ClaimStage { claim: claim.into(), stage }
}

fn bar_code(code: &str) -> Resource {
    Resource { code: Some(code.into()), ..Resource::default() }
}

fn holds(row: &str, resource: Resource, quantity: Quantity) -> Tells {
    Tells::RowItem { row: row.into(), resource, quantity }
}

fn invoice(row: &str, number: &str, stage: InvoiceStage) -> Tells {
    let (row, invoice) = (row.into(), number.into());
    Tells::Invoice { row, invoice, waybill: Some(number.into()), courier: None, stage }
}

#[test]
fn a_claim_that_names_no_line_asks_for_nobody_knows_how_many() {
    let case = fold(
        &ItemMap::default(),
        vec![told(SHOP, "c", vec![opened("1", ClaimKind::Return), stands("1", Stage::Asked)])],
    );
    assert_eq!(case.claims[0].quantity(), None);
    assert_eq!(case.amount(&case.claims[0]), None);
    assert_eq!((case.balances[0].claimed, case.balances[0].covered()), (None, None));
}

#[test]
fn a_claim_of_no_pieces_is_worth_no_known_sum() {
    let facts = vec![opened("1", ClaimKind::Return), asks("1", item("11"), Some(0))];
    let case = fold(&ItemMap::default(), vec![told(SHOP, "c", facts)]);
    assert_eq!(case.amount(&case.claims[0]), None);
    assert_eq!(case.worth(0), None);
}

#[test]
fn what_is_told_of_a_row_or_ticket_that_nobody_told_is_nothing() {
    let facts = vec![
        holds("7", bar_code("SKU"), 2),
        Tells::RowPaid { row: "7".into(), paid: Won(1) },
        invoice("7", "W1", InvoiceStage::Closed),
        Tells::TicketStage { ticket: "3".into(), stage: TicketStage::Done },
        Tells::Parcel {
            ticket: "3".into(),
            parcel: "33".into(),
            waybill: None,
            collection: Collection::Asked,
        },
    ];
    let case = fold(&ItemMap::default(), vec![told(DEPOT, "r", facts)]);
    assert!(!case.is_warehouse_known());
    assert_eq!(case.tracks.goods, GoodsTrack::Unknown);
}

#[test]
fn of_what_a_parcel_did_at_one_instant_the_furthest_counts() {
    let parcel = |collection| Tells::Parcel {
        ticket: "3".into(),
        parcel: "33".into(),
        waybill: None,
        collection,
    };
    let heard = When { source: Source::Observed, ..noon() };
    let case = fold(
        &ItemMap::default(),
        vec![telling(
            DEPOT,
            "t",
            vec![
                Tells::Ticket { ticket: "3".into(), kind: None }.at(noon()),
                parcel(Collection::Arrived).at(noon()),
                parcel(Collection::Asked).at(heard),
            ],
        )],
    );
    let [known] = case.tickets[0].parcels.as_slice() else { panic!("{:?}", case.tickets) };
    assert_eq!(known.collection, Collection::Arrived);
    assert_eq!(known.asked.map(|seen| seen.when), Some(heard));
}

#[test]
fn the_item_map_may_name_a_resource_by_its_number() {
    let mut items = ItemMap::default();
    items.add(SHOP, "11", "B-2", 1);
    let row = Tells::Row { row: "7".into() };
    let second = Resource { number: Some("B-2".into()), ..bar_code("SKU2") };
    let case = fold(
        &items,
        vec![
            told(SHOP, "o", vec![Tells::Ordered { line: item("11"), quantity: Some(1) }]),
            told(DEPOT, "r", vec![row, holds("7", bar_code("SKU1"), 1), holds("7", second, 1)]),
        ],
    );
    let found: Vec<(&Unit, Option<Quantity>, Quantity)> =
        case.balances.iter().map(|one| (&one.unit, one.ordered, one.rows)).collect();
    let unit = |code: &str| Unit::Resource(code.into());
    assert_eq!(found, [(&unit("SKU1"), None, 1), (&unit("SKU2"), Some(1), 1)]);
}

#[test]
fn what_a_document_says_of_one_line_twice_adds_up_and_two_documents_say_it_once() {
    let asked = |pieces| asks("1", item("11"), pieces);
    let twice =
        |key| told(SHOP, key, vec![opened("1", ClaimKind::Return), asked(Some(1)), asked(Some(2))]);
    let case = fold(&ItemMap::default(), vec![twice("a"), twice("b")]);
    assert_eq!(case.claims[0].quantity(), Some(3));
    let unsaid = told(SHOP, "c", vec![asked(Some(1)), asked(None)]);
    let case = fold(&ItemMap::default(), vec![unsaid]);
    assert_eq!(case.claims[0].quantity(), None);
}

#[test]
fn the_release_that_went_furthest_counts() {
    let asked = |release| Tells::ClaimLine {
        claim: "1".into(),
        line: item("11"),
        quantity: Some(1),
        release: Some(release),
    };
    let case = fold(
        &ItemMap::default(),
        vec![
            told(SHOP, "a", vec![asked(Release::Held), asked(Release::Stopped)]),
            told(SHOP, "b", vec![asked(Release::Shipped)]),
        ],
    );
    assert_eq!(case.claims[0].lines[0].release, Some(Release::Shipped));
}

#[test]
fn a_line_without_an_item_is_told_by_its_number() {
    let line = |number: &str| Line { number: Some(number.into()), item: None };
    let ordered = |number, pieces| Tells::Ordered { line: line(number), quantity: Some(pieces) };
    let facts = vec![ordered("1", 2), ordered("2", 1), asks("c", line("1"), Some(1))];
    let case = fold(&ItemMap::default(), vec![told(SHOP, "o", facts)]);
    let counted: Vec<Option<Quantity>> = case.lines.iter().map(|line| line.ordered).collect();
    assert_eq!(counted, [Some(2), Some(1)]);
}

fn counted(case: &Case) -> Vec<(&Unit, Quantity)> {
    case.balances.iter().map(|one| (&one.unit, one.rows)).collect()
}

fn numbered(number: &str) -> Resource {
    Resource { number: Some(number.into()), ..Resource::default() }
}

#[test]
fn a_resource_is_called_by_its_bar_code_else_its_number() {
    let mut items = ItemMap::default();
    items.add(SHOP, "11", "B", 1);
    let row = vec![
        Tells::Row { row: "7".into() },
        holds("7", bar_code("B"), 1),
        holds("7", numbered("N"), 2),
    ];
    let ordered = told(SHOP, "o", vec![Tells::Ordered { line: item("11"), quantity: Some(1) }]);
    let case = fold(&items, vec![ordered, told(DEPOT, "r", row)]);
    let unit = |code: &str| Unit::Resource(code.into());
    assert_eq!(counted(&case), [(&unit("B"), 1), (&unit("N"), 2)]);
}

#[test]
fn where_the_warehouse_names_nothing_as_the_item_map_does_the_order_is_counted_as_a_whole() {
    let mut items = ItemMap::default();
    items.add(SHOP, "11", "B", 1);
    let cancelled = || {
        let line = asks("1", item("11"), Some(1));
        vec![opened("1", ClaimKind::Cancel), line, stands("1", Stage::Done)]
    };
    let marked = Resource { name_mark: Some("m".into()), ..Resource::default() };
    for (what, contents) in [
        ("a name", vec![holds("7", marked, 1)]),
        (
            "a name beside it",
            vec![holds("7", bar_code("B"), 1), holds("7", Resource::default(), 1)],
        ),
        ("another bar code", vec![holds("7", bar_code("C"), 1)]),
        ("nothing", Vec::new()),
        (
            "another row of which nobody tells",
            vec![holds("7", bar_code("B"), 1), Tells::Row { row: "8".into() }],
        ),
    ] {
        let row = [Tells::Row { row: "7".into() }].into_iter().chain(contents).collect();
        let case = fold(&items, vec![told(SHOP, "c", cancelled()), told(DEPOT, "r", row)]);
        assert_eq!(case.balances[0].unit, Unit::Order, "{what}");
        match case.to_stop() {
            Picked::Each(rows) => assert_eq!((rows.len(), rows[0].1), (1, 1), "{what}"),
            Picked::SomeOf(rows, pieces) => {
                assert_eq!((rows.len(), pieces), (2, 1), "{what}");
                assert_eq!(what, "another row of which nobody tells");
            }
        }
    }
}

#[test]
fn what_a_claim_of_unsaid_size_waits_for_is_unknown_with_an_item_map_too() {
    let mut items = ItemMap::default();
    items.add(SHOP, "11", "SKU", 2);
    let facts = vec![opened("1", ClaimKind::Return), asks("1", item("11"), None)];
    let case = fold(&items, vec![told(SHOP, "c", facts)]);
    assert_eq!((case.claims[0].awaited, case.balances[0].claimed), (None, None));
}

#[test]
fn pieces_are_worth_something_only_where_rows_or_lines_say_what_one_cost() {
    let row = |number: &str, paid: i64| {
        let row = || number.to_owned();
        vec![Tells::Row { row: row() }, Tells::RowPaid { row: row(), paid: Won(paid) }]
    };
    let with = |mut facts: Vec<Tells>, more: Tells| {
        facts.push(more);
        facts
    };
    let of = |all: Vec<Vec<Tells>>| {
        let rows = all.into_iter().enumerate();
        let tellings = rows.map(|(at, facts)| told(DEPOT, &at.to_string(), facts));
        fold(&ItemMap::default(), tellings.collect())
    };
    let two = |number: &str, paid| with(row(number, paid), holds(number, bar_code("A"), 2));
    // Nobody says what is in it.
    assert_eq!(of(vec![row("7", 1_000)]).worth(1), None);
    assert_eq!(of(vec![with(row("7", 1_000), holds("7", bar_code("A"), 0))]).worth(1), None);
    assert_eq!(of(vec![two("7", 1_000)]).worth(1), Some(Won(500)));
    assert_eq!(of(vec![two("7", 1_000)]).worth(2), Some(Won(1_000)));
    // Half a won is no price; all of it is.
    assert_eq!(of(vec![two("7", 999)]).worth(1), None);
    assert_eq!(of(vec![two("7", 999)]).worth(2), Some(Won(999)));
    // Two resources in one row, two prices in two rows.
    assert_eq!(of(vec![with(two("7", 999), holds("7", bar_code("B"), 1))]).worth(1), None);
    assert_eq!(of(vec![two("7", 1_000), two("8", 1_000)]).worth(3), Some(Won(1_500)));
    assert_eq!(of(vec![two("7", 1_000), two("8", 2_000)]).worth(3), None);
    assert_eq!(of(vec![two("7", 1_000), two("8", 2_000)]).worth(4), Some(Won(3_000)));
}

#[test]
fn a_claim_asks_back_the_prices_of_its_lines_if_all_are_known() {
    let priced = |name: &str, unit| Tells::Priced { line: item(name), unit: Won(unit) };
    let amount = |facts: Vec<Tells>| {
        let mut all = vec![opened("1", ClaimKind::Return)];
        all.extend(facts);
        let case = fold(&ItemMap::default(), vec![told(SHOP, "c", all)]);
        case.amount(&case.claims[0])
    };
    let asked = |name: &str, pieces| asks("1", item(name), pieces);
    let both = || vec![priced("11", 100), priced("12", 30), asked("11", Some(2))];
    let with = |more| both().into_iter().chain([more]).collect();
    assert_eq!(amount(both()), Some(Won(200)));
    assert_eq!(amount(with(asked("12", Some(1)))), Some(Won(230)));
    assert_eq!(amount(with(asked("12", None))), None);
    assert_eq!(amount(with(asked("13", Some(1)))), None);
}

#[test]
fn an_invoice_stands_where_it_came_furthest_whatever_is_told_later() {
    let later = when("2024-01-03T03:00:00Z");
    let facts = vec![
        Tells::Row { row: "7".into() }.at(noon()),
        invoice("7", "W1", InvoiceStage::Delivered).at(noon()),
        invoice("7", "W1", InvoiceStage::Closed).at(later),
    ];
    let case = fold(&ItemMap::default(), vec![telling(DEPOT, "r", facts)]);
    assert_eq!(case.rows[0].invoices[0].stage, InvoiceStage::Delivered);
    assert_eq!(case.rows[0].invoices[0].seen.when, noon());
}

#[test]
fn a_line_of_which_nobody_says_anything_is_a_line() {
    let facts = vec![Tells::Ordered { line: Line::default(), quantity: Some(2) }];
    let case = fold(&ItemMap::default(), vec![told(SHOP, "o", facts)]);
    assert_eq!(case.balances[0].ordered, Some(2));
}

#[test]
fn an_item_with_variants_may_stand_in_the_item_map_with_or_without_them() {
    let mut items = ItemMap::default();
    items.add(SHOP, "1000", "ANY", 1);
    items.add(SHOP, "1000/00003", "THREE", 2);
    let within = |name: &str| items.of(SHOP, &item(name)).and_then(BTreeMap::first_key_value);
    assert_eq!(within("1000/00003"), Some((&"THREE".to_owned(), &2)));
    assert_eq!(within("1000/00001"), Some((&"ANY".to_owned(), &1)));
    assert_eq!(within("1000"), Some((&"ANY".to_owned(), &1)));
    assert_eq!(within("2000/00003"), None);
    assert_eq!(within("2000"), None);
    assert_eq!(items.of(SHOP, &Line::default()), None);
}

#[test]
fn a_resource_that_only_has_a_name_is_the_one_with_a_bar_code_and_the_same_name() {
    let mut items = ItemMap::default();
    items.add(SHOP, "11", "B", 1);
    let marked = |code: Option<&str>| Resource {
        code: code.map(str::to_owned),
        name_mark: Some("m".into()),
        ..Resource::default()
    };
    let facts = vec![
        Tells::Row { row: "7".into() },
        holds("7", marked(None), 1),
        holds("7", marked(Some("B")), 2),
    ];
    let ordered = told(SHOP, "o", vec![Tells::Ordered { line: item("11"), quantity: Some(3) }]);
    let case = fold(&items, vec![ordered, told(DEPOT, "r", facts)]);
    assert_eq!(counted(&case), [(&Unit::Resource("B".into()), 3)]);
}

#[test]
fn what_is_told_after_an_instant_is_not_known_at_it() {
    let book = Book::default();
    let items = ItemMap::default();
    let later = when("2024-01-02T03:00:00.001Z");
    let ordered = |pieces| Tells::Ordered { line: item("11"), quantity: Some(pieces) };
    let telling = telling(SHOP, "o", vec![ordered(1).at(noon()), ordered(2).at(later)]);
    let setting = Setting { book: &book, items: &items, known_until: Some(noon().at) };
    let key = CaseKey::Sale { account: SHOP, order: "500".into() };
    let case = Case::fold(key, BTreeSet::new(), vec![telling], setting);
    assert_eq!(case.lines[0].ordered, Some(1));
}

fn later() -> When {
    when("2024-01-03T03:00:00Z")
}

#[test]
fn a_late_copy_of_an_early_stage_moves_nothing_back() {
    let facts = vec![
        stands("1", Stage::Done).at(noon()),
        stands("1", Stage::Asked).at(later()),
        stands("1", Stage::Done).at(later()),
    ];
    let case = fold(&ItemMap::default(), vec![telling(SHOP, "c", facts)]);
    let stage = case.claims[0].stage.map(|(stage, seen)| (stage, seen.when));
    assert_eq!(stage, Some((Stage::Done, noon())), "since it was told first");
}

#[test]
fn collection_is_asked_for_once_and_stands_where_it_was_last() {
    let collection = |collection| Tells::ClaimCollection { claim: "1".into(), collection };
    let claim = |facts| {
        let mut case = fold(&ItemMap::default(), vec![telling(SHOP, "c", facts)]);
        case.claims.remove(0)
    };
    let asked = claim(vec![
        collection(Collection::Asked).at(noon()),
        collection(Collection::Asked).at(later()),
    ]);
    assert_eq!(asked.collection_asked.map(|seen| seen.when), Some(noon()));
    assert_eq!(asked.collection.map(|(_, seen)| seen.when), Some(later()));
    let moving = claim(vec![collection(Collection::Moving).at(noon())]);
    assert_eq!(moving.collection_asked, None);
}

#[test]
fn a_claim_keeps_its_waybills_and_that_the_channel_accepted_it() {
    let waybill = Tells::ReturnWaybill { claim: "1".into(), waybill: "R1".into() };
    let accepted = Tells::ReturnRequestedAtChannel { claim: "1".into() };
    let case = fold(&ItemMap::default(), vec![told(SHOP, "c", vec![waybill, accepted])]);
    assert_eq!(case.claims[0].waybills, BTreeSet::from(["R1".to_owned()]));
    assert_eq!(case.claims[0].accepted.map(|seen| seen.when), Some(noon()));
}

#[test]
fn an_invoice_reached_a_stage_when_it_was_first_told() {
    let closed = || invoice("7", "W1", InvoiceStage::Closed);
    let row = Tells::Row { row: "7".into() };
    let facts = vec![row.at(noon()), closed().at(noon()), closed().at(later())];
    let case = fold(&ItemMap::default(), vec![telling(DEPOT, "r", facts)]);
    assert_eq!(case.rows[0].invoices[0].seen.when, noon());
}

#[test]
fn what_came_back_has_the_waybill_of_its_own_parcel() {
    let parcel = |parcel: &str, waybill: &str| Tells::Parcel {
        ticket: "3".into(),
        parcel: parcel.into(),
        waybill: Some(waybill.into()),
        collection: Collection::Arrived,
    };
    let arrived = Tells::Arrived {
        ticket: "3".into(),
        parcel: "34".into(),
        part: "1".into(),
        resource: bar_code("SKU"),
        quantity: 1,
        sent: None,
        grade: Grade::Good,
        arrival: Arrival::AtCentre,
    };
    let ticket = Tells::Ticket { ticket: "3".into(), kind: None };
    let facts = vec![ticket, parcel("33", "R1"), parcel("34", "R2"), arrived];
    let case = fold(&ItemMap::default(), vec![told(DEPOT, "t", facts)]);
    assert_eq!(case.arrived[0].waybill.as_deref(), Some("R2"));
}
