//! What the databases say, without the values they quote.

use std::error::Error as _;

use rusqlite::ffi;

/// SQLite's word. It names tables and columns, never a value.
pub(super) fn of_rusqlite(error: &rusqlite::Error) -> String {
    let (code, message) = if let rusqlite::Error::SqliteFailure(code, message) = error {
        (code, message.as_deref().unwrap_or_else(|| ffi::code_to_str(code.extended_code)))
    } else if let rusqlite::Error::SqlInputError { error, msg, .. } = error {
        (error, msg.as_str())
    } else {
        // Conversions quote what they could not convert.
        return "a value has not the form that is expected".to_owned();
    };
    format!("{message} (SQLite {})", code.extended_code)
}

/// Classes of PostgreSQL's codes whose messages quote values: data, constraints, views' checks, and
/// what functions raise.
const QUOTING: [&str; 4] = ["22", "23", "44", "P0"];

/// PostgreSQL's word and code. Its details and hints are left out: they quote rows.
pub(super) fn of_postgres(error: &tokio_postgres::Error) -> String {
    let Some(said) = error.as_db_error() else {
        let kind = error.to_string();
        // What cannot be converted is quoted; what the system or the handshake says is not.
        let source = error.source().filter(|_| {
            ["connect", "communicat", "TLS", "authentication", "configuration"]
                .iter()
                .any(|word| kind.contains(word))
        });
        return source.map_or_else(|| kind.clone(), |source| format!("{kind}: {source}"));
    };
    let code = said.code().code();
    if QUOTING.iter().any(|class| code.starts_with(class)) {
        let of = said.constraint().or(said.table()).map(|of| format!(", {of}")).unwrap_or_default();
        return format!("SQLSTATE {code}{of}");
    }
    format!("{} (SQLSTATE {code})", said.message())
}
