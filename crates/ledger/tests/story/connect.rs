//! Reaching PostgreSQL as people run it: encrypted, several servers, few connections, a pooler between.

mod hosts;
mod pooled;
mod statistics;
mod tls;

use std::fs;
use std::path::Path;

use hoesu_ledger::{Error, Ledger, MasterKey, Place, Result};
use hoesu_testkit::postgres::{Fresh, Server};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

/// A server with these files beside its data.
fn server(files: &[(&str, &str)]) -> Server {
    let folder = TempDir::with_prefix("hoesu-server-").unwrap();
    write(folder.path(), files);
    Server::with(folder.path())
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// The administrator of a database on a server, over its socket.
async fn administrator(database: &Fresh) -> Client {
    let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn open(url: &str) -> Result<std::sync::Arc<Ledger>> {
    Ledger::open(&Place::Postgres(url.to_owned()), &MasterKey::generate()).await
}

/// Why a ledger does not open there.
async fn refused(url: &str) -> Error {
    match open(url).await {
        Ok(_) => panic!("{url} opens"),
        Err(error) => error,
    }
}
