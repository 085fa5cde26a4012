//! `hoesu doctor`: looks at everything hoesu stands on, and says what to do.

mod counters;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command as Process;

use clap::Args;
use hoesu_claims::time::KST;
use hoesu_ledger::{MasterKey, Place};
use serde::Serialize;

use crate::failure::{Exit, Failure, Result};
use crate::lang::{Lang, say};
use crate::settings::MASTER_KEY_ENV;
use crate::shell::Shell;

/// Less free space than this is worth a warning, in KiB.
const FREE_KIB: u64 = 1 << 20;

/// Years in which the clock is believed.
const YEARS: std::ops::RangeInclusive<i16> = 2024..=2099;

/// Check the data folder, the key, the clock, the database and its migrations, and say what to do.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Raise counters that are behind the numbers already given, and mend nothing else.
    #[arg(long)]
    repair: bool,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warn,
    Fail,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Finding {
    check: String,
    state: State,
    found: String,
    #[serde(rename = "do", skip_serializing_if = "String::is_empty")]
    remedy: String,
}

impl Finding {
    fn ok(check: &str, found: impl Into<String>) -> Self {
        Self { check: check.into(), state: State::Ok, found: found.into(), remedy: String::new() }
    }

    fn warn(check: &str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (found, remedy) = (found.into(), remedy.into());
        Self { check: check.into(), state: State::Warn, found, remedy }
    }

    fn fail(check: &str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Fail, ..Self::warn(check, found, remedy) }
    }
}

impl Doctor {
    pub(crate) async fn run(self, shell: &Shell) -> Result<Exit> {
        let mut findings = Vec::new();
        if let Place::Folder(folder) = shell.settings.place() {
            findings.extend(folder_findings(shell.lang, &folder));
        }
        findings.push(key_finding(shell.lang, &shell.settings.key_file()));
        findings.push(clock_finding(shell));
        let ledger_is_there = findings.iter().all(|finding| finding.state != State::Fail);
        if ledger_is_there {
            findings.extend(ledger_findings(shell, self.repair).await);
        }
        if shell.json {
            shell.value(&findings)?;
        } else {
            for finding in &findings {
                let sign = match finding.state {
                    State::Ok => "✓",
                    State::Warn => "!",
                    State::Fail => "✗",
                };
                shell.line(format!("{sign} {}: {}", finding.check, finding.found))?;
                if !finding.remedy.is_empty() {
                    shell.line(format!("    → {}", finding.remedy))?;
                }
            }
        }
        let failed = findings.iter().any(|finding| finding.state == State::Fail);
        Ok(if failed { Exit::Failed } else { Exit::Done })
    }
}

fn folder_findings(lang: Lang, folder: &Path) -> Vec<Finding> {
    let name = lang.pick("데이터 폴더", "data folder");
    let shown = folder.display().to_string();
    if !folder.is_dir() {
        return vec![Finding::fail(
            name,
            say!(lang, "{shown}이(가) 없어요", "{shown} is not there"),
            lang.pick(
                "--data로 폴더를 알려 주거나 `hoesu account add`로 첫 계정을 만들어 주세요",
                "name the folder by --data, or make a first account with `hoesu account add`",
            ),
        )];
    }
    let probe = folder.join(".hoesu-doctor");
    let written = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe));
    let writable = match written {
        Ok(()) => Finding::ok(name, shown),
        Err(error) => Finding::fail(
            name,
            say!(lang, "{shown}에 쓸 수 없어요 ({error})", "{shown} cannot be written ({error})"),
            lang.pick(
                "폴더의 주인과 권한을 확인해 주세요",
                "check the folder's owner and permissions",
            ),
        ),
    };
    vec![writable, disk_finding(lang, folder)]
}

fn disk_finding(lang: Lang, folder: &Path) -> Finding {
    let name = lang.pick("디스크", "disk");
    let Some(free) = free_kib(folder) else {
        return Finding::warn(
            name,
            lang.pick("남은 공간을 알 수 없어요", "the free space is not known"),
            lang.pick("df로 직접 확인해 주세요", "look with df yourself"),
        );
    };
    let mib = free / 1024;
    let found = say!(lang, "{mib} MiB 남음", "{mib} MiB free");
    if free >= FREE_KIB {
        return Finding::ok(name, found);
    }
    Finding::warn(
        name,
        found,
        lang.pick(
            "공간을 비우거나 더 큰 디스크로 옮겨 주세요",
            "make room, or move to a larger disk",
        ),
    )
}

