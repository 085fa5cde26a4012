//! What an admin does about people, and what the access log says of it.

use hoesu_ledger::Role;

use crate::browser::{PASSWORD, Shop, Still};
use hoesu_channels::Clock as _;

const HERE: &str = "/console/settings/people";

#[tokio::test(flavor = "multi_thread")]
async fn every_change_has_a_line_and_what_was_refused_has_two() {
    let shop = Shop::open().await;
    let boss_id = shop.person("boss", Role::Admin).await;
    let minji = shop.person("minji", Role::Viewer).await;
    let boss = shop.sign_in("boss").await;
    let mut lines = shop.log().await.len();
    let known = format!("{HERE}/{minji}");
    for (path, form, reason) in [
        (format!("{known}/role"), "role=operator", "operator"),
        (format!("{known}/disabled"), "disabled=true", "disabled"),
        (format!("{known}/disabled"), "disabled=false", "enabled"),
        (format!("{known}/reset"), "", "reset"),
        (HERE.to_owned(), "name=jiho&role=viewer", "viewer"),
    ] {
        assert!(shop.post(&path, &boss, form).await.status < 400, "{path}");
        let log = shop.log().await;
        lines += 1;
        assert_eq!((log.len(), log[0].reason.as_deref()), (lines, Some(reason)), "{path}");
    }
    let refused = shop.post(&format!("{HERE}/{boss_id}/role"), &boss, "role=viewer").await;
    assert_eq!(refused.status, 422);
    let log = shop.log().await;
    assert_eq!(log.len(), lines + 2);
    assert_eq!(log[0].reason.as_deref(), Some("not done"));
    assert_eq!(log[1].reason.as_deref(), Some("viewer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_of_two_sellers_lets_somebody_of_one_see_the_other() {
    let shop = Shop::open().await;
    let now = Still.now();
    let boss_id = shop.person("boss", Role::Admin).await;
    shop.person("minji", Role::Viewer).await;
    let second = shop.ledger.add_seller("물결마켓", now).await.unwrap().id;
    let third = shop.ledger.add_seller("남의 가게", now).await.unwrap().id;
    let stranger = shop.ledger.add_person(third, "stranger", Role::Admin, Some(PASSWORD), now);
    stranger.await.unwrap().unwrap();
    let path = format!("{HERE}/known");
    let form = |name: &str, seller: i64| format!("name={name}&role=operator&seller={seller}");

    let boss = shop.sign_in("boss").await;
    assert!(!shop.get(HERE, &boss).await.text.contains("known-seller"), "one seller is no choice");
    assert_eq!(shop.post(&path, &boss, &form("minji", second.0)).await.status, 404);
    shop.ledger.set_role(second, boss_id, Some(Role::Admin), now).await.unwrap().unwrap();
    assert!(shop.get(HERE, &boss).await.text.contains("known-seller"));
    let minji = shop.sign_in("minji").await;
    assert_eq!(shop.post(&path, &minji, &form("minji", second.0)).await.status, 403);
    assert_eq!(shop.post(&path, &boss, &form("minji", third.0)).await.status, 404);

    // A name that is somebody else's and one that is nobody's are answered alike.
    let others = shop.post(&path, &boss, &form("stranger", second.0)).await;
    let nobodys = shop.post(&path, &boss, &form("nobody", second.0)).await;
    assert_eq!((others.status, nobodys.status), (422, 422));
    assert_eq!(others.text, nobodys.text);

    let done = shop.post(&path, &boss, &form("minji", second.0)).await;
    assert!(done.status == 200 && done.text.contains("물결마켓 · minji · 운영"), "{}", done.text);
    let members = shop.ledger.members(second).await.unwrap();
    assert!(members.iter().any(|one| one.person.name == "minji" && one.role == Role::Operator));
    let line = shop.ledger.accesses(second, None, None, 1).await.unwrap().swap_remove(0);
    assert_eq!((line.who.as_str(), line.whose.as_str()), ("boss", "minji"));
}
