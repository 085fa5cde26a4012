//! Sellers, accounts, credentials and shelves.
//!
//! What adds or changes one of them has the directory for itself, so that what was looked at first is
//! still so when it is written.

use hoesu_claims::{AccountId, SellerId};

use super::instant;
use super::wake::{EVERY, WAITING, wake};
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::{Account, Result, Seller};

/// Every seller, by number.
pub(crate) async fn sellers(tx: &mut Tx<'_>) -> Result<Vec<SellerRow>> {
    let sql = "SELECT s.seller, s.name, s.created_at, k.wrapped FROM seller s
         JOIN seller_key k ON k.seller = s.seller AND k.generation = 1 ORDER BY s.seller";
    tx.rows(sql, &[]).await
}

/// A seller's data key, wrapped.
pub(crate) async fn wrapped_key(tx: &mut Tx<'_>, seller: SellerId) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT wrapped FROM seller_key WHERE seller = ?1 AND generation = 1";
    tx.row(sql, &values![seller]).await
}

/// Makes a seller with its key, unless the name or the number is another's.
pub(crate) async fn add_seller(tx: &mut Tx<'_>, row: SellerRow) -> Result<Added> {
    tx.take_directory_turn().await?;
    let SellerRow { seller, wrapped } = &row;
    let created_at = seller.created_at.as_millisecond();
    // A name is one seller's among all.
    let sql = "SELECT seller FROM seller WHERE name = ?1";
    let same_name: Option<SellerId> = tx.row(sql, &values![&seller.name]).await?;
    if same_name.is_some() {
        return Ok(Added::NameTaken);
    }
    let sql = "INSERT INTO seller (seller, name, seq, created_at) VALUES (?1, ?2, 0, ?3)
         ON CONFLICT DO NOTHING";
    if tx.run(sql, &values![seller.id, &seller.name, created_at]).await? == 0 {
        return Ok(Added::NumberTaken);
    }
    let sql =
        "INSERT INTO seller_key (seller, generation, wrapped, created_at) VALUES (?1, 1, ?2, ?3)";
    tx.run(sql, &values![seller.id, wrapped, created_at]).await?;
    Ok(Added::Done)
}

/// Every account, or a seller's, by seller and number.
pub(crate) async fn accounts(tx: &mut Tx<'_>, of: Option<SellerId>) -> Result<Vec<AccountRow>> {
    let columns = "seller, account, channel, name, enabled, settings, secrets, created_at";
    let Some(seller) = of else {
        let sql = format!("SELECT {columns} FROM account ORDER BY seller, account");
        return tx.rows(&sql, &[]).await;
    };
    let sql = format!("SELECT {columns} FROM account WHERE seller = ?1 ORDER BY account");
    tx.rows(&sql, &values![seller]).await
}

/// Makes an account, unless its name, number or credential is another's. `handle` is the keyed hash of
/// the credential.
pub(crate) async fn add_account(
    tx: &mut Tx<'_>,
    row: AccountRow,
    handle: [u8; 32],
) -> Result<Added> {
    tx.take_directory_turn().await?;
    let AccountRow { account, secrets } = &row;
    let Account { seller, id, channel, name, enabled, settings: _, created_at } = account;
    let sql = "SELECT account FROM account WHERE seller = ?1 AND name = ?2";
    let same_name: Option<AccountId> = tx.row(sql, &values![*seller, name]).await?;
    if same_name.is_some() {
        return Ok(Added::NameTaken);
    }
    if owner(tx, handle).await?.is_some() {
        return Ok(Added::CredentialTaken);
    }
    let sql = "INSERT INTO account
             (seller, account, channel, name, enabled, settings, secrets, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) ON CONFLICT DO NOTHING";
    let (settings, at) = (pack_settings(account), created_at.as_millisecond());
    let made = values![*seller, *id, channel, name, *enabled, settings, secrets, at];
    if tx.run(sql, &made).await? == 0 {
        return Ok(Added::NumberTaken);
    }
    give(tx, account, handle).await?;
    // A warehouse's settings may have named it before it was there.
    wake(tx, *seller, WAITING, &[values![*seller]]).await?;
    Ok(Added::Done)
}

