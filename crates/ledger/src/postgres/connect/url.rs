//! A database's URL, spelled as libpq spells it, with the few settings that are hoesu's own.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, LoadBalanceHosts, TargetSessionAttrs};

use super::tls::{Files, Roots, SslMode};
use crate::{Error, Result};

#[cfg(test)]
mod tests;

/// How many connections a process may have unless the URL says otherwise.
const POOL_MAX: usize = 16;

/// How long one server may take until it lets us in, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The same where another server can be tried: a dead one is left soon.
const CONNECT_TIMEOUT_OF_MANY: Duration = Duration::from_secs(3);

/// What the driver takes as libpq spells it.
const PASSED: [&str; 13] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "sslnegotiation",
    "user",
];

/// What a URL says.
pub(super) struct Target {
    /// One server each, in the order they are tried.
    pub(super) hosts: Vec<Config>,
    /// Whether chance orders them anew for each connection.
    pub(super) is_shuffled: bool,
    pub(super) ssl: SslMode,
    pub(super) files: Files,
    /// How long one server may take until it lets us in.
    pub(super) connect_timeout: Duration,
    pub(super) pool_max: usize,
    /// As PostgreSQL writes it: `30s`.
    pub(super) statement_timeout: Option<String>,
    /// Whether statements stay prepared on a connection.
    pub(super) is_prepared: bool,
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self> {
        let mut settings = Settings::of(url)?;
        let (ssl, files) = settings.encryption()?;
        let servers = settings.servers()?;
        let attrs = settings.session_attrs(servers.len() > 1)?;
        let pool_max = match settings.take("pool_max").map(|text| text.parse()) {
            None => POOL_MAX,
            Some(Ok(count @ 1..=1_000)) => count,
            Some(_) => return Err(wrong("pool_max", "is not a number from 1 to 1000")),
        };
        let statement_timeout = match settings.take("statement_timeout") {
            Some(text) if !is_duration(&text) => {
                return Err(wrong("statement_timeout", "is no length of time such as 30s"));
            }
            other => other,
        };
        let is_prepared = match settings.take("prepared_statements").as_deref() {
            None | Some("true" | "on" | "1") => true,
            Some("false" | "off" | "0") => false,
            Some(_) => return Err(wrong("prepared_statements", "is neither true nor false")),
        };
        let acknowledged = settings.acknowledged()?;
        let common = settings.common()?;
        let mut hosts = Vec::new();
        for server in &servers {
            let mut config = common.clone();
            server.add_to(&mut config)?;
            config.target_session_attrs(attrs);
            if let Some(time) = acknowledged {
                config.tcp_user_timeout(time);
            }
            hosts.push(config);
        }
        let usual = if hosts.len() > 1 { CONNECT_TIMEOUT_OF_MANY } else { CONNECT_TIMEOUT };
        Ok(Self {
            is_shuffled: common.get_load_balance_hosts() == LoadBalanceHosts::Random,
            connect_timeout: common.get_connect_timeout().copied().unwrap_or(usual),
            hosts,
            ssl,
            files,
            pool_max,
            statement_timeout,
            is_prepared,
        })
    }
}

/// The servers and the database of a URL, as far as it can be read.
pub(crate) fn shown(url: &str) -> String {
    let Ok(target) = Target::parse(url) else { return "postgresql".to_owned() };
    let server = |config: &Config| match (config.get_hosts().first(), config.get_ports().first()) {
        (Some(Host::Tcp(name)), Some(port)) => format!("{name}:{port}"),
        (Some(Host::Unix(folder)), _) => folder.display().to_string(),
        _ => config.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
    };
    let servers: Vec<String> = target.hosts.iter().map(server).collect();
    // Of a password with a / in it the rest would stand here.
    let database = target.hosts.first().and_then(Config::get_dbname);
    let database = database.filter(|name| !name.contains('@')).unwrap_or_default();
    format!("postgresql {}/{database}", servers.join(","))
}

fn wrong(setting: &str, why: &'static str) -> Error {
    Error::Url { setting: setting.to_owned(), why }
}

/// One of the servers a URL names.
#[derive(Debug, Default, PartialEq, Eq)]
struct Server {
    host: String,
    address: String,
    port: String,
}

