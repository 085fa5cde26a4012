//! A server's certificate: whether it is trusted, and the digest that ties a password to it.

use std::sync::Arc;

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// Decides on certificates of servers.
#[derive(Debug)]
pub(super) struct Verifier {
    /// Who is trusted; without it, everybody.
    pub(super) roots: Option<RootCertStore>,
    /// The same as certificates: a server's own may be among them.
    pub(super) trusted: Vec<CertificateDer<'static>>,
    /// Whether the certificate must be of the host that was asked for.
    pub(super) checks_name: bool,
    pub(super) provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(roots) = &self.roots else { return Ok(ServerCertVerified::assertion()) };
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        verify_server_cert_signed_by_trust_anchor(
            &certificate,
            roots,
            intermediates,
            now,
            algorithms,
        )
        .or_else(|error| if self.is_its_own(end_entity, &error) { Ok(()) } else { Err(error) })?;
        if self.checks_name {
            verify_server_name(&certificate, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl Verifier {
    /// Whether a server shows the very certificate that is trusted, as the manual of PostgreSQL makes
    /// one with `openssl req -x509`: it is its own authority, which webpki takes for no server's. Its
    /// dates have been looked at before that.
    fn is_its_own(&self, certificate: &CertificateDer<'_>, error: &Error) -> bool {
        let Error::InvalidCertificate(CertificateError::Other(why)) = error else { return false };
        format!("{why:?}").contains("CaUsedAsEndEntity")
            && self.trusted.iter().any(|trusted| trusted.as_ref() == certificate.as_ref())
    }
}

/// 1.2.840.113549.1.1: RSA, with the hash as the last number.
const RSA: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];

/// 1.2.840.10045.4.3: ECDSA with SHA-2, the same.
const ECDSA: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];

/// The digest of a certificate that RFC 5929 calls `tls-server-end-point`: by the hash of its signature,
/// or by SHA-256 where that is an old one. None where the signature has no such hash.
pub(super) fn end_point(certificate: &[u8]) -> Option<Vec<u8>> {
    let (outer, _) = element(certificate)?;
    let (_signed, rest) = element(outer)?;
    let (algorithm, _) = element(rest)?;
    let (name, _) = element(algorithm)?;
    let number = |of: &[u8]| match name.strip_prefix(of) {
        Some([number]) => Some(*number),
        Some(_) | None => None,
    };
    match (number(&RSA), number(&ECDSA)) {
        // MD5, SHA-1 and SHA-256.
        (Some(4 | 5 | 11), _) | (_, Some(2)) => Some(Sha256::digest(certificate).to_vec()),
        (Some(12), _) | (_, Some(3)) => Some(Sha384::digest(certificate).to_vec()),
        (Some(13), _) | (_, Some(4)) => Some(Sha512::digest(certificate).to_vec()),
        _ => None,
    }
}

/// The content of the first element of DER, and what comes after it.
fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[_tag, short], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = if short < 0x80 {
        (usize::from(short), rest)
    } else {
        let count = usize::from(short & 0x7f);
        let (digits, rest) = rest.split_at_checked(count).filter(|_| (1..=4).contains(&count))?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use rcgen::{
        CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
    };

    use super::*;

    #[test]
    fn the_digest_is_that_of_the_signature() {
        let of = |algorithm| {
            let key = KeyPair::generate_for(algorithm).unwrap();
            let params = CertificateParams::new(vec!["db.test".to_owned()]).unwrap();
            params.self_signed(&key).unwrap().der().to_vec()
        };
        let (short, long) = (of(&PKCS_ECDSA_P256_SHA256), of(&PKCS_ECDSA_P384_SHA384));
        assert_eq!(end_point(&short), Some(Sha256::digest(&short).to_vec()));
        assert_eq!(end_point(&long), Some(Sha384::digest(&long).to_vec()));
        assert_eq!(end_point(&of(&PKCS_ED25519)), None);
        for cut in [0, 1, 2, 5, 40] {
            assert_eq!(end_point(&short[..cut]), None, "{cut}");
        }
    }
}
