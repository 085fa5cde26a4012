//! What lies on the disk says nothing about anybody.

use hoesu_claims::{Found, Term, Text};
use hoesu_ledger::{Place, Put, Refused};
use hoesu_testkit::{Database, throwaway};

use crate::tell::{account, at, says};

const NAME: &str = "독고온누리";
const PHONE: &str = "01000004321";
const ADDRESS: &str = "은하구 별빛로 77";
const SECRET: &str = "s3cret";

#[tokio::test(flavor = "multi_thread")]
async fn the_files_hold_no_name_phone_address_or_secret() {
    let ledger = throwaway(Database::Sqlite).await;
    let account = account(&ledger).await;
    let mut found = Found::default();
    found.term(Term::BuyerName, NAME);
    found.term(Term::BuyerPhone, PHONE);
    found.text(Text::RecipientAddress, ADDRESS);
    found.term(Term::Order, "visible-order");
    let body = format!("{NAME} {PHONE} {ADDRESS}");
    ledger
        .append(account.shelf("return"), Put::Newer, vec![says("1", &body, 1, 1, found)])
        .await
        .unwrap();
    let refused = Refused {
        at: "line 1".into(),
        field: String::new(),
        why: "is bad".into(),
        body: body.into_bytes(),
    };
    ledger.refuse(account.seller, account.id, vec![refused], at(2)).await.unwrap();

    let Place::Folder(folder) = ledger.place() else {
        panic!("an embedded ledger lives in a folder")
    };
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("visible-order"), "the test looks at the right files");
    for personal in [NAME, PHONE, ADDRESS, SECRET] {
        assert!(!holds(personal), "{personal} lies open");
    }
}
