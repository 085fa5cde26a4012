use proptest::prelude::*;

use super::*;
use crate::store::CardWords;

/// The straightforward way: filter a list, sort it, cut a page.
fn plain(
    cards: &[Card],
    conditions: &Conditions<'_>,
    order: Order,
    start: Start,
    limit: usize,
) -> (u64, Vec<Hit>) {
    let has = |card: &&Card| {
        let ms = |at: i64| jiff::Timestamp::from_millisecond(at).unwrap();
        conditions.during.contains(ms(card.rank.at))
            && conditions.states.iter().all(|(state, codes)| {
                card.states.iter().any(|(s, code)| s == state && codes.contains(code))
            })
            && conditions.moments.iter().all(|(moment, between)| {
                card.moments.iter().any(|(m, at)| m == moment && between.contains(ms(*at)))
            })
            && conditions.among.iter().all(|numbers| numbers.contains(&card.no))
    };
    let mut hits: Vec<Hit> = cards
        .iter()
        .filter(has)
        .map(|card| Hit { rank: card.rank, no: card.no, seq: card.seq })
        .collect();
    hits.sort_by_key(|hit| (hit.rank, hit.no));
    if order == Order::Newest {
        hits.reverse();
    }
    let total = hits.len() as u64;
    let rows = match start {
        Start::Offset(offset) => hits.into_iter().skip(offset as usize).take(limit).collect(),
        Start::After(rank) => hits
            .into_iter()
            .filter(|hit| match order {
                Order::Oldest => hit.rank > rank,
                Order::Newest => hit.rank < rank,
            })
            .take(limit)
            .collect(),
    };
    (total, rows)
}

fn words() -> impl Strategy<Value = CardWords> {
    let state = (prop_oneof![Just(State::Status), Just(State::ReturnStatus)], "[A-C]");
    let moment = (prop_oneof![Just(Moment::Created), Just(Moment::Closed)], 0_i64..40);
    (proptest::collection::vec(state, 0..4), proptest::collection::vec(moment, 0..4))
}

fn changes() -> impl Strategy<Value = Vec<Vec<(u32, i64, CardWords)>>> {
    let change = (1_u32..60, 0_i64..40, words());
    proptest::collection::vec(proptest::collection::vec(change, 0..12), 1..12)
}

fn between() -> impl Strategy<Value = Between> {
    let edge = proptest::option::of(
        (0_i64..40).prop_map(|ms| jiff::Timestamp::from_millisecond(ms).unwrap()),
    );
    (edge.clone(), edge).prop_map(|(from, until)| Between { from, until })
}

proptest! {
    #[test]
    fn a_catalog_answers_as_a_plain_list_after_any_changes(
        changes in changes(),
        during in between(),
        state in proptest::option::of((Just(State::Status), proptest::collection::vec("[A-D]", 1..3))),
        moment in proptest::option::of((Just(Moment::Closed), between())),
        among in proptest::option::of(proptest::collection::vec(1_u32..60, 0..30)),
        newest in any::<bool>(),
        offset in 0_u64..70,
        after in proptest::option::of((0_i64..40, 0_i64..3)),
        limit in 0_usize..10,
    ) {
        let mut catalog = Catalog::default();
        let mut cards: Vec<Card> = Vec::new();
        let mut seq = 0;
        for batch in changes {
            let mut changed: Vec<Card> = Vec::new();
            for (no, at, (states, moments)) in batch {
                seq += 1;
                let card = Card { no, seq, rank: Rank { at, tie: i64::from(no % 3) }, states, moments };
                changed.retain(|other| other.no != no);
                changed.push(card.clone());
                cards.retain(|other| other.no != no);
                cards.push(card);
            }
            catalog.follow(changed, seq);
        }
        prop_assert_eq!(catalog.seq(), seq);
        let (states, moments, among): (Vec<_>, Vec<_>, Vec<_>) =
            (state.into_iter().collect(), moment.into_iter().collect(), among.into_iter().collect());
        let conditions = Conditions { during, states: &states, moments: &moments, among: &among };
        let order = if newest { Order::Newest } else { Order::Oldest };
        let start = after.map_or(Start::Offset(offset), |(at, tie)| Start::After(Rank { at, tie }));
        prop_assert_eq!(
            catalog.page(&conditions, order, start, limit),
            plain(&cards, &conditions, order, start, limit)
        );
        prop_assert_eq!(
            catalog.all(&conditions, order),
            plain(&cards, &conditions, order, Start::Offset(0), usize::MAX).1
        );
    }
}
