//! A bounded client: so many connections, one request at a time on each, for so long.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What a run came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) per_second: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Bytes of the last answer's body.
    pub(crate) body_bytes: usize,
}

/// How long requests are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    /// Each once.
    AllAnswered,
    /// Over and over for so long.
    After(Duration),
}

/// Sends the requests. Every answer must be 200.
pub(crate) fn drive(
    address: SocketAddr,
    requests: Vec<Vec<u8>>,
    connections: usize,
    until: Until,
) -> anyhow::Result<Run> {
    // A runtime of its own, so that the client takes no more than one core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let requests = Arc::new(requests);
        let next = Arc::new(AtomicUsize::new(0));
        let started = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|_| {
                tokio::spawn(connection(
                    address,
                    Arc::clone(&requests),
                    Arc::clone(&next),
                    started,
                    until,
                ))
            })
            .collect();
        let mut times = Vec::new();
        let mut body_bytes = 0;
        for task in tasks {
            let (taken, bytes) = task.await??;
            times.extend(taken);
            body_bytes = bytes;
        }
        let elapsed = started.elapsed();
        ensure!(!times.is_empty(), "no request was answered in time");
        times.sort_unstable();
        let at = |part: usize| times[(times.len() - 1) * part / 100];
        Ok(Run {
            per_second: times.len() as f64 / elapsed.as_secs_f64(),
            p50: at(50),
            p99: at(99),
            body_bytes,
        })
    })
}

async fn connection(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    next: Arc<AtomicUsize>,
    started: Instant,
    until: Until,
) -> anyhow::Result<(Vec<Duration>, usize)> {
    let mut stream = TcpStream::connect(address).await.context("connecting")?;
    stream.set_nodelay(true)?;
    let mut answer = Vec::with_capacity(64 << 10);
    let mut times = Vec::new();
    let mut body_bytes = 0;
    loop {
        let sent = Instant::now();
        let nth = next.fetch_add(1, Ordering::Relaxed);
        let done = match until {
            Until::AllAnswered => nth >= requests.len(),
            Until::After(time) => sent.duration_since(started) >= time,
        };
        if done {
            return Ok((times, body_bytes));
        }
        let request = &requests[nth % requests.len()];
        stream.write_all(request).await.context("sending")?;
        body_bytes = read_answer(&mut stream, &mut answer).await?;
        times.push(sent.elapsed());
    }
}

/// Reads one answer with a length, and gives the length.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> anyhow::Result<usize> {
    answer.clear();
    let head = loop {
        ensure!(stream.read_buf(answer).await.context("reading")? > 0, "the server hung up");
        if let Some(end) = find(answer, b"\r\n\r\n") {
            break end + 4;
        }
    };
    if !answer.starts_with(b"HTTP/1.1 200") {
        let shown = String::from_utf8_lossy(&answer[..answer.len().min(600)]).into_owned();
        bail!("an answer was not 200: {shown}");
    }
    let length = content_length(&answer[..head]).context("an answer had no length")?;
    while answer.len() < head + length {
        ensure!(stream.read_buf(answer).await.context("reading")? > 0, "the server hung up");
    }
    Ok(length)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn content_length(head: &[u8]) -> Option<usize> {
    let name = b"content-length: ";
    let at = find(head, name)? + name.len();
    let digits = head[at..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0')))
}
