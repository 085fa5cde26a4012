//! CEA: how callers of Coupang's gateways prove who they are, both directions.
//!
//! The signature is the lower-case hex HMAC-SHA256 of date, method, path and query, put together
//! without anything between them and exactly as they travel; the body is not signed. It is good for
//! five minutes.

mod credential;

use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, Uri};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hoesu_ledger::Admitted;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use crate::{Desk, Fault};

pub(crate) use credential::{ACCESS_KEY, CREDENTIAL, SECRET_KEY, VENDOR_ID};

/// How far a signature's date may lie from now, on either side.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What is signed: the call as it travels.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Upper case, as in the request line.
    pub method: &'a str,
    /// From `/`, still percent-encoded.
    pub path: &'a str,
    /// Without `?`, still percent-encoded; empty if none.
    pub query: &'a str,
}

/// The `Authorization` header for a call made at `now`.
pub fn authorization(
    access_key: &str,
    secret_key: &str,
    signed: Signed<'_>,
    now: Timestamp,
) -> String {
    let date = Offset::UTC.to_datetime(now).strftime("%y%m%dT%H%M%SZ").to_string();
    let signature = hex(&mac(secret_key, &date, signed).finalize().into_bytes());
    format!(
        "CEA algorithm=HmacSHA256, access-key={access_key}, signed-date={date}, signature={signature}"
    )
}

/// A header, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header<'a> {
    pub(crate) access_key: &'a str,
    date: &'a str,
    signed_at: Timestamp,
    signature: &'a str,
}

impl<'a> Header<'a> {
    /// Reads a header with or without spaces after its commas: the seller API's page prints them,
    /// the 3PFL page doesn't.
    pub(crate) fn parse(header: &'a str) -> Option<Self> {
        let (mut algorithm, mut access_key, mut date, mut signature) = (None, None, None, None);
        for part in header.strip_prefix("CEA ")?.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let slot = match name {
                "algorithm" => &mut algorithm,
                "access-key" => &mut access_key,
                "signed-date" => &mut date,
                "signature" => &mut signature,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return None;
            }
        }
        if algorithm? != "HmacSHA256" {
            return None;
        }
        let date = date?;
        Some(Self {
            access_key: access_key?,
            date,
            signed_at: instant(date)?,
            signature: signature?,
        })
    }

    /// Whether it was signed within [`LIFETIME`] of `now`.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.signed_at).abs() <= LIFETIME
    }

    /// Whether the holder of the secret signed just this call. Takes the same time whatever part of
    /// the signature is wrong.
    pub(crate) fn signs(&self, secret_key: &str, signed: Signed<'_>) -> bool {
        let Some(signature) = from_hex(self.signature) else { return false };
        mac(secret_key, self.date, signed).verify_slice(&signature).is_ok()
    }
}

/// Why nobody was let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// No header, or not one of this scheme.
    Format,
    /// Nobody has this access key.
    UnknownKey,
    /// Signed too long ago, or too far ahead.
    Expired,
    /// Signed with another secret, or another call.
    Signature,
    /// Nobody could be asked.
    Fault(Fault),
}

impl Denied {
    /// What the gateway says; where it is known, its own words.
    pub(crate) fn message(self) -> Result<&'static str, Fault> {
        match self {
            Self::Format => Ok("HMAC format is invalid."),
            Self::UnknownKey => {
                Ok("Unknown error occurred, please contact api-gateway channel for the details.")
            }
            Self::Expired => Ok("Specified signature is expired."),
            Self::Signature => Ok("Invalid signature."),
            Self::Fault(fault) => Err(fault),
        }
    }
}

/// The account a call is signed for.
pub(crate) async fn admit(
    desk: &Desk,
    channel: &str,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Arc<Admitted>, Denied> {
    let header = headers
        .get(AUTHORIZATION)
        .and_then(|header| header.to_str().ok())
        .and_then(Header::parse)
        .ok_or(Denied::Format)?;
    let admitted = desk
        .ledger
        .admit(channel, header.access_key)
        .await
        .map_err(|error| Denied::Fault(error.into()))?
        .ok_or(Denied::UnknownKey)?;
    // Callers sign by the time of the world, also where the clock is a market's.
    if !header.is_fresh(desk.clock.now()) && !header.is_fresh(desk.clock.world()) {
        return Err(Denied::Expired);
    }
    let secret = admitted.secrets.get(SECRET_KEY).ok_or(Denied::Signature)?;
    let signed = Signed {
        method: method.as_str(),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
    };
    if !header.signs(secret, signed) {
        return Err(Denied::Signature);
    }
    Ok(admitted)
}

fn mac(secret_key: &str, date: &str, signed: Signed<'_>) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes())
        .expect("HMAC takes a key of any length");
    for part in [date, signed.method, signed.path, signed.query] {
        mac.update(part.as_bytes());
    }
    mac
}

/// `yyMMddTHHmmssZ`, UTC, in this century.
fn instant(date: &str) -> Option<Timestamp> {
    let bytes: &[u8; 14] = date.as_bytes().try_into().ok()?;
    if bytes[6] != b'T' || bytes[13] != b'Z' {
        return None;
    }
    let pair = |at: usize| {
        let [tens, ones] = [bytes[at], bytes[at + 1]];
        (tens.is_ascii_digit() && ones.is_ascii_digit())
            .then(|| ((tens - b'0') * 10 + (ones - b'0')).cast_signed())
    };
    let local = DateTime::new(
        2000 + i16::from(pair(0)?),
        pair(2)?,
        pair(4)?,
        pair(7)?,
        pair(9)?,
        pair(11)?,
        0,
    )
    .ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(DIGITS[usize::from(nibble)]))
        .collect()
}

/// The 32 bytes of 64 lower-case hex digits.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
