//! `hoesu doctor`: looks at everything hoesu stands on, and says what to do.

mod counters;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command as Process;

use clap::Args;
use hoesu_claims::josa;
use hoesu_claims::time::KST;
use hoesu_ledger::{Cause, Checked, MasterKey, Place};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::failure::{Exit, Failure, Result};
use crate::lang::{Lang, say};
use crate::settings::MASTER_KEY_ENV;
use crate::shell::Shell;

/// Less free space than this is worth a warning, in KiB.
const FREE_KIB: u64 = 1 << 20;

/// With less than this nothing can be written, in KiB.
const FULL_KIB: u64 = 1 << 10;

/// Years in which the clock is believed.
const YEARS: std::ops::RangeInclusive<i16> = 2024..=2099;

/// How far the newest row may lie ahead of the clock.
const AHEAD: SignedDuration = SignedDuration::from_mins(1);

/// Check the data folder, the key, the clock and the ledger, and say what to do. A small write is tried,
/// as /readyz does; no document is changed by it.
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

/// What is looked at: its id, and what people call it.
#[derive(Debug, Clone, Copy)]
struct Check {
    id: &'static str,
    name: &'static str,
}

impl Check {
    const fn of(lang: Lang, id: &'static str, ko: &'static str, en: &'static str) -> Self {
        let name = match lang {
            Lang::Ko => ko,
            Lang::En => en,
        };
        Self { id, name }
    }
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Finding {
    /// The word programs know the check by; it never changes.
    id: &'static str,
    /// What people call it.
    check: &'static str,
    state: State,
    found: String,
    #[serde(rename = "do", skip_serializing_if = "String::is_empty")]
    remedy: String,
}

impl Finding {
    fn ok(check: Check, found: impl Into<String>) -> Self {
        let Check { id, name } = check;
        Self { id, check: name, state: State::Ok, found: found.into(), remedy: String::new() }
    }

    fn warn(check: Check, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Warn, remedy: remedy.into(), ..Self::ok(check, found) }
    }

