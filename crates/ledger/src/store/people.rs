//! People, their sessions, links and failed attempts, as both databases keep them. The statements are
//! the same on both; only the mark of a parameter differs.

use async_trait::async_trait;
use hoesu_claims::SellerId;
use hoesu_claims::wait::Horizon;

use super::instant;
use crate::people::{LinkUse, Person, PersonId, Role};
use crate::{Error, Result, Seller};

/// Columns of a person, in the order [`PersonRow::from_values`] takes them.
pub(crate) const PERSON: &str =
    "p.seller, p.person, p.name, p.password, p.code, p.code_step, p.created_at, p.disabled_at";

/// Columns of a session, in the order [`SessionRow`] has them.
pub(crate) const SESSION: &str =
    "s.seller, s.session, s.person, s.hash, s.stage, s.shown, s.opened_at, s.seen_at";

/// The statements, with `?n` for a parameter.
pub(crate) mod sql {
    pub(crate) const ANYBODY: &str = "SELECT EXISTS (SELECT 1 FROM person)";
    pub(crate) const NAMED: &str = "SELECT EXISTS (SELECT 1 FROM sign_in WHERE handle = ?1)";
    pub(crate) const ADD: &str =
        "INSERT INTO person (seller, person, name, password, code, code_step, created_at, disabled_at)
         VALUES (?1, (SELECT coalesce(max(person), 0) + 1 FROM person WHERE seller = ?1), ?2, ?3, NULL, 0, ?4, NULL)
         RETURNING person";
    pub(crate) const NAME: &str =
        "INSERT INTO sign_in (handle, seller, person) VALUES (?1, ?2, ?3)";
    pub(crate) const SET_ROLE: &str =
        "INSERT INTO membership (seller, home, person, role, since_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (seller, home, person) DO UPDATE SET role = excluded.role";
    pub(crate) const NO_ROLE: &str =
        "DELETE FROM membership WHERE seller = ?1 AND home = ?2 AND person = ?3";
    /// Whether a person (1, 2) is the only one let in who may say who sees a seller (3, or any if 0).
    pub(crate) const ONLY_ADMIN: &str =
        "SELECT EXISTS (SELECT 1 FROM membership m WHERE m.home = ?1 AND m.person = ?2
         AND m.role = 'admin' AND (m.seller = ?3 OR ?3 = 0) AND NOT EXISTS
         (SELECT 1 FROM membership o JOIN person p ON p.seller = o.home AND p.person = o.person
          WHERE o.seller = m.seller AND o.role = 'admin' AND p.disabled_at IS NULL
          AND p.password IS NOT NULL AND NOT (o.home = ?1 AND o.person = ?2)))";
    pub(crate) const SELLERS_OF: &str =
        "SELECT s.seller, s.name, s.created_at, m.role FROM seller s
         JOIN membership m ON m.seller = s.seller AND m.home = ?1 AND m.person = ?2
         ORDER BY s.seller";

    pub(crate) const SET_PASSWORD: &str =
        "UPDATE person SET password = ?3 WHERE seller = ?1 AND person = ?2";
    pub(crate) const SET_CODE: &str =
        "UPDATE person SET code = ?3, code_step = 0 WHERE seller = ?1 AND person = ?2";
    pub(crate) const SET_DISABLED: &str =
        "UPDATE person SET disabled_at = ?3 WHERE seller = ?1 AND person = ?2";
    /// A step is a step of now or next to it: one stored minutes after it was used by a clock that was
    /// ahead.
    pub(crate) const USE_CODE: &str =
        "UPDATE person SET code_step = ?3 WHERE seller = ?1 AND person = ?2
         AND (code_step < ?3 OR code_step > ?3 + 4) RETURNING person";

    pub(crate) const END_SESSIONS: &str =
        "DELETE FROM session WHERE seller = ?1 AND person = ?2 AND session <> ?3";
    pub(crate) const END_OLD_SESSIONS: &str =
        "DELETE FROM session WHERE seller = ?1 AND (opened_at < ?2 OR seen_at < ?3)";
    pub(crate) const OPEN_SESSION: &str =
        "INSERT INTO session (seller, session, person, hash, stage, shown, opened_at, seen_at)
         VALUES (?1, (SELECT coalesce(max(session), 0) + 1 FROM session WHERE seller = ?1),
         ?2, ?3, ?4, ?5, ?6, ?6) RETURNING session";
    pub(crate) const END_SESSION: &str = "DELETE FROM session WHERE seller = ?1 AND session = ?2";
    pub(crate) const SEEN: &str =
        "UPDATE session SET seen_at = ?3 WHERE seller = ?1 AND session = ?2 AND seen_at < ?3";
    pub(crate) const SHOW: &str =
        "UPDATE session SET shown = ?3 WHERE seller = ?1 AND session = ?2";

    /// Links of the same person and use (2, 3), and those that ran out (4).
    pub(crate) const END_LINKS: &str =
        "DELETE FROM link WHERE seller = ?1 AND (person = ?2 AND use_for = ?3 OR until_at < ?4)";
    pub(crate) const ADD_LINK: &str =
        "INSERT INTO link (seller, link, person, use_for, hash, until_at)
         VALUES (?1, (SELECT coalesce(max(link), 0) + 1 FROM link WHERE seller = ?1), ?2, ?3, ?4, ?5)
         RETURNING link";
    pub(crate) const LINK: &str =
        "SELECT person, use_for, hash, until_at FROM link WHERE seller = ?1 AND link = ?2";
    pub(crate) const TAKE_LINK: &str =
        "DELETE FROM link WHERE seller = ?1 AND link = ?2 AND hash = ?3 RETURNING link";

    pub(crate) const ATTEMPT: &str =
        "SELECT failures, failed_at, locked_until FROM sign_in_attempt WHERE handle = ?1";
    pub(crate) const SET_ATTEMPT: &str =
        "INSERT INTO sign_in_attempt (handle, failures, failed_at, locked_until) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (handle) DO UPDATE SET failures = excluded.failures,
         failed_at = excluded.failed_at, locked_until = excluded.locked_until";
    pub(crate) const END_ATTEMPT: &str = "DELETE FROM sign_in_attempt WHERE handle = ?1";
    pub(crate) const END_OLD_ATTEMPTS: &str =
        "DELETE FROM sign_in_attempt WHERE failed_at < ?1 AND locked_until < ?1";
}

