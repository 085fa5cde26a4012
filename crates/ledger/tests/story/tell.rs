//! What the stories are told with: a seller, an account, documents made of a few words.

use std::collections::BTreeMap;

use hoesu_claims::{AccountId, Found, Incoming, Media, Rank, SellerId};
use hoesu_ledger::{Account, Ledger, NewAccount, Shelf};
use jiff::Timestamp;

pub(crate) const KIND: &str = "return";

pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap()
}

pub(crate) fn new_account(seller: SellerId, name: &str, credential: &str) -> NewAccount {
    NewAccount {
        seller,
        channel: "market".to_owned(),
        name: name.to_owned(),
        settings: BTreeMap::from([("vendor_id".to_owned(), "A00012345".to_owned())]),
        secrets: BTreeMap::from([("secret_key".to_owned(), "s3cret".to_owned())]),
        credential: credential.to_owned(),
    }
}

/// A seller with one account, and the account's shelf.
pub(crate) async fn shelf(ledger: &Ledger) -> Shelf {
    let account = account(ledger).await;
    account.shelf(KIND)
}

pub(crate) async fn account(ledger: &Ledger) -> Account {
    let seller = ledger.add_seller("별빛상점", at(1)).await.unwrap();
    ledger.add_account(new_account(seller.id, "main", "key-1"), at(2)).await.unwrap()
}

pub(crate) fn elsewhere(shelf: Shelf) -> Shelf {
    Shelf { account: AccountId(shelf.account.0 + 1), ..shelf }
}

/// A document observed at `observed`, ranked by `rank`, saying `body`.
pub(crate) fn says(key: &str, body: &str, observed: i64, rank: i64, found: Found) -> Incoming {
    Incoming {
        key: key.to_owned(),
        media: Media::Json,
        body: body.as_bytes().to_vec(),
        marks: BTreeMap::new(),
        found: Found { rank: Rank { at: rank, tie: 0 }, ..found },
        observed_at: at(observed),
    }
}

pub(crate) fn plain(key: &str, body: &str, observed: i64) -> Incoming {
    says(key, body, observed, observed, Found::default())
}
