//! How a command ends: its exit codes, and the one line that says why it failed, in both languages.

use std::io::Write as _;
use std::process::ExitCode;

use hoesu_claims::josa;
use hoesu_engine::failure::{Explained, explained};
use hoesu_ledger::{Cause, Error as LedgerError, KeyProblem, SchemaMismatch};

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
    cause: Option<Cause>,
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
        Self { exit: Exit::Failed, ko, en, lang: None, cause: None }
    }

    pub(crate) fn usage(ko: String, en: String) -> Self {
        Self { exit: Exit::Usage, ko, en, lang: None, cause: None }
    }

    /// To be said in this language, whatever the process began with.
    pub(crate) fn in_language(mut self, lang: Lang) -> Self {
        self.lang = Some(lang);
        self
    }

    /// Why the ledger failed, if it did.
    pub(crate) const fn cause(&self) -> Option<Cause> {
        self.cause
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
        let Explained { title, remedy } = explained(error.cause());
        let (said, doing) = (error.said(), error.doing());
        let doing_ko = in_korean(doing);
        let failure = match error.root() {
            LedgerError::WentBack => fail!(
                "일하는 동안 데이터베이스가 예전 상태로 돌아갔거나 다른 것으로 바뀌었어요. 백업을 되돌렸다면 끝난 뒤에 처음부터 다시 해 보세요",
                "the database went back in time or was exchanged while this was being done; once a backup is restored, do it again from the start"
            ),
            LedgerError::Sqlite { .. }
            | LedgerError::Postgres { .. }
            | LedgerError::Shared(_)
            | LedgerError::Pool(_)
            | LedgerError::Migrate(_)
            | LedgerError::Schema(
                SchemaMismatch::Unreleased
                | SchemaMismatch::Newer { .. }
                | SchemaMismatch::Older { .. },
            )
            | LedgerError::Silent { .. }
            | LedgerError::File { .. } => {
                let (title_ko, title, remedy_ko, remedy) =
                    (title.ko, title.en, remedy.ko, remedy.en);
                fail!(
                    "{doing_ko}. {title_ko} ({doing}: {said}). {remedy_ko}",
                    "{doing} failed: {title} ({said}); {remedy}"
                )
            }
            LedgerError::Url { .. } => {
                let (title_ko, title, remedy_ko, remedy) =
                    (title.ko, title.en, remedy.ko, remedy.en);
                fail!(
                    "{title_ko} ({said}). {remedy_ko}. 주소는 postgresql://사용자:암호@호스트:5432/데이터베이스처럼 적고, 암호 속의 @는 %40으로 적어 주세요",
                    "{title} ({said}); {remedy}. An address is written as postgresql://USER:PASSWORD@HOST:5432/DATABASE, an @ within the password as %40"
                )
            }
            LedgerError::Key(KeyProblem::Malformed) => fail!(
                "마스터 키가 16진수 64자리가 아니에요. 키 파일(또는 HOESU_MASTER_KEY)의 내용을 백업과 비교해 주세요",
                "{said}; compare the key file (or HOESU_MASTER_KEY) with your backup"
            ),
            LedgerError::Key(KeyProblem::Another) => {
                let (remedy_ko, remedy) = (remedy.ko, remedy.en);
                fail!(
                    "이 장부를 만든 마스터 키가 아니라서 장부를 읽을 수 없어요. {remedy_ko}",
                    "{said}, and cannot be read with this one; {remedy}"
                )
            }
            LedgerError::Key(KeyProblem::Missing { key }) => {
                let key_ko = josa::subject(key);
                fail!(
                    "장부는 있는데 마스터 키 파일 {key_ko} 없어요. 백업에서 되살리거나 --master-key-file로 알려 주세요",
                    "{said}; restore it from your backup, or name it by --master-key-file"
                )
            }
            LedgerError::Lost { key, folder } => {
                let (title_ko, title, remedy_ko, remedy) =
                    (title.ko, title.en, remedy.ko, remedy.en);
                fail!(
                    "{title_ko} (키 {key}, 장부가 있어야 할 폴더 {folder}). {remedy_ko}",
                    "{title} ({said}); {remedy}"
                )
            }
            LedgerError::Schema(SchemaMismatch::Absent) => {
                let (title_ko, title, remedy_ko, remedy) =
                    (title.ko, title.en, remedy.ko, remedy.en);
                fail!("{title_ko}. {remedy_ko}", "{title}; {remedy}")
            }
            LedgerError::Sealed { what } | LedgerError::Unreadable(what) => {
                let (title_ko, title, remedy_ko, remedy) =
                    (title.ko, title.en, remedy.ko, remedy.en);
                fail!("{title_ko} ({what}). {remedy_ko}", "{title} ({what}); {remedy}")
            }
            LedgerError::Panicked { .. } => fail!(
                "{doing_ko}. hoesu 자체의 오류로 실패했고 아무것도 저장되지 않았어요. 개발팀에 알려 주세요",
                "{doing} failed: hoesu itself is at fault, and nothing was kept; please report it"
            ),
            LedgerError::Refused(why) => {
                fail!("장부가 받아들이지 않았어요: {why}", "the ledger refused: {why}")
            }
            LedgerError::Closed => {
                fail!("장부가 닫혔어요", "the ledger is closed")
            }
        };
        Self { cause: Some(error.cause()), ..failure }
    }
}

/// What did not succeed, in Korean.
fn in_korean(doing: &str) -> &'static str {
    match doing.split(' ').next().unwrap_or_default() {
        _ if doing.ends_with("master key") => "마스터 키 파일을 다루지 못했어요",
        "connecting" => "데이터베이스에 접속하지 못했어요",
        "migrating" => "장부를 열지 못했어요",
        "opening" | "setting" if doing != "opening a session" && doing != "setting the policy" => {
            "장부를 열지 못했어요"
        }
        "reading" | "looking" | "counting" | "listing" | "picking" | "finding" | "checking"
        | "asking" => "장부를 읽지 못했어요",
        _ => "장부에 쓰지 못했어요",
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
