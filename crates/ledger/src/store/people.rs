//! People, and who may see what.

pub(crate) mod attempts;
pub(crate) mod links;
pub(crate) mod sessions;

use hoesu_claims::SellerId;

use super::instant;
use crate::database::{FromRow, RowError, SqlRow, Tx, values};
use crate::people::{Member, Person, PersonId, Role};
use crate::{Error, Result, Seller};

/// Columns of a person `p`, in the order [`PersonRow`] reads them.
const PERSON: &str = "p.seller, p.person, p.name, p.password, p.code, p.created_at, p.disabled_at";

/// Whether there is anybody, in any seller's books.
pub(crate) async fn anybody(tx: &mut Tx<'_>) -> Result<bool> {
    let is_so = tx.row("SELECT EXISTS (SELECT 1 FROM person)", &[]).await?;
    Ok(is_so.unwrap_or(false))
}

/// Adds a person under the seller's next number and answers that; `None` if the name is taken.
pub(crate) async fn add_person(tx: &mut Tx<'_>, new: NewPerson) -> Result<Option<i64>> {
    tx.take_directory_turn().await?;
    let NewPerson { home, name, handle, password, roles, now } = new;
    // A name is one person's among all; it finds the seller, so it cannot be asked for by one.
    let sql = "SELECT person FROM sign_in WHERE handle = ?1";
    let same_name: Option<i64> = tx.row(sql, &values![&handle]).await?;
    if same_name.is_some() {
        return Ok(None);
    }
    let sql = "INSERT INTO person
             (seller, person, name, password, code, code_step, created_at, disabled_at)
         SELECT ?1, coalesce(max(person), 0) + 1, ?2, ?3, NULL, 0, ?4, NULL
         FROM person WHERE seller = ?1 RETURNING person";
    let no: Option<i64> = tx.row(sql, &values![home, name, password.as_deref(), now]).await?;
    let no = no.ok_or(Error::Unreadable("person's number"))?;
    let sql = "INSERT INTO sign_in (handle, seller, person) VALUES (?1, ?2, ?3)";
    tx.run(sql, &values![&handle, home, no]).await?;
    for (seller, role) in roles {
        give_role(tx, seller, PersonId { home, no }, role, now).await?;
    }
    Ok(Some(no))
}

/// Those who may see a seller, by number.
pub(crate) async fn members(tx: &mut Tx<'_>, seller: SellerId) -> Result<Vec<Member>> {
    let sql = "SELECT home, person, role FROM membership WHERE seller = ?1 ORDER BY home, person";
    let roles: Vec<(SellerId, i64, Role)> = tx.rows(sql, &values![seller]).await?;
    let ids: Vec<_> = roles.iter().map(|(home, no, _)| values![*home, *no]).collect();
    let people: Vec<Vec<PersonRow>> = tx.rows_of_each(&by_number(), &ids).await?;
    let members = roles.into_iter().zip(people).flat_map(|((_, _, role), people)| {
        people.into_iter().map(move |row| Member { person: row.person, role })
    });
    Ok(members.collect())
}

/// The person with this number.
pub(crate) async fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<PersonRow>> {
    tx.row(&by_number(), &values![id.home, id.no]).await
}

fn by_number() -> String {
    format!("SELECT {PERSON} FROM person p WHERE p.seller = ?1 AND p.person = ?2")
}

/// The person whose sign-in name has this keyed hash. It finds the seller, so it cannot name one.
pub(crate) async fn person_named(tx: &mut Tx<'_>, handle: [u8; 32]) -> Result<Option<PersonRow>> {
    let sql = format!(
        "SELECT {PERSON} FROM sign_in i
         JOIN person p ON p.seller = i.seller AND p.person = i.person WHERE i.handle = ?1"
    );
    tx.row(&sql, &values![&handle]).await
}