pub(crate) fn members() -> String {
    format!(
        "SELECT {PERSON}, m.role FROM membership m JOIN person p ON p.seller = m.home AND p.person = m.person
         WHERE m.seller = ?1 ORDER BY p.seller, p.person"
    )
}

pub(crate) fn person() -> String {
    format!("SELECT {PERSON} FROM person p WHERE p.seller = ?1 AND p.person = ?2")
}

pub(crate) fn person_named() -> String {
    format!(
        "SELECT {PERSON} FROM sign_in i JOIN person p ON p.seller = i.seller AND p.person = i.person
         WHERE i.handle = ?1"
    )
}

pub(crate) fn session() -> String {
    format!(
        "SELECT {PERSON}, {SESSION} FROM session s
         JOIN person p ON p.seller = s.seller AND p.person = s.person
         WHERE s.seller = ?1 AND s.session = ?2"
    )
}

/// A person's row.
#[derive(Clone)]
pub(crate) struct PersonRow {
    pub(crate) person: Person,
    /// A PHC string.
    pub(crate) password: Option<String>,
    /// Sealed.
    pub(crate) code: Option<Vec<u8>>,
}

impl PersonRow {
    pub(crate) fn from_values(
        (home, no, name): (i64, i64, String),
        password: Option<String>,
        code: Option<Vec<u8>>,
        (created_at, disabled_at): (i64, Option<i64>),
    ) -> Self {
        let person = Person {
            id: PersonId { home: SellerId(home), no },
            name,
            has_password: password.is_some(),
            has_code: code.is_some(),
            created_at: instant(created_at),
            disabled_at: disabled_at.map(instant),
        };
        Self { person, password, code }
    }
}

/// A person to be added.
pub(crate) struct NewPerson {
    pub(crate) home: SellerId,
    pub(crate) name: String,
    pub(crate) handle: [u8; 32],
    pub(crate) password: Option<String>,
    pub(crate) roles: Vec<(SellerId, Role)>,
    pub(crate) now: i64,
}

/// What changes of a person.
pub(crate) enum PersonChange {
    Password(String),
    Code(Option<Vec<u8>>),
    Disabled(Option<i64>),
}

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// A code is asked for.
    Code,
    /// Signed in.
    Open,
}

impl Stage {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Open => "open",
        }
    }

    pub(crate) fn from_name(name: &str) -> Result<Self> {
        [Self::Code, Self::Open]
            .into_iter()
            .find(|stage| stage.name() == name)
            .ok_or(Error::Unreadable("session's stage"))
    }
}

/// A session's row; `session` is not looked at on the way in.
pub(crate) struct SessionRow {
    pub(crate) home: SellerId,
    pub(crate) session: i64,
    pub(crate) person: i64,
    pub(crate) hash: Vec<u8>,
    pub(crate) stage: String,
    pub(crate) shown: SellerId,
    pub(crate) opened_at: i64,
    pub(crate) seen_at: i64,
}

/// A link's row; `link` is not looked at on the way in.
pub(crate) struct LinkRow {
    pub(crate) seller: SellerId,
    pub(crate) person: i64,
    pub(crate) use_for: String,
    pub(crate) hash: Vec<u8>,
    pub(crate) until: i64,
}

impl LinkRow {
    pub(crate) fn use_for(&self) -> Result<LinkUse> {
        LinkUse::from_name(&self.use_for).ok_or(Error::Unreadable("link's use"))
    }
}

/// How often failing locks.
pub(crate) const FAILURES_MAX: i64 = 5;

/// How long failures count, and how long a lock lasts, in milliseconds.
pub(crate) const LOCK_MS: i64 = 15 * 60_000;

