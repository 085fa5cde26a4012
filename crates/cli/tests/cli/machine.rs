//! Signatures, the doctor, settings, completions.

use std::os::unix::fs::PermissionsExt as _;

use hoesu_channels::{CHANNELS, Role};

use hoesu_testkit::Database;

use crate::Home;
use crate::documents::lines;
use crate::service::Running;

#[test]
fn a_signature_is_made_from_what_is_given_or_from_the_ledger() {
    for channel in CHANNELS {
        let home = Home::new();
        let id = channel.id();
        let made = home.json(&["account", "add", id, "one"]);
        let mut given = vec!["sign", id, "get", "/a/b?c=%20d", "--at", "2024-01-31T00:00:00Z"];
        let set: Vec<_> = channel
            .capabilities()
            .credential
            .iter()
            .map(|field| (field, made["credentials"][field.name].as_str().unwrap()))
            .map(|(field, value)| (field.role, format!("{}={value}", field.name)))
            .collect();
        home.run(&given).failed(2, "--set");
        let from_ledger = [given.clone(), vec!["--account", "one"]].concat();
        for (role, pair) in &set {
            if *role != Role::Setting {
                given.extend(["--set", pair]);
            }
        }
        let signed = home.run(&given);
        assert_eq!(signed.exit, 0, "{signed:?}");
        assert!(signed.out.starts_with("Authorization: "), "{signed:?}");
        let value = home.run(&[given.clone(), vec!["--header-value"]].concat()).out;
        assert!(signed.out.contains(&format!("Authorization: {value}")), "{signed:?}");
        assert!(signed.out.lines().all(|line| !line.ends_with(": ")), "{signed:?}");
        assert_eq!(home.json(&given)["Authorization"], value.trim_end());

        let shown: Vec<_> = set.iter().filter(|(role, _)| *role == Role::Credential).collect();
        let mut args = from_ledger;
        for (_, pair) in shown {
            args.extend(["--set", pair]);
        }
        assert!(home.run(&args).out.starts_with(signed.out.as_str()), "{id}");
    }
}

#[test]
fn the_doctor_finds_nothing_wrong_with_a_new_ledger() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let findings = home.json(&["doctor"]);
    for finding in findings.as_array().unwrap() {
        assert_ne!(finding["state"], "fail", "{findings}");
        assert!(finding["check"].is_string() && finding["found"].is_string(), "{findings}");
    }
    let ids = |lang| -> Vec<String> {
        let findings = home.json(&["--lang", lang, "doctor"]);
        let ids = findings.as_array().unwrap().iter();
        ids.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("ko"), ids("en"), "programs know a check in every language");
    let korean = home.run(&["--lang", "ko", "doctor"]).out;
    assert!(!korean.contains("no damage") && !korean.contains("sellers"), "{korean}");
    assert!(findings.as_array().unwrap().len() >= 6, "{findings}");
}

#[test]
fn the_doctor_says_what_to_do() {
    let home = Home::new();
    let said = home.run(&["doctor"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.out.contains("→"), "{said:?}");

    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let key = home.path().join("hoesu-data/master.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = home.run(&["doctor"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(said.out.contains("chmod 600"), "{said:?}");

    std::fs::rename(&key, home.path().join("elsewhere.key")).unwrap();
    assert_eq!(home.run(&["doctor"]).exit, 1);
    home.run(&["account", "list"]).failed(1, "--master-key-file");
    assert_eq!(home.run(&["account", "list", "--master-key-file", "elsewhere.key"]).exit, 0);
    std::fs::write(&key, "0".repeat(64)).unwrap();
    let said = home.run(&["--lang", "ko", "doctor"]);
    assert_eq!(said.exit, 1, "another key opens nothing");
    assert!(said.out.contains("이 장부를 만든 마스터 키가 아니"), "{said:?}");
    assert!(!said.out.contains("another master key"), "{said:?}");
    for content in [&b"zz"[..], b"\xff\xfe"] {
        std::fs::write(&key, content).unwrap();
        let said = home.run(&["doctor"]);
        assert_eq!(said.exit, 1, "{said:?}");
        assert!(said.out.contains("64 hexadecimal digits"), "{said:?}");
        assert!(!said.out.contains("permissions"), "{said:?}");
    }
}

#[test]
fn the_doctor_sees_what_was_written_by_a_clock_that_is_ahead() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    std::fs::write(home.path().join("more"), lines(CHANNELS[0], 3)).unwrap();
    home.json(&["import", "one", "more"]);
    let small = ["--sellers", "1", "--orders", "2", "--days", "1", "--frozen"];
    let sandbox = ["sandbox", "--listen", "127.0.0.1:0"];
    let market = Running::start(home.command(&[&sandbox[..], &small].concat()));
    let lines = market.until("hoesu serve --clock");
    let clock = lines.last().unwrap().rsplit(' ').next().unwrap();
    // The market's day is over long since.
    let said = home.run(&["--clock", clock, "doctor"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.out.contains("newest row") && said.out.contains("2026-01-19"), "{said:?}");
}

#[test]
fn what_keeps_a_clock_from_being_read_is_said() {
    let home = Home::new();
    home.run(&["--clock", "notaurl", "findings"]).failed(1, "such as http://127.0.0.1:8790");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let clock = format!("http://{free}");
    home.run(&["--lang", "ko", "--clock", &clock, "findings"]).failed(1, "refused");
}

#[test]
fn what_a_ledger_is_made_of_is_its_owners_alone() {
    let home = Home::new();
    let hoesu = env!("CARGO_BIN_EXE_hoesu");
    let script = format!("umask 000; '{hoesu}' account add {} one", CHANNELS[0].id());
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).current_dir(home.path()).env_clear();
    assert!(shell.output().unwrap().status.success());
    let data = home.path().join("hoesu-data");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for entry in data.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        assert_eq!(mode(&entry), 0o600, "{entry:?}");
    }
    assert!(!home.run(&["doctor"]).out.contains("chmod"));
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let doctor = home.run(&["doctor"]);
    assert!(doctor.exit == 0 && doctor.out.contains("chmod 700"), "{doctor:?}");
}