impl Server {
    fn add_to(&self, config: &mut Config) -> Result<()> {
        if !self.host.is_empty() {
            config.host(&self.host);
        }
        if !self.address.is_empty() {
            let address = self.address.parse();
            config.hostaddr(address.map_err(|_| wrong("hostaddr", "is no address"))?);
        }
        let port = if self.port.is_empty() { Ok(5432) } else { self.port.parse() };
        config.port(port.map_err(|_| wrong("port", "is no port"))?);
        Ok(())
    }
}

/// Settings by their names.
struct Settings(BTreeMap<String, String>);

impl Settings {
    fn of(url: &str) -> Result<Self> {
        match url.split_once("://") {
            Some(("postgres" | "postgresql", rest)) => of_url(rest).map(Self),
            _ => of_words(url).map(Self),
        }
    }

    /// What a setting is set to; libpq takes an empty one for none.
    fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name).filter(|value| !value.is_empty())
    }

    fn encryption(&mut self) -> Result<(SslMode, Files)> {
        let files = Files {
            roots: self.take("sslrootcert").map(|file| match file.as_str() {
                "system" => Roots::System,
                _ => Roots::File(file.into()),
            }),
            certificate: self.take("sslcert").map(Into::into),
            key: self.take("sslkey").map(Into::into),
        };
        if files.certificate.is_some() != files.key.is_some() {
            return Err(wrong("sslcert", "and sslkey are of use only together"));
        }
        let is_system = files.roots == Some(Roots::System);
        let old_spelling = self.take("ssl").filter(|value| value == "true");
        let named = self.take("sslmode").or(old_spelling.map(|_| "require".to_owned()));
        let mode = match named {
            None if is_system => SslMode::VerifyFull,
            None => SslMode::Prefer,
            Some(name) => SslMode::ALL
                .iter()
                .find_map(|(known, mode)| (*known == name).then_some(*mode))
                .ok_or_else(|| wrong("sslmode", "is none of PostgreSQL's"))?,
        };
        if is_system && mode != SslMode::VerifyFull {
            return Err(wrong("sslrootcert", "is system, which needs sslmode=verify-full"));
        }
        if files.roots.is_none() && matches!(mode, SslMode::VerifyCa | SslMode::VerifyFull) {
            return Err(wrong("sslrootcert", "is missing: a file, or system"));
        }
        // As libpq has it: whoever names the authority wants it asked.
        let trusts_nobody_else = mode == SslMode::Require && files.roots.is_some();
        Ok((if trusts_nobody_else { SslMode::VerifyCa } else { mode }, files))
    }

    fn servers(&mut self) -> Result<Vec<Server>> {
        let mut list = |name| {
            let text = self.take(name).unwrap_or_default();
            text.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>()
        };
        let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"));
        let count = hosts.len().max(addresses.len());
        let is_one = |list: &[String]| list.len() == 1;
        for (name, list) in [("hostaddr", &addresses), ("port", &ports)] {
            if list.len() != count && !is_one(list) {
                return Err(wrong(name, "is not one for each host"));
            }
        }
        if hosts.len() != count && hosts.iter().any(|host| !host.is_empty()) {
            return Err(wrong("host", "is not one for each hostaddr"));
        }
        let of = |list: &[String], at: usize| {
            let at = if is_one(list) { 0 } else { at };
            list.get(at).cloned().unwrap_or_default()
        };
        let server = |at| Server {
            host: hosts.get(at).cloned().unwrap_or_default(),
            address: if count == 1 || !is_one(&addresses) {
                of(&addresses, at)
            } else {
                String::new()
            },
            port: of(&ports, at),
        };
        let servers: Vec<Server> = (0..count).map(server).collect();
        if servers.iter().any(|one| one.host.is_empty() && one.address.is_empty()) {
            return Err(wrong("host", "is missing"));
        }
        Ok(servers)
    }

    /// Of several servers at most one can be written to, and hoesu writes; which it is may change at
    /// any time. One server that is named alone is meant, whatever it is: what it cannot do it says.
    fn session_attrs(&mut self, are_many: bool) -> Result<TargetSessionAttrs> {
        match self.take("target_session_attrs").as_deref() {
            None if are_many => Ok(TargetSessionAttrs::ReadWrite),
            None | Some("any") => Ok(TargetSessionAttrs::Any),
            Some("read-write" | "primary") => Ok(TargetSessionAttrs::ReadWrite),
            Some("read-only" | "standby" | "prefer-standby") => Err(wrong(
                "target_session_attrs",
                "asks for a server that cannot be written to, and hoesu writes",
            )),
            Some(_) => Err(wrong("target_session_attrs", "is none of PostgreSQL's")),
        }
    }

    /// How long sent data may stay without an answer of the network. The driver counts seconds.
    fn acknowledged(&mut self) -> Result<Option<Duration>> {
        let time =
            self.take("tcp_user_timeout").map(|text| text.parse().map(Duration::from_millis));
        let time = time.transpose().map_err(|_| wrong("tcp_user_timeout", "is no number"))?;
        Ok(time.filter(|time| !time.is_zero()))
    }

    /// What is said of every server.
    fn common(mut self) -> Result<Config> {
        let fallback = self.take("fallback_application_name");
        let name = self.take("application_name").or(fallback);
        self.0.insert("application_name".to_owned(), name.unwrap_or_else(|| "hoesu".to_owned()));
        if let Some(count) = self.take("keepalives_count") {
            self.0.insert("keepalives_retries".to_owned(), count);
        }
        if self.take("gssencmode").is_some_and(|mode| mode == "require") {
            return Err(wrong("gssencmode", "asks for GSSAPI, which hoesu does not have"));
        }
        let mut all = String::new();
        for (name, value) in self.0.iter().filter(|(_, value)| !value.is_empty()) {
            if !PASSED.contains(&name.as_str()) {
                return Err(wrong(name, "is no setting hoesu knows"));
            }
            let quoted = value.replace('\\', "\\\\").replace('\'', "\\'");
            let one = format!("{name}='{quoted}' ");
            // Alone first: the driver does not say which setting it was.
            let known = one.parse::<Config>();
            known.map_err(|_| wrong(name, "has a value that PostgreSQL does not know"))?;
            all.push_str(&one);
        }
        all.parse().map_err(|_| wrong("URL", "is none that PostgreSQL knows"))
    }
}

