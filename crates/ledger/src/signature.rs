//! Keyed signatures of searchable text: a Bloom filter over its characters and pairs of characters.
//!
//! A part of a text can only be where every bit of the part's signature is set, so a search reads a
//! few bytes a document instead of opening bodies, and opens only the candidates. Without the
//! seller's key the bits say nothing.

use std::hash::Hasher as _;

use siphasher::sip::SipHasher13;

/// 256 bits.
pub(crate) type Signature = [u8; 32];

/// Hashes text under one seller's key.
#[derive(Clone, Copy)]
pub(crate) struct Signer {
    key: [u8; 16],
}

impl Signer {
    pub(crate) fn new(key: [u8; 16]) -> Self {
        Self { key }
    }

    /// The signature of a text, or of a part one looks for.
    pub(crate) fn sign(&self, text: &str) -> Signature {
        let mut bits = Signature::default();
        let mut before = None;
        for character in text.chars() {
            self.mark(&mut bits, u64::from(u32::from(character)));
            if let Some(before) = before {
                self.mark(
                    &mut bits,
                    (u64::from(u32::from(before)) << 32)
                        | u64::from(u32::from(character))
                        | (1 << 63),
                );
            }
            before = Some(character);
        }
        bits
    }

    fn mark(&self, bits: &mut Signature, gram: u64) {
        let mut hasher = SipHasher13::new_with_key(&self.key);
        hasher.write_u64(gram);
        let bit = (hasher.finish() & 0xff) as usize;
        bits[bit / 8] |= 1 << (bit % 8);
    }
}

/// Whether a text with this signature may have the part in it.
pub(crate) fn may_hold(text: &[u8], part: &Signature) -> bool {
    text.len() == part.len() && text.iter().zip(part).all(|(text, part)| text & part == *part)
}

/// Both texts' bits: what either may hold, the union may hold.
pub(crate) fn union(mut a: Signature, b: &Signature) -> Signature {
    a.iter_mut().zip(b).for_each(|(a, b)| *a |= b);
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_text_may_be_in_it() {
        let signer = Signer::new([7; 16]);
        let text = "서울특별시 은하구 별빛로 12";
        let signature = signer.sign(text);
        let characters: Vec<char> = text.chars().collect();
        for from in 0..characters.len() {
            for to in from..=characters.len() {
                let part: String = characters[from..to].iter().collect();
                assert!(may_hold(&signature, &signer.sign(&part)), "{part}");
            }
        }
    }

    #[test]
    fn what_is_not_in_a_text_is_mostly_ruled_out_and_another_key_says_something_else() {
        let signer = Signer::new([7; 16]);
        let signature = signer.sign("서울특별시 은하구 별빛로 12");
        assert!(!may_hold(&signature, &signer.sign("부산광역시 물결구")));
        assert_ne!(signature, Signer::new([8; 16]).sign("서울특별시 은하구 별빛로 12"));
    }
}