/// Failures by one name or from one address: how many, when the last was, until when it is locked.
pub(crate) type Attempt = (i64, i64, i64);

/// Books an attempt before it is made, as a failure, so that many at once do not slip through; what is
/// kept then, or until when it is locked.
pub(crate) fn booked(known: Option<Attempt>, now: i64) -> std::result::Result<Attempt, i64> {
    let (failures, failed_at, locked_until) = known.unwrap_or((0, now, 0));
    let over = Horizon::of(now, LOCK_MS).over_ms(failed_at, locked_until, now);
    if over > now {
        return Err(over);
    }
    let stale = locked_until > 0 || now - failed_at >= LOCK_MS;
    let failures = if stale { 1 } else { failures + 1 };
    Ok((failures, now, if failures >= FAILURES_MAX { now + LOCK_MS } else { 0 }))
}

/// The sellers a person may see, from their rows' values.
pub(crate) fn seller_of(
    id: i64,
    name: String,
    created_at: i64,
    role: &str,
) -> Result<(Seller, Role)> {
    let seller = Seller { id: SellerId(id), name, created_at: instant(created_at) };
    Ok((seller, Role::from_name(role).ok_or(Error::Unreadable("role"))?))
}

/// What both databases do with people; each verb one transaction.
#[async_trait]
pub(crate) trait People: Send + Sync {
    /// Whether there is anybody.
    async fn anybody(&self) -> Result<bool>;
    /// Adds a person under the seller's next number and answers that; `None` if the name is taken.
    async fn add_person(&self, new: NewPerson) -> Result<Option<i64>>;
    /// Those who may see a seller, and the names of their roles.
    async fn members(&self, seller: SellerId) -> Result<Vec<(PersonRow, String)>>;
    async fn person(&self, id: PersonId) -> Result<Option<PersonRow>>;
    async fn person_named(&self, handle: [u8; 32]) -> Result<Option<PersonRow>>;
    /// The sellers a person may see, by number.
    async fn sellers_of(&self, id: PersonId) -> Result<Vec<(Seller, Role)>>;
    /// Gives a person a role, or none; false, and nothing written, if the seller would be left
    /// without an admin.
    async fn set_role(
        &self,
        seller: SellerId,
        id: PersonId,
        role: Option<Role>,
        now: i64,
    ) -> Result<bool>;
    /// Changes a person. A new password and being disabled end the person's sessions but `keep`.
    /// False, and nothing written, if a seller would be left without an admin.
    async fn change_person(&self, id: PersonId, change: PersonChange, keep: i64) -> Result<bool>;
    /// Uses up a code's step: whether it, and none after it, was still unused.
    async fn use_code(&self, id: PersonId, step: i64) -> Result<bool>;

    /// Opens a session under the next number and answers that; `instead` ends, and so do the seller's
    /// sessions opened before the first or last seen before the second of `old`.
    async fn open_session(&self, row: SessionRow, instead: i64, old: (i64, i64)) -> Result<i64>;
    async fn session(&self, home: SellerId, no: i64) -> Result<Option<(PersonRow, SessionRow)>>;
    async fn seen(&self, home: SellerId, no: i64, now: i64) -> Result<()>;
    async fn show(&self, home: SellerId, no: i64, shown: SellerId) -> Result<()>;
    async fn end_session(&self, home: SellerId, no: i64) -> Result<()>;
    async fn end_sessions(&self, id: PersonId) -> Result<()>;

    /// Keeps a link under the next number and answers that; the person's others for the same use end.
    async fn add_link(&self, row: LinkRow, now: i64) -> Result<i64>;
    async fn link(&self, seller: SellerId, no: i64) -> Result<Option<LinkRow>>;
    /// Uses a link up: whether it was still there.
    async fn take_link(&self, seller: SellerId, no: i64, hash: Vec<u8>) -> Result<bool>;

    /// Books an attempt under every handle, unless one of them is locked; until when, then.
    async fn book_attempt(&self, handles: [[u8; 32]; 2], now: i64) -> Result<Option<i64>>;
    /// Forgets what failed under these handles.
    async fn forget_attempts(&self, handles: [[u8; 32]; 2]) -> Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_within_a_quarter_of_an_hour_lock_for_another() {
        let mut known = None;
        for nth in 1..=4 {
            known = Some(booked(known, nth).unwrap());
            assert_eq!(known, Some((nth, nth, 0)));
        }
        known = Some(booked(known, 5).unwrap());
        assert_eq!(known, Some((5, 5, 5 + LOCK_MS)));
        assert_eq!(booked(known, 4 + LOCK_MS), Err(5 + LOCK_MS));
        assert_eq!(booked(known, 5 + LOCK_MS), Ok((1, 5 + LOCK_MS, 0)));
        let hour = 3_600_000;
        assert_eq!(booked(Some((5, hour, hour + LOCK_MS)), 1), Ok((1, 1, 0)), "the clock was set");
        assert_eq!(booked(Some((4, 1, 0)), 1 + LOCK_MS), Ok((1, 1 + LOCK_MS, 0)));
    }
}