    fn fail(check: Check, found: impl Into<String>, remedy: impl Into<String>) -> Self {
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
    let name = Check::of(lang, "data-folder", "데이터 폴더", "data folder");
    let shown = folder.display().to_string();
    let shown_ko = josa::subject(&shown);
    if !folder.is_dir() {
        return vec![Finding::fail(
            name,
            say!(lang, "{shown_ko} 없어요", "{shown} is not there"),
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
    let mut findings = vec![writable];
    findings.extend(
        [(folder.to_owned(), 0o700), (folder.join("ledger.db"), 0o600)].iter().filter_map(
            |(path, mode)| {
                others_read(
                    Check::of(lang, "permissions", "권한", "permissions"),
                    lang,
                    path,
                    *mode,
                )
            },
        ),
    );
    findings.push(disk_finding(lang, free_kib(folder)));
    findings
}

/// Whether others than the owner can read something, which should have this mode.
fn others_read(check: Check, lang: Lang, path: &Path, wanted: u32) -> Option<Finding> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let shown = path.display();
    (mode & 0o077 != 0).then(|| {
        Finding::warn(
            check,
            say!(
                lang,
                "다른 사용자도 {shown} 안을 볼 수 있어요 ({mode:o})",
                "others can read {shown} ({mode:o})"
            ),
            format!("chmod {wanted:o} {shown}"),
        )
    })
}

fn disk_finding(lang: Lang, free: Option<u64>) -> Finding {
    let name = Check::of(lang, "disk", "디스크", "disk");
    let Some(free) = free else {
        return Finding::warn(
            name,
            lang.pick("남은 공간을 알 수 없어요", "the free space is not known"),
            lang.pick("df로 직접 확인해 주세요", "look with df yourself"),
        );
    };
    let mib = free / 1024;
    let found = say!(lang, "{mib} MiB 남음", "{mib} MiB free");
    let remedy = lang
        .pick("공간을 비우거나 더 큰 디스크로 옮겨 주세요", "make room, or move to a larger disk");
    match free {
        FREE_KIB.. => Finding::ok(name, found),
        FULL_KIB.. => Finding::warn(name, found, remedy),
        _ => Finding::fail(name, found, remedy),
    }
}

/// Free space of the disk a folder is on, as `df` of POSIX says it.
fn free_kib(folder: &Path) -> Option<u64> {
    let said = Process::new("df").arg("-Pk").arg(folder).output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn key_finding(lang: Lang, file: &Path) -> Finding {
    let name = Check::of(lang, "master-key", "마스터 키", "master key");
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
    let shown_ko = josa::subject(&shown);
    match MasterKey::load(file) {
        Ok(Some(_)) => {}
        Ok(None) => {
            return Finding::fail(
                name,
                say!(lang, "{shown_ko} 없어요", "{shown} is not there"),
                lang.pick(
                    "백업에서 되살리거나 --master-key-file로 알려 주세요",
                    "restore it from your backup, or name it by --master-key-file",
                ),
            );
        }
        Err(hoesu_ledger::Error::Key(_)) => {
            return Finding::fail(
                name,
                say!(
                    lang,
                    "{shown} 파일의 내용이 16진수 64자리가 아니에요",
                    "{shown} does not hold 64 hexadecimal digits"
                ),
                lang.pick(
                    "백업한 키 파일과 비교해 되살려 주세요",
                    "compare it with your backup of the key, and restore it",
                ),
            );
        }
        Err(error) => {
            let why = error.said();
            return Finding::fail(
                name,
                say!(lang, "읽을 수 없어요 ({why})", "it cannot be read ({why})"),
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
                "다른 사람도 {shown} 파일을 읽을 수 있어요 ({mode:o})",
                "others can read {shown} ({mode:o})"
            ),
            format!("chmod 600 {shown}"),
        ),
        Ok(_) | Err(_) => Finding::ok(name, shown),
    }
}

fn clock_finding(shell: &Shell) -> Finding {
    let lang = shell.lang;
    let name = Check::of(lang, "clock", "시계", "clock");
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
    let name = Check::of(lang, "ledger", "장부", "ledger");
    let checked = async {
        let ledger = shell.ledger_as_it_is().await?;
        let written = ledger.ready().await.map_err(Failure::from);
        Ok((ledger.check().await?, written, counters::findings(lang, &ledger, repair).await?))
    };
    let (checked, written, counters) = match checked.await {
        Ok(checked) => checked,
        Err(failure) => {
            let failure: Failure = failure;
            if failure.cause() == Some(Cause::Corrupt) {
                return vec![damaged(lang, name, &shell.settings.place())];
            }
            return vec![Finding::fail(name, failure.text(lang), "")];
        }
    };
    let opened = lang.pick("열림, 구조가 최신이에요", "opens, and its schema is up to date");
    let mut findings = vec![Finding::ok(name, opened)];
    let writing = Check::of(lang, "write", "쓰기", "writing");
    findings.push(match written {
        Ok(()) => Finding::ok(writing, lang.pick("쓸 수 있어요", "a small write was kept")),
        Err(failure) => Finding::fail(writing, failure.text(lang), ""),
    });
    findings.extend(sound(lang, &checked));
    findings.extend(checked.latest.and_then(|latest| ahead(lang, latest, shell.now)));
    findings.extend(counters);
    findings
}

/// The database, its integrity, and the sellers' keys.
fn sound(lang: Lang, checked: &Checked) -> [Finding; 3] {
    let Checked { database, damage, sellers, closed, .. } = checked;
    let name = Check::of(lang, "database", "데이터베이스", "database");
    let database = Finding::ok(name, database);
    let name = Check::of(lang, "integrity", "무결성", "integrity");
    let integrity = if damage.is_empty() {
        Finding::ok(name, lang.pick("손상된 곳이 없어요", "no damage found"))
    } else {
        Finding::fail(name, damage.join("; "), restore(lang))
    };
    let name = Check::of(lang, "seller-keys", "판매자 키", "seller keys");
    let keys = if closed.is_empty() {
        Finding::ok(
            name,
            say!(lang, "판매자 {sellers}곳의 키가 열려요", "the keys of {sellers} sellers open"),
        )
    } else {
        let closed = closed.join(", ");
        Finding::fail(
            name,
            say!(
                lang,
                "열리지 않는 키가 있어요: {closed}",
                "the keys of these do not open: {closed}"
            ),
            restore(lang),
        )
    };
    [database, integrity, keys]
}

/// What is wrong with a file that does not open.
fn damaged(lang: Lang, name: Check, place: &Place) -> Finding {
    let file = place.file().map(|file| file.display().to_string()).unwrap_or_default();
    let found = match place.damage() {
        Ok(None) => say!(
            lang,
            "{file} 파일은 SQLite 데이터베이스가 아니에요",
            "the ledger is damaged: {file} is no SQLite database"
        ),
        Ok(Some(lines)) if !lines.is_empty() => {
            let lines = lines.join("; ");
            say!(lang, "장부가 손상됐어요: {lines}", "the ledger is damaged: {lines}")
        }
        Ok(Some(_)) => lang.pick("장부가 손상됐어요", "the ledger is damaged").to_owned(),
        Err(error) => {
            let why = error.said();
            say!(lang, "장부가 손상됐어요 ({why})", "the ledger is damaged ({why})")
        }
    };
    Finding::fail(name, found, restore(lang))
}

fn restore(lang: Lang) -> &'static str {
    lang.pick(
        "쓰기를 멈추고 데이터 폴더를 복사해 둔 뒤 백업에서 되살려 주세요",
        "stop writing, copy the data folder aside, and restore from your backup",
    )
}

/// Whether something was written at a time that is not yet.
fn ahead(lang: Lang, latest: Timestamp, now: Timestamp) -> Option<Finding> {
    if latest.duration_since(now) <= AHEAD {
        return None;
    }
    let shown = |at| KST.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let (latest, now) = (shown(latest), shown(now));
    Some(Finding::fail(
        Check::of(lang, "newest-row", "최근 기록", "newest row"),
        say!(
            lang,
            "가장 최근 기록이 {latest}(한국)인데 지금 시계는 {now}(한국)이에요",
            "the newest row is of {latest} KST, and the clock shows {now} KST"
        ),
        lang.pick(
            "시각을 맞춰 주세요. 샌드박스에서 수집한 장부라면 그 샌드박스의 --clock을 주세요. 시계가 맞다면 앞선 시계로 쓴 기록이라, 그때까지 새 소식이 가려질 수 있어요",
            "set the time, or give --clock if a sandbox was collected from; if the clock is right, the row was written by one that was ahead, and covers what is heard until then",
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_a_failure_and_a_small_rest_a_warning() {
        let state = |free| disk_finding(Lang::Ko, free).state;
        assert_eq!(state(Some(0)), State::Fail);
        assert_eq!(state(Some(FREE_KIB - 1)), State::Warn);
        assert_eq!(state(Some(FREE_KIB)), State::Ok);
        assert_eq!(state(None), State::Warn);
    }

    #[test]
    fn a_row_of_a_minute_from_now_is_no_matter_and_a_later_one_is() {
        let now: Timestamp = "2026-01-19T00:00:00Z".parse().unwrap();
        let after = |seconds| now + SignedDuration::from_secs(seconds);
        assert!(ahead(Lang::En, after(60), now).is_none());
        let found = ahead(Lang::En, after(61), now).unwrap();
        assert_eq!(found.state, State::Fail);
        assert!(found.found.contains("2026-01-19 09:01:01"), "{found:?}");
        assert!(found.found.contains("2026-01-19 09:00:00"), "{found:?}");
    }
}
