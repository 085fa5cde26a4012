//! Keys of our own API.

use std::collections::BTreeSet;
use std::sync::Mutex;

use hoesu_claims::SellerId;
use hoesu_ledger::{Error, Scope};
use hoesu_testkit::on_both;

use crate::tell::at;

fn scopes(all: &[Scope]) -> BTreeSet<Scope> {
    all.iter().copied().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_lets_in_by_its_whole_text_and_only_until_it_is_revoked() {
    on_both(async |ledger| {
        let seller = ledger.add_seller("하나", at(1)).await.unwrap().id;
        let read = scopes(&[Scope::FindingsRead, Scope::DocumentsRead]);
        let issued = ledger.add_api_key(seller, " erp ", read.clone(), at(2)).await.unwrap();
        assert_eq!((issued.key.id, issued.key.name.as_str()), (1, "erp"));
        assert!(issued.text.starts_with("hoesu_1_1_"));
        for _ in 0..2 {
            let admitted = ledger.admit_api_key(&issued.text).await.unwrap().unwrap();
            assert_eq!(*admitted, issued.key);
            assert_eq!(admitted.scopes, read);
        }

        let other = ledger.add_api_key(seller, "shop", read.clone(), at(3)).await.unwrap();
        let secret = other.text.strip_prefix("hoesu_1_2_").unwrap();
        for text in [format!("hoesu_1_1_{secret}"), format!("hoesu_1_3_{secret}"), "x".to_owned()] {
            assert!(ledger.admit_api_key(&text).await.unwrap().is_none(), "{text}");
        }

        assert!(ledger.revoke_api_key(seller, 1, at(4)).await.unwrap());
        assert!(!ledger.revoke_api_key(seller, 1, at(5)).await.unwrap());
        assert!(!ledger.revoke_api_key(seller, 9, at(5)).await.unwrap());
        assert!(ledger.admit_api_key(&issued.text).await.unwrap().is_none());
        assert!(ledger.admit_api_key(&other.text).await.unwrap().is_some());
        let keys = ledger.api_keys(seller).await.unwrap();
        assert_eq!(keys.iter().map(|key| key.revoked_at).collect::<Vec<_>>(), [Some(at(4)), None]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_numbered_and_named_within_a_seller() {
    on_both(async |ledger| {
        let first = ledger.add_seller("하나", at(1)).await.unwrap().id;
        let second = ledger.add_seller("둘", at(1)).await.unwrap().id;
        let read = || scopes(&[Scope::CasesRead]);
        let refused = |error| matches!(error, Err(Error::Refused(_)));
        assert_eq!(ledger.add_api_key(first, "erp", read(), at(2)).await.unwrap().key.id, 1);
        assert_eq!(ledger.add_api_key(second, "erp", read(), at(2)).await.unwrap().key.id, 1);
        assert!(refused(ledger.add_api_key(first, "erp", read(), at(3)).await));
        assert!(refused(ledger.add_api_key(first, " ", read(), at(3)).await));
        assert!(refused(ledger.add_api_key(first, "none", scopes(&[]), at(3)).await));
        assert!(refused(ledger.add_api_key(SellerId(9), "erp", read(), at(3)).await));
        // A revoked key's name may be taken again, its number never.
        ledger.revoke_api_key(first, 1, at(4)).await.unwrap();
        assert_eq!(ledger.add_api_key(first, "erp", read(), at(5)).await.unwrap().key.id, 2);
        assert_eq!(ledger.api_keys(second).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_revoked_by_another_process_stops_within_a_second() {
    on_both(async |ledger| {
        let seller = ledger.add_seller("하나", at(1)).await.unwrap().id;
        let read = scopes(&[Scope::CasesRead]);
        let issued = ledger.add_api_key(seller, "erp", read, at(2)).await.unwrap();
        assert!(ledger.admit_api_key(&issued.text).await.unwrap().is_some());
        ledger.again().await.revoke_api_key(seller, 1, at(5)).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
        assert!(ledger.admit_api_key(&issued.text).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cursors_are_signed_with_is_the_same_in_every_process_and_another_for_another_ledger()
{
    let keys: Mutex<BTreeSet<Vec<u8>>> = Mutex::default();
    on_both(async |ledger| {
        assert_eq!(ledger.cursor_key(), ledger.again().await.cursor_key());
        assert!(keys.lock().unwrap().insert(ledger.cursor_key().to_vec()));
    })
    .await;
    assert_eq!(keys.into_inner().unwrap().len(), 2);
}
