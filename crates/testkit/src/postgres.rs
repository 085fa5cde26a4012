//! A PostgreSQL server for tests, and a fresh database on it for each.
//!
//! Databases are made with `psql`, which comes with every server, so that no SQL driver is needed
//! here. `postgres.sh` runs our own server and ends it when its standard input closes: the system
//! closes it when this process ends, even when it is killed.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use uuid::Uuid;

/// The environment variable with the URL of a server's maintenance database. The role in it must be
/// allowed to make databases.
pub const SERVER: &str = "HOESU_TEST_POSTGRES";

/// An empty database, dropped with the value.
#[derive(Debug)]
pub struct Fresh {
    server: String,
    name: String,
}

impl Fresh {
    /// Makes one. Fails the test if no server can be had.
    pub fn database() -> Self {
        Self::on(server())
    }

    /// Makes one on the server with this URL.
    pub fn on(server: &str) -> Self {
        let name = format!("hoesu_test_{}", Uuid::new_v4().simple());
        if let Err(why) = psql(server, &format!("CREATE DATABASE {name} TEMPLATE template0")) {
            panic!("no database could be made for the test: {why}");
        }
        Self { server: server.to_owned(), name }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        self.url_at(&self.server)
    }

    /// Its URL as it is reached otherwise: by the URL of another database there.
    pub fn url_at(&self, other: &str) -> String {
        with_database(other, &self.name)
    }
}

impl Fresh {
    /// Says something to the server in this database. Fails the test if it is refused.
    pub fn sql(&self, sql: &str) {
        psql(&self.url(), sql).unwrap_or_else(|why| panic!("{sql}: {why}"));
    }

    /// Drops it now, whoever is connected.
    pub fn lose(&self) {
        let dropped = psql(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
        dropped.unwrap_or_else(|why| panic!("the database could not be dropped: {why}"));
    }

    /// Another database that holds what this one holds now. Whoever is connected to this one is thrown out.
    pub(crate) fn copy(&self) -> Self {
        let name = format!("hoesu_test_{}", Uuid::new_v4().simple());
        self.alone(&[&format!("CREATE DATABASE {name} TEMPLATE {}", self.name)]);
        Self { server: self.server.clone(), name }
    }

    /// Puts another database in the place of this one, and throws out whoever is connected.
    pub(crate) fn exchange(&self, other: &Self) {
        let (name, other) = (&self.name, &other.name);
        self.alone(&[
            &format!("ALTER DATABASE {name} RENAME TO {name}_away"),
            &format!("ALTER DATABASE {other} RENAME TO {name}"),
            &format!("ALTER DATABASE {name}_away RENAME TO {other}"),
        ]);
    }

    /// Makes the rows of every table those of another database, in one transaction. Nobody is thrown out.
    pub(crate) fn overwrite(&self, other: &Self) {
        let script = r#"
            set -eu
            tables=$(psql --no-psqlrc -qAt -d "$2" -c "SELECT string_agg(quote_ident(tablename), ', ')
                FROM pg_tables WHERE schemaname = 'public'")
            { echo "TRUNCATE $tables;"; pg_dump --data-only -d "$2"; } |
                psql --no-psqlrc -q --single-transaction -v ON_ERROR_STOP=1 -d "$1""#;
        let said = Command::new("sh")
            .args(["-c", script, "sh", &self.url(), &other.url()])
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }

    /// Runs statements while nobody is connected to the database.
    fn alone(&self, statements: &[&str]) {
        let name = &self.name;
        let out = format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        );
        let closed = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        let open = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true");
        let all = [closed.as_str(), &out].into_iter().chain(statements.iter().copied());
        for statement in all {
            if let Err(why) = psql(&self.server, statement) {
                panic!("{statement}: {why}");
            }
        }
        // Of two that changed places, the one that was closed has the other's name now.
        let _ = psql(&self.server, &open);
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // What is left behind is only in the way; the test's own outcome stands.
        let _ = psql(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// The URL of the maintenance database of the process's server, which is started if need be.
fn server() -> &'static str {
    static OURS: OnceLock<(String, Option<Child>)> = OnceLock::new();
    let (url, _running) = OURS.get_or_init(|| match std::env::var(SERVER) {
        Ok(url) if !url.is_empty() => (url, None),
        _ => start(),
    });
    url
}

fn start() -> (String, Option<Child>) {
    let (url, child) = run(include_str!("postgres.sh"), &[]);
    (url, Some(child))
}

/// A server of a test's own, or a pooler before one, gone with the value.
pub struct Server {
    url: String,
    port: u16,
    running: Child,
}

impl Server {
    /// A server that has a folder's files beside its data, as `postgres.sh` says, and listens on
    /// [`Self::port`] of 127.0.0.1 too.
    pub fn with(folder: &Path) -> Self {
        let port = free_port();
        let folder = folder.to_str().expect("a plain path");
        let (url, running) = run(include_str!("postgres.sh"), &[folder, &port.to_string()]);
        Self { url, port, running }
    }

    /// A PgBouncer before it, in transaction mode.
    #[must_use]
    pub fn pooled(&self) -> Self {
        let (_, query) = self.url.split_once("host=").expect("a socket's folder");
        let folder = query.split('&').next().expect("a folder");
        let port = self.port.to_string();
        let (url, running) = run(include_str!("pgbouncer.sh"), &[folder, &port]);
        Self { url, port: 6432, running }
    }

    /// The URL of its maintenance database, over a socket.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.running.stdin.take());
        let _ = self.running.wait();
    }
}

/// A port nobody listens on, for now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Runs a script that says a URL and lives until its standard input closes.
fn run(script: &str, arguments: &[&str]) -> (String, Child) {
    let mut child = Command::new("sh")
        .args(["-c", script, "sh"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0) // a test runner that kills our group must not kill the one who tidies up
        .spawn()
        .expect("a shell");
    let mut url = String::new();
    let said = child.stdout.take().expect("piped");
    BufReader::new(said).read_line(&mut url).expect("its URL is text");
    if url.is_empty() {
        let mut why = String::new();
        let mut said = child.stderr.take().expect("piped");
        said.read_to_string(&mut why).expect("its complaint is text");
        panic!("{}", why.trim_end());
    }
    (url.trim_end().to_owned(), child)
}

pub(crate) fn psql(url: &str, sql: &str) -> Result<(), String> {
    let said = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url])
        // Statements of one command are one transaction; each of its own is not.
        .args(sql.split(";\n").flat_map(|statement| ["--command", statement]))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("psql does not run ({error}): apt-get install postgresql"))?;
    if said.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&said.stderr).trim_end().to_owned())
    }
}

