//! Cursors: where the next page begins, handed to the caller and signed, so that what comes back is
//! what was handed out, to the same question of the same seller.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use super::Problem;

/// Bytes of the signature.
const TAG: usize = 16;

/// Writes and reads cursors.
pub(super) struct Cursors(Hmac<Sha256>);

impl Cursors {
    pub(super) fn new(key: impl AsRef<[u8]>) -> Self {
        Self(Hmac::new_from_slice(key.as_ref()).expect("HMAC takes a key of any length"))
    }

    /// The cursor of a place in the answer to a question.
    pub(super) fn write(&self, question: &impl Serialize, place: &impl Serialize) -> String {
        let place = serde_json::to_vec(place).expect("a place is text and numbers");
        let tag = self.mac(question, &place).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode([&tag[..TAG], &place].concat())
    }

    /// The place a cursor stands for in the answer to the same question.
    pub(super) fn read<T: DeserializeOwned>(
        &self,
        question: &impl Serialize,
        cursor: &str,
    ) -> Result<T, Problem> {
        let invalid = || {
            let why = "It must be a cursor of this list, asked with the same parameters; begin again without it.";
            Problem::parameter("cursor", why)
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
        let (tag, place) = bytes.split_at_checked(TAG).ok_or_else(invalid)?;
        self.mac(question, place).verify_truncated_left(tag).map_err(|_| invalid())?;
        serde_json::from_slice(place).map_err(|_| invalid())
    }

    fn mac(&self, question: &impl Serialize, place: &[u8]) -> Hmac<Sha256> {
        let question = serde_json::to_vec(question).expect("a question is text and numbers");
        let mut mac = self.0.clone();
        mac.update(&(question.len() as u64).to_be_bytes());
        mac.update(&question);
        mac.update(place);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_stands_for_its_place_in_the_answer_to_its_question_only() {
        let cursors = Cursors::new([7; 32]);
        let cursor = cursors.write(&("findings", 1), &(5, "a"));
        assert_eq!(cursors.read::<(i64, String)>(&("findings", 1), &cursor), Ok((5, "a".into())));
        let refused = |cursors: &Cursors, question: (&str, i32), cursor: &str| {
            cursors.read::<(i64, String)>(&question, cursor).is_err()
        };
        assert!(refused(&cursors, ("findings", 2), &cursor));
        assert!(refused(&cursors, ("cases", 1), &cursor));
        assert!(refused(&Cursors::new([8; 32]), ("findings", 1), &cursor));
        for text in ["", "AAAA", &cursor[1..], &format!("{cursor}A")] {
            assert!(refused(&cursors, ("findings", 1), text), "{text}");
        }
        for at in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(bytes).unwrap();
            assert!(refused(&cursors, ("findings", 1), &other), "{other}");
        }
    }
}
