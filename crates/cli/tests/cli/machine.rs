//! Signatures, the doctor, settings, completions.

use std::os::unix::fs::PermissionsExt as _;

use hoesu_channels::{CHANNELS, Role};

use crate::Home;

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
    assert_eq!(home.run(&["doctor"]).exit, 1, "another key opens nothing");
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
