//! Keys, as an admin handles them.

use hoesu_ledger::Role;

use crate::browser::Shop;

const HERE: &str = "/console/settings/keys";

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_makes_a_key_sees_it_once_and_revokes_it() {
    let shop = Shop::open().await;
    shop.person("boss", Role::Admin).await;
    let boss = shop.sign_in("boss").await;
    let form = "name=erp&scope=findings%3Aread&scope=documents%3Aread";
    let made = shop.post(HERE, &boss, form).await;
    let text = made.text.split("<code class=\"once\">").nth(1).unwrap();
    let text = text.split('<').next().unwrap();
    assert!(made.status == 200 && shop.ledger.admit_api_key(text).await.unwrap().is_some());
    let page = shop.get(HERE, &boss).await.text;
    assert!(page.contains("erp") && page.contains("원문") && !page.contains(text), "{page}");
    let line = shop.log().await.swap_remove(0);
    assert_eq!((line.who.as_str(), line.what.as_str()), ("boss", "key-add"));
    assert_eq!(line.whose, "erp");
    assert_eq!(line.reason.as_deref(), Some("findings:read documents:read"));

    let again = shop.post(HERE, &boss, "name=erp&scope=cases%3Aread").await;
    assert!(again.status == 422 && again.text.contains("같은 이름"), "{}", again.text);
    for unfit in ["name=+&scope=cases%3Aread", "name=x"] {
        assert_eq!(shop.post(HERE, &boss, unfit).await.status, 422, "{unfit}");
    }
    assert_eq!(shop.post(HERE, &boss, "name=x&scope=all").await.status, 400);
    assert_eq!(shop.ledger.api_keys(shop.seller).await.unwrap().len(), 1);

    let lines = shop.log().await.len();
    let ended = shop.post(&format!("{HERE}/1/revoke"), &boss, "").await;
    assert_eq!((ended.status, ended.header("location")), (303, HERE));
    assert_eq!(shop.ledger.admit_api_key(text).await.unwrap(), None);
    shop.post(&format!("{HERE}/1/revoke"), &boss, "").await;
    let log = shop.log().await;
    assert_eq!((log.len(), log[0].what.as_str()), (lines + 1, "key-revoke"));
    let page = shop.get(HERE, &boss).await.text;
    assert!(page.contains("없앤 키") && page.contains("아직 만든 키가 없어요"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_sees_keys_and_no_other_key_is_there() {
    let shop = Shop::open().await;
    for (name, role) in [("boss", Role::Admin), ("minji", Role::Operator)] {
        shop.person(name, role).await;
    }
    let (boss, minji) = (shop.sign_in("boss").await, shop.sign_in("minji").await);
    shop.post(HERE, &boss, "name=erp&scope=cases%3Aread").await;
    assert_eq!(shop.get(HERE, &minji).await.status, 403);
    assert_eq!(shop.post(HERE, &minji, "name=mine&scope=cases%3Aread").await.status, 403);
    assert_eq!(shop.post(&format!("{HERE}/1/revoke"), &minji, "").await.status, 403);
    for none in ["2", "x", "-1"] {
        assert_eq!(shop.post(&format!("{HERE}/{none}/revoke"), &boss, "").await.status, 404);
    }
    let keys = shop.ledger.api_keys(shop.seller).await.unwrap();
    assert!(keys.len() == 1 && keys[0].revoked_at.is_none());
}
