//! The binary as people and programs use it.

mod accounts;
mod audit;
mod books;
mod cases;
mod counters;
mod documents;
mod failures;
mod generated;
mod keys;
mod killed;
mod machine;
mod privacy;
mod service;
mod speech;
mod together;
mod users;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use hoesu_ledger::Place;
use hoesu_testkit::Database;
use hoesu_testkit::postgres::Fresh;
use serde_json::Value;
use tempfile::TempDir;

/// A data folder of its own, and the binary in it; or a database, and the folder for the key alone.
struct Home(TempDir, Option<Fresh>);

/// What a command said and how it ended.
#[derive(Debug)]
struct Said {
    exit: i32,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        Self::on(Database::Sqlite)
    }

    fn on(database: Database) -> Self {
        let server = (database == Database::Postgres).then(Fresh::database);
        Self(tempfile::tempdir().expect("a folder"), server)
    }

    /// Where its ledger lives.
    fn place(&self) -> Place {
        match &self.1 {
            None => Place::Folder(self.path().join("hoesu-data")),
            Some(server) => Place::Postgres(server.url()),
        }
    }

    /// Nothing is half there: the counters are those of the rows, and what is settled is what all
    /// documents say.
    #[track_caller]
    fn is_whole(&self) {
        let doctor = self.json(&["doctor"]);
        let mut all = doctor.as_array().expect("findings").iter();
        let counters = all.find(|one| one["check"] == "counters").expect("they are checked");
        assert_eq!(counters["state"], "ok", "{doctor}");
        self.json(&["findings"]);
        let checked = self.json(&["replay", "--check"]);
        let (different, unsettled) = (&checked["different"], &checked["unsettled"]);
        assert_eq!((different, unsettled), (&0.into(), &0.into()), "{checked}");
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hoesu"));
        command.args(args).current_dir(self.path()).env_clear();
        if let Some(server) = &self.1 {
            command.env("HOESU_DATABASE", server.url());
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Said {
        Said::of(&self.command(args).output().expect("hoesu runs"))
    }

    /// Runs with text on standard input.
    fn feed(&self, args: &[&str], text: impl AsRef<[u8]>) -> Said {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().expect("hoesu runs");
        child.stdin.take().expect("piped").write_all(text.as_ref()).expect("it reads");
        Said::of(&child.wait_with_output().expect("it ends"))
    }

    /// Runs with `--json` and answers what it said.
    fn json(&self, args: &[&str]) -> Value {
        let said = self.run(&[&["--json"], args].concat());
        assert_eq!(said.exit, 0, "{said:?}");
        said.json()
    }
}

impl Said {
    fn of(output: &Output) -> Self {
        Self {
            exit: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout.clone()).expect("UTF-8"),
            err: String::from_utf8(output.stderr.clone()).expect("UTF-8"),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Says that it ended so, and something like this on standard error.
    #[track_caller]
    fn failed(&self, exit: i32, word: &str) {
        assert_eq!(self.exit, exit, "{self:?}");
        assert!(self.err.contains(word), "{word}: {self:?}");
    }
}
