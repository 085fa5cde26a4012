//! The access log: who saw what, and whether anybody changed what it says.

use hoesu_ledger::{Access, Anchor, Broken, Deed, Ledger, Place, Put, Tampering};
use hoesu_testkit::{Database, on_both, throwaway};

use crate::tell::{account, at, plain};

fn access(nth: i64, what: Deed) -> Access {
    Access {
        at: at(nth * 1_000),
        who: "minji".to_owned(),
        origin: "192.0.2.7".to_owned(),
        what,
        whose: format!("person {nth}"),
        reason: format!("구매자 문의 {nth}"),
    }
}

async fn ledger_says(ledger: &Ledger, lines: i64) -> hoesu_claims::SellerId {
    let seller = ledger.add_seller("하나", at(1)).await.unwrap().id;
    for nth in 1..=lines {
        ledger.note(seller, access(nth, Deed::PersonAdd)).await.unwrap();
    }
    seller
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_read_back_and_holds() {
    on_both(async |ledger| {
        let seller = ledger_says(&ledger, 5).await;
        let all = ledger.accesses(seller, None, None, 10).await.unwrap();
        assert_eq!(all.iter().map(|line| line.no).collect::<Vec<_>>(), [5, 4, 3, 2, 1]);
        assert_eq!((all[0].who.as_str(), all[0].what.as_str()), ("minji", "person-add"));
        assert_eq!(all[0].reason.as_deref(), Some("구매자 문의 5"));
        let page = ledger.accesses(seller, Some(at(2_000)), Some(5), 2).await.unwrap();
        assert_eq!(page.iter().map(|line| line.no).collect::<Vec<_>>(), [4, 3]);
        let verified = ledger.again().await.verify_accesses(seller, None).await.unwrap();
        assert_eq!((verified.lines, verified.broken), (5, None));

        let other = ledger.add_seller("둘", at(1)).await.unwrap().id;
        assert!(ledger.accesses(other, None, None, 10).await.unwrap().is_empty());
        let none = ledger.verify_accesses(other, None).await.unwrap();
        assert_eq!((none.lines, none.broken), (0, None));
        assert_eq!(none.head, "0".repeat(64));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_sees_a_document_is_written_down_first() {
    on_both(async |ledger| {
        let account = account(&ledger).await;
        let shelf = account.shelf("return");
        let said = vec![plain("7", "{\"name\":\"old\"}", 1)];
        ledger.append(shelf, Put::Newer, said).await.unwrap();
        ledger.append(shelf, Put::Newer, vec![plain("7", "{\"name\":\"new\"}", 2)]).await.unwrap();
        let reveal = async |key: &str, version| {
            ledger.reveal(shelf, key, version, access(3, Deed::Reveal)).await.unwrap()
        };
        let seen = reveal("7", 1).await.unwrap();
        assert_eq!((seen.version, seen.body.as_slice()), (1, b"{\"name\":\"old\"}".as_slice()));
        for (key, version) in [("7", 3), ("8", 1), ("7\0", 1)] {
            assert!(reveal(key, version).await.is_none(), "{key} {version}");
        }
        let log = ledger.accesses(account.seller, None, None, 10).await.unwrap();
        assert_eq!(log.len(), 1, "what is not there was seen by nobody: {log:?}");
        assert_eq!(log[0].whose, format!("{}:return:7@1", account.id.0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_make_one_chain() {
    on_both(async |ledger| {
        let seller = ledger_says(&ledger, 0).await;
        let writers: Vec<_> = (0..8)
            .map(|nth| {
                let ledger = ledger.clone();
                tokio::spawn(async move {
                    for at in 0..5 {
                        ledger.note(seller, access(nth * 5 + at, Deed::SignIn)).await.unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let verified = ledger.verify_accesses(seller, None).await.unwrap();
        assert_eq!((verified.lines, verified.broken), (40, None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_removes_or_moves_a_line_is_found_out() {
    let tampered: [(&str, i64, Tampering); 9] = [
        ("UPDATE access_log SET who = 'jiho' WHERE no = 3", 3, Tampering::Changed),
        ("UPDATE access_log SET at = at + 1 WHERE no = 3", 3, Tampering::Changed),
        ("UPDATE access_log SET origin = '' WHERE no = 1", 1, Tampering::Changed),
        ("UPDATE access_log SET what = 'sign-in' WHERE no = 5", 5, Tampering::Changed),
        ("UPDATE access_log SET whose = whose || 'x' WHERE no = 2", 2, Tampering::Changed),
        ("UPDATE access_log SET reason = x'00' WHERE no = 4", 4, Tampering::Changed),
        ("DELETE FROM access_log WHERE no = 2", 2, Tampering::Missing),
        ("DELETE FROM access_log WHERE no = 1", 1, Tampering::Missing),
        ("UPDATE access_log SET no = 20 - no", 1, Tampering::Missing),
    ];
    for (sql, no, how) in tampered {
        let ledger = throwaway(Database::Sqlite).await;
        let seller = ledger_says(&ledger, 5).await;
        tamper(ledger.place(), sql);
        let verified = ledger.again().await.verify_accesses(seller, None).await.unwrap();
        assert_eq!(verified.broken, Some(Broken { no, how }), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_cut_off_the_end_are_missed_by_whoever_kept_one() {
    let ledger = throwaway(Database::Sqlite).await;
    let seller = ledger_says(&ledger, 5).await;
    let head = ledger.verify_accesses(seller, None).await.unwrap().head;
    let anchor: Anchor = format!("5:{head}").parse().unwrap();
    let verify = async |anchor: Option<&Anchor>| {
        ledger.again().await.verify_accesses(seller, anchor).await.unwrap().broken
    };
    assert_eq!(verify(Some(&anchor)).await, None);
    tamper(ledger.place(), "DELETE FROM access_log WHERE no > 3");
    assert_eq!(verify(None).await, None);
    let missing = Some(Broken { no: 4, how: Tampering::Missing });
    assert_eq!(verify(Some(&anchor)).await, missing);
    // Others written in their place are not the ones that were there.
    for nth in 4..=5 {
        ledger.note(seller, access(nth, Deed::PersonAdd)).await.unwrap();
    }
    assert_eq!(verify(None).await, None);
    let changed = Some(Broken { no: 5, how: Tampering::Changed });
    assert_eq!(verify(Some(&anchor)).await, changed);
}

/// Does to a ledger's file what only somebody with the file can.
fn tamper(place: &Place, sql: &str) {
    let Place::Folder(folder) = place else { panic!("an embedded ledger lives in a folder") };
    let connection = rusqlite::Connection::open(folder.join("ledger.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}
