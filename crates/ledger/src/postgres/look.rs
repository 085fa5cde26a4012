//! Looking again at what memory stands on: one round trip.

use async_trait::async_trait;
use hoesu_claims::SellerId;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use super::{Postgres, failed};
use crate::store::look::{Glance, Identity, Looking, SEAL_BYTES, Seal, Sight, Top};
use crate::{Error, Result};

/// The server, its timeline, the database on it, and when the server was started: whatever restores a
/// backup or moves to another server changes one of them at least. The timeline is that of the log as it
/// is written now; the control file learns of a new one later.
const IDENTITY: [(&str, &str); 4] = [
    ("server", "(SELECT system_identifier::TEXT FROM pg_control_system())"),
    (
        "timeline",
        "CASE WHEN pg_is_in_recovery() THEN 'in recovery'
         ELSE substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END",
    ),
    ("database", "(SELECT oid::TEXT FROM pg_database WHERE datname = current_database())"),
    ("start", "pg_postmaster_start_time()::TEXT"),
];

/// Which of [`IDENTITY`] this server lets us ask: some hosts forbid the first two.
#[derive(Clone, Copy)]
pub(super) struct Askable([bool; IDENTITY.len()]);

impl Askable {
    fn names(self) -> impl Iterator<Item = &'static str> {
        IDENTITY.iter().zip(self.0).filter(|(_, may)| *may).map(|((name, _), _)| *name)
    }

    fn columns(self) -> String {
        let columns = IDENTITY.iter().zip(self.0);
        let columns = columns.filter(|(_, may)| *may).map(|((_, sql), _)| *sql);
        columns.collect::<Vec<_>>().join(", ")
    }

    fn read(self, row: &Row) -> Identity {
        let value = |(at, name)| (name, row.get::<_, Option<String>>(at).unwrap_or_default());
        Identity(self.names().enumerate().map(value).collect())
    }
}

/// Whether the server will never say this: it is forbidden or unknown there. Anything else passes.
fn is_not_told(error: &tokio_postgres::Error) -> bool {
    let never = [
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::UNDEFINED_FUNCTION,
        SqlState::FEATURE_NOT_SUPPORTED,
    ];
    error.code().is_some_and(|code| never.contains(code))
}

impl Postgres {
    async fn rows(
        &self,
        doing: &'static str,
        sql: &str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        self.client().await?.query(sql, values).await.map_err(failed(doing))
    }