/// `[user[:password]@][host[:port],…][/database][?setting=value&…]`
fn of_url(rest: &str) -> Result<BTreeMap<String, String>> {
    let mut settings = BTreeMap::new();
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    let (user, servers) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for server in servers.split(',') {
        let (host, port) = match server.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, port)) => (address, port.strip_prefix(':').unwrap_or(port)),
            None => server.split_once(':').unwrap_or((server, "")),
        };
        hosts.push(decoded("host", host)?);
        ports.push(port);
    }
    settings.insert("host".to_owned(), hosts.join(","));
    if ports.iter().any(|port| !port.is_empty()) {
        settings.insert("port".to_owned(), ports.join(","));
    }
    for (name, value) in [("user", user), ("password", password), ("dbname", database)] {
        settings.insert(name.to_owned(), decoded(name, value)?);
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded("URL", name)?;
        let value = decoded(&name, value)?;
        settings.insert(name, value);
    }
    Ok(settings)
}

fn decoded(name: &str, text: &str) -> Result<String> {
    let broken = || wrong(name, "has a % that stands for nothing");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let (high, low) = (digit().ok_or_else(broken)?, digit().ok_or_else(broken)?);
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

/// `setting=value setting='value with blanks' …`
fn of_words(text: &str) -> Result<BTreeMap<String, String>> {
    let unreadable = || wrong("URL", "is neither postgresql://… nor a list of setting=value");
    let mut settings = BTreeMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or_else(unreadable)?;
        let name = name.trim();
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(unreadable());
        }
        let after = after.trim_start();
        let is_quoted = after.starts_with('\'');
        let mut value = String::new();
        let mut characters = after.char_indices().skip(usize::from(is_quoted));
        let mut end = if is_quoted { None } else { Some(after.len()) };
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
                '\'' if is_quoted => {
                    end = Some(at + 1);
                    break;
                }
                blank if !is_quoted && blank.is_whitespace() => {
                    end = Some(at);
                    break;
                }
                other => value.push(other),
            }
        }
        rest = after[end.ok_or_else(unreadable)?..].trim_start();
        settings.insert(name.to_owned(), value);
    }
    Ok(settings)
}

/// Whether PostgreSQL takes this for a length of time.
fn is_duration(text: &str) -> bool {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_lowercase());
    let unit = &text[digits.len()..];
    digits.parse::<u32>().is_ok() && ["", "us", "ms", "s", "min", "h", "d"].contains(&unit)
}
