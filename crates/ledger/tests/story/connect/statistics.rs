//! After a first import nobody has counted anything: statements read what they are asked for all the same.

use hoesu_claims::{Found, Term};
use hoesu_ledger::cases::{DocumentAt, Settlement};
use hoesu_ledger::{Current, Ledger, MasterKey, Place, Put};
use hoesu_testkit::postgres::Fresh;

use super::{administrator, server};
use crate::cases::case;
use crate::tell::{account, at, new_account, says};

/// Documents of a first import, and how many tell of one order.
const DOCUMENTS: usize = 20_000;
const TOLD: usize = 4;

/// How many orders are settled at once, and how often.
const ORDERS: usize = 100;
const ROUNDS: usize = 5;

fn order(nth: usize) -> String {
    format!("order-{nth}")
}

#[tokio::test(flavor = "multi_thread")]
async fn settling_reads_what_it_asks_for_without_statistics() {
    let server = server(&[("more.conf", "autovacuum = off\n")]);
    let database = Fresh::on(server.url());
    let client = administrator(&database).await;
    let (place, key) = (Place::Postgres(database.url()), MasterKey::generate());
    let ledger = Ledger::open(&place, &key).await.unwrap();
    let ours = account(&ledger).await;
    let other = new_account(ours.seller, "other", "key-2");
    let other = ledger.add_account(other, at(3)).await.unwrap();
    let seller = ours.seller;
    let shelves = [ours.shelf("return"), other.shelf("order")];
    for first in (0..DOCUMENTS / 2).step_by(500) {
        for shelf in shelves {
            let batch = (first..first + 500).map(|nth| {
                let terms = vec![(Term::Order, order(nth * 2 / TOLD))];
                says(&nth.to_string(), "{}", 10, 10, Found { terms, ..Found::default() })
            });
            ledger.append(shelf, Put::Newer, batch.collect()).await.unwrap();
        }
    }
    drop(ledger);
    gone(&client).await;
    // Whatever was counted meanwhile is not known.
    client.batch_execute("SELECT pg_stat_reset()").await.unwrap();
    for prepared in [true, false] {
        let place = format!("{}&prepared_statements={prepared}", database.url());
        let ledger = Ledger::open(&Place::Postgres(place), &key).await.unwrap();
        for round in 0..ROUNDS {
            let orders: Vec<usize> = (0..ORDERS).map(|nth| nth * ROUNDS + round).collect();
            settle(&ledger, seller, &orders).await;
        }
        drop(ledger);
    }
    gone(&client).await;
    // Every order has its documents, each of which is looked up by a few statements and written by a few
    // more: a hundred rows for each is generous, and a hundredth of what reading tables would cost.
    let asked = (2 * ROUNDS * ORDERS * TOLD) as i64;
    let sql = "SELECT relname::TEXT, seq_tup_read, coalesce((SELECT sum(i.idx_tup_read)::BIGINT
             FROM pg_stat_user_indexes i WHERE i.relid = t.relid), 0)
         FROM pg_stat_user_tables t";
    let rows = client.query(sql, &[]).await.unwrap();
    let read = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2)));
    let read: Vec<(String, i64, i64)> =
        read.filter(|(_, swept, looked)| swept + looked > 0).collect();
    // What is small is read as a whole.
    let much = read.iter().filter(|(_, swept, looked)| (*swept).max(*looked) > asked * 25);
    assert_eq!(much.count(), 0, "{asked} documents were asked for: {read:?}");
}

/// Settles orders as the engine does.
async fn settle(ledger: &Ledger, seller: hoesu_claims::SellerId, orders: &[usize]) {
    let terms = orders.iter().map(|nth| (Term::Order, order(*nth)));
    let told = ledger.told_by(seller, terms).await.unwrap();
    assert_eq!(told.len(), orders.len() * TOLD);
    let at_them: Vec<DocumentAt> = told.iter().map(at_it).collect();
    assert_eq!(ledger.current_of(seller, at_them.clone()).await.unwrap().len(), told.len());
    ledger.earlier(seller, &told.iter().collect::<Vec<_>>()).await.unwrap();
    let known = ledger.cases_of(seller, at_them.clone()).await.unwrap();
    ledger.documents_of(seller, known).await.unwrap();
    let cases = orders.iter().zip(at_them.chunks(TOLD));
    let cases = cases.map(|(nth, within)| case(&order(*nth), within.to_vec(), Vec::new()));
    let was = ledger.settled(seller).await.unwrap();
    let settlement =
        Settlement { was, seq: was.seq, at: at(100), cases: cases.collect(), gone: Vec::new() };
    assert!(ledger.settle(seller, settlement).await.unwrap());
}

fn at_it(one: &Current) -> DocumentAt {
    let Current { account, kind, held, .. } = one;
    DocumentAt { account: *account, kind: kind.clone(), key: held.document.key.clone() }
}

/// Waits until the ledger's connections have ended: only then all of what they did is counted.
async fn gone(client: &tokio_postgres::Client) {
    let there = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'hoesu'";
    while client.query_one(there, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
