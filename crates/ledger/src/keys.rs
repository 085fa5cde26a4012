//! Keys: one master key outside the ledger, and under it a data key of each seller's.
//!
//! The master key only wraps; each purpose has a key of its own, derived by HMAC-SHA256 with the
//! purpose's name, so that no key is used for two things.

use std::fmt;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hoesu_claims::{SellerId, Term};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::KeyProblem;
use crate::seal::{self, Place};
use crate::signature::Signer;
use crate::{Error, Result};

type Secret = Zeroizing<[u8; 32]>;

/// Opens every seller's key. Lives in a file beside the ledger (mode 0600) or in the environment,
/// never in the ledger: whoever has both can read everything, whoever loses it can read nothing.
#[derive(Clone)]
pub struct MasterKey(Secret);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey")
    }
}

impl MasterKey {
    /// A new one from the system's randomness.
    pub fn generate() -> Self {
        Self(random())
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self> {
        let text = text.trim();
        let malformed = || Error::Key(KeyProblem::Malformed);
        if text.len() != 64 || !text.is_ascii() {
            return Err(malformed());
        }
        let mut key = Zeroizing::new([0; 32]);
        for (byte, digits) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| malformed())?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| malformed())?;
        }
        Ok(Self(key))
    }

    /// 64 hexadecimal digits.
    pub fn to_hex(&self) -> Zeroizing<String> {
        let digit =
            |nibble: u8| char::from_digit(u32::from(nibble), 16).expect("a nibble is below 16");
        Zeroizing::new(
            self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect(),
        )
    }

    /// Reads the key file; `None` if there is none.
    pub fn load(path: &Path) -> Result<Option<Self>> {
        match fs::read_to_string(path) {
            Ok(text) => Self::from_hex(&Zeroizing::new(text)).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            // It is no text.
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                Err(Error::Key(KeyProblem::Malformed))
            }
            Err(source) => Err(file("reading the master key", path, source)),
        }
    }

    /// Writes a key file that is not there yet, readable by its owner alone, and waits until it is
    /// on the disk. It is there whole or not at all, whoever else reads or writes it meanwhile.
    pub fn save(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(|source| file("making the folder of the master key", folder, source))?;
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{:016x}", u64::from_be_bytes(*random())));
        let beside = Path::new(&beside);
        let write = || {
            let mut out =
                fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(beside)?;
            out.write_all(self.to_hex().as_bytes())?;
            out.write_all(b"\n")?;
            out.sync_all()?;
            // A second name, unlike a new one, never takes the place of a file that is there.
            fs::hard_link(beside, path)
        };
        let written = write();
        // It is of no use any more, whether it has the other name or not.
        let _ = fs::remove_file(beside);
        written.map_err(|source| file("writing the master key", path, source))
    }

    /// Makes a key and its file, unless another process has just made it.
    pub(crate) fn make(path: &Path) -> Result<Option<Self>> {
        let key = Self::generate();
        match key.save(path) {
            Ok(()) => Ok(Some(key)),
            Err(Error::File { source, .. }) if source.kind() == ErrorKind::AlreadyExists => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn purpose(&self, purpose: &str) -> Secret {
        derive(&self.0, purpose)
    }

    /// Tells this key from another without telling anything about it.
    pub(crate) fn check(&self) -> [u8; 32] {
        *self.purpose("check")
    }

    /// What shown credentials are hashed with to be looked up.
    pub(crate) fn credentials(&self) -> Hmac<Sha256> {
        keyed(&*self.purpose("credential"))
    }

    /// What sign-in names and addresses are hashed with to be looked up.
    pub(crate) fn sign_ins(&self) -> Hmac<Sha256> {
        keyed(&*self.purpose("sign in"))
    }

    /// What cursors handed to callers are signed with.
    pub(crate) fn cursor(&self) -> Secret {
        self.purpose("cursor")
    }

    /// A new data key for a seller, and its wrapped form.
    pub(crate) fn make_seller_keys(&self, seller: SellerId) -> (SellerKeys, Vec<u8>) {
        let data = random();
        let place = Place { seller, column: "seller_key.wrapped", row: i64::from(GENERATION) };
        let wrapped = seal::seal(&self.purpose("wrap"), GENERATION, place, &*data);
        (SellerKeys::new(seller, &data), wrapped)
    }

    /// A seller's keys from the wrapped form.
    pub(crate) fn open_seller_keys(&self, seller: SellerId, wrapped: &[u8]) -> Result<SellerKeys> {
        let place = Place { seller, column: "seller_key.wrapped", row: i64::from(GENERATION) };
        let data = Zeroizing::new(seal::open(&self.purpose("wrap"), place, wrapped)?);
        let data: [u8; 32] =
            data.as_slice().try_into().map_err(|_| Error::Unreadable("seller key"))?;
        Ok(SellerKeys::new(seller, &Zeroizing::new(data)))
    }
}

/// The data key in use. Sealed values name theirs, so that another can follow.
const GENERATION: u32 = 1;

/// What one seller's values are sealed, keyed and compared with.
pub(crate) struct SellerKeys {
    seller: SellerId,
    body: Secret,
    people: Secret,
    digest: Hmac<Sha256>,
    chain: Hmac<Sha256>,
    pub(crate) signer: Signer,
}

impl SellerKeys {
    fn new(seller: SellerId, data: &Secret) -> Self {
        let mut signer = [0; 16];
        signer.copy_from_slice(&derive(data, "text")[..16]);
        Self {
            seller,
            body: derive(data, "body"),
            people: derive(data, "people"),
            digest: keyed(&*derive(data, "digest")),
            chain: keyed(&*derive(data, "access log")),
            signer: Signer::new(signer),
        }
    }

    /// Seals a value of this seller's; it opens only in the same column and row.
    pub(crate) fn seal(&self, column: &'static str, row: i64, plain: &[u8]) -> Vec<u8> {
        seal::seal(&self.body, GENERATION, Place { seller: self.seller, column, row }, plain)
    }

    /// Opens a sealed value.
    pub(crate) fn open(&self, column: &'static str, row: i64, sealed: &[u8]) -> Result<Vec<u8>> {
        seal::open(&self.body, Place { seller: self.seller, column, row }, sealed)
    }

    /// Tells one content from another without telling anything about it.
    pub(crate) fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        over(&self.digest, parts)
    }

    /// Vouches for a line of the access log and for the one before, whose value is a part of it.
    pub(crate) fn chain(&self, parts: &[&[u8]]) -> [u8; 32] {
        over(&self.chain, parts)
    }

    /// A term's value as it is stored: a keyed hash if it is personal, the same in every role.
    pub(crate) fn term(&self, term: Term, value: &str) -> String {
        let Some(personal) = term.personal() else {
            return value.replace('\0', "");
        };
        let mut mac = keyed(&*self.people);
        mac.update(&[personal as u8]);
        mac.update(value.as_bytes());
        // 72 bits: among ten million values two that share a hash are one in a hundred million.
        URL_SAFE_NO_PAD.encode(&mac.finalize().into_bytes()[..9])
    }
}

