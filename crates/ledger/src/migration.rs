//! Bringing the ledger's schema up to date, and telling a ledger that cannot be.

use std::fmt;

use refinery::{Migration, Runner};

use crate::Error;

/// Where what was applied is kept.
pub(crate) const TABLE: &str = "migration";

/// Where it was kept before the first release, by ledgers that are migrated no more.
pub(crate) const UNRELEASED_TABLE: &str = "refinery_schema_history";

/// The fact that names the hoesu which brought the schema up to date last.
pub(crate) const MIGRATED_BY: &str = "migrated by";

/// This hoesu.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Why a ledger's schema is not one this hoesu works with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaMismatch {
    /// Made before hoesu's first release.
    Unreleased,
    /// A newer hoesu brought it up to date.
    Newer {
        /// The schema's number.
        schema: i64,
        /// This hoesu's.
        ours: i64,
        /// Which hoesu that was, if it said so.
        hoesu: Option<String>,
    },
    /// There is no ledger yet, and none was to be made.
    Absent,
    /// It would have to be brought up to date, which was not wanted.
    Older {
        /// The schema's number.
        schema: i64,
        /// This hoesu's.
        ours: i64,
    },
}

impl fmt::Display for SchemaMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreleased => f.write_str("its schema is from before hoesu's first release"),
            Self::Newer { schema, ours, hoesu } => {
                let hoesu = hoesu.as_deref().unwrap_or("a newer hoesu");
                write!(
                    f,
                    "its schema is number {schema}, of {hoesu}; this is {VERSION}, with {ours}"
                )
            }
            Self::Absent => f.write_str("nothing of a ledger is there"),
            Self::Older { schema, ours } => {
                write!(f, "its schema is number {schema}; this hoesu, {VERSION}, needs {ours}")
            }
        }
    }
}

/// A migration after hoesu's own: the next version, as a test makes it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FurtherMigration {
    /// `V2__name`.
    pub name: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// Whether and how far a ledger is migrated when it is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MigrationPolicy {
    /// Whether an older schema is brought up to date.
    pub(crate) is_wanted: bool,
    /// Whether a ledger that is not there yet is made.
    pub(crate) makes: bool,
    pub(crate) further: &'static [FurtherMigration],
}

/// What the ledger says of its schema.
#[derive(Debug, Default)]
pub(crate) struct SchemaState {
    /// Those of [`TABLE`] and [`UNRELEASED_TABLE`] that are there.
    pub(crate) tables: Vec<String>,
    /// The number applied last.
    pub(crate) number: i64,
    /// Asked for where the number is not one of ours.
    pub(crate) migrated_by: Option<String>,
}

impl MigrationPolicy {
    /// To this hoesu's schema.
    #[cfg(test)]
    pub(crate) const TO_OURS: Self = Self { is_wanted: true, makes: true, further: &[] };

    /// Whether a ledger may come to be where none is.
    pub(crate) const fn may_make(self) -> bool {
        self.is_wanted && self.makes
    }

    /// What brings a ledger up to date.
    pub(crate) fn runner(
        self,
        own: &Runner,
        sql: impl Fn(&FurtherMigration) -> &'static str,
    ) -> Runner {
        let further = self.further.iter().map(|further| {
            Migration::unapplied(further.name, sql(further)).expect("its name is V2__name")
        });
        let all: Vec<Migration> = own.get_migrations().iter().cloned().chain(further).collect();
        // All of them or none.
        let mut runner = Runner::new(&all).set_grouped(true);
        runner.set_migration_table_name(TABLE);
        runner
    }

    /// Refuses a ledger that this hoesu does not work with. Whether it has to be brought up to date.
    pub(crate) fn is_due(self, schema: SchemaState, runner: &Runner) -> Result<bool, Error> {
        let has = |name: &str| schema.tables.iter().any(|table| table == name);
        if has(UNRELEASED_TABLE) {
            return Err(Error::Schema(SchemaMismatch::Unreleased));
        }
        let ours = newest(runner);
        if !has(TABLE) && !self.may_make() {
            return Err(Error::Schema(SchemaMismatch::Absent));
        }
        let SchemaState { number, migrated_by, .. } = schema;
        if number > ours {
            let hoesu = migrated_by.map(|version| format!("hoesu {version}"));
            return Err(Error::Schema(SchemaMismatch::Newer { schema: number, ours, hoesu }));
        }
        if number < ours && !self.is_wanted {
            return Err(Error::Schema(SchemaMismatch::Older { schema: number, ours }));
        }
        Ok(number < ours)
    }
}

/// The number of the last migration.
pub(crate) fn newest(runner: &Runner) -> i64 {
    let numbers = runner.get_migrations().iter().map(|one| i64::from(one.version()));
    numbers.max().unwrap_or(0)
}

/// What a migration failed with.
pub(crate) fn failed(error: refinery::Error) -> Error {
    Error::Migrate(Box::new(error))
}
