//! Import and export, on both databases, for every channel there is.

use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex};

use hoesu_channels::{CHANNELS, Channel};
use hoesu_claims::document::Marks;
use hoesu_claims::{Media, Moment};
use hoesu_engine::{Error, How, Progress, Report, export, import, put};
use hoesu_ledger::{Account, NewAccount};
use hoesu_testkit::{TestLedger, on_both};
use jiff::Timestamp;

async fn account(ledger: &TestLedger, channel: &dyn Channel) -> Account {
    let now = Timestamp::UNIX_EPOCH;
    let seller = match ledger.sellers().await.unwrap().pop() {
        Some(seller) => seller,
        None => ledger.add_seller("별빛상점", now).await.unwrap(),
    };
    let new = NewAccount {
        seller: seller.id,
        channel: channel.id().into(),
        name: channel.id().into(),
        settings: std::collections::BTreeMap::default(),
        secrets: std::collections::BTreeMap::default(),
        credential: "credential".into(),
    };
    ledger.add_account(new, now).await.unwrap()
}

fn how(observed_at: &str) -> How {
    let observed_at = observed_at.parse().unwrap();
    How { observed_at, as_rows_say: false, marks: Marks::new(), now: observed_at }
}

/// The first kind of which the channel makes up documents, and so many of them as JSON.
fn records(channel: &dyn Channel, count: usize) -> Vec<String> {
    let kinds = channel.capabilities().kinds.iter();
    let of = |kind| {
        let invented = (0..count as u64 * 2).filter_map(move |nth| channel.invent(kind, nth));
        invented.filter(|one| one.media == Media::Json).take(count)
    };
    let all = kinds.map(|kind| of(*kind).collect::<Vec<_>>()).find(|all| all.len() == count);
    let all = all.expect("a channel makes up documents").into_iter();
    all.map(|one| String::from_utf8(one.body).unwrap()).collect()
}

/// The same record, saying one thing more.
fn changed(record: &str, more: usize) -> String {
    format!("{},\"hoesu_test\":{more}}}", record.strip_suffix('}').unwrap())
}

async fn import_text(
    ledger: &TestLedger,
    channel: &'static dyn Channel,
    account: &Account,
    text: impl Into<Vec<u8>>,
    how: &How,
) -> Report {
    import(ledger, channel, account, Cursor::new(text.into()), how, |_| ()).await.unwrap()
}

