//! Sealing: XChaCha20-Poly1305, bound to the seller, column and row a value belongs to.
//!
//! A sealed value is `format (1) ‖ key generation (4, big endian) ‖ nonce (24) ‖ ciphertext ‖ tag (16)`.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hoesu_claims::SellerId;

use crate::{Error, Result};

const FORMAT: u8 = 1;
/// The head: format, generation and nonce.
pub(crate) const HEAD: usize = 1 + 4 + 24;

/// Where a sealed value belongs; anywhere else it does not open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) seller: SellerId,
    /// `table.column`.
    pub(crate) column: &'static str,
    pub(crate) row: i64,
}

impl Place {
    /// What the tag covers beside the ciphertext: the head but for the nonce, and the place.
    fn aad(&self, head: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(head.len() + 16 + self.column.len());
        bytes.extend(head);
        bytes.extend(self.seller.0.to_be_bytes());
        bytes.extend(self.row.to_be_bytes());
        bytes.extend(self.column.as_bytes());
        bytes
    }
}

/// Seals `plain` under `key`, which has this generation.
pub(crate) fn seal(key: &[u8; 32], generation: u32, place: Place, plain: &[u8]) -> Vec<u8> {
    let mut nonce = [0; 24];
    getrandom::fill(&mut nonce).expect("the system has randomness");
    let mut sealed = Vec::with_capacity(HEAD + plain.len() + 16);
    sealed.push(FORMAT);
    sealed.extend(generation.to_be_bytes());
    let ciphertext = cipher(key)
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &place.aad(&sealed) })
        .expect("bodies are far below the cipher's limit");
    sealed.extend(nonce);
    sealed.extend(ciphertext);
    sealed
}

/// Opens what [`seal`] made for the same place.
pub(crate) fn open(key: &[u8; 32], place: Place, sealed: &[u8]) -> Result<Vec<u8>> {
    let damaged = || Error::Sealed { what: place.column };
    if sealed.len() < HEAD || sealed[0] != FORMAT {
        return Err(damaged());
    }
    let nonce: [u8; 24] = sealed[5..HEAD].try_into().map_err(|_| damaged())?;
    cipher(key)
        .decrypt(
            &XNonce::from(nonce),
            Payload { msg: &sealed[HEAD..], aad: &place.aad(&sealed[..5]) },
        )
        .map_err(|_| damaged())
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place { seller: SellerId(1), column: "version.body", row: 7 };

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place_and_undamaged() {
        let sealed = seal(&[1; 32], 1, HERE, b"claim");
        assert_eq!(open(&[1; 32], HERE, &sealed).unwrap(), b"claim");
        assert!(open(&[2; 32], HERE, &sealed).is_err());
        assert!(open(&[1; 32], Place { row: 8, ..HERE }, &sealed).is_err());
        assert!(open(&[1; 32], Place { seller: SellerId(2), ..HERE }, &sealed).is_err());
        assert!(open(&[1; 32], Place { column: "refusal.body", ..HERE }, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(open(&[1; 32], HERE, &damaged).is_err(), "byte {at}");
        }
        assert!(open(&[1; 32], HERE, &sealed[..20]).is_err());
    }

    #[test]
    fn the_same_value_is_never_sealed_the_same_twice() {
        assert_ne!(seal(&[1; 32], 1, HERE, b"claim"), seal(&[1; 32], 1, HERE, b"claim"));
    }
}
