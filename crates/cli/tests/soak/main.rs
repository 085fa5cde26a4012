//! The soak: a sandbox's market and a hub that reads it, as processes of their own. Everything goes
//! wrong that may, the hub is killed at any moment; what it marked as read it holds, in the end it holds
//! what the channels said, nothing missing and nothing invented, and it finds what somebody finds who read it
//! all in peace. Where seconds are the world's, no call comes too soon after another.
//!
//! Short by default. `just soak` runs thirty days of the market (`HOESU_SOAK=long`), in an hour or as fast as
//! `HOESU_SOAK_SPEED` says (the market's seconds in one of the world's); `HOESU_SOAK=promise`
//! leaves the hub alone, by a clock slow enough that how soon it knows is what the channels make of it.
//! A seed that fails is printed; `HOESU_SOAK_SEED` runs it again.

mod compare;
mod documents;
mod hub;
mod marked;
mod market;

use std::time::{Duration, Instant};

use hoesu_channels::CHANNELS;
use jiff::SignedDuration;

use crate::compare::compare;
use crate::hub::Hub;
use crate::market::Market;

/// How long a soak is, and how large its market.
struct Length {
    /// Seconds of the market in one of the world's.
    speed: f64,
    /// Of the world.
    runs: Duration,
    /// How often the hub is killed in that time.
    kills: u32,
    sellers: u32,
    orders_per_day: u32,
}

impl Length {
    fn of_environment() -> Self {
        let named = std::env::var("HOESU_SOAK").unwrap_or_default();
        if named == "long" {
            let speed = std::env::var("HOESU_SOAK_SPEED").ok();
            let speed = speed.and_then(|speed| speed.parse().ok()).unwrap_or(720.0);
            // Thirty days.
            let runs = Duration::from_hours(30 * 24).div_f64(speed);
            return Self { speed, runs, kills: 40, sellers: 3, orders_per_day: 40 };
        }
        if named == "promise" {
            // Six hours.
            let runs = Duration::from_mins(6);
            return Self { speed: 60.0, runs, kills: 0, sellers: 2, orders_per_day: 200 };
        }
        let runs = Duration::from_secs(25);
        Self { speed: 1_200.0, runs, kills: 5, sellers: 2, orders_per_day: 30 }
    }
}

/// What goes wrong while the hub reads, with how often: faults as the sandbox takes them. Unknown codes
/// come in a list that is read again: what is looked up once would stay as the fault wrote it.
const FAULTS: &[&str] = &[
    r#"{"fault":"expired-signature","rate":0.01}"#,
    r#"{"fault":"forbidden-html","rate":0.002}"#,
    r#"{"fault":"rate-limited","rate":0.01}"#,
    r#"{"fault":"failed-with-body","rate":0.02}"#,
    r#"{"fault":"timed-out-after-commit","rate":0.01}"#,
    r#"{"fault":"reply-lost","rate":0.02}"#,
    r#"{"fault":"slow","rate":0.005,"seconds":1}"#,
    r#"{"fault":"truncated","rate":0.02}"#,
    r#"{"fault":"duplicate-rows","rate":0.05}"#,
    r#"{"fault":"reordered-pages","rate":0.05}"#,
    r#"{"fault":"late-rows","rate":0.05,"seconds":600}"#,
    r#"{"fault":"unknown-codes","rate":0.02,"endpoint":"*/returnRequests"}"#,
    r#"{"fault":"null-safe-numbers","rate":0.01}"#,
];

/// A sequence of numbers, the same for the same seed.
struct Chance(u64);

impl Chance {
    /// From 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

async fn soak(seed: u64) {
    let length = Length::of_environment();
    let market = Market::open(seed, &length).await;
    let hub = Hub::of(&market).await;
    for fault in FAULTS {
        market.post("/_sandbox/faults", fault).await;
    }
    market.put("/_sandbox/clock", &format!(r#"{{"speed":{},"frozen":false}}"#, length.speed)).await;

    let began = market.now().await;
    let mut chance = Chance(seed);
    let mut running = hub.serve(&market);
    let (started, each) = (Instant::now(), length.runs / (length.kills + 1));
    let mut silenced = false;
    for _ in 0..length.kills {
        tokio::time::sleep(each.mul_f64(0.5 + chance.next())).await;
        running.kill();
        if !silenced && started.elapsed() > length.runs / 2 {
            silenced = true;
            market.post("/_sandbox/faults", r#"{"fault":"silence","seconds":3600}"#).await;
        }
        running = hub.serve(&market);
    }
    tokio::time::sleep(length.runs.saturating_sub(started.elapsed())).await;
    let ended = market.now().await;
    running.kill();

    // Into the next night, when everything of the last month is read again; nothing goes wrong now.
    market.delete("/_sandbox/faults").await;
    market.put("/_sandbox/clock", r#"{"frozen":true}"#).await;
    let night = market.next_night().await;
    market.put("/_sandbox/clock", &format!(r#"{{"now":"{night}","speed":5}}"#)).await;
    let later = night.saturating_add(SignedDuration::from_mins(40)).expect("a later instant");
    market.put("/_sandbox/clock", &format!(r#"{{"now":"{later}"}}"#)).await;

    let fresh = Hub::of(&market).await;
    let reach = night.saturating_sub(SignedDuration::from_hours(31 * 24)).expect("an instant");
    let told = compare(&market, &hub, &fresh, (began, ended), reach).await;
    say(&format!("seed {seed}: {told}"));
}

#[expect(clippy::print_stderr, reason = "a seed that fails has to be known")]
fn say(text: &str) {
    eprintln!("{text}");
}

/// A seed nobody has tried.
fn any_seed() -> u64 {
    let named = std::env::var("HOESU_SOAK_SEED").ok().and_then(|seed| seed.parse().ok());
    named.unwrap_or_else(|| u64::from(getrandom::u32().expect("the system has random numbers")))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_killed_again_and_again_holds_what_the_channels_said() {
    assert!(CHANNELS.iter().any(|channel| channel.connector().is_some()));
    soak(7).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_it_is_with_any_seed() {
    let seed = any_seed();
    say(&format!("seed {seed} (HOESU_SOAK_SEED={seed} runs it again)"));
    soak(seed).await;
}
