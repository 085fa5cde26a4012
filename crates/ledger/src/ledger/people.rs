//! People: added, let in, locked out, signed out.

use hmac::{Hmac, Mac as _};
use hoesu_claims::SellerId;
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::Ledger;
use crate::access::{Access, Deed};
use crate::code::CodeSecret;
use crate::people::{
    Fit, IssuedLink, Link, LinkUse, Member, Person, PersonId, Role, Session, SignIn, Unfit, normal,
};
use crate::store::instant;
use crate::store::people::{
    LOCK_MS, LinkRow, NewPerson, PersonChange, PersonRow, SessionRow, Stage,
};
use crate::token::{self, Secret};
use crate::{Error, Result, password};

/// How long a session lasts without a request.
const IDLE: SignedDuration = SignedDuration::from_hours(8);

/// How long a session lasts at most.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a code is waited for.
const CODE_WAITED: SignedDuration = SignedDuration::from_mins(10);

/// A request within so long of the last changes nothing.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// How long a link to choose a password is good, and the first start's.
const LINK_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Passwords hashed at the same time at most: each takes 32 MiB.
const HASHED_AT_ONCE: usize = 2;

/// What every session's text begins with.
const SESSION: &str = "s";

/// What every link's text begins with.
const LINK: &str = "l";

/// Nobody's seller, and nobody: the link of the first start is theirs.
const NOBODY: (SellerId, i64) = (SellerId(0), 0);

/// The column the secret of an authenticator is sealed for.
const CODE: &str = "person.code";

/// What letting people in takes.
pub(super) struct Doormen {
    handles: Hmac<Sha256>,
    hashing: Semaphore,
}

impl Doormen {
    pub(super) fn new(handles: Hmac<Sha256>) -> Self {
        Self { handles, hashing: Semaphore::new(HASHED_AT_ONCE) }
    }

    fn handle(&self, of: &str, value: &str) -> [u8; 32] {
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
        self.store.anybody().await
    }

    /// Those who may see a seller, by number.
    pub async fn members(&self, seller: SellerId) -> Result<Vec<Member>> {
        let rows = self.store.members(seller).await?;
        let member = |(row, role): (PersonRow, String)| {
            let role = Role::from_name(&role).ok_or(Error::Unreadable("role"))?;
            Ok(Member { person: row.person, role })
        };
        rows.into_iter().map(member).collect()
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

    async fn new_person(
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
        let Some(no) = self.store.add_person(new).await? else {
            return Ok(Err(Unfit::NameTaken));
        };
        Ok(Ok(self.person_row(PersonId { home, no }).await?.person))
    }

    /// The person with this number.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>> {
        Ok(self.store.person(id).await?.map(|row| row.person))
    }

    /// The person with this sign-in name.
    pub async fn person_named(&self, name: &str) -> Result<Option<Person>> {
        let Some(name) = normal(name) else { return Ok(None) };
        let row = self.store.person_named(self.doormen.handle("name", &name)).await?;
        Ok(row.map(|row| row.person))
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
        if self.store.person(id).await?.is_none() {
            return Ok(Err(Unfit::Gone));
        }
        let set = self.store.set_role(seller, id, role, now.as_millisecond()).await?;
        Ok(if set { Ok(()) } else { Err(Unfit::LastAdmin) })
    }

    /// Lets somebody in nowhere any more, at once, or in again.
    pub async fn set_disabled(
        &self,
        id: PersonId,
        disabled: bool,
        now: Timestamp,
    ) -> Result<Fit<()>> {
        if self.store.person(id).await?.is_none() {
            return Ok(Err(Unfit::Gone));
        }
        let at = disabled.then(|| now.as_millisecond());
        let done = self.store.change_person(id, PersonChange::Disabled(at), 0).await?;
        Ok(if done { Ok(()) } else { Err(Unfit::LastAdmin) })
    }

    /// A link by which somebody chooses a password; those made before are good no longer. The code of
    /// an authenticator is not asked for from then on.
    pub async fn reset_link(&self, id: PersonId, now: Timestamp) -> Result<Fit<IssuedLink>> {
        if self.store.person(id).await?.is_none() {
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
        if self.store.anybody().await? {
            return Ok(None);
        }
        let (seller, person) = NOBODY;
        let nobody = PersonId { home: seller, no: person };
        self.link_for(nobody, LinkUse::SetUp, LINK_LASTS, now).await.map(Some)
    }

    async fn link_for(
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
            use_for: use_for.name().to_owned(),
            hash: secret.hash().to_vec(),
            until: until.as_millisecond(),
        };
        let no = self.store.add_link(row, now.as_millisecond()).await?;
        Ok(IssuedLink { text: secret.text(LINK, id.home, no), until })
    }

    /// What a link is for, without using it up; `None` if it is none, or good no longer.
    pub async fn link(&self, text: &str, now: Timestamp) -> Result<Option<Link>> {
        Ok(self.good_link(text, now).await?.map(|(link, ..)| link))
    }

