//! What is counted: requests and their time by channel and kind of answer. No label carries a value
//! of a request.

use std::time::Duration;

use axum::http::StatusCode;
use hoesu_channels::CHANNELS;
use hoesu_engine::Supervisor;
use jiff::Timestamp;
use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder as _};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

/// The kinds of answers, by the first digit of the status.
const KINDS: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Upper edges of the time buckets, in seconds.
const EDGES: [f64; 12] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// One process's counters, made once so that counting a request is a few atomic additions.
pub struct Meter {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    /// By channel (our own paths last), then by kind of answer.
    rows: Vec<[(Counter, Histogram); KINDS.len()]>,
    background: Supervisor,
}

/// The text Prometheus reads.
pub type Scrape = String;

impl Meter {
    /// Starts counting at zero, in a process without background work.
    pub fn new() -> Self {
        Self::supervised(Supervisor::default())
    }

    /// Starts counting at zero; what is in the background is looked after by `background`.
    pub fn supervised(background: Supervisor) -> Self {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full("hoesu_request_seconds".to_owned()), &EDGES)
            .expect("there are buckets")
            .build_recorder();
        let names = CHANNELS.iter().map(|channel| channel.id()).chain(["hoesu"]);
        let rows = names.map(|name| KINDS.map(|kind| row(&recorder, name, kind))).collect();
        recorder.describe_counter("hoesu_requests_total".into(), None, "Requests answered.".into());
        recorder.describe_counter(
            "hoesu_ledger_went_back_total".into(),
            None,
            "Times the database was not the one it was, and everything held in memory was dropped."
                .into(),
        );
        recorder.describe_gauge(
            "hoesu_feed_read_timestamp_seconds".into(),
            None,
            "When the last reading of a feed that was kept began.".into(),
        );
        recorder.describe_gauge(
            "hoesu_feed_overdue".into(),
            None,
            "1 if something of a feed older than promised was not read.".into(),
        );
        recorder.describe_counter(
            "hoesu_background_restarts_total".into(),
            None,
            "How often background work ended and was started again.".into(),
        );
        recorder.describe_gauge(
            "hoesu_background_up".into(),
            None,
            "1 if the background work goes on, 0 while it waits to be started again.".into(),
        );
        recorder.describe_histogram("hoesu_request_seconds".into(), None, "Time to answer.".into());
        Self { handle: recorder.handle(), recorder, rows, background }
    }

    /// Counts an answer; `channel` is its place in `CHANNELS`.
    pub(crate) fn count(&self, channel: Option<usize>, status: StatusCode, elapsed: Duration) {
        let row = &self.rows[channel.unwrap_or(self.rows.len() - 1)];
        let (counter, histogram) =
            &row[usize::from(status.as_u16() / 100).clamp(1, KINDS.len()) - 1];
        counter.increment(1);
        histogram.record(elapsed.as_secs_f64());
    }

    /// Moves what was counted out of the way of what comes; to be called every few seconds.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// How each feed stands, by the names of seller, account and feed: when its last reading that was
    /// kept began, and whether something older than promised is unread.
    pub(crate) fn feed(&self, names: [&str; 3], read: Option<Timestamp>, overdue: bool) {
        let labels = ["seller", "account", "feed"].iter().zip(names);
        let labels: Vec<_> =
            labels.map(|(label, name)| Label::new(*label, name.to_owned())).collect();
        let gauge = |name: &'static str, value: f64| {
            let key = Key::from_parts(name, labels.clone());
            self.recorder.register_gauge(&key, &METADATA).set(value);
        };
        if let Some(read) = read {
            gauge("hoesu_feed_read_timestamp_seconds", read.as_duration().as_secs_f64());
        }
        gauge("hoesu_feed_overdue", f64::from(u8::from(overdue)));
    }

    /// Who looks after what is in the background.
    pub(crate) const fn background(&self) -> &Supervisor {
        &self.background
    }

    /// How often the ledger dropped what it held, since its database was not the one it was.
    pub(crate) fn went_back(&self, times: u64) {
        let key = Key::from_static_name("hoesu_ledger_went_back_total");
        self.recorder.register_counter(&key, &METADATA).absolute(times);
    }

    /// Everything counted so far.
    pub fn scrape(&self) -> Scrape {
        for (task, background) in self.background.all() {
            let labels = vec![Label::new("task", task)];
            let restarts = Key::from_parts("hoesu_background_restarts_total", labels.clone());
            self.recorder.register_counter(&restarts, &METADATA).absolute(background.restarts);
            let up = Key::from_parts("hoesu_background_up", labels);
            let is_up = f64::from(u8::from(!background.is_down));
            self.recorder.register_gauge(&up, &METADATA).set(is_up);
        }
        if let Some(bytes) = resident_bytes() {
            let key = Key::from_static_name("process_resident_memory_bytes");
            self.recorder.register_gauge(&key, &METADATA).set(bytes);
        }
        self.handle.render()
    }
}

impl Default for Meter {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Meter")
    }
}

static METADATA: Metadata<'static> =
    Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

fn row(
    recorder: &PrometheusRecorder,
    channel: &'static str,
    kind: &'static str,
) -> (Counter, Histogram) {
    let labels = vec![Label::new("channel", channel), Label::new("status", kind)];
    let total = Key::from_parts("hoesu_requests_total", labels.clone());
    let seconds = Key::from_parts("hoesu_request_seconds", labels);
    (recorder.register_counter(&total, &METADATA), recorder.register_histogram(&seconds, &METADATA))
}

/// How much of the process is in memory, in bytes, where the system says so.
fn resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u32 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(f64::from(kilobytes) * 1024.0)
}
