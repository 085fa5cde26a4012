//! The access log, read and verified without a server.

use hoesu_channels::CHANNELS;
use serde_json::json;

use crate::Home;

fn home() -> Home {
    let home = Home::new();
    home.json(&["account", "add", CHANNELS[0].id(), "one"]);
    for (name, role) in [("minji", "admin"), ("jiho", "viewer"), ("haneul", "operator")] {
        home.json(&["user", "add", name, "--role", role]);
    }
    home
}

#[test]
fn what_was_done_about_people_is_shown() {
    let home = home();
    let lines = home.json(&["audit", "show"]);
    assert_eq!(lines.as_array().unwrap().len(), 3);
    assert_eq!((&lines[0]["no"], &lines[0]["whose"]), (&json!(3), &json!("haneul")));
    assert_eq!((&lines[0]["what"], &lines[0]["origin"]), (&json!("person-add"), &json!("cli")));
    let shown = home.run(&["audit", "show", "--limit", "1"]);
    assert!(shown.out.contains("haneul") && !shown.out.contains("minji"), "{shown:?}");
    assert_eq!(home.json(&["audit", "show", "--since", "2999-01-01"]), json!([]));
    home.run(&["audit", "show", "--since", "lately"]).failed(2, "2024-01-31");
}

#[test]
fn a_log_nobody_touched_holds_and_one_cut_off_is_missed() {
    let home = home();
    let verified = home.json(&["audit", "verify"]);
    let head = verified[0]["head"].as_str().unwrap();
    assert_eq!((&verified[0]["lines"], &verified[0]["broken"]), (&json!(3), &json!(null)));
    let said = home.run(&["audit", "verify"]);
    assert!(said.out.contains(&format!("3:{head}")), "{said:?}");
    let kept = format!("3:{head}");
    assert_eq!(home.run(&["audit", "verify", "--expect", &kept]).exit, 0);
    let more = format!("4:{head}");
    let missed = home.run(&["audit", "verify", "--expect", &more]);
    assert!(missed.exit == 1 && missed.out.contains("line 4 is missing"), "{missed:?}");
    let other = format!("3:{}", "0".repeat(64));
    let changed = home.run(&["audit", "verify", "--expect", &other]);
    assert!(changed.exit == 1 && changed.out.contains("line 3 was changed"), "{changed:?}");
    home.run(&["audit", "verify", "--expect", "3"]).failed(2, "12:");
}
