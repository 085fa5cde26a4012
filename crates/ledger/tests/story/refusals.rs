//! Refused records are kept once, and come back as they were.

use hoesu_claims::AccountId;
use hoesu_ledger::Refused;
use hoesu_testkit::on_both;

use crate::tell::{account, at};

fn refused(line: u32, body: &str) -> Refused {
    Refused {
        at: format!("line {line}"),
        field: "receiptId".to_owned(),
        why: "is missing".to_owned(),
        body: body.as_bytes().to_vec(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_record_is_kept_once_and_shown_newest_first() {
    on_both(async |ledger| {
        let account = account(&ledger).await;
        let batch = vec![refused(1, "x"), refused(2, "y"), refused(3, "x")];
        ledger.refuse(account.seller, account.id, batch.clone(), at(10)).await.unwrap();
        ledger.refuse(account.seller, account.id, batch, at(20)).await.unwrap();
        let kept = ledger.refusals(account.seller, Some(account.id), 10).await.unwrap();
        let told: Vec<_> = kept.iter().map(|one| (one.no, &one.refused, one.observed_at)).collect();
        assert_eq!(told, [(2, &refused(2, "y"), at(10)), (1, &refused(1, "x"), at(10))]);
        assert_eq!(ledger.refusals(account.seller, None, 1).await.unwrap().len(), 1);
        assert!(ledger.refusals(account.seller, Some(AccountId(9)), 10).await.unwrap().is_empty());
    })
    .await;
}
