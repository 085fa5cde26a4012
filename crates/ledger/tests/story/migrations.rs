//! A schema of another version: brought up to date, or refused in words that say which it is.

use std::collections::BTreeSet;

use hoesu_ledger::Place;
use hoesu_ledger::{Cause, Error, FurtherMigration, Ledger, Limits, Put, Retry, SchemaMismatch};
use hoesu_testkit::{Database, TestLedger, on_both, throwaway};

use crate::look::{batch, is_whole, keys};
use crate::tell::shelf;

/// The next version, as it might be: a column and a table more.
pub(crate) const NEXT: &[FurtherMigration] = &[FurtherMigration {
    name: "V2__next",
    sqlite: "ALTER TABLE seller ADD COLUMN note TEXT;
        CREATE TABLE next (seller INTEGER NOT NULL, PRIMARY KEY (seller)) STRICT",
    postgres: "ALTER TABLE seller ADD COLUMN note TEXT;
        CREATE TABLE next (seller BIGINT NOT NULL, PRIMARY KEY (seller))",
}];

/// One that fails half way.
const BROKEN: &[FurtherMigration] = &[FurtherMigration {
    name: "V2__broken",
    sqlite: "ALTER TABLE seller ADD COLUMN note TEXT; INSERT INTO nowhere VALUES (1)",
    postgres: "ALTER TABLE seller ADD COLUMN note TEXT; INSERT INTO nowhere VALUES (1)",
}];

async fn refused(ledger: &TestLedger, limits: Limits) -> Error {
    ledger.again_within(limits).await.expect_err("it is of another version")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_version_brings_the_ledger_up_to_date_and_the_one_before_refuses_it_then() {
    on_both(async |ledger| {
        let shelf = shelf(&ledger).await;
        ledger.append(shelf, Put::Newer, batch(0..3)).await.unwrap();
        let next = Limits { further: NEXT, ..Limits::USUAL };
        let migrated = ledger.again_within(next).await.unwrap();
        migrated.append(shelf, Put::Newer, batch(3..5)).await.unwrap();
        // Whoever had it open goes on.
        ledger.append(shelf, Put::Newer, batch(5..6)).await.unwrap();
        for process in [&migrated, &*ledger] {
            assert_eq!(keys(process, shelf).await.len(), 6);
            assert_eq!(process.wrong_counters().await.unwrap(), []);
        }

        let failed = refused(&ledger, Limits::USUAL).await;
        assert_eq!(failed.cause(), Cause::NewerLedger, "{failed}");
        assert_eq!(failed.cause().retry(), Retry::Never);
        let ours = format!("this is {}", env!("CARGO_PKG_VERSION"));
        let theirs = format!("hoesu {}", env!("CARGO_PKG_VERSION"));
        assert!(failed.said().contains(&ours) && failed.said().contains(&theirs), "{failed}");
        assert!(!failed.to_string().contains("backup"), "{failed}");
        ledger.again_within(next).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_ledger_is_left_as_it_is_where_migrating_is_not_wanted() {
    on_both(async |ledger| {
        let limits = Limits { migrates: false, ..Limits::USUAL };
        ledger.again_within(limits).await.unwrap();
        let next = Limits { further: NEXT, ..limits };
        for _ in 0..2 {
            let failed = refused(&ledger, next).await;
            assert_eq!(failed.cause(), Cause::OlderLedger, "{failed}");
            let older = SchemaMismatch::Older { schema: 1, ours: 2 };
            assert!(matches!(&failed, Error::Schema(mismatch) if *mismatch == older), "{failed}");
        }
        ledger.again_within(limits).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_not_there_yet_is_not_made_where_migrating_is_not_wanted() {
    let folder = tempfile::tempdir().unwrap();
    for database in Database::ALL {
        let ledger = throwaway(database).await;
        let place = match ledger.place() {
            Place::Folder(_) => Place::Folder(folder.path().to_owned()),
            Place::Postgres(url) => {
                ledger.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
                Place::Postgres(url.clone())
            }
        };
        let limits = Limits { migrates: false, ..Limits::USUAL };
        let open = async |limits| Ledger::open_within(&place, ledger.key(), limits).await;
        let failed = open(limits).await.expect_err("it is not there");
        assert_eq!(failed.cause(), Cause::NoLedger, "{failed}");
        let nothing = Limits { makes: false, ..Limits::USUAL };
        let failed = open(nothing).await.expect_err("it is not to be made");
        assert_eq!(failed.cause(), Cause::NoLedger, "{failed}");
        let made = place.file().map_or(0, |_| folder.path().read_dir().unwrap().count());
        assert_eq!(made, 0, "nothing was made");
        open(Limits::USUAL).await.unwrap();
        open(limits).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_fails_leaves_the_version_before() {
    on_both(async |ledger| {
        let failed = refused(&ledger, Limits { further: BROKEN, ..Limits::USUAL }).await;
        assert_eq!(failed.cause(), Cause::Migration, "{failed}");
        let shelf = shelf(&ledger).await;
        is_whole(&ledger, shelf, &BTreeSet::new()).await;
        ledger.again_within(Limits { further: NEXT, ..Limits::USUAL }).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_from_before_the_first_release_is_refused_in_its_own_words() {
    for database in Database::ALL {
        let ledger = throwaway(database).await;
        ledger.sql("ALTER TABLE migration RENAME TO refinery_schema_history");
        let failed = refused(&ledger, Limits::USUAL).await;
        assert_eq!(failed.cause(), Cause::UnreleasedLedger, "{failed}");
        assert_eq!(failed.cause().retry(), Retry::Never);
    }
}
