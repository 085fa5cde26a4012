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
    Scene { folder, writer: Arc::new(Writer::start(connection, connect).unwrap()) }
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
        jobs: Vec<fn(&mut Connection) -> Result<(), Error>>,
    ) -> Vec<Result<(), Error>> {
        let gate = Arc::new(Barrier::new(2));
        let (writer, held) = (Arc::clone(&self.writer), Arc::clone(&gate));
        let first = tokio::spawn(async move {
            let hold = move |_: &mut Connection| {
                held.wait();
                held.wait();
                Ok(())
            };
            writer.write("holding the writer", hold).await
        });
        // The writer is at it.
        tokio::task::block_in_place(|| gate.wait());
        let mut waiting = Vec::new();
        for job in jobs {
            let writer = Arc::clone(&self.writer);
            let mut write = Box::pin(async move { writer.write("writing a line", job).await });
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

fn line(tx: &Connection, text: &str) -> Result<(), Error> {
    let wrote = tx.execute("INSERT INTO line VALUES (?1)", [text]);
    wrote.map(drop).map_err(failed("writing a line"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_one_job_is_its_own_and_the_writer_goes_on() {
    let scene = scene();
    let alone = |tx: &mut Connection| -> Result<(), Error> {
        line(tx, "alone")?;
        panic!("on purpose")
    };
    let told = scene.writer.write("writing a line", alone).await;
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
            |tx| tx.execute_batch("ROLLBACK").map_err(failed("writing a line")),
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
    scene
        .writer
        .write("setting up", |tx| {
            tx.busy_timeout(std::time::Duration::ZERO).map_err(failed("setting up"))
        })
        .await
        .unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for _ in 0..3 {
        let told = scene.writer.write("writing a line", |tx| line(tx, "never")).await;
        let Err(Error::Shared(why)) = told else { panic!("{told:?}") };
        assert_eq!(why.doing(), "beginning a transaction");
    }
    other.execute_batch("ROLLBACK").unwrap();
    scene.writer.write("writing a line", |tx| line(tx, "then")).await.unwrap();
    assert_eq!(scene.lines(), ["then"]);
}
