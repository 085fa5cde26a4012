//! Links: by which somebody chooses a password, or begins.

use hoesu_claims::SellerId;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;

use super::Ledger;
use crate::people::{Fit, IssuedLink, Link, LinkUse, Person, PersonId, Role, Unfit, normal};
use crate::store::instant;
use crate::store::people::PersonChange;
use crate::store::people::links::{self, LinkRow};
use crate::token::{self, Secret};
use crate::{Result, password};

/// How long a link to choose a password is good, and the first start's.
pub(super) const LINK_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What every link's text begins with.
const LINK: &str = "l";

/// Nobody's seller, and nobody: the link of the first start is theirs.
const NOBODY: (SellerId, i64) = (SellerId(0), 0);

impl Ledger {
    /// A link by which somebody chooses a password; those made before are good no longer. The code of
    /// an authenticator is not asked for from then on.
    pub async fn reset_link(&self, id: PersonId, now: Timestamp) -> Result<Fit<IssuedLink>> {
        if self.find_person(id).await?.is_none() {
            return Ok(Err(Unfit::Gone));
        }
        Ok(Ok(self.link_for(id, LinkUse::Password, LINK_LASTS, now).await?))
    }

    /// A link that signs somebody in without a password for so long, as often as it is followed.
    pub async fn enter_link(
        &self,
        id: PersonId,
        lasts: SignedDuration,
        now: Timestamp,
    ) -> Result<IssuedLink> {
        self.link_for(id, LinkUse::Enter, lasts, now).await
    }

    /// The link of the first start; `None` if there is somebody. The one made before is good no longer.
    pub async fn set_up_link(&self, now: Timestamp) -> Result<Option<IssuedLink>> {
        if self.has_people().await? {
            return Ok(None);
        }
        let (seller, person) = NOBODY;
        let nobody = PersonId { home: seller, no: person };
        self.link_for(nobody, LinkUse::SetUp, LINK_LASTS, now).await.map(Some)
    }

    pub(super) async fn link_for(
        &self,
        id: PersonId,
        use_for: LinkUse,
        lasts: SignedDuration,
        now: Timestamp,
    ) -> Result<IssuedLink> {
        let (secret, until) = (Secret::generate(), now + lasts);
        let row = LinkRow {
            seller: id.home,
            person: id.no,
            use_for,
            hash: secret.hash().to_vec(),
            until: until.as_millisecond(),
        };
        let now = now.as_millisecond();
        let no = self
            .database
            .write("adding a link", move |tx| Box::pin(links::add_link(tx, row, now)))
            .await?;
        Ok(IssuedLink { text: secret.text(LINK, id.home, no), until })
    }

    /// What a link is for, without using it up; `None` if it is none, or good no longer.
    pub async fn link(&self, text: &str, now: Timestamp) -> Result<Option<Link>> {
        Ok(self.good_link(text, now).await?.map(|(link, ..)| link))
    }

    /// A good link, where it lies, and what is kept of its secret.
    pub(super) async fn good_link(
        &self,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<(Link, SellerId, i64, Vec<u8>)>> {
        let Some((seller, no, secret)) = token::parse(LINK, text) else { return Ok(None) };
        let found = self
            .database
            .read("reading a link", move |tx| Box::pin(links::link(tx, seller, no)))
            .await?;
        let Some(row) = found else { return Ok(None) };
        let until = instant(row.until);
        let proved: bool = row.hash.ct_eq(&secret.hash()).into();
        if !proved || until <= now {
            return Ok(None);
        }
        let use_for = row.use_for;
        let person = match use_for {
            LinkUse::SetUp if self.has_people().await? => return Ok(None),
            LinkUse::SetUp => None,
            LinkUse::Password | LinkUse::Enter => {
                match self.find_person(PersonId { home: seller, no: row.person }).await? {
                    Some(row) if row.person.disabled_at.is_none() => Some(row.person),
                    Some(_) | None => return Ok(None),
                }
            }
        };
        Ok(Some((Link { use_for, person, until }, seller, no, row.hash)))
    }

    /// Chooses a password by a link, which is used up; the person's sessions end, and no code is asked
    /// for until a new authenticator is set up.
    pub async fn choose_password(
        &self,
        link: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Fit<Person>> {
        let Some((link, seller, no, hash)) = self.good_link(link, now).await? else {
            return Ok(Err(Unfit::Gone));
        };
        let (LinkUse::Password, Some(person)) = (link.use_for, link.person) else {
            return Ok(Err(Unfit::Gone));
        };
        if let Some(unfit) = password::unfit(&person.name, password) {
            return Ok(Err(unfit));
        }
        let phc = self.hash(password).await?;
        if !self.take_link(seller, no, hash).await? {
            return Ok(Err(Unfit::Gone));
        }
        self.change_person(person.id, PersonChange::Code(None), 0).await?;
        self.change_person(person.id, PersonChange::Password(phc), 0).await?;
        let name = self.doormen.handle("name", &person.name);
        self.forget_attempts([name, name]).await?;
        Ok(Ok(self.person_row(person.id).await?.person))
    }

    async fn take_link(&self, seller: SellerId, no: i64, hash: Vec<u8>) -> Result<bool> {
        self.database
            .write("using up a link", move |tx| Box::pin(links::take_link(tx, seller, no, hash)))
            .await
    }

    /// Makes the first person, by the link of the first start, which is used up: an admin of every
    /// seller there is. If there is none yet, one named `seller` is made.
    pub async fn set_up(
        &self,
        link: &str,
        seller: &str,
        name: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<Fit<Person>> {
        let Some((link, at, no, hash)) = self.good_link(link, now).await? else {
            return Ok(Err(Unfit::Gone));
        };
        if link.use_for != LinkUse::SetUp {
            return Ok(Err(Unfit::Gone));
        }
        // What can be wrong is looked at before the link is used up.
        let Some(normal) = normal(name) else { return Ok(Err(Unfit::Name)) };
        if let Some(unfit) = password::unfit(&normal, password) {
            return Ok(Err(unfit));
        }
        let mut sellers = self.sellers().await?;
        if sellers.is_empty() {
            if seller.trim().is_empty() {
                return Ok(Err(Unfit::Name));
            }
            sellers.push(self.add_seller(seller, now).await?);
        }
        if !self.take_link(at, no, hash).await? {
            return Ok(Err(Unfit::Gone));
        }
        let roles = sellers.iter().map(|seller| (seller.id, Role::Admin)).collect();
        self.new_person(sellers[0].id, name, Some(password), roles, now).await
    }
}
