//! What an account is given to sign with.

use super::hex;
use crate::{CredentialField, Role};

/// The account's setting that holds the seller's number at Coupang.
pub(crate) const VENDOR_ID: &str = "vendor_id";
/// The credential field a caller shows.
pub(crate) const ACCESS_KEY: &str = "access_key";
/// The credential field signatures are made with.
pub(crate) const SECRET_KEY: &str = "secret_key";

/// The fields of a CEA credential.
pub(crate) const CREDENTIAL: &[CredentialField] = &[
    CredentialField {
        name: VENDOR_ID,
        role: Role::Setting,
        make: |random| {
            let number = random
                .iter()
                .fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(*byte)));
            format!("A{:08}", number % 100_000_000)
        },
        check: |given| {
            let digits = given.strip_prefix('A').unwrap_or_default();
            if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                Ok(())
            } else {
                Err("must be A and eight digits, such as A00012345")
            }
        },
    },
    CredentialField {
        name: ACCESS_KEY,
        role: Role::Credential,
        make: |random| {
            let hex = hex(&random[..16]);
            let [a, b, c, d, e] = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
            format!("{a}-{b}-{c}-{d}-{e}")
        },
        check: |given| {
            let fits = |byte: u8| byte.is_ascii_graphic() && byte != b',' && byte != b'=';
            if !given.is_empty() && given.bytes().all(fits) {
                Ok(())
            } else {
                Err("must be printable ASCII without spaces, commas and equal signs")
            }
        },
    },
    CredentialField {
        name: SECRET_KEY,
        role: Role::Secret,
        make: |random| hex(&random[..20]),
        check: |given| if given.is_empty() { Err("must not be empty") } else { Ok(()) },
    },
];
