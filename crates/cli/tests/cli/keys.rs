//! Keys of our own API.

use hoesu_channels::CHANNELS;
use serde_json::json;

use crate::Home;

fn home() -> Home {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    home
}

#[test]
fn a_key_is_shown_once_and_reads_findings_and_cases_unless_more_is_asked_for() {
    let home = home();
    let made = home.json(&["key", "add", "erp"]);
    assert!(made["text"].as_str().unwrap().starts_with("hoesu_1_1_"), "{made}");
    assert_eq!(made["scopes"], json!(["findings:read", "cases:read"]));
    let said = home.run(&["key", "add", "shop", "--scope", "documents:read"]);
    assert!(said.out.contains("hoesu_1_2_") && said.err.contains("phones"), "{said:?}");
    let listed = home.run(&["key", "list"]).out + &home.json(&["key", "list"]).to_string();
    assert!(listed.contains("erp") && listed.contains("documents:read"), "{listed}");
    assert!(!listed.contains("hoesu_1_"), "{listed}");
}

#[test]
fn a_revoked_key_stays_in_the_list_and_its_name_may_be_taken_again() {
    let home = home();
    home.json(&["key", "add", "erp"]);
    home.run(&["key", "add", "erp"]).failed(1, "already");
    let revoked = home.json(&["key", "revoke", "erp"]);
    assert!(revoked["revoked_at"].is_string(), "{revoked}");
    home.run(&["key", "revoke", "erp"]).failed(1, "key list");
    assert_eq!(home.json(&["key", "add", "erp"])["number"], 2);
    let listed = home.json(&["key", "list"]);
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
    assert!(listed[0]["revoked_at"].is_string() && listed[1]["revoked_at"].is_null(), "{listed}");
}

#[test]
fn a_scope_nobody_knows_is_refused_with_those_there_are() {
    home().run(&["key", "add", "erp", "--scope", "orders:write"]).failed(2, "documents:read");
}

#[test]
fn a_seller_is_named_where_there_are_several() {
    let home = home();
    home.json(&["seller", "add", "둘"]);
    home.run(&["key", "add", "erp"]).failed(1, "--seller");
    assert_eq!(home.json(&["key", "add", "erp", "--seller", "둘"])["seller"], "둘");
    assert_eq!(home.json(&["key", "list", "--seller", "둘"]).as_array().unwrap().len(), 1);
}