    /// Finds out, once, what may be asked.
    async fn askable(&self) -> Result<Askable> {
        if let Some(known) = self.askable.get() {
            return Ok(*known);
        }
        let mut askable = Askable([false; IDENTITY.len()]);
        for (at, (name, sql)) in IDENTITY.iter().enumerate() {
            match self.rows("asking which database it is", &format!("SELECT {sql}"), &[]).await {
                Ok(_) => askable.0[at] = true,
                Err(Error::Postgres { source, .. }) if is_not_told(&source) => {
                    tracing::warn!(name, "the server does not say this of itself");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(*self.askable.get_or_init(|| askable))
    }
}

#[async_trait]
impl Looking for Postgres {
    async fn identity(&self) -> Result<Identity> {
        let askable = self.askable().await?;
        // The number of the backend is of no interest; it keeps the statement whole if nothing may be asked.
        let sql = format!("SELECT {}", with(askable, "pg_backend_pid()"));
        let rows = self.rows("asking which database it is", &sql, &[]).await?;
        rows.first().map(|row| askable.read(row)).ok_or(Error::Unreadable("identity"))
    }

    async fn look(&self, seller: SellerId, glance: Glance) -> Result<Sight> {
        let askable = self.askable().await?;
        let rows = format!(
            "ARRAY(SELECT seq FROM version WHERE seller = $1 AND seq = ANY($2) ORDER BY seq),
             ARRAY(SELECT substr(body, 1, {SEAL_BYTES}) FROM version
                 WHERE seller = $1 AND seq = ANY($2) ORDER BY seq),
             ARRAY(SELECT shelf FROM shelf WHERE seller = $1 AND shelf = ANY($3) ORDER BY shelf),
             ARRAY(SELECT account FROM shelf WHERE seller = $1 AND shelf = ANY($3) ORDER BY shelf),
             ARRAY(SELECT kind FROM shelf WHERE seller = $1 AND shelf = ANY($3) ORDER BY shelf),
             s.seq,
             (SELECT substr(body, 1, {SEAL_BYTES}) FROM version v
                 WHERE v.seller = $1 AND v.seq = s.seq),
             (SELECT wrapped FROM seller_key WHERE seller = $1 AND generation = 1),
             NOT EXISTS (SELECT 1 FROM UNNEST($4::BIGINT[], $5::TEXT[], $6::BYTEA[])
                 AS w (shelf, key, digest) WHERE NOT EXISTS
                 (SELECT 1 FROM document d JOIN version v
                      ON v.seller = d.seller AND v.shelf = d.shelf AND v.no = d.no
                  WHERE d.seller = $1 AND d.shelf = w.shelf AND d.key = w.key
                      AND v.digest = w.digest))
             FROM (SELECT 1) one LEFT JOIN seller s ON s.seller = $1"
        );
        let written = &glance.written;
        let shelves: Vec<i64> = written.iter().map(|one| one.shelf).collect();
        let keys: Vec<&str> = written.iter().map(|one| one.key.as_str()).collect();
        let digests: Vec<&[u8]> = written.iter().map(|one| one.digest.as_slice()).collect();
        let rows = self
            .rows(
                "looking at the last version again",
                &format!("SELECT {}", with(askable, &rows)),
                &[&seller.0, &glance.seqs, &glance.shelves, &shelves, &keys, &digests],
            )
            .await?;
        let row = rows.first().ok_or(Error::Unreadable("look"))?;
        let from = askable.names().count();
        let (seqs, seals): (Vec<i64>, Vec<Vec<u8>>) = (row.get(from), row.get(from + 1));
        let (accounts, kinds): (Vec<i64>, Vec<String>) = (row.get(from + 3), row.get(from + 4));
        let shelves: Vec<i64> = row.get(from + 2);
        let shelves = shelves.into_iter().zip(accounts).zip(kinds);
        let top: Option<i64> = row.get(from + 5);
        Ok(Sight {
            identity: askable.read(row),
            versions: seqs.into_iter().zip(seals.into_iter().map(Seal)).collect(),
            shelves: shelves.map(|((shelf, account), kind)| (shelf, account, kind)).collect(),
            top: top.map(|seq| Top { seq, seal: row.get::<_, Option<_>>(from + 6).map(Seal) }),
            wrapped: row.get(from + 7),
            kept: row.get(from + 8),
        })
    }

    async fn top(&self, seller: SellerId) -> Result<Top> {
        let sql = format!(
            "SELECT s.seq, substr(v.body, 1, {SEAL_BYTES}) FROM seller s
             LEFT JOIN version v ON v.seller = s.seller AND v.seq = s.seq WHERE s.seller = $1"
        );
        let rows = self.rows("reading the change sequence", &sql, &[&seller.0]).await?;
        let top = |row: &Row| Top { seq: row.get(0), seal: row.get::<_, Option<_>>(1).map(Seal) };
        rows.first().map(top).ok_or(Error::Unreadable("seller"))
    }

    async fn renew(&self) -> Result<()> {
        self.migrate().await
    }
}

fn with(askable: Askable, columns: &str) -> String {
    let identity = askable.columns();
    if identity.is_empty() { columns.to_owned() } else { format!("{identity}, {columns}") }
}

#[cfg(test)]
mod tests {
    use crate::migration::MigrationPolicy;
    use hoesu_testkit::postgres::Fresh;

    use super::*;

    #[tokio::test]
    async fn a_server_says_all_of_which_it_is() {
        let fresh = Fresh::database();
        let postgres = Postgres::open(&fresh.url(), MigrationPolicy::TO_OURS).await.unwrap();
        let Identity(values) = postgres.identity().await.unwrap();
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["server", "timeline", "database", "start"]);
        assert!(values.iter().all(|(_, value)| !value.is_empty()), "{values:?}");
        assert_eq!(values[1].1, "00000001", "a new server has one history");
        assert_eq!(postgres.identity().await.unwrap(), Identity(values), "and stays what it is");
    }
}
