//! What every command has at hand: the language, the settings, a way to say things, the ledger.

use std::io::{IsTerminal as _, Stderr, Stdout, Write as _};
use std::path::Path;
use std::sync::Arc;

use hoesu_engine::Supervisor;
use hoesu_ledger::{Ledger, Limits, MasterKey, Place};
use jiff::Timestamp;
use serde::Serialize;

use crate::command::{Command, Global};
use crate::failure::{Failure, Result, fail};
use crate::lang::{Lang, say};
use crate::settings::{MASTER_KEY_ENV, Settings};

/// What a short-lived command's ledger may take.
const LIMITS: Limits = Limits { held_bytes: 8 << 20, ..Limits::USUAL };

/// What every command has at hand.
#[derive(Debug)]
pub(crate) struct Shell {
    pub(crate) lang: Lang,
    /// Whether a program reads what is said.
    pub(crate) json: bool,
    pub(crate) settings: Settings,
    /// What time it was when the command was given.
    pub(crate) now: Timestamp,
    /// Who looks after the process's background work.
    pub(crate) background: Supervisor,
    out: Stdout,
    beside: Stderr,
}

impl Shell {
    /// Settles the settings; a command's own flags are flags as well.
    pub(crate) fn open(
        global: Global,
        mut command: Command,
        lang: Lang,
    ) -> Result<(Self, Command)> {
        let Global { data, database, master_key_file, config, clock, lang: named, json } = global;
        let mut flags =
            Settings { data, database, master_key_file, clock, lang: named, ..Settings::default() };
        command.take_settings(&mut flags);
        let settings = Settings::layered(flags, config.as_deref())?;
        let shell = Self {
            lang: settings.lang.unwrap_or(lang),
            json,
            settings,
            now: Timestamp::now(),
            background: Supervisor::default(),
            out: std::io::stdout(),
            beside: std::io::stderr(),
        };
        shell.warn_of_unknown();
        Ok((shell, command))
    }

    /// A misspelled variable would be ignored without a word.
    fn warn_of_unknown(&self) {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let unknown = Settings::unknown(names);
        if unknown.is_empty() {
            return;
        }
        let each = unknown.iter().map(|(name, nearest)| match nearest {
            Some(nearest) => format!("{name} ({nearest}?)"),
            None => name.clone(),
        });
        let all = each.collect::<Vec<_>>().join(", ");
        self.note(say!(
            self.lang,
            "hoesu가 모르는 환경 변수라 무시해요: {all}",
            "these environment variables are no settings and are ignored: {all}"
        ));
    }

    /// Says a line on standard output.
    pub(crate) fn line(&self, text: impl AsRef<str>) -> Result<()> {
        let mut out = self.out.lock();
        writeln!(out, "{}", text.as_ref()).map_err(|error| Failure::output(&error))
    }

    /// Says a value to a program, on one line.
    pub(crate) fn value(&self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(|error| Failure::output(&error.into()))?;
        self.line(text)
    }

    /// Says something beside the answer, on standard error.
    pub(crate) fn note(&self, text: impl AsRef<str>) {
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(self.beside.lock(), "{}", text.as_ref());
    }

    /// Whether a person watches standard error.
    pub(crate) fn is_watched(&self) -> bool {
        self.beside.is_terminal()
    }

    /// Opens the ledger, making it at the very first time.
    pub(crate) async fn ledger(&self) -> Result<Arc<Ledger>> {
        self.ledger_within(LIMITS).await
    }

    /// As [`Shell::ledger`], within other limits.
    pub(crate) async fn ledger_within(&self, limits: Limits) -> Result<Arc<Ledger>> {
        let place = self.settings.place();
        let is_new = place.file().is_some_and(|file| !file.exists());
        if let Ok(hex) = std::env::var(MASTER_KEY_ENV) {
            let master = MasterKey::from_hex(&hex)?;
            let ledger = Ledger::open_within(&place, &master, limits).await?;
            self.tell_of_new(is_new, None);
            return Ok(ledger);
        }
        let key_file = self.settings.key_file();
        let had_key = key_file.exists();
        let ledger = Ledger::open_with_file(&place, &key_file, limits).await?;
        self.tell_of_new(is_new, (!had_key).then_some(key_file.as_path()));
        Ok(ledger)
    }

    /// Opens a ledger that is there; makes none.
    pub(crate) async fn existing_ledger(&self) -> Result<Arc<Ledger>> {
        self.existing_ledger_within(LIMITS).await
    }

    /// Looks into a ledger that is there, and leaves its structure as it is.
    pub(crate) async fn ledger_as_it_is(&self) -> Result<Arc<Ledger>> {
        self.existing_ledger_within(Limits { migrates: false, ..LIMITS }).await
    }

    async fn existing_ledger_within(&self, limits: Limits) -> Result<Arc<Ledger>> {
        let place = self.settings.place();
        let is_there = |file: &Path| file.exists() || self.settings.key_file().exists();
        if let Place::Folder(folder) = &place
            && !place.file().as_deref().is_some_and(is_there)
        {
            let folder = folder.display();
            return Err(fail!(
                "{folder}에 장부가 없어요. --data로 폴더를 알려 주거나, `hoesu account add`로 첫 계정을 만들어 주세요",
                "there is no ledger in {folder}; name its folder by --data, or make a first account with `hoesu account add`"
            ));
        }
        self.ledger_within(Limits { makes: false, ..limits }).await
    }

    /// Tells that there is a new ledger: a mistyped folder is one.
    fn tell_of_new(&self, is_new: bool, key_file: Option<&Path>) {
        if is_new {
            let folder = self.settings.folder();
            let folder = folder.display();
            self.note(say!(
                self.lang,
                "{folder} 폴더에 새 장부를 만들었어요.",
                "made a new ledger in {folder}"
            ));
        }
        if let Some(key_file) = key_file {
            self.note(self.new_key(key_file));
        }
    }

    fn new_key(&self, key_file: &Path) -> String {
        let file = key_file.display();
        say!(
            self.lang,
            "마스터 키를 만들었어요: {file}\n이 파일이 없으면 장부를 읽을 수 없으니 다른 곳에도 꼭 백업해 두세요.",
            "made the master key: {file}\nWithout this file the ledger cannot be read: back it up somewhere else."
        )
    }
}