/// The URL of another database on the same server.
fn with_database(url: &str, name: &str) -> String {
    let (place, options) = match url.split_once('?') {
        Some((place, options)) => (place, format!("?{options}")),
        None => (url, String::new()),
    };
    let authority = place.find("://").map_or(0, |at| at + 3);
    let end = place[authority..].find('/').map_or(place.len(), |at| authority + at);
    format!("{}/{name}{options}", &place[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_is_on_the_same_server() {
        assert_eq!(with_database("postgresql://u@h:1/postgres", "a"), "postgresql://u@h:1/a");
        assert_eq!(
            with_database("postgresql://h?sslmode=prefer", "a"),
            "postgresql://h/a?sslmode=prefer"
        );
        assert_eq!(
            with_database("postgresql://u@/postgres?host=/tmp/x", "a"),
            "postgresql://u@/a?host=/tmp/x"
        );
    }

    #[test]
    fn two_databases_are_two_and_gone_afterwards() {
        let (one, other) = (Fresh::database(), Fresh::database());
        let url = one.url();
        assert_ne!(url, other.url());
        psql(&url, "SELECT 1").unwrap();
        drop(one);
        assert!(psql(&url, "SELECT 1").unwrap_err().contains("does not exist"));
        psql(&other.url(), "SELECT 1").unwrap();
    }

    #[test]
    fn a_copy_has_what_was_there_and_lives_alone() {
        let one = Fresh::database();
        psql(&one.url(), "CREATE TABLE kept (nth BIGINT)").unwrap();
        let other = one.copy();
        drop(one);
        psql(&other.url(), "SELECT nth FROM kept").unwrap();
    }
}
