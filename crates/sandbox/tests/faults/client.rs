//! A caller over a real connection: what comes back byte for byte, and whether it was all.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use hoesu_channels::Channel;
use hoesu_channels::channel::Call;
use hoesu_channels::connect::{
    Ask, Deed, HttpAsk, HttpSaid, Reading, Span, Upstream, sign, sign_deed,
};
use hoesu_claims::{AccountId, SellerId};
use hoesu_ledger::Account;
use hoesu_sandbox::SeedAccount;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// What came back before the connection ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Whether the body is as long as was said.
    pub(crate) is_whole: bool,
}

impl Heard {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// As a connector is told of it.
    pub(crate) fn said(&self) -> HttpSaid {
        let status = StatusCode::from_u16(self.status).unwrap();
        HttpSaid { status, headers: self.headers.clone(), body: self.body.clone().into() }
    }
}

/// A request on its way, its connection to be closed by the answer.
pub(crate) fn send(address: SocketAddr, call: &HttpAsk) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    let (method, target) = (&call.method, call.target());
    let mut head =
        format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in &call.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "Content-Length: {}\r\n\r\n", call.body.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&call.body).unwrap();
    stream
}

/// What comes of it; `None` if the connection ends without a word.
pub(crate) fn hear(mut stream: TcpStream) -> Option<Heard> {
    let mut all = Vec::new();
    // A connection that is reset has ended, too.
    let _ = stream.read_to_end(&mut all);
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&all[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    };
    let headers: HeaderMap = lines.map(header).collect();
    let rest = &all[end + 4..];
    let body = match headers.get("transfer-encoding") {
        Some(_) => chunks(rest),
        None => rest.to_vec(),
    };
    let length = headers.get("content-length").map(|length| length.to_str().unwrap().to_owned());
    let is_whole = length.is_none_or(|length| length == body.len().to_string());
    Some(Heard { status, headers, body, is_whole })
}

fn chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[(end + 4 + length).min(rest.len())..];
    }
    body
}

/// A call of the control.
pub(crate) fn control(address: SocketAddr, method: Method, path: &str, body: &str) -> Heard {
    let call = HttpAsk {
        method,
        origin: String::new(),
        path: format!("/_sandbox{path}"),
        query: String::new(),
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    };
    let heard = hear(send(address, &call)).unwrap();
    assert!(heard.status < 300, "{path} {}", heard.text());
    heard
}

/// What the market's clock shows.
pub(crate) fn now(address: SocketAddr) -> Timestamp {
    let clock: Value =
        serde_json::from_str(control(address, Method::GET, "/clock", "").text()).unwrap();
    clock["now"].as_str().unwrap().parse().unwrap()
}

/// A seller's account on one channel.
pub(crate) struct Caller {
    pub(crate) address: SocketAddr,
    pub(crate) channel: &'static dyn Channel,
    pub(crate) account: SeedAccount,
    at: Timestamp,
}

impl Caller {
    pub(crate) fn new(
        address: SocketAddr,
        channel: &'static dyn Channel,
        account: SeedAccount,
    ) -> Self {
        Self { address, channel, account, at: now(address) }
    }

    fn upstream(&self) -> Upstream {
        let settings = &self.account.settings;
        let account = Account {
            seller: SellerId(1),
            id: AccountId(1),
            channel: self.channel.id().to_owned(),
            name: self.account.name.clone(),
            enabled: true,
            settings: settings.clone(),
            created_at: self.at,
        };
        Upstream::of(self.channel, &account, settings).unwrap()
    }

    pub(crate) fn ask(&self, ask: &Ask) -> HttpAsk {
        sign(self.channel, &self.upstream(), ask, now(self.address)).unwrap()
    }

    pub(crate) fn deed(&self, deed: &Deed) -> Option<HttpAsk> {
        sign_deed(self.channel, &self.upstream(), deed, now(self.address))
    }

    /// The channel's own example of a call.
    pub(crate) fn example(&self) -> HttpAsk {
        let credentials = &self.account.credentials;
        let example = self.channel.examples(credentials).remove(0);
        let (method, path, query) = (&example.method, &example.path, &example.query);
        let mut headers = example.headers.clone();
        let call = Call { credentials, method, path, query, now: now(self.address) };
        headers.extend(self.channel.authorize(&call));
        HttpAsk {
            method: example.method,
            origin: String::new(),
            path: example.path,
            query: example.query,
            headers,
            body: example.body.unwrap_or_default().into_bytes(),
        }
    }

    /// Calls until the account has not called too often.
    pub(crate) fn hear(&self, call: &HttpAsk) -> Option<Heard> {
        loop {
            let heard = hear(send(self.address, call));
            let too_often = heard
                .as_ref()
                .is_some_and(|said| said.status == 429 && said.header("retry-after").is_none());
            if !too_often {
                return heard;
            }
            std::thread::sleep(std::time::Duration::from_millis(150));
        }
    }

    /// The first question of each feed that is answered with two rows or more, and its answer.
    pub(crate) fn lists(&self) -> Vec<(Ask, Heard)> {
        let Some(connector) = self.channel.connector() else { return Vec::new() };
        let span = Span { from: self.at - SignedDuration::from_hours(24 * 20), until: self.at };
        let mut lists = Vec::new();
        for feed in connector.feeds() {
            let mut reading = Reading::newest_first(feed, span);
            while let Some(ask) = reading.next_ask() {
                let heard = self.hear(&self.ask(&ask)).unwrap();
                let page = connector.read(&ask, &heard.said()).unwrap();
                if page.records.len() > 1 {
                    lists.push((ask, heard));
                    break;
                }
                reading.take(&page).unwrap();
            }
        }
        lists
    }
}