/// Over parts that cannot run into one another.
fn over(key: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = key.clone();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn derive(key: &Secret, purpose: &str) -> Secret {
    let mut mac = keyed(&**key);
    mac.update(b"hoesu/");
    mac.update(purpose.as_bytes());
    Zeroizing::new(mac.finalize().into_bytes().into())
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn random<const LENGTH: usize>() -> Zeroizing<[u8; LENGTH]> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    getrandom::fill(&mut *bytes).expect("the system has randomness");
    bytes
}

fn file(doing: &'static str, path: &Path, source: std::io::Error) -> Error {
    Error::File { doing, path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_file_and_the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/master.key");
        assert!(MasterKey::load(&path).unwrap().is_none());
        let key = MasterKey::generate();
        key.save(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(MasterKey::load(&path).unwrap().unwrap().check(), key.check());
        assert!(key.save(&path).is_err(), "an existing key is never overwritten");
    }

    #[test]
    fn a_malformed_key_is_refused() {
        for text in ["", "00", &"g".repeat(64), &"가".repeat(32)] {
            assert!(matches!(MasterKey::from_hex(text), Err(Error::Key(_))), "{text}");
        }
    }

    #[test]
    fn a_phone_has_one_hash_in_every_role_and_another_for_another_seller() {
        let master = MasterKey::generate();
        let (keys, wrapped) = master.make_seller_keys(SellerId(1));
        let buyer = keys.term(Term::BuyerPhone, "01012345678");
        assert_eq!(buyer, keys.term(Term::SenderPhone, "01012345678"));
        assert_ne!(buyer, keys.term(Term::SenderName, "01012345678"));
        assert_eq!(keys.term(Term::Order, "20171208_000001"), "20171208_000001");
        let (other, _) = master.make_seller_keys(SellerId(2));
        assert_ne!(buyer, other.term(Term::BuyerPhone, "01012345678"));
        let again = master.open_seller_keys(SellerId(1), &wrapped).unwrap();
        assert_eq!(buyer, again.term(Term::BuyerPhone, "01012345678"));
        assert!(master.open_seller_keys(SellerId(2), &wrapped).is_err());
    }
}
