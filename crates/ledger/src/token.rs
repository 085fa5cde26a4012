//! What somebody shows to be let in: two numbers to look it up by, and 256 random bits to prove it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hoesu_claims::SellerId;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The secret part of a token.
pub(crate) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(crate) fn generate() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes).expect("the system has randomness");
        Self(bytes)
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_slice()).into()
    }

    /// The text of the token with these numbers: `<prefix><seller>_<number>_<secret in base64url>`.
    pub(crate) fn text(&self, prefix: &str, seller: SellerId, no: i64) -> Zeroizing<String> {
        let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()));
        Zeroizing::new(format!("{prefix}{}_{no}_{}", seller.0, *secret))
    }
}

/// A token's text, read: its numbers and its secret. `None` if it is no token's text, in exactly the
/// form it was given in.
pub(crate) fn parse(prefix: &str, text: &str) -> Option<(SellerId, i64, Secret)> {
    let mut parts = text.strip_prefix(prefix)?.splitn(3, '_');
    let (seller, no) = (number(parts.next()?)?, number(parts.next()?)?);
    let mut secret = Zeroizing::new([0; 32]);
    // The decoder wants room for what a longer text could hold, and refuses bits that say nothing.
    let mut room = Zeroizing::new([0; 36]);
    let length = URL_SAFE_NO_PAD.decode_slice(parts.next()?, &mut *room).ok()?;
    secret.copy_from_slice(room[..length].get(..32).filter(|_| length == 32)?);
    Some((SellerId(seller), no, Secret(secret)))
}

/// A number from 0, without sign or leading zeros.
fn number(text: &str) -> Option<i64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| plain && (text == "0" || !text.starts_with('0')))
}
