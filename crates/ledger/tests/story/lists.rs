//! Lists: filters, totals, order, pages, and what another process wrote a moment ago.

use hoesu_claims::time::Between;
use hoesu_claims::{Found, Media, Moment, State, Term, Text};
use hoesu_ledger::{Order, Page, Put, Query, Start};
use hoesu_testkit::on_both;

use crate::tell::{at, says, shelf};

fn keys(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|held| held.document.key.as_str()).collect()
}

/// Ten documents, `0` to `9`, ranked by their number.
fn ten() -> Vec<hoesu_claims::Incoming> {
    (0..10)
        .map(|n| {
            let mut found = Found::default();
            found.state(State::Status, if n % 2 == 0 { "EVEN" } else { "ODD" });
            found.state(State::ReturnStatus, format!("R{}", n % 3));
            found.moment(Moment::Arrived, (n < 5).then(|| at(1_000 + n)));
            found.term(Term::Order, format!("order-{}", n / 2));
            found.term(Term::RecipientPhone, format!("010-0000-000{n}"));
            found.text(Text::RecipientAddress, format!("서울특별시 은하구 별빛로 {n}"));
            says(&n.to_string(), &format!("서울특별시 은하구 별빛로 {n}"), 10, n, found)
        })
        .collect()
}

fn read_texts(_: Media, body: &[u8]) -> Vec<(Text, String)> {
    vec![(Text::RecipientAddress, String::from_utf8(body.to_vec()).unwrap())]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_condition_narrows_and_the_total_is_exact() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, ten()).await.unwrap();
        let mut query = Query::all(shelf, 3);
        let page = ledger.list(&query).await.unwrap();
        assert_eq!((page.total, keys(&page)), (10, vec!["9", "8", "7"]));

        query.state(State::Status, ["EVEN"]);
        assert_eq!(ledger.list(&query).await.unwrap().total, 5);
        query.state(State::ReturnStatus, ["R0", "R1"]);
        let page = ledger.list(&query).await.unwrap();
        assert_eq!((page.total, keys(&page)), (3, vec!["6", "4", "0"]));
        query.moment(Moment::Arrived, Between { from: Some(at(1_001)), until: None });
        let page = ledger.list(&query).await.unwrap();
        assert_eq!((page.total, keys(&page)), (1, vec!["4"]));
        query.term(Term::Order, "order-2");
        assert_eq!(ledger.list(&query).await.unwrap().total, 1);
        query.term(Term::Order, "order-3");
        assert_eq!(ledger.list(&query).await.unwrap().total, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_exact_values_and_addresses_by_any_part() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, ten()).await.unwrap();
        let mut query = Query::all(shelf, 10);
        query.term(Term::RecipientPhone, "01000000007");
        assert_eq!(keys(&ledger.list(&query).await.unwrap()), ["7"]);
        for (part, total) in
            [("은하구 별빛", 10), ("로 7", 1), ("별", 10), ("은빛하구", 0), ("", 10)]
        {
            let mut query = Query::all(shelf, 4);
            query.text(Text::RecipientAddress, part);
            query.read_texts = Some(read_texts);
            let page = ledger.list(&query).await.unwrap();
            assert_eq!((page.total, page.rows.len()), (total, total.min(4) as usize), "{part}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_without_a_gap_in_both_directions() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, ten()).await.unwrap();
        for order in [Order::Newest, Order::Oldest] {
            let mut query = Query { order, ..Query::all(shelf, 3) };
            let mut walked = Vec::new();
            loop {
                let page = ledger.list(&query).await.unwrap();
                assert_eq!(page.total, 10);
                walked.extend(keys(&page).into_iter().map(str::to_owned));
                let Some(next) = page.next else { break };
                query.start = Start::After(next);
            }
            let mut all: Vec<String> = (0..10).map(|n| n.to_string()).collect();
            if order == Order::Newest {
                all.reverse();
            }
            assert_eq!(walked, all);
            query.start = Start::Offset(8);
            assert_eq!(
                keys(&ledger.list(&query).await.unwrap()),
                all[8..].iter().map(String::as_str).collect::<Vec<_>>()
            );
            query.start = Start::Offset(u64::MAX);
            assert_eq!(ledger.list(&query).await.unwrap().rows.len(), 0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_what_another_process_wrote_a_moment_ago() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, ten()).await.unwrap();
        let other = ledger.again().await;
        let mut odd = Query::all(shelf, 100);
        odd.state(State::Status, ["ODD"]);
        assert_eq!(ledger.list(&odd).await.unwrap().total, 5);
        for n in 0..5_i64 {
            // Each even one turns odd, and one of them moves in the list.
            let mut found = Found::default();
            found.state(State::Status, "ODD");
            let turned =
                says(&(n * 2).to_string(), "turned", 20, if n == 0 { 50 } else { n * 2 }, found);
            other.append(shelf, Put::Newer, vec![turned]).await.unwrap();
            assert_eq!(ledger.list(&odd).await.unwrap().total, 6 + n as u64);
        }
        let page = ledger.list(&Query::all(shelf, 2)).await.unwrap();
        assert_eq!((page.total, keys(&page)), (10, vec!["0", "9"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_shelf_lists_nothing() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        let page = ledger.list(&Query::all(shelf, 10)).await.unwrap();
        assert_eq!((page.total, page.rows.len(), page.next), (0, 0, None));
        ledger.warm(shelf).await.unwrap();
    })
    .await;
}
