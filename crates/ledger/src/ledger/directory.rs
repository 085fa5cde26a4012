//! Sellers, accounts, and whom a credential lets in.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use hmac::Mac as _;
use hoesu_claims::{AccountId, SellerId};
use jiff::Timestamp;

use super::{Ledger, read, write};
use crate::store::directory::{self, AccountRow, Added, SellerRow};
use crate::{Account, Admitted, Error, NewAccount, Result, Seller};

/// How long an admission is believed without asking again: a disabled or rotated credential stops
/// letting anybody in within this, in every process.
const BELIEVED: Duration = Duration::from_secs(1);

/// How many admissions are remembered at most.
const REMEMBERED: usize = 10_000;

/// Who was let in lately, by handle.
#[derive(Default)]
pub(super) struct Admissions(RwLock<HashMap<[u8; 32], Believed>>);

/// An admission, and when it was read.
type Believed = (Instant, Arc<Admitted>);

impl Admissions {
    fn get(&self, handle: &[u8; 32]) -> Option<Arc<Admitted>> {
        let known = read(&self.0);
        let (at, admitted) = known.get(handle)?;
        (at.elapsed() < BELIEVED).then(|| Arc::clone(admitted))
    }

    fn put(&self, handle: [u8; 32], admitted: &Arc<Admitted>) {
        let mut known = write(&self.0);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(handle, (Instant::now(), Arc::clone(admitted)));
    }

    fn forget(&self) {
        write(&self.0).clear();
    }
}

