//! TLS to a server, by rustls: whom it trusts and what it shows, as libpq's settings have it.

use std::future::Future;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::{fs, io};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{
    CertificateDer, InvalidDnsNameError, PrivateKeyDer, ServerName,
};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::certificate::{self, Verifier};
use crate::{Error, Result};

/// `sslmode`: whether a connection is encrypted, and whom it trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SslMode {
    /// Never encrypted.
    Disable,
    /// Encrypted if the server insists.
    Allow,
    /// Encrypted if the server can.
    Prefer,
    /// Encrypted, with whoever answers.
    Require,
    /// Encrypted, with whoever has a certificate of a trusted authority.
    VerifyCa,
    /// Encrypted, with the host of that name and nobody else.
    VerifyFull,
}

impl SslMode {
    pub(super) const ALL: [(&str, Self); 6] = [
        ("disable", Self::Disable),
        ("allow", Self::Allow),
        ("prefer", Self::Prefer),
        ("require", Self::Require),
        ("verify-ca", Self::VerifyCa),
        ("verify-full", Self::VerifyFull),
    ];
}

/// Whose certificates are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Roots {
    /// The authorities the machine trusts.
    System,
    /// Those in a PEM file.
    File(PathBuf),
}

/// The files TLS is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Files {
    /// `sslrootcert`.
    pub(super) roots: Option<Roots>,
    /// `sslcert`.
    pub(super) certificate: Option<PathBuf>,
    /// `sslkey`.
    pub(super) key: Option<PathBuf>,
}

/// Makes connections encrypted.
#[derive(Clone)]
pub(super) struct Tls(Arc<ClientConfig>);

impl Tls {
    /// Reads the files. Nothing is read that the URL does not name.
    pub(super) fn load(mode: SslMode, files: &Files) -> Result<Self> {
        let provider = Arc::new(ring::default_provider());
        let (roots, trusted) = match &files.roots {
            Some(_) if matches!(mode, SslMode::Disable | SslMode::Allow | SslMode::Prefer) => {
                (None, Vec::new())
            }
            None => (None, Vec::new()),
            Some(Roots::System) => (Some(system()?), Vec::new()),
            Some(Roots::File(path)) => {
                let trusted = certificates("sslrootcert", path)?;
                (Some(store("sslrootcert", &trusted)?), trusted)
            }
        };
        let verifier = Verifier {
            roots,
            trusted,
            checks_name: mode == SslMode::VerifyFull,
            provider: Arc::clone(&provider),
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has the ciphers of TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let config = match (&files.certificate, &files.key) {
            (Some(certificate), Some(key)) => {
                let chain = certificates("sslcert", certificate)?;
                builder.with_client_auth_cert(chain, private_key(key)?).map_err(|_| Error::Url {
                    setting: "sslkey".to_owned(),
                    why: "is not the key of sslcert",
                })?
            }
            _ => builder.with_no_client_auth(),
        };
        Ok(Self(Arc::new(config)))
    }
}

fn system() -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    // What of the machine's store cannot be read is left out, as OpenSSL does.
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() {
        return Err(unusable("sslrootcert", "is system, and this machine trusts nobody"));
    }
    Ok(store)
}

fn store(setting: &str, trusted: &[CertificateDer<'static>]) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    for certificate in trusted {
        let added = store.add(certificate.clone());
        added.map_err(|_| unusable(setting, "has a certificate that cannot be read"))?;
    }
    Ok(store)
}

fn certificates(setting: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let text = read(path)?;
    let certificates = CertificateDer::pem_slice_iter(&text).collect::<std::result::Result<_, _>>();
    let certificates: Vec<_> = certificates.map_err(|_| unusable(setting, "is no PEM file"))?;
    if certificates.is_empty() {
        return Err(unusable(setting, "has no certificate in it"));
    }
    Ok(certificates)
}

/// Nobody else may read it, or the group at most where it is the system's.
fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let text = read(path)?;
    let about = fs::metadata(path).map_err(failed(path))?;
    let others = if about.uid() == 0 { 0o037 } else { 0o077 };
    if about.mode() & others != 0 {
        return Err(unusable("sslkey", "may be read by others: chmod 600"));
    }
    PrivateKeyDer::from_pem_slice(&text)
        .map_err(|_| unusable("sslkey", "has no key in it that can be read without a password"))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(failed(path))
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Error {
    move |source| Error::File {
        doing: "reading a certificate of the database",
        path: path.display().to_string(),
        source,
    }
}

fn unusable(setting: &str, why: &'static str) -> Error {
    Error::Url { setting: setting.to_owned(), why }
}

impl<S> MakeTlsConnect<S> for Tls
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type TlsConnect = TlsHandshake;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(
        &mut self,
        host: &str,
    ) -> std::result::Result<TlsHandshake, InvalidDnsNameError> {
        // Over a socket of the machine nothing is encrypted, and nobody is named.
        let host = if host.is_empty() { "localhost" } else { host };
        let name = ServerName::try_from(host)?.to_owned();
        Ok(TlsHandshake { config: Arc::clone(&self.0), name })
    }
}

pub(super) struct TlsHandshake {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl<S> TlsConnect<S> for TlsHandshake
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let Self { config, name } = self;
        Box::pin(
            async move { TlsConnector::from(config).connect(name, stream).await.map(Encrypted) },
        )
    }
}

/// An encrypted connection.
pub(super) struct Encrypted<S>(TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> tokio_postgres::tls::TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        let (_, session) = self.0.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        match certificate.and_then(|certificate| certificate::end_point(certificate)) {
            Some(digest) => ChannelBinding::tls_server_end_point(digest),
            None => ChannelBinding::none(),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
