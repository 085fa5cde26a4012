//! `Authorization: <업체 인증키>`: the bare key, UUID-shaped, one per contract, without a scheme.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::channel::{CredentialField, Role};

/// The name of the only credential field.
pub(super) const KEY: &str = "key";

/// What an account's credential consists of.
pub(super) static CREDENTIAL: [CredentialField; 1] =
    [CredentialField { name: KEY, role: Role::Credential, make, check }];

/// The key a caller shows; `None` if there is none or it can't be one.
pub(super) fn shown(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get(AUTHORIZATION)?.to_str().ok()?;
    check(key).is_ok().then_some(key)
}

fn make(random: [u8; 32]) -> String {
    let mut half = [0; 16];
    half.copy_from_slice(&random[..16]);
    uuid::Builder::from_random_bytes(half).into_uuid().to_string()
}

fn check(key: &str) -> Result<(), &'static str> {
    if key.is_empty() {
        return Err("is empty");
    }
    if key.len() > 128 {
        return Err("is longer than 128 characters");
    }
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("has a space or a character that is not ASCII");
    }
    Ok(())
}
