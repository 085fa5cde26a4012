//! Codes of an authenticator (TOTP, RFC 6238): HMAC-SHA1, six digits, steps of 30 seconds: what every
//! authenticator speaks. A code is good in its own step and the ones beside it, once.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;
use zeroize::Zeroizing;

/// Seconds a code is shown for.
const STEP_SECONDS: i64 = 30;

/// Bytes of a secret: as many as the hash has (RFC 4226, 4).
const SECRET_BYTES: usize = 20;

/// RFC 4648's letters.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What an authenticator and we know, and nobody else.
pub(crate) struct CodeSecret(Zeroizing<Vec<u8>>);

impl CodeSecret {
    pub(crate) fn generate() -> Self {
        let mut bytes = Zeroizing::new(vec![0; SECRET_BYTES]);
        getrandom::fill(&mut bytes).expect("the system has randomness");
        Self(bytes)
    }

    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As a person types it into an authenticator: base32, 32 letters.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(32));
        for five in self.0.chunks(5) {
            let mut bits = [0; 8];
            bits[3..3 + five.len()].copy_from_slice(five);
            let bits = u64::from_be_bytes(bits);
            for letter in 0..8 {
                text.push(char::from(LETTERS[(bits >> (35 - 5 * letter)) as usize & 31]));
            }
        }
        text
    }

    /// Reads what [`CodeSecret::text`] wrote.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let letters: Vec<u64> = text
            .bytes()
            .map(|letter| LETTERS.iter().position(|known| *known == letter).map(|at| at as u64))
            .collect::<Option<_>>()?;
        if letters.len() != SECRET_BYTES / 5 * 8 {
            return None;
        }
        let mut bytes = Vec::with_capacity(SECRET_BYTES);
        for eight in letters.chunks(8) {
            let bits = eight.iter().fold(0, |bits, letter| bits << 5 | letter);
            bytes.extend(&bits.to_be_bytes()[3..]);
        }
        Some(Self::from_bytes(bytes))
    }

    /// The step a code is of, if it is good now.
    pub(crate) fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let this = now.as_second().div_euclid(STEP_SECONDS);
        (this - 1..=this + 1).find(|step| self.code(*step) == code)
    }

    /// The six digits of a step.
    fn code(&self, step: i64) -> String {
        format!("{:06}", self.number(step) % 1_000_000)
    }

    /// RFC 4226, 5.3.
    fn number(&self, step: i64) -> u32 {
        let mut mac =
            Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 15);
        let four: [u8; 4] = hash[at..at + 4].try_into().expect("four bytes of twenty");
        u32::from_be_bytes(four) & 0x7fff_ffff
    }
}

#[cfg(test)]
pub(crate) fn code_of(text: &str, now: Timestamp) -> String {
    CodeSecret::from_text(text).unwrap().code(now.as_second().div_euclid(STEP_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = CodeSecret::from_bytes(b"12345678901234567890".to_vec());
        let table = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (second, digits) in table {
            assert_eq!(secret.number(second / STEP_SECONDS) % 100_000_000, digits, "{second}");
        }
    }

    #[test]
    fn a_code_is_good_in_its_step_and_the_ones_beside_it() {
        let secret = CodeSecret::generate();
        let at = |second| Timestamp::from_second(second).unwrap();
        let code = code_of(&secret.text(), at(3_000));
        for (second, good) in
            [(2_969, false), (2_970, true), (3_000, true), (3_059, true), (3_060, false)]
        {
            assert_eq!(secret.step_of(&code, at(second)), good.then_some(100), "{second}");
        }
        assert_eq!(secret.step_of(&format!("{} {}", &code[..3], &code[3..]), at(3_000)), Some(100));
    }

    #[test]
    fn a_secret_survives_its_text() {
        let secret = CodeSecret::from_bytes(b"12345678901234567890".to_vec());
        assert_eq!(*secret.text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(CodeSecret::from_text(&secret.text()).unwrap().bytes(), secret.bytes());
        for text in
            ["", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"]
        {
            assert!(CodeSecret::from_text(text).is_none(), "{text}");
        }
    }
}
