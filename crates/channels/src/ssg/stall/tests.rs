use std::collections::BTreeSet;

use hoesu_claims::fact::{Stage, Tells};
use hoesu_claims::{Document, Fact};
use hoesu_market::{
    Cause, Charged, Collection, Config, Courier, Line as Sold, Market, Parcel, Story,
};

use super::*;
use crate::Channel as _;
use crate::ssg::Ssg;

const PAID: Timestamp = Timestamp::constant(1_767_571_200, 0);

/// So many hours after payment.
pub(in super::super) fn hour(hours: i64) -> Timestamp {
    PAID + SignedDuration::from_hours(hours)
}

/// Two lines, three and one pieces.
pub(in super::super) fn order(nth: u64) -> Order {
    let line = |sku, item, option, price, quantity| Sold { sku, item, option, price, quantity };
    Order {
        nth,
        seller: 0,
        place: 0,
        story: Story::nth(nth),
        lines: vec![
            line(17, "린넨 셔츠", "화이트 L", 39_000, 3),
            line(18, "원목 도마", "단일 옵션", 21_000, 1),
        ],
        paid_at: PAID,
        confirmed_at: Some(hour(1)),
        stored_at: Some(hour(1)),
        parcels: Vec::new(),
        claims: Vec::new(),
        arrivals: Vec::new(),
        changed_at: hour(1),
    }
}

/// Asked for two hours after payment.
pub(in super::super) fn claim(what: What, pieces: &[(usize, u32)]) -> Claim {
    Claim {
        what,
        cause: Cause::Mind,
        by_seller: false,
        charged: Charged::Buyer,
        pieces: pieces.to_vec(),
        asked_at: hour(2),
        stops: what == What::Cancel,
        decided: None,
        heard_at: None,
        collection: None,
        received_at: None,
        pre_refunded_at: None,
        completed_at: None,
        completed_itself: false,
        refused_at: None,
        withdrawn_at: None,
        disputed_at: None,
        new_parcel: None,
        changed_at: hour(2),
    }
}

pub(in super::super) fn parcel() -> Parcel {
    Parcel {
        number: 1,
        courier: Courier::Cj,
        waybill: "380400000017".to_owned(),
        pieces: vec![(0, 3), (1, 1)],
        made_at: hour(3),
        closed_at: Some(hour(4)),
        told_at: Some(hour(4)),
        shipped_at: Some(hour(4)),
        delivered_at: None,
        cancelled_at: None,
    }
}

fn tell(order: &Order) -> Rows {
    Place.tell(order, "ssg", &BTreeMap::new(), hour(500))
}

fn of<'r>(rows: &'r Rows, kind: &str) -> Vec<&'r Invented> {
    rows.iter().filter(|(told, _)| *told == kind).map(|(_, row)| row).collect()
}

fn facts(kind: &str, row: &Invented) -> Vec<Fact> {
    let document = Document {
        key: String::new(),
        version: 1,
        seq: 1,
        media: row.media,
        body: row.body.clone(),
        marks: row.marks.clone(),
        observed_at: hour(600),
    };
    Ssg.facts(kind, &document)
}

/// The last stage the rows of a kind tell.
fn stage(rows: &Rows, kind: &str) -> Option<Stage> {
    let stages = of(rows, kind).into_iter().flat_map(|row| facts(kind, row)).filter_map(|fact| {
        #[expect(clippy::wildcard_enum_match_arm, reason = "stages alone are looked at")]
        match fact.tells {
            Tells::ClaimStage { stage, .. } => Some(stage),
            _ => None,
        }
    });
    stages.max()
}

/// Every state a claim can be in.
fn claims() -> Vec<Claim> {
    let way = |picked_at| {
        Some(Collection {
            courier: Courier::Named("0000033071".to_owned()),
            waybill: "512300000017".to_owned(),
            booking: None,
            asked_at: hour(2),
            picked_at,
            delivered_at: None,
            failed_at: None,
        })
    };
    let cancel = || claim(What::Cancel, &[(0, 1), (1, 1)]);
    let back = || Claim { collection: way(None), ..claim(What::Return, &[(0, 2)]) };
    let received =
        || Claim { collection: way(Some(hour(3))), received_at: Some(hour(9)), ..back() };
    let refused = |why: &str| Some((hour(10), why.to_owned()));
    vec![
        cancel(),
        Claim { stops: false, completed_at: Some(hour(2)), ..cancel() },
        Claim { decided: Some((hour(3), Decision::Stopped)), ..cancel() },
        Claim { decided: Some((hour(3), Decision::ShippedItself)), ..cancel() },
        Claim { withdrawn_at: Some(hour(3)), ..cancel() },
        Claim { completed_at: Some(hour(48)), completed_itself: true, ..cancel() },
        Claim { by_seller: true, cause: Cause::SoldOut, completed_at: Some(hour(26)), ..cancel() },
        claim(What::Return, &[(0, 1)]),
        back(),
        Claim { cause: Cause::Fault, ..received() },
        Claim { refused_at: refused("02"), ..received() },
        Claim { refused_at: refused("no code"), ..back() },
        Claim { disputed_at: Some(hour(10)), ..received() },
        Claim { completed_at: Some(hour(11)), ..received() },
        Claim { withdrawn_at: Some(hour(5)), ..back() },
        Claim { pre_refunded_at: Some(hour(4)), ..received() },
        Claim {
            cause: Cause::Delivery,
            completed_at: Some(hour(20)),
            what: What::Exchange,
            ..received()
        },
    ]
}

