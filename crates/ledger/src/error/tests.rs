use std::collections::BTreeSet;

use rusqlite::ffi;

use super::*;

#[test]
fn every_code_of_postgresql_that_people_meet_has_its_cause() {
    let table = [
        ("08001", Cause::Unreachable),
        ("08006", Cause::Unreachable),
        ("22P02", Cause::Unexpected),
        ("23505", Cause::Unexpected),
        ("25006", Cause::ReadOnlyServer),
        ("25P03", Cause::Unreachable),
        ("25P04", Cause::StatementTimeout),
        ("28000", Cause::LoginRefused),
        ("28P01", Cause::Password),
        ("3D000", Cause::Database),
        ("40001", Cause::Conflict),
        ("40P01", Cause::Conflict),
        ("42501", Cause::PermissionDenied),
        ("26000", Cause::Pooler),
        ("42P01", Cause::Unexpected),
        ("42P05", Cause::Pooler),
        ("53000", Cause::Resources),
        ("53100", Cause::DiskFull),
        ("53200", Cause::Resources),
        ("53300", Cause::TooManyConnections),
        ("55P03", Cause::LockHeld),
        ("57014", Cause::StatementTimeout),
        ("57P01", Cause::Shutdown),
        ("57P02", Cause::Shutdown),
        ("57P03", Cause::Shutdown),
        ("57P04", Cause::Database),
        ("57P05", Cause::Unreachable),
        ("58030", Cause::Disk),
        ("XX000", Cause::Unexpected),
        ("XX001", Cause::Corrupt),
        ("XX002", Cause::Corrupt),
        ("", Cause::Unexpected),
        ("한글", Cause::Unexpected),
    ];
    for (code, cause) in table {
        assert_eq!(Cause::of_sqlstate(code), cause, "{code}");
    }
}

#[test]
fn every_code_of_sqlite_that_people_meet_has_its_cause() {
    let table = [
        (ffi::SQLITE_FULL, Cause::DiskFull),
        (ffi::SQLITE_NOMEM, Cause::Resources),
        (ffi::SQLITE_READONLY, Cause::ReadOnlyFile),
        (ffi::SQLITE_READONLY_DBMOVED, Cause::ReadOnlyFile),
        (ffi::SQLITE_BUSY, Cause::LockHeld),
        (ffi::SQLITE_BUSY_RECOVERY, Cause::LockHeld),
        (ffi::SQLITE_BUSY_SNAPSHOT, Cause::Conflict),
        (ffi::SQLITE_LOCKED, Cause::LockHeld),
        (ffi::SQLITE_PROTOCOL, Cause::LockHeld),
        (ffi::SQLITE_CORRUPT, Cause::Corrupt),
        (ffi::SQLITE_NOTADB, Cause::Corrupt),
        (ffi::SQLITE_PERM, Cause::PermissionDenied),
        (ffi::SQLITE_CANTOPEN, Cause::CannotOpen),
        (ffi::SQLITE_IOERR_FSYNC, Cause::Disk),
        (ffi::SQLITE_CONSTRAINT_UNIQUE, Cause::Unexpected),
        (ffi::SQLITE_ERROR, Cause::Unexpected),
    ];
    for (code, cause) in table {
        assert_eq!(Cause::of_sqlite(ffi::Error::new(code)), cause, "{code}");
    }
}

#[test]
fn files_fail_for_the_systems_reasons() {
    // By number: EACCES, EROFS, ENOSPC, EDQUOT, ENOENT, EIO.
    let table = [
        (13, Cause::PermissionDenied),
        (30, Cause::ReadOnlyFile),
        (28, Cause::DiskFull),
        (122, Cause::DiskFull),
        (2, Cause::CannotOpen),
        (5, Cause::Disk),
    ];
    for (number, cause) in table {
        let error = std::io::Error::from_raw_os_error(number);
        assert_eq!(Cause::of_io(&error), cause, "{number}");
    }
}

#[test]
fn no_two_causes_share_a_code() {
    let codes: BTreeSet<_> = Cause::ALL.iter().map(|cause| cause.code()).collect();
    let causes: BTreeSet<_> = Cause::ALL.iter().collect();
    assert_eq!((codes.len(), causes.len()), (Cause::ALL.len(), Cause::ALL.len()));
}

#[test]
fn whoever_shared_a_commit_is_told_why_it_failed() {
    let full = rusqlite::Error::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_FULL),
        Some("database or disk is full".to_owned()),
    );
    let error = Error::Shared(Arc::new(Error::Sqlite { doing: "committing", source: full }));
    assert_eq!(error.cause(), Cause::DiskFull);
    assert_eq!(
        error.to_string(),
        "the ledger failed while committing: database or disk is full (SQLite 13) [disk-full]"
    );
    assert!(!error.is_transient() && error.cause().is_unavailable());
}

#[test]
fn what_could_not_be_converted_is_not_repeated() {
    let quoting: [rusqlite::Error; 2] = [
        rusqlite::Error::IntegralValueOutOfRange(1, 1_042_005_550_123),
        rusqlite::Error::ToSqlConversionFailure("김하늘".into()),
    ];
    for source in quoting {
        let error = Error::Sqlite { doing: "reading a document", source };
        let (text, debug) = (error.to_string(), format!("{error:?}"));
        for value in ["1042005550123", "김하늘"] {
            assert!(!text.contains(value) && !debug.contains(value), "{text}");
        }
        assert_eq!(error.cause(), Cause::Unexpected);
    }
}

#[test]
fn what_a_job_on_sqlite_failed_with_is_its_cause() {
    let within = Error::Sealed { what: "version.body" };
    let source = rusqlite::Error::ToSqlConversionFailure(Box::new(within));
    let error = Error::Sqlite { doing: "adding documents", source };
    assert_eq!((error.cause(), error.doing()), (Cause::Sealed, "adding documents"));
    assert!(error.said().contains("version.body"));
}
