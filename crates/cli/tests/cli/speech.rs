//! What is said in which language.

use crate::{Home, Said};

fn has_korean(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

#[test]
fn help_is_korean_where_the_locale_is() {
    let home = Home::new();
    let output = home.command(&["--help"]).env("LANG", "ko_KR.UTF-8").output().unwrap();
    let korean = Said::of(&output);
    assert_eq!(korean.exit, 0);
    assert!(korean.out.contains("사용법: hoesu"), "{korean:?}");
    let english = home.run(&["--help"]);
    assert_eq!(english.exit, 0);
    assert!(english.out.contains("Usage: hoesu") && !has_korean(&english.out), "{english:?}");
    let flag = home.run(&["account", "add", "--help", "--lang", "ko"]);
    assert!(flag.out.contains("사용법: hoesu account add"), "{flag:?}");
}

#[test]
fn a_wrong_command_line_ends_with_2_in_either_language() {
    let home = Home::new();
    for args in [
        &["imprt"][..],
        &["import", "one"],
        &["import", "one", "-", "--no-such-flag"],
        &["account"],
        &["serve", "--listen", "nowhere"],
        &["--lang", "fr", "doctor"],
        &[],
    ] {
        let english = home.run(args);
        assert_eq!(english.exit, 2, "{args:?} {english:?}");
        assert!(!has_korean(&english.err), "{english:?}");
        let korean = Said::of(&home.command(args).env("LC_ALL", "ko_KR.UTF-8").output().unwrap());
        assert_eq!(korean.exit, 2, "{args:?} {korean:?}");
        assert!(has_korean(&korean.err), "{korean:?}");
    }
}

#[test]
fn the_version_is_said() {
    let said = Home::new().run(&["--version"]);
    assert_eq!(
        (said.exit, said.out.as_str()),
        (0, concat!("hoesu ", env!("CARGO_PKG_VERSION"), "\n"))
    );
}