/// Free space of the disk a folder is on, as `df` of POSIX says it.
fn free_kib(folder: &Path) -> Option<u64> {
    let said = Process::new("df").arg("-Pk").arg(folder).output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn key_finding(lang: Lang, file: &Path) -> Finding {
    let name = lang.pick("마스터 키", "master key");
    if let Ok(hex) = std::env::var(MASTER_KEY_ENV) {
        return match MasterKey::from_hex(&hex) {
            Ok(_) => Finding::ok(name, MASTER_KEY_ENV),
            Err(_) => Finding::fail(
                name,
                say!(lang, "{MASTER_KEY_ENV}를 읽을 수 없어요", "{MASTER_KEY_ENV} is unreadable"),
                lang.pick("16진수 64자리를 넣어 주세요", "give it 64 hexadecimal digits"),
            ),
        };
    }
    let shown = file.display().to_string();
    match MasterKey::load(file) {
        Ok(Some(_)) => {}
        Ok(None) => {
            return Finding::fail(
                name,
                say!(lang, "{shown}이(가) 없어요", "{shown} is not there"),
                lang.pick(
                    "백업에서 되살리거나 --master-key-file로 알려 주세요",
                    "restore it from your backup, or name it by --master-key-file",
                ),
            );
        }
        Err(_) => {
            return Finding::fail(
                name,
                say!(lang, "{shown}을(를) 읽을 수 없어요", "{shown} is unreadable"),
                lang.pick(
                    "권한을 확인하거나 백업에서 되살려 주세요",
                    "check its permissions, or restore it from your backup",
                ),
            );
        }
    }
    let mode = std::fs::metadata(file).map(|about| about.permissions().mode() & 0o777);
    match mode {
        Ok(mode) if mode & 0o077 != 0 => Finding::warn(
            name,
            say!(
                lang,
                "{shown}을(를) 다른 사람도 읽을 수 있어요 ({mode:o})",
                "others can read {shown} ({mode:o})"
            ),
            format!("chmod 600 {shown}"),
        ),
        Ok(_) | Err(_) => Finding::ok(name, shown),
    }
}

fn clock_finding(shell: &Shell) -> Finding {
    let lang = shell.lang;
    let name = lang.pick("시계", "clock");
    let local = KST.to_datetime(shell.now);
    let found = format!("{} KST", local.strftime("%Y-%m-%d %H:%M:%S"));
    if YEARS.contains(&local.year()) {
        return Finding::ok(name, found);
    }
    Finding::fail(
        name,
        found,
        lang.pick(
            "시각을 맞춰 주세요. 서명은 5분만 어긋나도 거절돼요",
            "set the time; signatures are refused when it is five minutes off",
        ),
    )
}

async fn ledger_findings(shell: &Shell, repair: bool) -> Vec<Finding> {
    let lang = shell.lang;
    let name = lang.pick("장부", "ledger");
    let checked = async {
        let ledger = shell.existing_ledger().await?;
        Ok((ledger.check().await?, counters::findings(lang, &ledger, repair).await?))
    };
    let (checked, counters) = match checked.await {
        Ok(checked) => checked,
        Err(failure) => {
            let failure: Failure = failure;
            return vec![Finding::fail(name, failure.text(lang), "")];
        }
    };
    let opened = lang.pick("열림, 구조가 최신이에요", "opens, and its schema is up to date");
    let mut findings = vec![Finding::ok(name, opened)];
    findings.extend(checked.into_iter().map(|checked| {
        let what = named(lang, checked.what);
        if checked.well {
            Finding::ok(what, checked.found)
        } else {
            Finding::fail(
                what,
                checked.found,
                lang.pick(
                    "쓰기를 멈추고 데이터 폴더를 복사해 둔 뒤 백업에서 되살려 주세요",
                    "stop writing, copy the data folder aside, and restore from your backup",
                ),
            )
        }
    }));
    findings.extend(counters);
    findings
}

/// What the ledger calls its own parts.
fn named(lang: Lang, what: &'static str) -> &'static str {
    match (lang, what) {
        (Lang::Ko, "database") => "데이터베이스",
        (Lang::Ko, "integrity") => "무결성",
        (Lang::Ko, "keys") => "판매자 키",
        (Lang::Ko | Lang::En, other) => other,
    }
}
