//! A ledger whose counters were left behind its rows: found, said, repaired, and used again.

use hoesu_channels::CHANNELS;
use hoesu_testkit::{Database, outside};

use crate::Home;
use crate::documents::lines;

/// What the doctor says of counters.
fn counters(home: &Home, args: &[&str]) -> (i32, String) {
    let said = home.run(&[&["--json", "doctor"][..], args].concat());
    let all = said.json();
    let of = |one: &&serde_json::Value| one["check"] == "counters" || one["check"] == "repair";
    let told: Vec<String> =
        all.as_array().unwrap().iter().filter(of).map(ToString::to_string).collect();
    (said.exit, told.join("\n"))
}

#[test]
fn counters_left_behind_are_found_and_repaired_and_the_next_import_works() {
    for database in Database::ALL {
        let (home, channel) = (Home::on(database), CHANNELS[0]);
        home.json(&["account", "add", channel.id(), "one"]);
        let text = lines(channel, 40);
        let half: String = text.split_inclusive('\n').step_by(2).collect();
        assert_eq!(home.feed(&["import", "one", "-"], &half).exit, 0);
        assert!(counters(&home, &[]).1.contains(r#""state":"ok""#));
        let before = home.run(&["export", "one"]).out;

        outside::sql(&home.place(), "UPDATE seller SET seq = 2; UPDATE shelf SET documents = 1");
        assert_eq!(home.feed(&["import", "one", "-"], &text).exit, 1, "nothing new goes in");
        let (exit, told) = counters(&home, &[]);
        assert_eq!(exit, 1, "{told}");
        assert!(
            told.contains("the change sequence of seller") && told.contains("account one"),
            "{told}"
        );
        assert!(told.contains("counted as 2, and the rows go up to"), "{told}");
        assert!(told.contains("hoesu doctor --repair"), "{told}");
        let korean = home.run(&["--lang", "ko", "doctor"]);
        assert!(korean.exit == 1 && korean.out.contains("변경 순번"), "{korean:?}");
        assert!(korean.out.contains("`hoesu doctor --repair`로 바로잡아 주세요"), "{korean:?}");

        let (exit, told) = counters(&home, &["--repair"]);
        assert_eq!(exit, 0, "{told}");
        assert!(told.contains("raised from 2 to") && told.contains("raised from 1 to"), "{told}");
        assert_eq!(home.run(&["export", "one"]).out, before, "nothing else is changed");
        home.is_whole();
        let (exit, told) = counters(&home, &["--repair"]);
        assert!(exit == 0 && told.contains("nothing to mend"), "{told}");
        let report = home.feed(&["--json", "import", "one", "-"], &text).json();
        let [new, unchanged] = ["new", "unchanged"].map(|name| report[name].as_u64().unwrap());
        let (all, known) = (text.lines().count() as u64, half.lines().count() as u64);
        assert_eq!((new, unchanged), (all - known, known));
        home.is_whole();
    }
}

#[test]
fn a_counter_that_is_ahead_is_a_warning_and_stays() {
    for database in Database::ALL {
        let (home, channel) = (Home::on(database), CHANNELS[0]);
        home.json(&["account", "add", channel.id(), "one"]);
        let text = lines(channel, 4);
        let (first, rest) = text.split_once('\n').unwrap();
        assert_eq!(home.feed(&["import", "one", "-"], first).exit, 0);
        outside::sql(&home.place(), "UPDATE seller SET seq = 9");
        for args in [&[][..], &["--repair"]] {
            let (exit, told) = counters(&home, args);
            assert_eq!(exit, 0, "{told}");
            assert!(told.contains(r#""state":"warn""#) && told.contains("given again"), "{told}");
        }
        let korean = home.run(&["--lang", "ko", "doctor"]);
        assert!(korean.out.contains("한 번 쓴 번호는 다시 쓰지 않으므로"), "{korean:?}");
        assert_eq!(home.feed(&["import", "one", "-"], rest).exit, 0);
        home.is_whole();
    }
}
