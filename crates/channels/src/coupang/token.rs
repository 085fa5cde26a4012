//! `nextToken`: where the next page starts, sealed so that it fits one caller and one question.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hoesu_claims::Rank;
use sha2::Sha256;

/// How much of the seal travels, in bytes.
const SEAL: usize = 12;

/// A token for the page after `rank` of the question `filter`.
pub(super) fn mint(secret: &str, filter: &str, rank: Rank) -> String {
    let mut token = Vec::with_capacity(16 + SEAL);
    token.extend_from_slice(&rank.at.to_be_bytes());
    token.extend_from_slice(&rank.tie.to_be_bytes());
    let seal = seal(secret, filter, &token).finalize().into_bytes();
    token.extend_from_slice(&seal[..SEAL]);
    URL_SAFE_NO_PAD.encode(token)
}

/// Where the page starts; `None` if the token was made for another question or by somebody else.
pub(super) fn open(secret: &str, filter: &str, token: &str) -> Option<Rank> {
    let token: [u8; 16 + SEAL] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    let (place, given) = token.split_at(16);
    seal(secret, filter, place).verify_truncated_left(given).ok()?;
    Some(Rank {
        at: i64::from_be_bytes(place[..8].try_into().ok()?),
        tie: i64::from_be_bytes(place[8..].try_into().ok()?),
    })
}

fn seal(secret: &str, filter: &str, place: &[u8]) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    // The leading word keeps these apart from signatures of calls, which begin with a date.
    for part in [b"nextToken\0", place, filter.as_bytes()] {
        mac.update(part);
    }
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_opens_only_for_its_own_question_and_caller() {
        let rank = Rank { at: 1_458_878_730_000, tie: 365_937 };
        let token = mint("secret", "returns UC", rank);
        assert_eq!(open("secret", "returns UC", &token), Some(rank));
        assert_eq!(open("secret", "returns RU", &token), None);
        assert_eq!(open("another", "returns UC", &token), None);
        let mut forged = token.clone().into_bytes();
        forged[10] ^= 1;
        assert_eq!(open("secret", "returns UC", &String::from_utf8(forged).unwrap()), None);
        assert_eq!(open("secret", "returns UC", &token[1..]), None);
    }

    proptest! {
        #[test]
        fn no_token_makes_it_panic(token in ".{0,60}") {
            prop_assert_eq!(open("secret", "filter", &token), None);
        }
    }
}