    /// A good link, where it lies, and what is kept of its secret.
    async fn good_link(
        &self,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<(Link, SellerId, i64, Vec<u8>)>> {
        let Some((seller, no, secret)) = token::parse(LINK, text) else { return Ok(None) };
        let Some(row) = self.store.link(seller, no).await? else { return Ok(None) };
        let until = instant(row.until);
        let proved: bool = row.hash.ct_eq(&secret.hash()).into();
        if !proved || until <= now {
            return Ok(None);
        }
        let use_for = row.use_for()?;
        let person = match use_for {
            LinkUse::SetUp if self.store.anybody().await? => return Ok(None),
            LinkUse::SetUp => None,
            LinkUse::Password | LinkUse::Enter => {
                match self.store.person(PersonId { home: seller, no: row.person }).await? {
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
        if !self.store.take_link(seller, no, hash).await? {
            return Ok(Err(Unfit::Gone));
        }
        self.store.change_person(person.id, PersonChange::Code(None), 0).await?;
        self.store.change_person(person.id, PersonChange::Password(phc), 0).await?;
        let name = self.doormen.handle("name", &person.name);
        self.store.forget_attempts([name, name]).await?;
        Ok(Ok(self.person_row(person.id).await?.person))
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
        if !self.store.take_link(at, no, hash).await? {
            return Ok(Err(Unfit::Gone));
        }
        let roles = sellers.iter().map(|seller| (seller.id, Role::Admin)).collect();
        self.new_person(sellers[0].id, name, Some(password), roles, now).await
    }

    /// Signs somebody in by the link of a demo.
    pub async fn enter(
        &self,
        link: &str,
        origin: &str,
        now: Timestamp,
    ) -> Result<Option<Zeroizing<String>>> {
        let Some((link, ..)) = self.good_link(link, now).await? else { return Ok(None) };
        let (LinkUse::Enter, Some(person)) = (link.use_for, link.person) else { return Ok(None) };
        self.open_session(&person, Stage::Open, 0, origin, now).await
    }

    /// Signs somebody in. What fails is booked by name and by address (`origin`); five failures within
    /// 15 minutes lock for 15 minutes.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        origin: &str,
        now: Timestamp,
    ) -> Result<SignIn> {
        let name = normal(name).unwrap_or_default();
        let handles = self.handles(&name, origin);
        if let Some(until) = self.store.book_attempt(handles, now.as_millisecond()).await? {
            return Ok(SignIn::Locked(instant(until)));
        }
        let row = self.store.person_named(handles[0]).await?;
        let phc = row.as_ref().and_then(|row| row.password.clone());
        // A name nobody has takes as long as one somebody has.
        let proved = self.prove(password, phc).await?;
        let Some(row) = row.filter(|row| proved && row.person.disabled_at.is_none()) else {
            return Ok(SignIn::Refused);
        };
        if row.person.has_code {
            let token = self.open_session(&row.person, Stage::Code, 0, origin, now).await?;
            return Ok(token.map_or(SignIn::Refused, SignIn::CodeWanted));
        }
        self.store.forget_attempts(handles).await?;
        let token = self.open_session(&row.person, Stage::Open, 0, origin, now).await?;
        Ok(token.map_or(SignIn::Refused, SignIn::In))
    }

    /// The second step of signing in: the code of an authenticator, good once.
    pub async fn give_code(
        &self,
        token: &str,
        code: &str,
        origin: &str,
        now: Timestamp,
    ) -> Result<SignIn> {
        let Some((person, session)) = self.proved_session(token).await? else {
            return Ok(SignIn::Refused);
        };
        let waited = instant(session.opened_at) + CODE_WAITED > now;
        if Stage::from_name(&session.stage)? != Stage::Code || !waited {
            return Ok(SignIn::Refused);
        }
        let handles = self.handles(&person.person.name, origin);
        if let Some(until) = self.store.book_attempt(handles, now.as_millisecond()).await? {
            return Ok(SignIn::Locked(instant(until)));
        }
        let id = person.person.id;
        let Some(sealed) = &person.code else { return Ok(SignIn::Refused) };
        let secret = CodeSecret::from_bytes(self.keys(id.home).await?.open(CODE, id.no, sealed)?);
        let good = match secret.step_of(code, now) {
            Some(step) => self.store.use_code(id, step).await?,
            None => false,
        };
        if !good || person.person.disabled_at.is_some() {
            return Ok(SignIn::CodeWanted(Zeroizing::new(token.to_owned())));
        }
        self.store.forget_attempts(handles).await?;
        // What was shown before the person was known is shown no more.
        let instead = session.session;
        let token = self.open_session(&person.person, Stage::Open, instead, origin, now).await?;
        Ok(token.map_or(SignIn::Refused, SignIn::In))
    }

    /// Who is signed in by what the browser shows; `None` if nobody, or too long ago. A role taken away
    /// or a person disabled counts at once.
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>> {
        let Some((row, session)) = self.proved_session(token).await? else { return Ok(None) };
        let (opened, seen) = (instant(session.opened_at), instant(session.seen_at));
        let over = opened + LASTS <= now || seen + IDLE <= now;
        let open = Stage::from_name(&session.stage)? == Stage::Open;
        if over || !open || row.person.disabled_at.is_some() {
            return Ok(None);
        }
        let sellers = self.store.sellers_of(row.person.id).await?;
        let shown = sellers.iter().find(|(seller, _)| seller.id == session.shown);
        let Some((seller, role)) = shown.or(sellers.first()).cloned() else { return Ok(None) };
        if seen + SEEN_EVERY <= now {
            self.store.seen(session.home, session.session, now.as_millisecond()).await?;
        }
        Ok(Some(Session { person: row.person, seller, role, sellers, opened_at: opened }))
    }

    /// Looks at another seller from now on: whether the person may see it.
    pub async fn show_seller(&self, token: &str, seller: SellerId, now: Timestamp) -> Result<bool> {
        let Some(session) = self.session(token, now).await? else { return Ok(false) };
        let Some((home, no, _)) = token::parse(SESSION, token) else { return Ok(false) };
        if !session.sellers.iter().any(|(one, _)| one.id == seller) {
            return Ok(false);
        }
        self.store.show(home, no, seller).await?;
        Ok(true)
    }

    /// Ends what the browser shows.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        match self.proved_session(token).await? {
            Some((_, session)) => self.store.end_session(session.home, session.session).await,
            None => Ok(()),
        }
    }

    /// Ends every session of somebody.
    pub async fn sign_out_everywhere(&self, id: PersonId) -> Result<()> {
        self.store.end_sessions(id).await
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
        if Stage::from_name(&session.stage)? != Stage::Open {
            return Ok(Err(Unfit::Gone));
        }
        if let Some(unfit) = password::unfit(&row.person.name, new) {
            return Ok(Err(unfit));
        }
        let handles = self.handles(&row.person.name, origin);
        if self.store.book_attempt(handles, now.as_millisecond()).await?.is_some() {
            return Ok(Err(Unfit::PasswordWrong));
        }
        if !self.prove(old, row.password).await? {
            return Ok(Err(Unfit::PasswordWrong));
        }
        self.store.forget_attempts(handles).await?;
        let phc = self.hash(new).await?;
        let change = PersonChange::Password(phc);
        self.store.change_person(row.person.id, change, session.session).await?;
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
        self.store.change_person(id, PersonChange::Code(sealed), 0).await?;
        Ok(Ok(()))
    }

    fn handles(&self, name: &str, origin: &str) -> [[u8; 32]; 2] {
        [self.doormen.handle("name", name), self.doormen.handle("address", origin)]
    }

    async fn person_row(&self, id: PersonId) -> Result<PersonRow> {
        self.store
            .person(id)
            .await?
            .ok_or_else(|| Error::Refused(format!("there is no person {id}")))
    }

    /// A session whose secret was shown, whatever its age and stage.
    async fn proved_session(&self, token: &str) -> Result<Option<(PersonRow, SessionRow)>> {
        let Some((home, no, secret)) = token::parse(SESSION, token) else { return Ok(None) };
        let found = self.store.session(home, no).await?;
        Ok(found.filter(|(_, session)| session.hash.ct_eq(&secret.hash()).into()))
    }

    /// Opens a session, and says so in the access log of the seller it begins with; `None` if the
    /// person may see none.
    async fn open_session(
        &self,
        person: &Person,
        stage: Stage,
        instead: i64,
        origin: &str,
        now: Timestamp,
    ) -> Result<Option<Zeroizing<String>>> {
        let sellers = self.store.sellers_of(person.id).await?;
        let home = sellers.iter().find(|(seller, _)| seller.id == person.id.home);
        let Some((seller, _)) = home.or(sellers.first()) else { return Ok(None) };
        if stage == Stage::Open {
            let access = Access {
                at: now,
                who: person.name.clone(),
                origin: origin.to_owned(),
                what: Deed::SignIn,
                whose: person.name.clone(),
                reason: String::new(),
            };
            self.note(seller.id, access).await?;
        }
        let secret = Secret::generate();
        let at = now.as_millisecond();
        let row = SessionRow {
            home: person.id.home,
            session: 0,
            person: person.id.no,
            hash: secret.hash().to_vec(),
            stage: stage.name().to_owned(),
            shown: seller.id,
            opened_at: at,
            seen_at: at,
        };
        let old = ((now - LASTS).as_millisecond(), (now - IDLE).as_millisecond());
        let no = self.store.open_session(row, instead, old).await?;
        Ok(Some(secret.text(SESSION, person.id.home, no)))
    }

    async fn hash(&self, password: &str) -> Result<String> {
        let password = Zeroizing::new(password.to_owned());
        self.slowly(move || password::hash(&password)).await
    }

    async fn prove(&self, password: &str, phc: Option<String>) -> Result<bool> {
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

/// How long a lock lasts, for those who tell people.
pub const LOCKED_FOR: SignedDuration = SignedDuration::from_millis(LOCK_MS);