impl Ledger {
    /// Makes a seller. Refused if the name is taken or empty.
    pub async fn add_seller(&self, name: &str, now: Timestamp) -> Result<Seller> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Error::Refused("a seller needs a name".to_owned()));
        }
        let memory = self.memory();
        loop {
            let last = self.seller_rows().await?.iter().map(|row| row.seller.id.0).max();
            let seller = Seller {
                id: SellerId(last.unwrap_or(0) + 1),
                name: name.to_owned(),
                created_at: now,
            };
            let (keys, wrapped) = self.master.make_seller_keys(seller.id);
            let row = SellerRow { seller: seller.clone(), wrapped: wrapped.clone() };
            let added = self
                .database
                .write("adding a seller", move |tx| Box::pin(directory::add_seller(tx, row)))
                .await?;
            match added {
                Added::Done => {
                    memory.hold_keys(seller.id, &Arc::new(keys), wrapped);
                    return Ok(seller);
                }
                Added::NumberTaken => {}
                Added::NameTaken | Added::CredentialTaken => {
                    return Err(Error::Refused(format!("there is a seller named {name} already")));
                }
            }
        }
    }

    /// Every seller, by number.
    pub async fn sellers(&self) -> Result<Vec<Seller>> {
        Ok(self.seller_rows().await?.into_iter().map(|row| row.seller).collect())
    }

    /// A seller's key, as it is kept. Refused if there is no such seller.
    pub(super) async fn wrapped_key(&self, seller: SellerId) -> Result<Vec<u8>> {
        let found = self
            .database
            .read("reading the sellers", move |tx| Box::pin(directory::wrapped_key(tx, seller)))
            .await?;
        found.ok_or_else(|| Error::Refused(format!("there is no seller {}", seller.0)))
    }

    async fn seller_rows(&self) -> Result<Vec<SellerRow>> {
        self.database.read("reading the sellers", |tx| Box::pin(directory::sellers(tx))).await
    }

    /// Makes an account. Refused if its name or credential is taken.
    pub async fn add_account(&self, new: NewAccount, now: Timestamp) -> Result<Account> {
        let name = new.name.trim();
        if name.is_empty() || new.credential.is_empty() {
            return Err(Error::Refused("an account needs a name and a credential".to_owned()));
        }
        let handle = self.handle(&new.channel, &new.credential);
        loop {
            let rows = self.account_rows(Some(new.seller)).await?;
            let last = rows.last().map_or(0, |row| row.account.id.0);
            let account = Account {
                seller: new.seller,
                id: AccountId(last + 1),
                channel: new.channel.clone(),
                name: name.to_owned(),
                enabled: true,
                settings: new.settings.clone(),
                created_at: now,
            };
            let secrets = self.seal_secrets(&account, &new.secrets).await?;
            let row = AccountRow { account: account.clone(), secrets };
            let added = self
                .database
                .write("adding an account", move |tx| {
                    Box::pin(directory::add_account(tx, row, handle))
                })
                .await?;
            match added {
                Added::Done => return Ok(account),
                Added::NumberTaken => {}
                Added::NameTaken => {
                    return Err(Error::Refused(format!(
                        "there is an account named {name} already"
                    )));
                }
                Added::CredentialTaken => return Err(credential_taken()),
            }
        }
    }

    /// Every account, by seller and number.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        Ok(self.account_rows(None).await?.into_iter().map(|row| row.account).collect())
    }

    /// Every account, or a seller's, by seller and number, with its secrets opened.
    pub async fn opened_accounts(&self, of: Option<SellerId>) -> Result<Vec<Admitted>> {
        let mut opened = Vec::new();
        for row in self.account_rows(of).await? {
            let secrets = self.open_secrets(&row).await?;
            opened.push(Admitted { account: row.account, secrets });
        }
        Ok(opened)
    }

    /// An account's secrets, opened.
    pub async fn secrets(&self, account: &Account) -> Result<BTreeMap<String, String>> {
        let row = self.account_row(account).await?;
        self.open_secrets(&row).await
    }

    /// Gives an account another credential (and the settings and secrets that go with it); the old
    /// one stops working within a second.
    pub async fn rotate(
        &self,
        account: &Account,
        settings: BTreeMap<String, String>,
        secrets: &BTreeMap<String, String>,
        credential: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut row = self.account_row(account).await?;
        row.account.settings = settings;
        row.secrets = self.seal_secrets(account, secrets).await?;
        let handle = self.handle(&account.channel, credential);
        let done = self.set_account(row, Some(handle), now).await?;
        if done == Added::CredentialTaken { Err(credential_taken()) } else { Ok(()) }
    }

    /// Lets an account's credential in again, or no longer.
    pub async fn set_enabled(
        &self,
        account: &Account,
        enabled: bool,
        now: Timestamp,
    ) -> Result<()> {
        let mut row = self.account_row(account).await?;
        row.account.enabled = enabled;
        self.set_account(row, None, now).await.map(drop)
    }

    async fn set_account(
        &self,
        row: AccountRow,
        handle: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<Added> {
        let now = now.as_millisecond();
        let done = self
            .database
            .write("changing an account", move |tx| {
                Box::pin(directory::set_account(tx, row, handle, now))
            })
            .await?;
        self.memory().admissions.forget();
        Ok(done)
    }

    /// Whom a shown credential lets in on a channel; `None` if nobody. A change made in another
    /// process counts within a second, one made here at once.
    pub async fn admit(&self, channel: &str, credential: &str) -> Result<Option<Arc<Admitted>>> {
        let handle = self.handle(channel, credential);
        let memory = self.memory();
        if let Some(admitted) = memory.admissions.get(&handle) {
            return Ok(Some(admitted));
        }
        let row = self
            .database
            .read("looking up a credential", move |tx| Box::pin(directory::admit(tx, handle)))
            .await?;
        let Some(row) = row else { return Ok(None) };
        if !row.account.enabled {
            return Ok(None);
        }
        let secrets = self.open_secrets(&row).await?;
        let admitted = Arc::new(Admitted { account: row.account, secrets });
        memory.admissions.put(handle, &admitted);
        Ok(Some(admitted))
    }

    fn handle(&self, channel: &str, credential: &str) -> [u8; 32] {
        let mut mac = self.credentials.clone();
        mac.update(channel.as_bytes());
        mac.update(&[0]);
        mac.update(credential.as_bytes());
        mac.finalize().into_bytes().into()
    }

    async fn account_rows(&self, of: Option<SellerId>) -> Result<Vec<AccountRow>> {
        self.database
            .read("reading the accounts", move |tx| Box::pin(directory::accounts(tx, of)))
            .await
    }

    async fn account_row(&self, account: &Account) -> Result<AccountRow> {
        let rows = self.account_rows(Some(account.seller)).await?;
        rows.into_iter()
            .find(|row| row.account.id == account.id)
            .ok_or_else(|| Error::Refused(format!("there is no account named {}", account.name)))
    }

    async fn seal_secrets(
        &self,
        account: &Account,
        secrets: &BTreeMap<String, String>,
    ) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(secrets).expect("secrets are text");
        Ok(self.keys(account.seller).await?.seal("account.secrets", account.id.0, &plain))
    }

    async fn open_secrets(&self, row: &AccountRow) -> Result<BTreeMap<String, String>> {
        let keys = self.keys(row.account.seller).await?;
        let plain = keys.open("account.secrets", row.account.id.0, &row.secrets)?;
        serde_json::from_slice(&plain).map_err(|_| Error::Unreadable("account's secrets"))
    }
}

fn credential_taken() -> Error {
    Error::Refused("another account has this credential already".to_owned())
}