/// The sellers a person may see, by number: any seller may be one.
pub(crate) async fn sellers_of(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<(Seller, Role)>> {
    let sql = "SELECT s.seller, s.name, s.created_at, m.role FROM seller s
         JOIN membership m ON m.seller = s.seller AND m.home = ?1 AND m.person = ?2
         ORDER BY s.seller";
    tx.rows(sql, &values![id.home, id.no]).await
}

/// Gives a person a role, or none; false, and nothing written, if the seller would be left without an
/// admin.
pub(crate) async fn set_role(
    tx: &mut Tx<'_>,
    seller: SellerId,
    id: PersonId,
    role: Option<Role>,
    now: i64,
) -> Result<bool> {
    tx.take_directory_turn().await?;
    if role != Some(Role::Admin) {
        let sql = "SELECT role FROM membership WHERE seller = ?1 AND home = ?2 AND person = ?3";
        let known: Option<Role> = tx.row(sql, &values![seller, id.home, id.no]).await?;
        if known == Some(Role::Admin) && !has_admin_beside(tx, seller, id).await? {
            return Ok(false);
        }
    }
    if let Some(role) = role {
        give_role(tx, seller, id, role, now).await?;
    } else {
        let sql = "DELETE FROM membership WHERE seller = ?1 AND home = ?2 AND person = ?3";
        tx.run(sql, &values![seller, id.home, id.no]).await?;
    }
    Ok(true)
}

async fn give_role(
    tx: &mut Tx<'_>,
    seller: SellerId,
    id: PersonId,
    role: Role,
    now: i64,
) -> Result<()> {
    let sql = "INSERT INTO membership (seller, home, person, role, since_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (seller, home, person) DO UPDATE SET role = excluded.role";
    tx.run(sql, &values![seller, id.home, id.no, role.name(), now]).await.map(drop)
}

/// Whether somebody else who is let in may say who sees a seller.
async fn has_admin_beside(tx: &mut Tx<'_>, seller: SellerId, id: PersonId) -> Result<bool> {
    let sql = "SELECT home, person FROM membership
         WHERE seller = ?1 AND role = ?2 AND NOT (home = ?3 AND person = ?4)";
    let admins = values![seller, Role::Admin.name(), id.home, id.no];
    let admins: Vec<(SellerId, i64)> = tx.rows(sql, &admins).await?;
    let admins: Vec<_> = admins.into_iter().map(|(home, no)| values![home, no]).collect();
    let sql = "SELECT person FROM person WHERE seller = ?1 AND person = ?2
         AND disabled_at IS NULL AND password IS NOT NULL";
    let let_in: Vec<Vec<i64>> = tx.rows_of_each(sql, &admins).await?;
    Ok(let_in.iter().any(|found| !found.is_empty()))
}

/// Changes a person. A new password and being disabled end the person's sessions but `keep`. False, and
/// nothing written, if a seller would be left without an admin.
pub(crate) async fn change_person(
    tx: &mut Tx<'_>,
    id: PersonId,
    change: PersonChange,
    keep: i64,
) -> Result<bool> {
    tx.take_directory_turn().await?;
    let PersonId { home, no } = id;
    match change {
        PersonChange::Password(phc) => {
            let sql = "UPDATE person SET password = ?3 WHERE seller = ?1 AND person = ?2";
            tx.run(sql, &values![home, no, phc]).await?;
        }
        PersonChange::Code(sealed) => {
            let sql =
                "UPDATE person SET code = ?3, code_step = 0 WHERE seller = ?1 AND person = ?2";
            tx.run(sql, &values![home, no, sealed.as_deref()]).await?;
            return Ok(true);
        }
        PersonChange::Disabled(at) => {
            if at.is_some() && is_last_admin(tx, id).await? {
                return Ok(false);
            }
            let sql = "UPDATE person SET disabled_at = ?3 WHERE seller = ?1 AND person = ?2";
            tx.run(sql, &values![home, no, at]).await?;
        }
    }
    sessions::end_sessions(tx, id, keep).await?;
    Ok(true)
}

/// Whether any seller, and it may be any, would be left without an admin.
async fn is_last_admin(tx: &mut Tx<'_>, id: PersonId) -> Result<bool> {
    let sql = "SELECT seller FROM membership WHERE home = ?1 AND person = ?2 AND role = ?3";
    let role = Role::Admin.name();
    let sellers: Vec<SellerId> = tx.rows(sql, &values![id.home, id.no, role]).await?;
    for seller in sellers {
        if !has_admin_beside(tx, seller, id).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Uses up a code's step: whether it, and none after it, was still unused. A step is a step of now or
/// next to it: one stored minutes after it was used by a clock that was ahead.
pub(crate) async fn use_code(tx: &mut Tx<'_>, id: PersonId, step: i64) -> Result<bool> {
    let sql = "UPDATE person SET code_step = ?3 WHERE seller = ?1 AND person = ?2
         AND (code_step < ?3 OR code_step > ?3 + 4)";
    Ok(tx.run(sql, &values![id.home, id.no, step]).await? == 1)
}

/// A person to be added.
pub(crate) struct NewPerson {
    pub(crate) home: SellerId,
    pub(crate) name: String,
    /// The keyed hash of the name.
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

/// A person's row.
#[derive(Clone)]
pub(crate) struct PersonRow {
    pub(crate) person: Person,
    /// A PHC string.
    pub(crate) password: Option<String>,
    /// Sealed.
    pub(crate) code: Option<Vec<u8>>,
}

impl FromRow for PersonRow {
    const COLUMNS: usize = 7;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        let (home, no, name, password, code, created_at, disabled_at) = FromRow::read(row, at)?;
        let password: Option<String> = password;
        let code: Option<Vec<u8>> = code;
        let disabled_at: Option<i64> = disabled_at;
        let person = Person {
            id: PersonId { home, no },
            name,
            has_password: password.is_some(),
            has_code: code.is_some(),
            created_at: instant(created_at),
            disabled_at: disabled_at.map(instant),
        };
        Ok(Self { person, password, code })
    }
}

impl FromRow for Role {
    const COLUMNS: usize = 1;

    fn read(row: &SqlRow<'_>, at: usize) -> std::result::Result<Self, RowError> {
        Self::from_name(&String::read(row, at)?).ok_or(RowError::Unreadable("role"))
    }
}