async fn exported(ledger: &TestLedger, channel: &'static dyn Channel, account: &Account) -> String {
    let mut out = Vec::new();
    export(ledger, channel, account, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_versions_in_one_file_the_later_is_current_however_far_apart() {
    on_both(async |ledger| {
        for channel in CHANNELS {
            let account = account(&ledger, *channel).await;
            let records = records(*channel, 1_300);
            let first = records[0].as_str();
            let versions: Vec<_> = (1..=3).map(|more| changed(first, more)).collect();
            let text = [
                first,
                &versions[0],
                "\n",
                &records[1..].join("\n"),
                "\n",
                &versions[1],
                &versions[2],
            ]
            .concat();
            let report =
                import_text(&ledger, *channel, &account, text, &how("2024-02-01T00:00:00Z")).await;
            assert_eq!((report.read, report.new, report.changed), (1_303, 1_300, 3), "{report:?}");
            let exported = exported(&ledger, *channel, &account).await;
            assert!(exported.lines().any(|line| line == versions[2]), "{}", channel.id());
            assert_eq!(exported.lines().count(), 1_300);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_observed_earlier_does_not_become_current() {
    on_both(async |ledger| {
        let channel = CHANNELS[0];
        let account = account(&ledger, channel).await;
        let record = records(channel, 1).remove(0);
        let (old, new) = (how("2024-02-01T00:00:00Z"), how("2024-02-02T00:00:00Z"));
        import_text(&ledger, channel, &account, record.clone(), &new).await;
        let report = import_text(&ledger, channel, &account, changed(&record, 1), &old).await;
        assert_eq!(report.changed, 1);
        assert_eq!(exported(&ledger, channel, &account).await, format!("{record}\n"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_are_kept_and_an_export_brings_them_back() {
    on_both(async |ledger| {
        let channel = CHANNELS[0];
        let account = account(&ledger, channel).await;
        let text = records(channel, 3).join("\n");
        let mut marked = how("2024-02-01T00:00:00Z");
        marked.marks.insert(Moment::Confirmed, "2024-01-31T00:00:00Z".parse().unwrap());
        import_text(&ledger, channel, &account, text.clone(), &marked).await;
        let before = exported(&ledger, channel, &account).await;
        assert!(before.contains(r#""marks":{"confirmed":"2024-01-31T00:00:00Z"}"#), "{before}");

        let plain = how("2024-02-02T00:00:00Z");
        let report = import_text(&ledger, channel, &account, text, &plain).await;
        assert_eq!(report.unchanged, 3, "what is not said again stays known");
        let report = import_text(&ledger, channel, &account, before.clone(), &plain).await;
        assert_eq!(report.unchanged, 3);
        assert_eq!(exported(&ledger, channel, &account).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_records_are_kept_once_with_their_bytes_and_the_first_are_listed() {
    on_both(async |ledger| {
        let channel = CHANNELS[0];
        let account = account(&ledger, channel).await;
        let text =
            (0..1_200).map(|nth| format!("{{\"nth\":{nth}}}")).collect::<Vec<_>>().join("\n");
        for _ in 0..2 {
            let how = how("2024-02-01T00:00:00Z");
            let report = import_text(&ledger, channel, &account, text.clone(), &how).await;
            assert_eq!((report.read, report.refused), (1_200, 1_200));
            assert_eq!(report.refusals.len(), 1_000);
            assert_eq!(report.refusals[999].at, "line 1000");
        }
        let kept = ledger.refusals(account.seller, Some(account.id), 5_000).await.unwrap();
        assert_eq!(kept.len(), 1_200);
        assert!(kept.iter().any(|one| one.refused.body == b"{\"nth\":1199}"));
    })
    .await;
}

/// Breaks after a while.
struct Breaking(Cursor<Vec<u8>>);

impl Read for Breaking {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("the line is dead")),
            count => Ok(count),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_stops_half_way_can_be_done_again() {
    on_both(async |ledger| {
        let channel = CHANNELS[0];
        let account = account(&ledger, channel).await;
        let text = records(channel, 1_500).join("\n");
        let how = how("2024-02-01T00:00:00Z");
        let broken = Breaking(Cursor::new(text.as_bytes()[..text.len() - 10].to_vec()));
        let stopped = import(&ledger, channel, &account, broken, &how, |_| ()).await;
        assert!(matches!(stopped, Err(Error::Read(_))), "{stopped:?}");
        let report = import_text(&ledger, channel, &account, text, &how).await;
        assert_eq!(report.new + report.unchanged, 1_500);
        assert!(report.unchanged >= 1_000, "what was read before is in: {report:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_counts_every_byte_and_every_record() {
    on_both(async |ledger| {
        let channel = CHANNELS[0];
        let account = account(&ledger, channel).await;
        let text = records(channel, 10).join("\n");
        let bytes = text.len() as u64;
        let last = Arc::new(Mutex::new(Progress::default()));
        let heard = Arc::clone(&last);
        let how = how("2024-02-01T00:00:00Z");
        let source = Cursor::new(text);
        let progress = move |now| *heard.lock().unwrap() = now;
        import(&ledger, channel, &account, source, &how, progress).await.unwrap();
        assert_eq!(*last.lock().unwrap(), Progress { bytes, records: 10 });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_channels_own_documents_go_in_and_come_out_as_they_are() {
    on_both(async |ledger| {
        for channel in CHANNELS {
            let account = account(&ledger, *channel).await;
            let samples = channel.samples();
            let how = how("2024-02-01T00:00:00Z");
            let report = put(&ledger, *channel, &account, samples.clone(), &how).await.unwrap();
            assert_eq!(report.refused, 0, "{}: {report:?}", channel.id());
            let before = exported(&ledger, *channel, &account).await;
            for sample in samples.iter().filter(|sample| sample.media == Media::Json) {
                let body = std::str::from_utf8(&sample.body).unwrap();
                assert!(before.contains(body), "{}: {body}", channel.id());
            }
            let report = import_text(&ledger, *channel, &account, before.clone(), &how).await;
            assert_eq!(report.unchanged, report.read, "{}: {report:?}", channel.id());
            assert_eq!(exported(&ledger, *channel, &account).await, before);
        }
    })
    .await;
}

/// A Coupang receipt, as its list shows it.
fn receipt(status: &str, modified: &str, phone: &str) -> String {
    let sample = CHANNELS.iter().find(|one| one.id() == "coupang").unwrap();
    let made = sample.invent("return", 0).unwrap();
    let mut record: serde_json::Value = serde_json::from_slice(&made.body).unwrap();
    record["receiptType"] = "RETURN".into();
    record["receiptStatus"] = status.into();
    record["createdAt"] = "2024-03-01T10:00:00".into();
    record["modifiedAt"] = modified.into();
    record["requesterPhoneNumber"] = phone.into();
    record.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_file_imported_later_changes_nothing_of_what_is_known_since() {
    on_both(async |ledger: TestLedger| {
        let channel = hoesu_channels::by_id("coupang").unwrap();
        let account = account(&ledger, channel).await;
        let shelf = account.shelf("return");
        let done = receipt("RETURNS_COMPLETED", "2024-03-06T10:00:00", "1");
        let asked = receipt("RETURNS_UNCHECKED", "2024-03-02T10:00:00", "1");
        let now: Timestamp = "2024-03-20T00:00:00Z".parse().unwrap();
        for (nth, body) in [&done, &asked].into_iter().enumerate() {
            let now = now + jiff::SignedDuration::from_hours(nth as i64);
            let how = How { observed_at: now, as_rows_say: true, marks: Marks::new(), now };
            let source = Cursor::new(body.clone().into_bytes());
            import(&ledger, channel, &account, source, &how, |_| ()).await.unwrap();
        }
        let key =
            serde_json::from_str::<serde_json::Value>(&done).unwrap()["receiptId"].to_string();
        let held = ledger.document(shelf, &key).await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&held.document.body).contains("RETURNS_COMPLETED"));
        assert_eq!(ledger.versions(shelf, &key).await.unwrap().len(), 2);
        // A stale answer that is heard later covers nothing either.
        let how = How { observed_at: now, as_rows_say: false, marks: Marks::new(), now };
        let stale = receipt("RETURNS_UNCHECKED", "2024-03-03T10:00:00", "2");
        import(&ledger, channel, &account, Cursor::new(stale.into_bytes()), &how, |_| ())
            .await
            .unwrap();
        let held = ledger.document(shelf, &key).await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&held.document.body).contains("RETURNS_COMPLETED"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_receipt_that_is_written_again_was_refunded_when_it_first_said_so() {
    on_both(async |ledger: TestLedger| {
        let channel = hoesu_channels::by_id("coupang").unwrap();
        let account = account(&ledger, channel).await;
        let first = receipt("RETURNS_COMPLETED", "2024-03-06T10:00:00", "1");
        let again = receipt("RETURNS_COMPLETED", "2024-04-20T10:00:00", "2");
        let asked = receipt("RETURNS_UNCHECKED", "2024-03-02T10:00:00", "1");
        // The order of arrival does not matter.
        for (body, heard) in [
            (&again, "2024-04-20T02:00:00Z"),
            (&first, "2024-03-06T02:00:00Z"),
            (&asked, "2024-03-02T02:00:00Z"),
        ] {
            let source = Cursor::new(body.clone().into_bytes());
            import(&ledger, channel, &account, source, &how(heard), |_| ()).await.unwrap();
        }
        let docket = hoesu_engine::Docket::open(Arc::clone(&ledger), account.seller).await.unwrap();
        let refunded = |cases: Vec<hoesu_claims::Case>| {
            let facts = cases.into_iter().flat_map(|case| case.timeline).map(|(_, fact)| fact);
            let refunds =
                facts.filter(|fact| matches!(fact.tells, hoesu_claims::Tells::RefundSeen { .. }));
            refunds.map(|fact| fact.when.at.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(refunded(docket.cases(None).await.unwrap()), ["2024-03-06T01:00:00Z"]);
    })
    .await;
}
