//! A hub: a data folder with an account for each of the market's, and processes that work on it.

use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use hoesu_claims::Document;
use hoesu_ledger::{Ledger, Limits, Place};
use serde_json::Value;
use tempfile::TempDir;

use crate::market::Market;

/// A hub's folder.
pub(crate) struct Hub {
    folder: TempDir,
    clock: String,
}

impl Drop for Hub {
    /// What went wrong can be looked at.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.folder.disable_cleanup(true);
            crate::say(&format!("kept: {}", self.folder.path().display()));
        }
    }
}

/// A process that serves and collects.
pub(crate) struct Running(Child);

impl Running {
    /// As the system does it when memory runs out: at once.
    pub(crate) fn kill(mut self) {
        self.0.kill().expect("a process that runs");
        self.0.wait().expect("a process that ended");
    }
}

impl Hub {
    /// A hub that knows of every account of a market and has read nothing.
    pub(crate) async fn of(market: &Market) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let hub = Self { folder, clock: market.origin.clone() };
        let seed: Value =
            serde_json::from_slice(&market.get("/_sandbox/seed").await).expect("JSON");
        for seller in seed["sellers"].as_array().expect("sellers") {
            let name = seller["name"].as_str().expect("a name");
            hub.did(&["seller", "add", name]);
            for account in seller["accounts"].as_array().expect("accounts") {
                let text = |member: &str| account[member].as_str().expect("a text");
                let mut add = vec!["account", "add", text("channel"), text("name")];
                add.extend(["--seller", name]);
                let settings = account["settings"].as_object().expect("settings");
                let set = settings
                    .iter()
                    .map(|(name, value)| format!("{name}={}", value.as_str().expect("a text")));
                let set: Vec<String> = set.collect();
                add.extend(set.iter().flat_map(|set| ["--set", set]));
                hub.did(&add);
            }
        }
        hub
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hoesu"));
        command.args(args).current_dir(self.folder.path()).env_clear();
        command.env("HOESU_CLOCK", &self.clock).env("HOESU_LANG", "en");
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn ran(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("hoesu runs")
    }

    fn did(&self, args: &[&str]) {
        let output = self.ran(args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
    }

    /// What a command says with `--json`.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let output = self.ran(&[args, &["--json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{args:?}: {error}: {}", String::from_utf8_lossy(&output.stderr))
        })
    }

    /// Begins to serve and collect.
    pub(crate) fn serve(&self, _: &Market) -> Running {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--log", "error"]);
        command.stdout(Stdio::null()).stderr(Stdio::inherit());
        Running(command.spawn().expect("hoesu runs"))
    }

    /// Reads all there is of a day and later, until nothing is late and nothing fails.
    pub(crate) fn collect_all(&self, since: &str) {
        let collect = ["collect", "--once", "--since", since];
        for _ in 0..40 {
            let reports = self.json(&collect);
            let feeds = reports["feeds"].as_array().expect("feeds");
            let done = |feed: &Value| feed["failure"].is_null() && feed["left"] == false;
            if !feeds.is_empty() && feeds.iter().all(done) {
                return;
            }
        }
        panic!("not everything could be read: {}", self.json(&collect));
    }

    /// Imports what was heard of an account: the document as it was said last.
    pub(crate) fn import(&self, seller: &str, account: &str, heard: &Document) {
        let file = self.folder.path().join("heard");
        std::fs::write(&file, &heard.body).expect("a file");
        let at = heard.observed_at.to_string();
        let marks = heard.marks.iter().map(|(moment, at)| format!("{}={at}", moment.name()));
        let marks: Vec<String> = marks.collect();
        let mut import = vec!["import", account, "heard", "--seller", seller, "--observed-at", &at];
        import.extend(marks.iter().flat_map(|mark| ["--mark", mark]));
        self.did(&import);
    }

    /// The ledger, beside the processes that work on it.
    pub(crate) async fn ledger(&self) -> Arc<Ledger> {
        let data = self.folder.path().join("hoesu-data");
        let key = data.join("master.key");
        Ledger::open_with_file(
            &Place::Folder(data),
            &key,
            Limits { held_bytes: 8 << 20, ..Limits::USUAL },
        )
        .await
        .expect("a ledger")
    }
}
