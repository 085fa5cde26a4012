//! Asking a pooler to stop a statement: it forgets the request of whoever hangs up before it was passed on,
//! and the driver hangs up at once.

use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::config::Host;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{CancelToken, Config};

use super::tls::Tls;

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Asks each of the hosts: whom it is not about, the key means nothing to.
pub(super) async fn through_pooler(token: &CancelToken, hosts: &[Config], tls: &Tls) -> bool {
    let mut is_asked = false;
    for host in hosts {
        is_asked |= ask(token, host, tls.clone()).await.is_some();
    }
    is_asked
}

async fn ask(token: &CancelToken, host: &Config, mut tls: Tls) -> Option<()> {
    let port = host.get_ports().first().copied()?;
    let (stream, name): (Box<dyn Stream>, &str) = match host.get_hosts().first()? {
        Host::Tcp(name) => {
            let stream = match host.get_hostaddrs().first() {
                Some(address) => TcpStream::connect((*address, port)).await,
                None => TcpStream::connect((name.as_str(), port)).await,
            };
            (Box::new(stream.ok()?), name)
        }
        Host::Unix(folder) => {
            let socket = folder.join(format!(".s.PGSQL.{port}"));
            (Box::new(UnixStream::connect(socket).await.ok()?), "")
        }
    };
    let tls = MakeTlsConnect::<Lingering>::make_tls_connect(&mut tls, name).ok()?;
    token.cancel_query_raw(Lingering(stream), tls).await.ok()
}

/// A connection that the other side ends.
struct Lingering(Box<dyn Stream>);

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Lingering {
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
        loop {
            let mut bytes = [0; 16];
            let mut buf = ReadBuf::new(&mut bytes);
            match ready!(pin!(&mut self.0).poll_read(cx, &mut buf)) {
                Ok(()) if !buf.filled().is_empty() => {}
                // It has ended, one way or the other.
                Ok(()) | Err(_) => return Poll::Ready(Ok(())),
            }
        }
    }
}
