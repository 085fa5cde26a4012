//! People: added, let see sellers, and what they prove themselves by.

use hmac::{Hmac, Mac as _};
use hoesu_claims::SellerId;
use jiff::Timestamp;
use sha2::Sha256;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::Ledger;
use super::links::LINK_LASTS;
use crate::code::CodeSecret;
use crate::people::{Fit, IssuedLink, LinkUse, Member, Person, PersonId, Role, Unfit, normal};
use crate::store::people::sessions::Stage;
use crate::store::people::{self, NewPerson, PersonChange, PersonRow};
use crate::{Error, Result, password};

/// Passwords hashed at the same time at most: each takes 32 MiB.
const HASHED_AT_ONCE: usize = 2;

/// The column the secret of an authenticator is sealed for.
pub(super) const CODE: &str = "person.code";

/// What letting people in takes.
pub(super) struct Doormen {
    handles: Hmac<Sha256>,
    hashing: Semaphore,
}

impl Doormen {
    pub(super) fn new(handles: Hmac<Sha256>) -> Self {
        Self { handles, hashing: Semaphore::new(HASHED_AT_ONCE) }
    }

    pub(super) fn handle(&self, of: &str, value: &str) -> [u8; 32] {
        let mut mac = self.handles.clone();
        mac.update(of.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

impl Ledger {
    /// Whether there is anybody who could sign in.
    pub async fn has_people(&self) -> Result<bool> {
        self.database.read("looking for anybody", |tx| Box::pin(people::anybody(tx))).await
    }

    /// Those who may see a seller, by number.
    pub async fn members(&self, seller: SellerId) -> Result<Vec<Member>> {
        self.database
            .read_at_once("reading who may see a seller", move |tx| {
                Box::pin(people::members(tx, seller))
            })
            .await
    }

    /// Adds somebody to a seller's books, who may see the seller. Without a password they choose one
    /// by the link that comes with the answer.
    pub async fn add_person(
        &self,
        home: SellerId,
        name: &str,
        role: Role,
        password: Option<&str>,
        now: Timestamp,
    ) -> Result<Fit<(Person, Option<IssuedLink>)>> {
        // A seller that isn't there has no people either.
        self.keys(home).await?;
        let roles = vec![(home, role)];
        let added = match self.new_person(home, name, password, roles, now).await? {
            Ok(added) => added,
            Err(unfit) => return Ok(Err(unfit)),
        };
        let link = match password {
            Some(_) => None,
            None => Some(self.link_for(added.id, LinkUse::Password, LINK_LASTS, now).await?),
        };
        Ok(Ok((added, link)))
    }

    pub(super) async fn new_person(
        &self,
        home: SellerId,
        name: &str,
        password: Option<&str>,
        roles: Vec<(SellerId, Role)>,
        now: Timestamp,
    ) -> Result<Fit<Person>> {
        let Some(name) = normal(name) else { return Ok(Err(Unfit::Name)) };
        let phc = match password {
            None => None,
            Some(password) => {
                if let Some(unfit) = password::unfit(&name, password) {
                    return Ok(Err(unfit));
                }
                Some(self.hash(password).await?)
            }
        };
        let (handle, now_ms) = (self.doormen.handle("name", &name), now.as_millisecond());
        let new = NewPerson { home, name, handle, password: phc, roles, now: now_ms };
        let added = self
            .database
            .write("adding a person", move |tx| Box::pin(people::add_person(tx, new)))
            .await?;
        let Some(no) = added else {
            return Ok(Err(Unfit::NameTaken));
        };
        Ok(Ok(self.person_row(PersonId { home, no }).await?.person))
    }

    /// The person with this number.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        Ok(self.find_person(id).await?.map(|row| row.person))
    }

    pub(super) async fn find_person(&self, id: PersonId) -> Result<Option<PersonRow>> {
        self.database.read("reading a person", move |tx| Box::pin(people::person(tx, id))).await
    }

    /// The person with this sign-in name.
    pub async fn person_named(&self, name: &str) -> Result<Option<Person>> {
        let Some(name) = normal(name) else { return Ok(None) };
        let row = self.find_named(self.doormen.handle("name", &name)).await?;
        Ok(row.map(|row| row.person))
    }

    pub(super) async fn find_named(&self, handle: [u8; 32]) -> Result<Option<PersonRow>> {
        self.database
            .read("looking up a sign-in name", move |tx| Box::pin(people::person_named(tx, handle)))
            .await
    }

    /// Says what somebody may do with a seller, or that they may not see it any more; sessions know at
    /// their next request.
    pub async fn set_role(
        &self,
        seller: SellerId,
        id: PersonId,
        role: Option<Role>,
        now: Timestamp,
    ) -> Result<Fit<()>> {
        self.keys(seller).await?;
        if self.find_person(id).await?.is_none() {
            return Ok(Err(Unfit::Gone));
        }
        let now = now.as_millisecond();
        let set = self
            .database
            .write("saying who may see a seller", move |tx| {
                Box::pin(people::set_role(tx, seller, id, role, now))
            })
            .await?;
        Ok(if set { Ok(()) } else { Err(Unfit::LastAdmin) })
    }

    /// Lets somebody in nowhere any more, at once, or in again.
    pub async fn set_disabled(
        &self,
        id: PersonId,
        disabled: bool,
        now: Timestamp,
    ) -> Result<Fit<()>> {
        if self.find_person(id).await?.is_none() {
            return Ok(Err(Unfit::Gone));
        }
        let at = disabled.then(|| now.as_millisecond());
        let done = self.change_person(id, PersonChange::Disabled(at), 0).await?;
        Ok(if done { Ok(()) } else { Err(Unfit::LastAdmin) })
    }

    /// Takes another password; every session of the person ends but the one that asks.
    pub async fn change_password(
        &self,
        token: &str,
        old: &str,
        new: &str,
        origin: &str,
        now: Timestamp,
    ) -> Result<Fit<()>> {
        let Some((row, session)) = self.proved_session(token).await? else {
            return Ok(Err(Unfit::Gone));
        };
        if session.stage != Stage::Open {
            return Ok(Err(Unfit::Gone));
        }
        if let Some(unfit) = password::unfit(&row.person.name, new) {
            return Ok(Err(unfit));
        }
        let handles = self.handles(&row.person.name, origin);
        if self.book_attempt(handles, now).await?.is_some() {
            return Ok(Err(Unfit::PasswordWrong));
        }
        if !self.prove(old, row.password).await? {
            return Ok(Err(Unfit::PasswordWrong));
        }
        self.forget_attempts(handles).await?;
        let phc = self.hash(new).await?;
        let change = PersonChange::Password(phc);
        self.change_person(row.person.id, change, session.session).await?;
        Ok(Ok(()))
    }

    /// A secret for an authenticator, in base32. Nothing is kept until it is proved.
    pub fn new_code_secret() -> Zeroizing<String> {
        CodeSecret::generate().text()
    }

    /// Asks for the codes of an authenticator from now on, once one of them proves that it has the
    /// secret; without a secret, asks for none.
    pub async fn set_code(
        &self,
        id: PersonId,
        secret: Option<(&str, &str)>,
        now: Timestamp,
    ) -> Result<Fit<()>> {
        let sealed = match secret {
            None => None,
            Some((secret, code)) => {
                let secret = CodeSecret::from_text(secret);
                let Some(secret) = secret.filter(|secret| secret.step_of(code, now).is_some())
                else {
                    return Ok(Err(Unfit::CodeWrong));
                };
                Some(self.keys(id.home).await?.seal(CODE, id.no, secret.bytes()))
            }
        };
        self.change_person(id, PersonChange::Code(sealed), 0).await?;
        Ok(Ok(()))
    }

    pub(super) async fn person_row(&self, id: PersonId) -> Result<PersonRow> {
        let found = self.find_person(id).await?;
        found.ok_or_else(|| Error::Refused(format!("there is no person {id}")))
    }

    pub(super) async fn change_person(
        &self,
        id: PersonId,
        change: PersonChange,
        keep: i64,
    ) -> Result<bool> {
        self.database
            .write("changing a person", move |tx| {
                Box::pin(people::change_person(tx, id, change, keep))
            })
            .await
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String> {
        let password = Zeroizing::new(password.to_owned());
        self.slowly(move || password::hash(&password)).await
    }

    pub(super) async fn prove(&self, password: &str, phc: Option<String>) -> Result<bool> {
        let password = Zeroizing::new(password.to_owned());
        self.slowly(move || password::verify(&password, phc.as_deref())).await
    }

    /// Off the threads that answer, a few at a time.
    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let _turn = self.doormen.hashing.acquire().await.map_err(|_| Error::Closed)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Closed)
    }
}
