//! Several processes that start at once where there is no ledger yet.

use std::collections::BTreeSet;

use hoesu_channels::CHANNELS;
use hoesu_testkit::Database;

use crate::{Home, Said};

#[test]
fn processes_that_make_a_ledger_at_once_make_one() {
    for database in Database::ALL {
        let home = Home::on(database);
        let names: Vec<String> = (0..6).map(|nth| format!("account-{nth}")).collect();
        let begun: Vec<_> = names
            .iter()
            .map(|name| home.command(&["account", "add", CHANNELS[0].id(), name]).spawn().unwrap())
            .collect();
        for process in begun {
            let said = Said::of(&process.wait_with_output().unwrap());
            assert_eq!(said.exit, 0, "{database:?}: {said:?}");
        }
        let listed = home.json(&["account", "list"]);
        let there: BTreeSet<&str> =
            listed.as_array().unwrap().iter().map(|one| one["account"].as_str().unwrap()).collect();
        assert_eq!(there, names.iter().map(String::as_str).collect(), "{listed}");
        home.is_whole();
    }
}
