//! What leaves as a file, and who is in it.

use std::collections::BTreeSet;

use hoesu_channels::CHANNELS;
use hoesu_channels::people::{Holds, revealed};
use hoesu_ledger::Role;

use crate::browser::Shop;

/// Names and phones that the made-up orders tell of, as documents have them.
fn people() -> BTreeSet<String> {
    let mut people = BTreeSet::new();
    for channel in CHANNELS {
        let told = (0..60).flat_map(|nth| channel.invent_order(nth));
        for (_, made) in told {
            let shown = revealed(channel.capabilities(), made.media, &made.body);
            people.extend(shown.into_iter().filter_map(|shown| {
                let is = matches!(shown.holds?, Holds::Name | Holds::Phone);
                (is && shown.text.chars().count() > 2 && !shown.text.contains('*'))
                    .then_some(shown.text)
            }));
        }
    }
    assert!(people.len() > 10, "orders tell of people");
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_as_a_file_names_nobody_and_leaves_no_line() {
    let (shop, people) = (Shop::filled().await, people());
    shop.person("minji", Role::Operator).await;
    let minji = shop.sign_in("minji").await;
    let lines = shop.log().await.len();
    for list in ["findings", "cases"] {
        let csv = shop.get(&format!("/console/{list}.csv"), &minji).await.text;
        assert!(csv.lines().count() > 10);
        assert!(people.iter().all(|person| !csv.contains(person.as_str())), "{list} names nobody");
    }
    assert_eq!(shop.log().await.len(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_people_takes_a_reason_and_is_written_down() {
    let (shop, people) = (Shop::filled().await, people());
    for (name, role) in [("minji", Role::Operator), ("jiho", Role::Viewer)] {
        shop.person(name, role).await;
    }
    let (minji, jiho) = (shop.sign_in("minji").await, shop.sign_in("jiho").await);
    let lines = shop.log().await.len();
    for list in ["findings", "cases"] {
        let path = format!("/console/{list}/people?state=open&rows=50");
        let reason = "reason=courier+asked&as=csv";
        assert_eq!(shop.get(&path, &jiho).await.status, 403);
        assert_eq!(shop.post(&path, &jiho, reason).await.status, 403);
        let none = shop.get(&format!("/console/{list}"), &jiho).await.text;
        assert!(!none.contains("/people?") && !none.contains("/people\""), "not offered");
        let page = shop.get(&path, &minji).await;
        assert!(page.status == 200 && page.text.contains("name=\"reason\""), "{}", page.text);
        let unsaid = shop.post(&path, &minji, "reason=+&as=csv").await;
        assert!(unsaid.status == 422 && unsaid.text.contains("왜 내려받는지"), "{}", unsaid.text);
    }
    assert_eq!(shop.log().await.len(), lines, "nothing left");

    for list in ["findings", "cases"] {
        let path = format!("/console/{list}/people?state=open&rows=50");
        let csv = shop.post(&path, &minji, "reason=courier+asked&as=csv").await;
        assert!(csv.header("content-disposition").contains(list));
        assert!(csv.text.starts_with('\u{feff}') && csv.text.contains("받는 사람 전화"));
        assert!(people.iter().any(|person| csv.text.contains(person.as_str())));
        let line = shop.log().await.swap_remove(0);
        assert_eq!((line.who.as_str(), line.what.as_str()), ("minji", "download"));
        assert_eq!(line.reason.as_deref(), Some("courier asked"));
        assert!(line.whose.starts_with(&format!("{list} × ")), "{}", line.whose);
        let first = csv.text.lines().nth(1).unwrap();
        let named = line.whose.split(": ").nth(1).unwrap().trim_end_matches(", …").split(", ");
        assert!(named.clone().count() <= 20 && named.clone().all(|order| csv.text.contains(order)));
        assert!(!first.is_empty());
    }
    assert_eq!(shop.log().await.len(), lines + 2, "a line for each file");
    let excel = shop.post("/console/cases/people", &minji, "reason=x&as=xlsx").await;
    assert!(excel.text.starts_with("PK"));
}