#[test]
fn every_row_is_read_is_known_whole_and_stands_as_the_list_documents_it() {
    for (nth, claim) in claims().into_iter().enumerate() {
        let mut order = order(17 + nth as u64);
        order.parcels = vec![parcel()];
        order.claims = vec![claim.clone(), claim];
        let rows = tell(&order);
        assert_eq!(rows, tell(&order));
        let mut keys = BTreeSet::new();
        for (kind, row) in &rows {
            let reading = Ssg.read(row.media, &row.body).unwrap();
            assert_eq!(reading.kind, *kind);
            assert!(keys.insert((reading.kind, reading.key.clone())), "{kind} {}", reading.key);
            for fact in facts(kind, row) {
                assert!(!matches!(fact.tells, Tells::Unrecognised { .. }), "{kind} {fact:?}");
            }
            assert_eq!(crate::json::compact(&row.body).unwrap(), row.body);
        }
    }
}

#[test]
fn an_order_is_told_where_it_was_sold_and_once_it_is_paid() {
    let order = order(17);
    assert_eq!(Place.tell(&order, "coupang", &BTreeMap::new(), hour(500)), Vec::new());
    assert_eq!(Place.tell(&order, "ssg", &BTreeMap::new(), hour(-1)), Vec::new());
    let rows = tell(&order);
    assert_eq!(rows.len(), 4, "a row of the order and a shipment for each line");
    let body = String::from_utf8(rows[0].1.body.clone()).unwrap();
    assert!(body.contains(r#""orordNo":"20260105000011","orordItemSeq":"1","ordItemDiv":"011""#));
}

#[test]
fn a_request_is_told_until_it_is_decided_and_then_marked() {
    let ends = [
        Claim { decided: Some((hour(3), Decision::Stopped)), ..claim(What::Cancel, &[(0, 1)]) },
        Claim { decided: Some((hour(3), Decision::Shipped)), ..claim(What::Cancel, &[(0, 1)]) },
        Claim { refused_at: Some((hour(3), String::new())), ..claim(What::Cancel, &[(0, 1)]) },
        Claim { withdrawn_at: Some(hour(3)), ..claim(What::Cancel, &[(0, 1)]) },
        Claim { completed_at: Some(hour(3)), ..claim(What::Cancel, &[(0, 1)]) },
    ];
    let mut order = order(17);
    order.claims = vec![claim(What::Cancel, &[(0, 1)])];
    let open = tell(&order);
    let [open] = of(&open, CANCEL_REQUEST)[..] else { panic!("one request") };
    assert_eq!(open.marks, Marks::new());
    for (nth, end) in ends.into_iter().enumerate() {
        let is_final = matches!(nth, 0 | 4);
        order.claims = vec![end];
        let rows = tell(&order);
        let [over] = of(&rows, CANCEL_REQUEST)[..] else { panic!("one request") };
        assert_eq!(over.body, open.body, "no row says how it ended");
        assert_eq!(over.marks, Marks::from([(Moment::Gone, hour(3))]));
        assert_eq!(of(&rows, CANCEL).len(), usize::from(is_final));
    }
}

#[test]
fn a_cancel_before_preparing_and_a_sellers_own_are_never_requested() {
    let mut order = order(17);
    let at_once = Claim {
        stops: false,
        completed_at: Some(hour(2)),
        ..claim(What::Cancel, &[(0, 3), (1, 1)])
    };
    let sold_out = Claim { by_seller: true, completed_at: Some(hour(9)), ..at_once.clone() };
    for claim in [at_once, sold_out] {
        order.claims = vec![claim];
        let rows = tell(&order);
        assert_eq!(of(&rows, CANCEL_REQUEST).len(), 0);
        assert_eq!(of(&rows, CANCEL).len(), 2, "one document a line");
        assert_eq!(stage(&rows, CANCEL), Some(Stage::Done));
    }
}

#[test]
fn a_return_is_told_through_each_of_its_states() {
    let mut order = order(17);
    let mut told = |claim: Claim| {
        order.claims = vec![claim];
        stage(&tell(&order), RETURN)
    };
    let back = claim(What::Return, &[(0, 1)]);
    let received = Claim { received_at: Some(hour(9)), ..back.clone() };
    assert_eq!(told(back.clone()), Some(Stage::Asked));
    assert_eq!(told(received.clone()), Some(Stage::Received));
    let refused = Some((hour(10), "02".to_owned()));
    assert_eq!(told(Claim { refused_at: refused, ..received.clone() }), Some(Stage::Refused));
    let disputed = Claim { disputed_at: Some(hour(10)), ..received.clone() };
    assert_eq!(told(disputed), Some(Stage::Deferred));
    let done = Claim { completed_at: Some(hour(10)), ..received };
    assert_eq!(told(done), Some(Stage::Done));
    let withdrawn = Claim { withdrawn_at: Some(hour(3)), ..back };
    assert_eq!(told(withdrawn), Some(Stage::Withdrawn));
}

#[test]
fn the_order_says_what_still_stands() {
    let mut order = order(17);
    order.parcels = vec![parcel()];
    order.claims = vec![Claim {
        decided: Some((hour(3), Decision::Stopped)),
        ..claim(What::Cancel, &[(0, 2)])
    }];
    let rows = tell(&order);
    let stands: Vec<_> = of(&rows, ORDER)
        .into_iter()
        .flat_map(|row| facts(ORDER, row))
        .filter_map(|fact| {
            #[expect(clippy::wildcard_enum_match_arm, reason = "what stands alone is looked at")]
            match fact.tells {
                Tells::LineStands { cancelled, shipped, .. } => Some((cancelled, shipped)),
                _ => None,
            }
        })
        .collect();
    assert_eq!(stands, [(Some(2), Some(3)), (Some(0), Some(1))]);
}

#[test]
fn a_fortnight_of_a_market_is_told_in_words_the_contract_knows() {
    let config = Config { orders_per_day: 12, sellers: 1, ..Config::default() };
    let opens = config.opens_at;
    let mut market = Market::new(config, vec![CUSTOMS]);
    let mut latest: BTreeMap<(&str, String), (u64, Marks)> = BTreeMap::new();
    let mut told = 0;
    market.advance(opens + SignedDuration::from_hours(24 * 14), &mut |order| {
        for (kind, row) in Place.tell(order, "ssg", &BTreeMap::new(), order.changed_at) {
            let reading = Ssg.read(row.media, &row.body).unwrap();
            assert_eq!(reading.kind, kind);
            for fact in facts(kind, &row) {
                assert!(!matches!(fact.tells, Tells::Unrecognised { .. }), "{kind} {fact:?}");
            }
            let (whose, marks) =
                latest.entry((kind, reading.key)).or_insert((order.nth, Marks::new()));
            assert_eq!(*whose, order.nth, "no two orders share a number");
            marks.extend(row.marks);
            told += 1;
        }
    });
    assert!(told > 1_000, "{told}");
    let open: BTreeSet<u64> = latest
        .iter()
        .filter(|((kind, _), (_, marks))| *kind == CANCEL_REQUEST && marks.is_empty())
        .map(|(_, (order, _))| *order)
        .collect();
    let asked = market.orders().filter(|order| order.cancel_asked().is_some());
    assert_eq!(open, asked.map(|order| order.nth).collect::<BTreeSet<_>>());
    for kind in Ssg.capabilities().kinds {
        assert!(latest.keys().any(|(told, _)| told == kind), "{kind} is never told");
    }
}

#[test]
fn what_an_exchange_sends_again_is_no_sale() {
    let mut order = order(17);
    let sent = Parcel { number: 2, pieces: vec![(0, 1)], ..parcel() };
    order.claims = vec![Claim {
        received_at: Some(hour(9)),
        new_parcel: Some(sent),
        ..claim(What::Exchange, &[(0, 1)])
    }];
    let rows = tell(&order);
    assert_eq!(stage(&rows, RETURN), Some(Stage::Done), "what came back is dealt with");
    let again: Vec<_> = of(&rows, SHIPMENT)
        .into_iter()
        .filter(|row| String::from_utf8_lossy(&row.body).contains(r#""shppDivDtlCd":"15""#))
        .flat_map(|row| facts(SHIPMENT, row))
        .filter(|fact| matches!(fact.tells, Tells::Reshipped { .. } | Tells::Ordered { .. }))
        .collect();
    let [fact] = &again[..] else { panic!("{again:?}") };
    assert!(matches!(&fact.tells, Tells::Reshipped { waybill: Some(waybill), .. }
        if waybill == "380400000017"));
}
