//! Sellers and accounts.

use hoesu_channels::{CHANNELS, Role};

use crate::Home;

#[test]
fn the_first_account_makes_the_first_seller_and_the_key() {
    for channel in CHANNELS {
        let home = Home::new();
        let said = home.run(&["--json", "account", "add", channel.id(), "one"]);
        assert_eq!(said.exit, 0, "{said:?}");
        assert!(said.err.contains("master.key"), "{said:?}");
        let made = said.json();
        assert_eq!(made["account"], "one");
        assert_eq!(made["channel"], channel.id());
        let fields: Vec<_> = made["credentials"].as_object().unwrap().keys().cloned().collect();
        let mut known: Vec<_> =
            channel.capabilities().credential.iter().map(|field| field.name.to_owned()).collect();
        known.sort();
        assert_eq!(fields, known);
        for field in channel.capabilities().credential {
            let value = made["credentials"][field.name].as_str().unwrap();
            assert_eq!((field.check)(value), Ok(()), "{}", field.name);
        }
        assert_eq!(home.json(&["seller", "list"])[0]["seller"], "main");
        assert!(home.path().join("hoesu-data/master.key").exists());
    }
}

#[test]
fn what_is_given_is_kept_and_secrets_are_shown_only_once() {
    for channel in CHANNELS {
        let home = Home::new();
        let given: Vec<_> = channel
            .capabilities()
            .credential
            .iter()
            .map(|field| (field, (field.make)([7; 32])))
            .collect();
        let set: Vec<_> =
            given.iter().map(|(field, value)| format!("{}={value}", field.name)).collect();
        let mut args = vec!["account", "add", channel.id(), "one"];
        for pair in &set {
            args.extend(["--set", pair]);
        }
        let made = home.json(&args);
        for (field, value) in &given {
            assert_eq!(made["credentials"][field.name], value.as_str());
        }
        let shown = home.run(&["account", "show", "one"]).out
            + &home.run(&["--json", "account", "show", "one"]).out
            + &home.run(&["--json", "account", "list"]).out;
        for (field, value) in &given {
            assert_eq!(shown.contains(value), field.role == Role::Setting, "{}", field.name);
        }
    }
}

#[test]
fn an_unknown_name_is_refused_with_the_known_ones() {
    let home = Home::new();
    let id = CHANNELS[0].id();
    home.run(&["account", "add", "market", "one"]).failed(2, id);
    let field = CHANNELS[0].capabilities().credential[0].name;
    home.run(&["account", "add", id, "one", "--set", "colour=blue"]).failed(2, field);
    home.run(&["account", "add", id, "one", "--set", "profile=imagined"]).failed(2, "measured");
    home.run(&["account", "add", id, "one", "--set", &format!("{field}=")]).failed(2, field);
    home.run(&["account", "list"]).failed(1, "--data");
    assert!(!home.path().join("hoesu-data").exists(), "a refused command makes nothing");
}

#[test]
fn a_name_is_taken_once() {
    let home = Home::new();
    let id = CHANNELS[0].id();
    home.json(&["account", "add", id, "one"]);
    home.run(&["account", "add", id, "one"]).failed(1, "rotate");
    assert_eq!(home.run(&["seller", "add", "둘째"]).exit, 0);
    home.run(&["seller", "add", "둘째"]).failed(1, "둘째");
    home.run(&["account", "add", id, "two"]).failed(1, "--seller");
    home.json(&["account", "add", id, "one", "--seller", "둘째"]);
    home.run(&["account", "show", "one"]).failed(1, "main, 둘째");
    assert_eq!(home.json(&["account", "show", "one", "--seller", "둘째"])["seller"], "둘째");
    home.run(&["account", "show", "three"]).failed(1, "one");
}

#[test]
fn rotating_keeps_what_is_public_and_makes_the_rest_anew() {
    for channel in CHANNELS {
        let home = Home::new();
        let id = channel.id();
        let mut args = vec!["account", "add", id, "one"];
        let setting = channel.capabilities().settings.iter().find(|s| !s.values.is_empty());
        let pair = setting.map(|s| (s.name, *s.values.last().unwrap()));
        let set = pair.map(|(name, value)| format!("{name}={value}"));
        if let Some(set) = &set {
            args.extend(["--set", set]);
        }
        let old = home.json(&args);
        let new = home.json(&["account", "rotate", "one"]);
        for field in channel.capabilities().credential {
            let same = old["credentials"][field.name] == new["credentials"][field.name];
            assert_eq!(same, field.role == Role::Setting, "{id} {}", field.name);
        }
        if let Some((name, value)) = pair {
            assert_eq!(home.json(&["account", "show", "one"])["settings"][name], value);
        }
    }
}

#[test]
fn an_account_can_be_switched_off_and_on() {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    assert_eq!(home.json(&["account", "disable", "one"])["enabled"], false);
    assert_eq!(home.json(&["account", "list"])[0]["enabled"], false);
    assert_eq!(home.json(&["account", "enable", "one"])["enabled"], true);
    assert_eq!(home.json(&["account", "list"])[0]["enabled"], true);
}
