//! The file's schema, brought up to date.

use rusqlite::{Connection, OptionalExtension as _};

use super::{embedded, failed};
use crate::Result;
use crate::migration::{
    self, MIGRATED_BY, MigrationPolicy, SchemaState, TABLE, UNRELEASED_TABLE, VERSION, newest,
};

const MIGRATING: &str = "migrating";

pub(super) fn migrate(connection: &mut Connection, migrating: MigrationPolicy) -> Result<()> {
    let runner = migrating.runner(&embedded::migrations::runner(), |further| further.sqlite);
    let schema = schema(connection, newest(&runner)).map_err(failed(MIGRATING))?;
    if !migrating.is_due(schema, &runner)? {
        return Ok(());
    }
    runner.run(connection).map_err(migration::failed)?;
    let sql = "INSERT INTO ledger (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(sql, (MIGRATED_BY, VERSION.as_bytes())).map_err(failed(MIGRATING))?;
    Ok(())
}

fn schema(connection: &Connection, ours: i64) -> rusqlite::Result<SchemaState> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN (?1, ?2)";
    let mut statement = connection.prepare(sql)?;
    let tables = statement.query_map([TABLE, UNRELEASED_TABLE], |row| row.get(0))?;
    let tables = tables.collect::<rusqlite::Result<Vec<String>>>()?;
    if !tables.iter().any(|table| table == TABLE) {
        return Ok(SchemaState { tables, ..SchemaState::default() });
    }
    let number: i64 = connection.query_row(
        &format!("SELECT coalesce(max(version), 0) FROM {TABLE}"),
        [],
        |row| row.get(0),
    )?;
    let migrated_by = "SELECT value FROM ledger WHERE name = ?1";
    let migrated_by = if number <= ours {
        None
    } else {
        connection
            .query_row(migrated_by, [MIGRATED_BY], |row| row.get::<_, Vec<u8>>(0))
            .optional()?
    };
    let migrated_by = migrated_by.and_then(|version| String::from_utf8(version).ok());
    Ok(SchemaState { tables, number, migrated_by })
}
