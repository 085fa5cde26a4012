//! Who calls: the key alone in `Authorization`, without a scheme. Both directions.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use hoesu_ledger::{Admitted, Error};

use crate::{CredentialField, Desk, Role};

/// The one field of a credential.
pub(super) const KEY: CredentialField =
    CredentialField { name: "key", role: Role::Credential, make, check };

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Characters of a key we make, as long as Poomgo's own.
const LENGTH: usize = 20;

/// The 32 bytes as one number, written with 62 digits: its last 20.
fn make(mut number: [u8; 32]) -> String {
    let mut key = String::with_capacity(LENGTH);
    for _ in 0..LENGTH {
        let mut rest = 0_u32;
        for byte in &mut number {
            let dividend = rest * 256 + u32::from(*byte);
            *byte = (dividend / 62) as u8;
            rest = dividend % 62;
        }
        key.push(char::from(LETTERS[rest as usize]));
    }
    key
}

fn check(key: &str) -> Result<(), &'static str> {
    if !(8..=128).contains(&key.len()) {
        return Err("must have 8 to 128 characters");
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("must be visible ASCII characters without spaces");
    }
    Ok(())
}

/// Whom a call's header lets in; `None` if nobody. More than one such header lets nobody in.
pub(super) async fn admit(
    desk: &Desk,
    headers: &HeaderMap,
) -> Result<Option<Arc<Admitted>>, Error> {
    let mut shown = headers.get_all(AUTHORIZATION).iter();
    let (Some(key), None) = (shown.next(), shown.next()) else { return Ok(None) };
    let Ok(key) = key.to_str() else { return Ok(None) };
    desk.ledger.admit(super::ID, key).await
}

/// Headers that let us in at Poomgo.
pub(super) fn authorize(credentials: &BTreeMap<String, String>) -> Vec<(&'static str, String)> {
    credentials.get(KEY.name).map(|key| ("Authorization", key.clone())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_has_twenty_letters_and_digits_and_passes_the_check() {
        for seed in [[0; 32], [255; 32], std::array::from_fn(|at| at as u8 * 7 + 3)] {
            let key = make(seed);
            assert_eq!(key.len(), 20);
            assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert_eq!(check(&key), Ok(()));
        }
        assert_ne!(make([1; 32]), make([2; 32]));
    }

    #[test]
    fn a_key_that_no_header_can_carry_is_refused() {
        for key in ["", "short", "with a space", "한글열쇠입니다", &"k".repeat(129)] {
            assert!(check(key).is_err(), "{key}");
        }
    }

    #[test]
    fn we_show_the_key_alone_without_a_scheme() {
        let credentials = BTreeMap::from([("key".to_owned(), "EXAMPLEKEY0123456789".to_owned())]);
        let shown = vec![("Authorization", "EXAMPLEKEY0123456789".to_owned())];
        assert_eq!(authorize(&credentials), shown);
        assert!(authorize(&BTreeMap::new()).is_empty());
    }
}
