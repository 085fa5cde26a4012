use std::sync::{Arc, Barrier};

use rusqlite::Connection;
use tempfile::TempDir;

use super::{Connect, Writer};
use crate::Error;
use crate::sqlite::failed;

struct Scene {
    folder: TempDir,
    writer: Arc<Writer>,
}

/// A writer on a file with one empty table.
fn scene() -> Scene {
    let folder = TempDir::with_prefix("hoesu-writer-").unwrap();
    let path = folder.path().join("file");
    let connect: Connect =
        Box::new(move || Connection::open(&path).map_err(failed("opening the file")));
    let connection = connect().unwrap();
    connection.execute_batch("CREATE TABLE line (text TEXT NOT NULL)").unwrap();
    Scene { folder, writer: Arc::new(Writer::start(connection, connect, None).unwrap()) }
}

/// Lets the writer do a job.
async fn write<T: Send + 'static>(
    writer: &Writer,
    doing: &'static str,
    job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, Error> {
    writer.write(doing, move |tx| job(tx).map_err(failed(doing))).await
}

impl Scene {
    fn lines(&self) -> Vec<String> {
        let connection = Connection::open(self.folder.path().join("file")).unwrap();
        let mut lines = connection.prepare("SELECT text FROM line ORDER BY text").unwrap();
        let lines = lines.query_map([], |row| row.get(0)).unwrap();
        lines.map(|line| line.unwrap()).collect()
    }

    /// Lets these jobs wait behind another, so that they share a commit; answers them in order.
    async fn at_once(
        &self,
        jobs: Vec<fn(&Connection) -> rusqlite::Result<()>>,
    ) -> Vec<Result<(), Error>> {
        let gate = Arc::new(Barrier::new(2));
        let (writer, held) = (Arc::clone(&self.writer), Arc::clone(&gate));
        let first = tokio::spawn(async move {
            let hold = move |_: &Connection| {
                held.wait();
                held.wait();
                Ok(())
            };
            write(&writer, "holding the writer", hold).await
        });
        // The writer is at it.
        tokio::task::block_in_place(|| gate.wait());
        let mut waiting = Vec::new();
        for job in jobs {
            let writer = Arc::clone(&self.writer);
            let mut write = Box::pin(async move { write(&writer, "writing a line", job).await });
            // Sent, in this order, before anybody is let go.
            let sent = std::future::poll_fn(|context| {
                std::task::Poll::Ready(write.as_mut().poll(context).is_pending())
            });
            assert!(sent.await);
            waiting.push(write);
        }
        tokio::task::block_in_place(|| gate.wait());
        first.await.unwrap().unwrap();
        let mut answers = Vec::new();
        for write in waiting {
            answers.push(write.await);
        }
        answers
    }
}

fn line(tx: &Connection, text: &str) -> rusqlite::Result<()> {
    tx.execute("INSERT INTO line VALUES (?1)", [text]).map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_one_job_is_its_own_and_the_writer_goes_on() {
    let scene = scene();
    let alone = |tx: &Connection| -> rusqlite::Result<()> {
        line(tx, "alone")?;
        panic!("on purpose")
    };
    let told = write(&scene.writer, "writing a line", alone).await;
    assert!(matches!(told, Err(Error::Panicked { doing: "writing a line" })), "{told:?}");
    assert!(scene.lines().is_empty(), "what it did is undone");

    let told = scene
        .at_once(vec![
            |tx| line(tx, "before"),
            |tx| {
                line(tx, "half")?;
                panic!("on purpose")
            },
            |tx| line(tx, "after"),
        ])
        .await;
    assert!(matches!(told[..], [Ok(()), Err(Error::Panicked { .. }), Ok(())]), "{told:?}");
    assert_eq!(scene.lines(), ["after", "before"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_ends_the_transaction_takes_those_before_with_it_and_each_is_told() {
    let scene = scene();
    let told = scene
        .at_once(vec![
            |tx| line(tx, "before"),
            // As SQLite does by itself when it cannot go on.
            |tx| tx.execute_batch("ROLLBACK"),
            |tx| line(tx, "after"),
        ])
        .await;
    let [Err(Error::Shared(_)), Err(Error::Shared(_)), Ok(())] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(scene.lines(), ["after"], "whose turn had not come had a transaction of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_cannot_begin_runs_nothing_and_each_is_told() {
    let scene = scene();
    let other = Connection::open(scene.folder.path().join("file")).unwrap();
    let patience = std::time::Duration::ZERO;
    write(&scene.writer, "setting up", move |tx| tx.busy_timeout(patience)).await.unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for _ in 0..3 {
        let told = write(&scene.writer, "writing a line", |tx| line(tx, "never")).await;
        let Err(Error::Shared(why)) = told else { panic!("{told:?}") };
        assert_eq!(why.doing(), "beginning a transaction");
    }
    other.execute_batch("ROLLBACK").unwrap();
    write(&scene.writer, "writing a line", |tx| line(tx, "then")).await.unwrap();
    assert_eq!(scene.lines(), ["then"]);
}
