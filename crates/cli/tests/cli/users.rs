//! People who sign in to the console.

use hoesu_channels::CHANNELS;
use serde_json::json;

use crate::Home;

fn home() -> Home {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    home
}

#[test]
fn a_person_is_added_with_a_link_shown_once() {
    let home = home();
    let made = home.json(&["user", "add", "Minji", "--role", "admin"]);
    let link = made["link"].as_str().unwrap();
    assert!(link.starts_with("http://127.0.0.1:8780/console/set-up/l1_1_"), "{made}");
    assert_eq!((&made["person"], &made["role"]), (&json!("minji"), &json!("admin")));
    let said = home.run(&["user", "add", "jiho", "--role", "viewer"]);
    assert!(
        said.out.contains("/console/set-up/l1_2_") && said.err.contains("only now"),
        "{said:?}"
    );
    home.run(&["user", "add", "MINJI", "--role", "viewer"]).failed(1, "already");
    home.run(&["user", "add", "a b", "--role", "viewer"]).failed(1, "letters");
    home.run(&["user", "add", "haneul", "--role", "boss"]).failed(2, "operator");
    let listed = home.run(&["user", "list"]).out + &home.json(&["user", "list"]).to_string();
    assert!(listed.contains("invited") && !listed.contains("set-up"), "{listed}");
}

#[test]
fn a_password_may_come_by_standard_input() {
    let home = home();
    let add = ["user", "add", "minji", "--role", "operator", "--password-stdin"];
    home.feed(&add, "short\n").failed(1, "10 characters");
    let said = home.feed(&add, "correct horse battery\n");
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(!said.out.contains("set-up"), "{said:?}");
    assert_eq!(home.json(&["user", "list"])[0]["has_password"], true);
}

#[test]
fn a_person_is_given_roles_disabled_and_let_in_again() {
    let home = home();
    home.json(&["seller", "add", "둘"]);
    let sellers = home.json(&["seller", "list"]);
    let first = sellers[0]["seller"].as_str().unwrap();
    home.json(&["user", "add", "minji", "--role", "viewer", "--seller", first]);
    home.json(&["user", "role", "minji", "operator", "--seller", "둘"]);
    assert_eq!(home.json(&["user", "list"]).as_array().unwrap().len(), 2);
    home.json(&["user", "role", "minji", "none", "--seller", "둘"]);
    assert_eq!(home.json(&["user", "list", "--seller", "둘"]), json!([]));
    assert_eq!(home.json(&["user", "disable", "minji"])["disabled"], true);
    assert!(home.json(&["user", "list"])[0]["disabled_at"].is_string());
    home.json(&["user", "enable", "minji"]);
    let reset = home.json(&["user", "reset", "minji"]);
    assert!(reset["link"].as_str().unwrap().contains("/console/set-up/l"), "{reset}");
    for command in ["disable", "enable", "reset"] {
        home.run(&["user", command, "nobody"]).failed(1, "user list");
    }
}
