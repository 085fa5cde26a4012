//! People who sign in: who they are, what they may see and do, and how they are let in.

use std::fmt;
use std::str::FromStr;

use hoesu_claims::SellerId;
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::Seller;

/// What somebody may do with a seller's things. Each may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sees everything, personal data masked.
    Viewer,
    /// Closes findings; sees personal data, with a reason that is kept.
    Operator,
    /// Says who may see the seller, and reads the access log.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Admin];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }

    /// The role a name stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A person's number: that of the seller in whose books the person is, and one within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId {
    /// In whose books.
    pub home: SellerId,
    /// From 1; never given twice.
    pub no: i64,
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.home.0, self.no)
    }
}

impl FromStr for PersonId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (home, no) = text.split_once('-').ok_or(())?;
        let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number > 0).ok_or(());
        Ok(Self { home: SellerId(number(home)?), no: number(no)? })
    }
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Whose number it is.
    pub id: PersonId,
    /// What is typed to sign in; lower case, unique in the ledger.
    pub name: String,
    /// Whether there is a password: not before the first link was followed.
    pub has_password: bool,
    /// Whether a code of an authenticator is asked for as well.
    pub has_code: bool,
    /// When the person was added.
    pub created_at: Timestamp,
    /// Since when they are let in nowhere.
    pub disabled_at: Option<Timestamp>,
}

/// Somebody who may see a seller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// As what.
    pub role: Role,
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: Person,
    /// Whose things are looked at.
    pub seller: Seller,
    /// What the person may do with them.
    pub role: Role,
    /// Every seller the person may see, by number.
    pub sellers: Vec<(Seller, Role)>,
    /// Since when.
    pub opened_at: Timestamp,
}

/// What came of an attempt to sign in.
#[derive(Debug)]
pub enum SignIn {
    /// Signed in: what the browser shows from now on.
    In(Zeroizing<String>),
    /// The password was right, a code is asked for; what the browser shows until then.
    CodeWanted(Zeroizing<String>),
    /// Name, password or code is wrong, or the person is disabled: which of them is not said.
    Refused,
    /// Too often wrong, by this name or from this address; when it may be tried again.
    Locked(Timestamp),
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkUse {
    /// The first start: makes the first person.
    SetUp,
    /// Lets a person choose a password, once.
    Password,
    /// Signs a person in without a password, as often as it is followed: a demo's.
    Enter,
}

impl LinkUse {
    /// Every use.
    pub const ALL: [Self; 3] = [Self::SetUp, Self::Password, Self::Enter];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Password => "password",
            Self::Enter => "enter",
        }
    }

    /// The use a name stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A link that is still good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub use_for: LinkUse,
    /// Whose it is; nobody's at the first start.
    pub person: Option<Person>,
    /// Until when.
    pub until: Timestamp,
}

/// A link just made: the one time that its text is known.
pub struct IssuedLink {
    /// What follows the path. Kept nowhere.
    pub text: Zeroizing<String>,
    /// Until when it is good.
    pub until: Timestamp,
}

impl fmt::Debug for IssuedLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedLink").field("until", &self.until).finish_non_exhaustive()
    }
}

/// Why something that concerns a person is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// A name has 1 to 64 letters, digits and `.-_@`.
    Name,
    /// Somebody has the name.
    NameTaken,
    /// A password has ten characters at least.
    PasswordShort,
    /// A password has at most 1,024 bytes.
    PasswordLong,
    /// The password is the name.
    PasswordIsName,
    /// The old password is not the right one.
    PasswordWrong,
    /// The code is not the right one.
    CodeWrong,
    /// The seller would be left without anybody who may say who sees it.
    LastAdmin,
    /// There is no such person, or the link is no longer good.
    Gone,
}

/// A thing about a person, done or not.
pub type Fit<T> = Result<T, Unfit>;

/// A name as it is kept and compared; `None` if it cannot be one.
pub(crate) fn normal(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase();
    let shaped = name.chars().all(|c| c.is_alphanumeric() || ".-_@".contains(c));
    (shaped && (1..=64).contains(&name.chars().count())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_those_before_it_may() {
        assert!(Role::Viewer < Role::Operator && Role::Operator < Role::Admin);
        for role in Role::ALL {
            assert_eq!(Role::from_name(role.name()), Some(role));
        }
        for one in LinkUse::ALL {
            assert_eq!(LinkUse::from_name(one.name()), Some(one));
        }
    }

    #[test]
    fn a_persons_number_survives_its_text() {
        let id = PersonId { home: SellerId(3), no: 12 };
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "3", "3-", "0-1", "3-0", "a-1", "3-1-2"] {
            assert_eq!(text.parse::<PersonId>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_name_is_compared_without_case_and_space_around_it() {
        assert_eq!(normal(" Min.Ji@shop "), Some("min.ji@shop".to_owned()));
        assert_eq!(normal("민지"), Some("민지".to_owned()));
        for name in ["", " ", "a b", "a/b", "<b>", &"x".repeat(65)] {
            assert_eq!(normal(name), None, "{name}");
        }
    }
}