#[test]
fn a_misspelled_variable_is_not_ignored_without_a_word() {
    let home = Home::new();
    let mut command = home.command(&["completions", "bash"]);
    let said = crate::Said::of(&command.env("HOESU_LISTN", "127.0.0.1:1").output().unwrap());
    assert!(said.exit == 0 && said.err.contains("HOESU_LISTN (HOESU_LISTEN?)"), "{said:?}");
}

#[test]
fn settings_come_from_the_file_then_the_environment_then_flags() {
    let home = Home::new();
    let id = CHANNELS[0].id();
    std::fs::write(home.path().join("hoesu.toml"), "data = 'from-file'\nlang = 'ko'\n").unwrap();
    assert_eq!(home.run(&["--config", "hoesu.toml", "account", "add", id, "one"]).exit, 0);
    assert!(home.path().join("from-file").exists());
    let said = home
        .command(&["--config", "hoesu.toml", "account", "add", id, "one"])
        .env("HOESU_DATA", "from-env")
        .output()
        .unwrap();
    assert!(said.status.success());
    assert!(home.path().join("from-env").exists());
    let said = home.run(&["--config", "hoesu.toml", "--data", "from-flag", "account", "list"]);
    said.failed(1, "from-flag");
    assert!(said.err.contains("장부가 없어요"), "the file's language: {said:?}");
    std::fs::write(home.path().join("hoesu.toml"), "\ndatabse = 'x'\n").unwrap();
    home.run(&["--config", "hoesu.toml", "account", "list"]).failed(1, "line 2");
    home.run(&["--config", "missing.toml", "account", "list"]).failed(1, "missing.toml");
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = Home::new().run(&["completions", shell]);
        assert_eq!(said.exit, 0, "{said:?}");
        assert!(said.out.contains("hoesu"), "{shell}");
    }
    Home::new().run(&["completions", "tcl"]).failed(2, "tcl");
}

#[test]
fn the_key_of_a_lost_ledger_begins_no_new_one() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    let folder = home.path().join("hoesu-data");
    for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        if !entry.ends_with("master.key") {
            std::fs::remove_file(entry).unwrap();
        }
    }
    let doctor = home.run(&["--lang", "ko", "doctor"]);
    assert_eq!(doctor.exit, 1, "{doctor:?}");
    assert!(doctor.out.contains("키는 있는데 장부가 없어요"), "{doctor:?}");
    let id = CHANNELS[0].id();
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    for command in [&serve[..], &["account", "add", id, "two"], &["findings"]] {
        home.run(command).failed(1, "restore the ledger from your backup");
    }
    assert_eq!(folder.read_dir().unwrap().count(), 1, "nothing was made");
    std::fs::rename(folder.join("master.key"), home.path().join("away")).unwrap();
    let said = home.run(&["account", "add", id, "two"]);
    assert_eq!(said.exit, 0, "what is said helps: {said:?}");
    let first = said.err.lines().next().unwrap_or_default();
    assert_eq!(first, "made a new ledger in hoesu-data");
}

#[test]
fn who_reads_makes_nothing() {
    for database in Database::ALL {
        let home = Home::on(database);
        let data = home.path().join("hoesu-data");
        for command in ["findings", "coverage", "doctor", "refusals"] {
            let said = home.run(&[command]);
            assert_eq!(said.exit, 1, "{command}: {said:?}");
            assert!(!data.exists(), "{command} on {database:?} made something");
        }
        std::fs::create_dir(&data).unwrap();
        home.run(&["findings"]).failed(1, "there is no ledger");
        assert_eq!(data.read_dir().unwrap().count(), 0, "{database:?}");
    }
}

#[test]
fn a_key_that_is_missing_is_not_another_one() {
    for database in Database::ALL {
        let home = Home::on(database);
        home.json(&["account", "add", CHANNELS[0].id(), "one"]);
        std::fs::rename(home.path().join("hoesu-data/master.key"), home.path().join("away"))
            .unwrap();
        for command in [&["findings"][..], &["account", "add", CHANNELS[0].id(), "two"]] {
            let said = home.run(command);
            said.failed(1, "master.key is not there");
            assert!(!said.err.contains("another master key"), "{said:?}");
        }
        assert!(!home.path().join("hoesu-data/master.key").exists());
    }
}
