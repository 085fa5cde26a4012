//! Passwords: argon2id, kept as PHC strings.
//!
//! 32 MiB, three passes, one lane: about 65 ms on the machine it was tuned on (19 MiB and two passes,
//! the least that is recommended for argon2id, took 16 ms there). The parameters are in each string, so
//! that a password hashed with others still opens.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
};

use crate::people::Unfit;

/// The fewest characters of a password.
const CHARS_MIN: usize = 10;

/// The most bytes of a password: hashing a long one costs nothing that helps.
const BYTES_MAX: usize = 1_024;

/// Memory in KiB, passes, lanes.
const COST: (u32, u32, u32) = (32 * 1_024, 3, 1);

fn argon2id() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("the cost is one argon2 knows");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What is wrong with a password somebody wants to take.
pub(crate) fn unfit(name: &str, password: &str) -> Option<Unfit> {
    if password.chars().count() < CHARS_MIN {
        Some(Unfit::PasswordShort)
    } else if password.len() > BYTES_MAX {
        Some(Unfit::PasswordLong)
    } else if password.trim().to_lowercase() == name {
        Some(Unfit::PasswordIsName)
    } else {
        None
    }
}

/// A password's PHC string. Slow on purpose.
pub(crate) fn hash(password: &str) -> String {
    let hashed = argon2id().hash_password(password.as_bytes());
    hashed.expect("the system has randomness").to_string()
}

/// Whether a password is the one hashed. Without a hash it takes as long, and is not.
pub(crate) fn verify(password: &str, phc: Option<&str>) -> bool {
    if password.len() > BYTES_MAX {
        return false;
    }
    let Some(parsed) = phc.and_then(|phc| PasswordHash::new(phc).ok()) else {
        hash(password);
        return false;
    };
    argon2id().verify_password(password.as_bytes(), &parsed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_what_was_hashed_of_it_and_nothing_else_does() {
        let phc = hash("correct horse battery");
        assert!(phc.starts_with("$argon2id$v=19$m=32768,t=3,p=1$"), "{phc}");
        assert!(verify("correct horse battery", Some(&phc)));
        assert!(!verify("correct horse batterz", Some(&phc)));
        assert!(!verify("correct horse battery", None));
        assert!(!verify("correct horse battery", Some("x")));
        assert_ne!(hash("correct horse battery"), phc, "every hash has a salt of its own");
    }

    #[test]
    fn a_hash_of_other_parameters_still_opens() {
        let cheap =
            Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let phc = cheap.hash_password(b"correct horse").unwrap().to_string();
        assert!(verify("correct horse", Some(&phc)) && !verify("correct house", Some(&phc)));
    }

    #[test]
    fn a_password_has_ten_characters_and_is_not_the_name() {
        assert_eq!(unfit("minji", "가나다라마바사아자"), Some(Unfit::PasswordShort));
        assert_eq!(unfit("minji", "가나다라마바사아자차"), None);
        assert_eq!(unfit("minji.kim1", "Minji.Kim1"), Some(Unfit::PasswordIsName));
        assert_eq!(unfit("minji", &"x".repeat(2_000)), Some(Unfit::PasswordLong));
    }
}
