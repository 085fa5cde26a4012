//! Scenarios: what each channel said when, in lines a CS operator can read, then what must be found at
//! named instants. `README.md` says how a scenario is written; every `*.txt` here is one or several.

mod contradiction;
mod found_by;
mod record;
mod scenario;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use hoesu_claims::case::{self, Setting, Telling};
use hoesu_claims::{Assessment, Case, assess};
use jiff::{SignedDuration, Timestamp};

use scenario::{Check, Scenario};

/// Everything that is known at an instant: each case with what is wrong in it.
fn known(scenario: &Scenario, at: Timestamp, tellings: &[Telling]) -> Vec<(Case, Assessment)> {
    let setting = Setting { book: &scenario.book, items: &scenario.items, known_until: None };
    let cases = case::cases(tellings.to_vec(), setting).into_iter().map(|case| {
        let said = assess(&case, &scenario.policy, &scenario.calendar, at);
        (case, said)
    });
    cases.collect()
}

/// What holds of every answer.
fn check_laws(scenario: &Scenario, at: Timestamp, tellings: &[Telling]) {
    let name = &scenario.name;
    let answer = known(scenario, at, tellings);
    let mut backwards: Vec<Telling> = tellings.iter().rev().cloned().collect();
    backwards.extend(tellings.iter().step_by(2).cloned());
    assert_eq!(answer, known(scenario, at, &backwards), "{name}: order of arrival matters");
    for (case, said) in &answer {
        for finding in &said.findings {
            assert!(!finding.evidence.is_empty(), "{name}: {finding} has no evidence");
            assert!(finding.sentence.ko.contains(&finding.order), "{name}: {finding} says nothing");
        }
        let opposed = contradiction::contradiction(&said.findings);
        assert_eq!(opposed, None, "{name}: two findings contradict each other");
        let ids: BTreeSet<&String> = said.findings.iter().map(|finding| &finding.id).collect();
        assert_eq!(ids.len(), said.findings.len(), "{name}: two findings have one id");
        let Some(wake) = said.wake_at else { continue };
        let look = |at| assess(case, &scenario.policy, &scenario.calendar, at).findings;
        let before = wake.checked_sub(SignedDuration::from_millis(1)).unwrap();
        assert_eq!(look(before), said.findings, "{name}: another answer before {wake}");
        assert_ne!(look(wake), said.findings, "{name}: woken for nothing at {wake}");
    }
}

fn check(scenario: &Scenario, check: &Check) -> String {
    let tellings = scenario.told_until(check.at);
    check_laws(scenario, check.at, &tellings);
    let answer = known(scenario, check.at, &tellings);
    let mut found = String::new();
    for (case, said) in &answer {
        for wanted in &check.expected {
            if let Some(line) = scenario.shown(case, said, check.at, wanted) {
                writeln!(found, "  {line}").unwrap();
            }
        }
    }
    for (_, said) in &answer {
        for finding in &said.findings {
            let wanted = check
                .expected
                .iter()
                .find(|line| line.starts_with(&format!("{} {}", finding.rule.id(), finding.about)));
            let line = scenario::finding_line(finding, wanted.map_or("", String::as_str));
            writeln!(found, "  {line}").unwrap();
        }
    }
    if answer.iter().all(|(_, said)| said.findings.is_empty()) {
        found.push_str("  nothing\n");
    }
    found
}

#[test]
fn every_scenario_ends_as_it_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    files.sort();
    let (mut count, mut wrong) = (0, String::new());
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        for scenario in scenario::parse(&text) {
            count += 1;
            for one in &scenario.checks {
                let mut expected: Vec<String> =
                    one.expected.iter().map(|line| format!("  {line}")).collect();
                let mut found: Vec<String> =
                    check(&scenario, one).lines().map(str::to_owned).collect();
                expected.sort();
                found.sort();
                if expected != found {
                    let file = path.file_name().unwrap().to_string_lossy();
                    let (expected, found) = (expected.join("\n"), found.join("\n"));
                    writeln!(
                        wrong,
                        "{file}: {} @ {}\nexpected\n{expected}\nfound\n{found}\n",
                        scenario.name, one.at
                    )
                    .unwrap();
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(count >= 60, "only {count} scenarios");
}
