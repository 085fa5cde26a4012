//! Why the ledger failed is said in both languages, and a server whose ledger fails still ends.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::process::Command;
use std::time::{Duration, Instant};

use hoesu_channels::CHANNELS;

use crate::documents::lines;
use crate::service::Running;
use crate::{Home, Said};

/// Somebody who is not root, and may write nothing of root's.
const NOBODY: u32 = 65_534;

/// Runs as somebody whom the system refuses what it would not refuse root.
fn as_nobody(home: &Home, args: &[&str]) -> Said {
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return home.run(args);
    }
    let program = home.path().join("hoesu");
    std::fs::copy(env!("CARGO_BIN_EXE_hoesu"), &program).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(program);
    command.args(args).current_dir(home.path()).env_clear();
    Said::of(&command.output().expect("setpriv runs"))
}

#[test]
fn a_file_that_may_not_be_written_is_called_read_only() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let folder = home.path().join("hoesu-data");
    for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        // As root the test makes it somebody else's; as anybody else it is ours already.
        let _ = chown(&entry, Some(NOBODY), Some(NOBODY));
        let mode = if entry.ends_with("ledger.db") { 0o444 } else { 0o600 };
        std::fs::set_permissions(&entry, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    for folder in [home.path(), &folder] {
        let _ = chown(folder, Some(NOBODY), Some(NOBODY));
    }
    std::fs::write(home.path().join("more"), lines(CHANNELS[0], 20)).unwrap();
    assert_eq!(as_nobody(&home, &["findings"]).exit, 0, "it can be read");
    let english = as_nobody(&home, &["import", "one", "more"]);
    english.failed(1, "the ledger's file is read-only");
    english.failed(1, "check the owner and permissions");
    let korean = as_nobody(&home, &["--lang", "ko", "import", "one", "more"]);
    korean.failed(1, "장부 파일이 읽기 전용이에요");
    korean.failed(1, "readonly database");

    let doctor = as_nobody(&home, &["--json", "doctor"]);
    let found = doctor.json();
    let write = found.as_array().unwrap().iter().find(|one| one["id"] == "write").unwrap();
    assert!(doctor.exit == 1 && write["state"] == "fail", "{doctor:?}");
    let file = folder.join("ledger.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    home.is_whole();
    assert_eq!(home.run(&["export", "one"]).out, "", "nothing of the import is there");
    assert_eq!(home.run(&["import", "one", "more"]).exit, 0);
    home.is_whole();
}

#[test]
fn a_database_that_is_not_there_is_to_be_started() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let away = ["--master-key-file", "hoesu-data/master.key", "--database"];
    let away = [&away[..], &["postgresql://hoesu@/x?host=/nonexistent", "findings"]].concat();
    let english = home.run(&away);
    english.failed(1, "check that the database is up");
    english.failed(1, "No such file or directory");
    let korean = home.run(&[&["--lang", "ko"][..], &away].concat());
    korean.failed(1, "데이터베이스에 접속하지 못했어요. 데이터베이스에 연결되지 않아요");
}

#[test]
fn a_file_that_is_no_ledger_is_called_damaged() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let folder = home.path().join("hoesu-data");
    for file in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(folder.join(file));
    }
    std::fs::write(folder.join("ledger.db"), "no ledger".repeat(2_000)).unwrap();
    home.run(&["findings"]).failed(1, "restore from your backup");
    let doctor = home.run(&["doctor"]);
    assert!(doctor.exit == 1 && doctor.out.contains("is no SQLite database"), "{doctor:?}");
    assert!(!doctor.out.contains("`hoesu doctor`"), "it does not refer to itself: {doctor:?}");
}

#[test]
fn a_ledger_that_is_damaged_is_told_where() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    std::fs::write(home.path().join("more"), lines(CHANNELS[0], 400)).unwrap();
    home.json(&["import", "one", "more"]);
    let file = home.path().join("hoesu-data/ledger.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0x5a);
    std::fs::write(&file, bytes).unwrap();
    let doctor = home.run(&["--lang", "ko", "doctor"]);
    assert_eq!(doctor.exit, 1, "{doctor:?}");
    assert!(doctor.out.contains("page"), "SQLite's own lines: {doctor:?}");
    assert!(!doctor.out.contains("`hoesu doctor`"), "{doctor:?}");
}

#[test]
fn a_server_whose_ledger_is_gone_says_why_and_ends_in_time() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let server = Running::start(home.command(&["serve", "--listen", "127.0.0.1:0"]));
    server.until("answering on http://");
    // Readers that are opened from now on find nothing there.
    std::fs::rename(home.path().join("hoesu-data"), home.path().join("away")).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let began = Instant::now();
    assert_eq!(server.end(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(45), "{:?}", began.elapsed());
}
