//! How a command ends: its exit codes, and the one line that says why it failed, in both languages.

use std::error::Error as _;
use std::io::Write as _;
use std::process::ExitCode;

use hoesu_ledger::Error as LedgerError;

use crate::lang::Lang;

/// A command's result.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done.
    Done,
    /// It was not done.
    Failed,
    /// It was asked for in a way nobody can do.
    Usage,
    /// It was done, and something in the input was refused.
    Refusals,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Refusals => 3,
        })
    }
}

impl From<&Failure> for Exit {
    fn from(failure: &Failure) -> Self {
        failure.exit
    }
}

/// Why a command ended early: what was being done, why it didn't work, what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    ko: String,
    en: String,
    lang: Option<Lang>,
}

/// A [`Failure`] said in Korean, then in English.
macro_rules! fail {
    ($ko:literal, $en:literal $(,)?) => {
        $crate::failure::Failure::failed(format!($ko), format!($en))
    };
}

/// As [`fail`], where the command line itself is wrong.
macro_rules! misuse {
    ($ko:literal, $en:literal $(,)?) => {
        $crate::failure::Failure::usage(format!($ko), format!($en))
    };
}

pub(crate) use {fail, misuse};

impl Failure {
    pub(crate) fn failed(ko: String, en: String) -> Self {
        Self { exit: Exit::Failed, ko, en, lang: None }
    }

    pub(crate) fn usage(ko: String, en: String) -> Self {
        Self { exit: Exit::Usage, ko, en, lang: None }
    }

    /// To be said in this language, whatever the process began with.
    pub(crate) fn in_language(mut self, lang: Lang) -> Self {
        self.lang = Some(lang);
        self
    }

    /// What it says.
    pub(crate) fn text(&self, lang: Lang) -> &str {
        lang.pick(&self.ko, &self.en)
    }

    /// Says it on standard error, unless whoever reads us has gone.
    pub(crate) fn print(&self, lang: Lang) {
        if self.ko.is_empty() {
            return;
        }
        let text = self.text(self.lang.unwrap_or(lang));
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(std::io::stderr(), "hoesu: {text}");
    }

    /// Standard output could not be written. That its reader has seen enough is no failure.
    pub(crate) fn output(error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Done, ..Self::failed(String::new(), String::new()) };
        }
        fail!("출력하지 못했어요: {error}", "the output could not be written: {error}")
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let transient = error.is_transient();
        let why = error.source().map(|source| format!(" ({source})")).unwrap_or_default();
        match error {
            _ if transient => fail!(
                "장부가 지금 대답하지 않아요{why}. 데이터베이스가 떠 있는지 확인하고 잠시 뒤에 다시 해 보세요",
                "the ledger does not answer right now{why}; check that the database is up and try again in a moment"
            ),
            LedgerError::Sqlite { doing, .. } => fail!(
                "SQLite 장부를 쓰지 못했어요: {doing}{why}. `hoesu doctor`로 상태를 확인해 보세요",
                "the SQLite ledger failed while {doing}{why}; `hoesu doctor` looks at its state"
            ),
            LedgerError::Postgres { doing, .. } => fail!(
                "PostgreSQL 장부를 쓰지 못했어요: {doing}{why}. 접속 주소와 권한을 확인해 보세요",
                "the PostgreSQL ledger failed while {doing}{why}; check its address and your rights"
            ),
            LedgerError::Commit(why) | LedgerError::Pool(why) => fail!(
                "장부에 연결하지 못했어요 ({why}). 접속 주소를 확인하고 다시 해 보세요",
                "the ledger could not be reached ({why}); check its address and try again"
            ),
            LedgerError::Migrate(source) => fail!(
                "장부 구조를 새 버전으로 바꾸지 못했어요 ({source}). 백업이 있는지 확인한 뒤 다시 해 보세요",
                "the ledger's schema could not be brought up to date ({source}); check your backup, then try again"
            ),
            LedgerError::File { doing, path, source } => fail!(
                "파일을 다루지 못했어요: {path} ({doing}: {source}). 경로와 권한을 확인해 보세요",
                "{doing} failed: {path} ({source}); check the path and its permissions"
            ),
            LedgerError::Panicked { doing } => fail!(
                "hoesu 자체의 오류로 실패했어요 ({doing}). 아무것도 저장되지 않았어요. 개발팀에 알려 주세요",
                "hoesu itself is at fault (while {doing}); nothing was kept, please report it"
            ),
            LedgerError::Key(why) => fail!(
                "마스터 키로 장부를 열 수 없어요 ({why}). 이 장부를 만든 키 파일을 --master-key-file로 알려 주세요",
                "{why}; give the key file this ledger was made with by --master-key-file"
            ),
            LedgerError::Sealed { what } => fail!(
                "봉인된 값({what})이 열리지 않아요. 장부 파일이 손상됐거나 키가 달라요. `hoesu doctor`로 확인해 보세요",
                "a sealed {what} does not open: the ledger is damaged or the key is another one; `hoesu doctor` looks at it"
            ),
            LedgerError::Unreadable(what) => fail!(
                "장부에 읽을 수 없는 값({what})이 있어요. 더 새로운 hoesu로 쓴 장부라면 hoesu를 새 버전으로 바꿔 주세요",
                "the ledger holds an unreadable {what}; if a newer hoesu wrote it, use that one"
            ),
            LedgerError::Refused(why) => {
                fail!("장부가 받아들이지 않았어요: {why}", "the ledger refused: {why}")
            }
            LedgerError::Closed => {
                fail!("장부가 닫혔어요", "the ledger is closed")
            }
        }
    }
}

impl From<hoesu_engine::Error> for Failure {
    fn from(error: hoesu_engine::Error) -> Self {
        match error {
            hoesu_engine::Error::Ledger(error) => error.into(),
            hoesu_engine::Error::Write(error) => Self::output(&error),
            hoesu_engine::Error::Read(error) => fail!(
                "끝까지 읽지 못했어요 ({error}). 읽은 데까지는 들어갔고, 다시 해도 괜찮아요",
                "the input could not be read to its end ({error}); what was read is in, and doing it again is harmless"
            ),
            hoesu_engine::Error::Table(why) => {
                let why = why.sentence();
                Self::failed(why.ko, why.en)
            }
            hoesu_engine::Error::Worker(error) => fail!(
                "작업 스레드가 멈췄어요 ({error}). 다시 해 보세요",
                "a worker thread died ({error}); try again"
            ),
        }
    }
}