/// Replaces an account's settings, secrets and state; `handle` replaces its credential, unless it is
/// another's.
pub(crate) async fn set_account(
    tx: &mut Tx<'_>,
    row: AccountRow,
    handle: Option<[u8; 32]>,
    now: i64,
) -> Result<Added> {
    tx.take_directory_turn().await?;
    let AccountRow { account, secrets } = &row;
    let (seller, id) = (account.seller, account.id);
    if let Some(handle) = handle {
        if owner(tx, handle).await?.is_some_and(|owner| owner != (seller, id)) {
            return Ok(Added::CredentialTaken);
        }
        let sql = "DELETE FROM credential WHERE seller = ?1 AND account = ?2";
        tx.run(sql, &values![seller, id]).await?;
        give(tx, account, handle).await?;
    }
    let sql = "UPDATE account SET enabled = ?3, settings = ?4, secrets = ?5, changed_at = ?6
         WHERE seller = ?1 AND account = ?2";
    let settings = pack_settings(account);
    let known = "SELECT settings FROM account WHERE seller = ?1 AND account = ?2";
    let known: Option<String> = tx.row(known, &values![seller, id]).await?;
    tx.run(sql, &values![seller, id, account.enabled, &settings, secrets, now]).await?;
    if known.is_some_and(|known| known != settings) {
        // They say which documents belong together, and until when something can be stopped.
        wake(tx, seller, EVERY, &[values![seller]]).await?;
    }
    Ok(Added::Done)
}

/// Whose a credential is. It finds the seller, so it cannot name one.
async fn owner(tx: &mut Tx<'_>, handle: [u8; 32]) -> Result<Option<(SellerId, AccountId)>> {
    let sql = "SELECT seller, account FROM credential WHERE handle = ?1";
    tx.row(sql, &values![&handle]).await
}

async fn give(tx: &mut Tx<'_>, account: &Account, handle: [u8; 32]) -> Result<()> {
    let sql = "INSERT INTO credential (handle, seller, account) VALUES (?1, ?2, ?3)";
    tx.run(sql, &values![&handle, account.seller, account.id]).await.map(drop)
}

/// The account a credential lets in. It finds the seller, so it cannot name one.
pub(crate) async fn admit(tx: &mut Tx<'_>, handle: [u8; 32]) -> Result<Option<AccountRow>> {
    let sql = "SELECT a.seller, a.account, a.channel, a.name, a.enabled, a.settings, a.secrets,
             a.created_at
         FROM credential c JOIN account a ON a.seller = c.seller AND a.account = c.account
         WHERE c.handle = ?1";
    tx.row(sql, &values![&handle]).await
}

/// The number of a shelf.
pub(crate) async fn shelf(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
    kind: &'static str,
) -> Result<Option<i64>> {
    let sql = "SELECT shelf FROM shelf WHERE seller = ?1 AND account = ?2 AND kind = ?3";
    tx.row(sql, &values![seller, account, kind]).await
}

/// As [`shelf`]; makes it if it is not there.
pub(crate) async fn make_shelf(
    tx: &mut Tx<'_>,
    seller: SellerId,
    account: AccountId,
    kind: &'static str,
) -> Result<Option<i64>> {
    tx.take_turn(seller).await?;
    let sql = "INSERT INTO shelf (seller, shelf, account, kind, documents)
         SELECT ?1, coalesce(max(shelf), 0) + 1, ?2, ?3, 0 FROM shelf WHERE seller = ?1
         ON CONFLICT DO NOTHING";
    tx.run(sql, &values![seller, account, kind]).await?;
    shelf(tx, seller, account, kind).await
}

/// What making a seller or an account, or changing one, came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Added {
    Done,
    /// Another has this number now: count again.
    NumberTaken,
    NameTaken,
    CredentialTaken,
}

/// A seller's row.
pub(crate) struct SellerRow {
    pub(crate) seller: Seller,
    /// The newest data key, wrapped.
    pub(crate) wrapped: Vec<u8>,
}

impl FromRow for SellerRow {
    const COLUMNS: usize = 4;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (seller, wrapped) = FromRow::read(row, at)?;
        Ok(Self { seller, wrapped })
    }
}

impl FromRow for Seller {
    const COLUMNS: usize = 3;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (id, name, created_at) = FromRow::read(row, at)?;
        Ok(Self { id, name, created_at: instant(created_at) })
    }
}

/// An account's row.
#[derive(Clone)]
pub(crate) struct AccountRow {
    pub(crate) account: Account,
    /// Sealed.
    pub(crate) secrets: Vec<u8>,
}

impl FromRow for AccountRow {
    const COLUMNS: usize = 8;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (seller, id, channel, name, enabled, settings, secrets, created_at) =
            FromRow::read(row, at)?;
        let settings: String = settings;
        let settings = serde_json::from_str(&settings).unwrap_or_default();
        let created_at = instant(created_at);
        let account = Account { seller, id, channel, name, enabled, settings, created_at };
        Ok(Self { account, secrets })
    }
}

fn pack_settings(account: &Account) -> String {
    serde_json::to_string(&account.settings).expect("settings are text")
}
