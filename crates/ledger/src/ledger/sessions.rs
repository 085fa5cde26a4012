//! Sessions: people let in, locked out, signed out.

use hoesu_claims::SellerId;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::Ledger;
use super::people::CODE;
use crate::access::{Access, Deed};
use crate::code::CodeSecret;
use crate::people::{LinkUse, Person, PersonId, Role, Session, SignIn, normal};
use crate::store::instant;
use crate::store::people::attempts::LOCK_MS;
use crate::store::people::sessions::{self, SessionRow, Stage};
use crate::store::people::{self, PersonRow};
use crate::token::{self, Secret};
use crate::{Result, Seller};

/// How long a session lasts without a request.
const IDLE: SignedDuration = SignedDuration::from_hours(8);

/// How long a session lasts at most.
const LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a code is waited for.
const CODE_WAITED: SignedDuration = SignedDuration::from_mins(10);

/// A request within so long of the last changes nothing.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// What every session's text begins with.
const SESSION: &str = "s";

/// How long a lock lasts, for those who tell people.
pub const LOCKED_FOR: SignedDuration = SignedDuration::from_millis(LOCK_MS);

impl Ledger {
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
        if let Some(until) = self.book_attempt(handles, now).await? {
            return Ok(SignIn::Locked(until));
        }
        let row = self.find_named(handles[0]).await?;
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
        self.forget_attempts(handles).await?;
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
        if session.stage != Stage::Code || !waited {
            return Ok(SignIn::Refused);
        }
        let handles = self.handles(&person.person.name, origin);
        if let Some(until) = self.book_attempt(handles, now).await? {
            return Ok(SignIn::Locked(until));
        }
        let id = person.person.id;
        let Some(sealed) = &person.code else { return Ok(SignIn::Refused) };
        let secret = CodeSecret::from_bytes(self.keys(id.home).await?.open(CODE, id.no, sealed)?);
        let good = match secret.step_of(code, now) {
            Some(step) => {
                self.database
                    .write("using up a code", move |tx| Box::pin(people::use_code(tx, id, step)))
                    .await?
            }
            None => false,
        };
        if !good || person.person.disabled_at.is_some() {
            return Ok(SignIn::CodeWanted(Zeroizing::new(token.to_owned())));
        }
        self.forget_attempts(handles).await?;
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
        let open = session.stage == Stage::Open;
        if over || !open || row.person.disabled_at.is_some() {
            return Ok(None);
        }
        let sellers = self.sellers_of(row.person.id).await?;
        let shown = sellers.iter().find(|(seller, _)| seller.id == session.shown);
        let Some((seller, role)) = shown.or(sellers.first()).cloned() else { return Ok(None) };
        if seen + SEEN_EVERY <= now {
            let (home, no, now) = (session.home, session.session, now.as_millisecond());
            self.database
                .write("keeping a session", move |tx| Box::pin(sessions::seen(tx, home, no, now)))
                .await?;
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
        self.database
            .write("choosing a seller", move |tx| Box::pin(sessions::show(tx, home, no, seller)))
            .await?;
        Ok(true)
    }

    /// Ends what the browser shows.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let Some((_, session)) = self.proved_session(token).await? else { return Ok(()) };
        let (home, no) = (session.home, session.session);
        self.database
            .write("ending a session", move |tx| Box::pin(sessions::end_session(tx, home, no)))
            .await
    }

    /// Ends every session of somebody.
    pub async fn sign_out_everywhere(&self, id: PersonId) -> Result<()> {
        self.database
            .write("ending sessions", move |tx| Box::pin(sessions::end_sessions(tx, id, 0)))
            .await
    }

    /// The sellers somebody may see, by number.
    async fn sellers_of(&self, id: PersonId) -> Result<Vec<(Seller, Role)>> {
        self.database
            .read("reading what a person may see", move |tx| Box::pin(people::sellers_of(tx, id)))
            .await
    }

    /// A session whose secret was shown, whatever its age and stage.
    pub(super) async fn proved_session(
        &self,
        token: &str,
    ) -> Result<Option<(PersonRow, SessionRow)>> {
        let Some((home, no, secret)) = token::parse(SESSION, token) else { return Ok(None) };
        let found = self
            .database
            .read("reading a session", move |tx| Box::pin(sessions::session(tx, home, no)))
            .await?;
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
        let sellers = self.sellers_of(person.id).await?;
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
            stage,
            shown: seller.id,
            opened_at: at,
            seen_at: at,
        };
        let old = ((now - LASTS).as_millisecond(), (now - IDLE).as_millisecond());
        let no = self
            .database
            .write("opening a session", move |tx| {
                Box::pin(sessions::open_session(tx, row, instead, old))
            })
            .await?;
        Ok(Some(secret.text(SESSION, person.id.home, no)))
    }
}
