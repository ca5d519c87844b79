//! `tools calibrate lag`: plays games over a simulated bad network, and measures the largest lag of their buttons. The limit of
//! real-time sessions, [`MAX_LAG_MILLIS`], is above it.

mod network;

use std::fmt;

use clap::{Args, value_parser};
use shared::{
    event::MAX_EVENTS,
    ranking::MAX_LAG_MILLIS,
    rules::TICKS_PER_SECOND,
    sending::{BUTTONS_INTERVAL_MILLIS, Backoff},
    time::{Tick, Timestamp},
};

use super::Interval;
use network::Network;

/// Options of the simulation.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Number of games
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub games: u32,
    /// Length of a game in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 240)]
    pub seconds: u32,
    /// Share of packets that are lost, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 5, value_parser = value_parser!(u32).range(0..=90))]
    pub loss: u32,
    /// Time of a round trip in milliseconds
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 300)]
    pub round_trip: u64,
    /// Length of an outage in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    pub outage: u32,
    /// Average time from the end of an outage to the next one in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = value_parser!(u32).range(1..))]
    pub outage_interval: u32,
    /// Seed of the first game. Game number I has the seed N + I
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// The result of the simulation.
#[derive(Debug, Clone)]
pub struct Report {
    options: Options,
    /// The largest lag of each game in milliseconds, in ascending order.
    lags: Vec<u64>,
}

/// Simulates the games.
pub fn run(options: &Options) -> Report {
    let seeds = (0..u64::from(options.games)).map(|number| options.seed.wrapping_add(number));
    let mut lags: Vec<u64> = seeds.map(|seed| largest_lag(options, seed)).collect();
    lags.sort_unstable();
    Report { options: options.clone(), lags }
}

/// Plays a game in which a button is held all the time, and sends it as the browser does. Returns the largest lag of a
/// button, milliseconds.
fn largest_lag(options: &Options, seed: u64) -> u64 {
    let mut network = Network::new(options, seed);
    let mut backoff = Backoff::default();
    let last = events_after(u64::from(options.seconds) * 1_000);
    let (mut received, mut acknowledged, mut largest) = (0, 0, 0);
    let mut now = 0;
    while acknowledged < last {
        // The next event is queued when its ticks have been played.
        now = now.max(event_start(acknowledged + 1));
        let next = events_after(now).min(acknowledged + MAX_EVENTS as u64).min(last);
        let end = network.request(now);
        if let Some(received_at) = end.received_at {
            let lags = (received..next).map(|event| lag(event, received_at));
            largest = lags.fold(largest, u64::max);
            received = received.max(next);
        }
        now = end.ended_at;
        if end.is_success {
            acknowledged = next;
            backoff.succeed();
        } else {
            now += (backoff.fail(network.random(), None) * 1_000.0) as u64;
        }
    }
    largest
}

/// The number of events that are complete at that time.
fn events_after(millis: u64) -> u64 {
    millis / BUTTONS_INTERVAL_MILLIS
}

/// When the first tick of an event starts.
fn event_start(event: u64) -> u64 {
    event * BUTTONS_INTERVAL_MILLIS
}

/// The lag of an event's first button.
fn lag(event: u64, received_at: u64) -> u64 {
    let ticks = event_start(event) * u64::from(TICKS_PER_SECOND) / 1_000 + 1;
    shared::lag::button_lag(Tick(ticks as u32), Timestamp(0), Timestamp(received_at))
}

impl Report {
    /// The smallest lag that so many percent of the games do not exceed, milliseconds; 0 without games.
    pub fn percentile(&self, percent: usize) -> u64 {
        let index = (self.lags.len() * percent).div_ceil(100).saturating_sub(1);
        self.lags.get(index).copied().unwrap_or_default()
    }

    /// The number of games that would not rank in a real-time session.
    pub fn unranked(&self) -> usize {
        self.lags.iter().filter(|lag| **lag > MAX_LAG_MILLIS).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { seconds, loss, round_trip, outage, outage_interval, .. } = &self.options;
        let games = self.lags.len();
        writeln!(
            f,
            "{games} games of {seconds} s with {loss} % of packets lost, round trips of {round_trip} ms, and outages of \
             {outage} s, {outage_interval} s apart on average"
        )?;
        let [median, high, largest] = [50, 99, 100].map(|percent| self.percentile(percent) as f64 / 1_000.0);
        writeln!(
            f,
            "largest lag of a button: median {median:.1} s, 99 % of games {high:.1} s, largest {largest:.1} s"
        )?;
        let limit = MAX_LAG_MILLIS / 1_000;
        let rate = Interval::new(self.unranked(), games);
        write!(f, "above the limit of {limit} s: {} games, {rate}", self.unranked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(games: u32) -> Options {
        Options { games, seconds: 240, loss: 5, round_trip: 300, outage: 20, outage_interval: 60, seed: 0 }
    }

    #[test]
    fn bad_wifi_takes_no_game_off_the_standings() {
        let report = run(&options(1_000));
        assert_eq!(report.unranked(), 0);
        assert!(report.percentile(50) > 20_000, "an outage is part of the lag: {report}");
        // A quarter of the limit is in reserve.
        assert!(report.percentile(100) < MAX_LAG_MILLIS / 4 * 3, "{report}");
    }

    #[test]
    fn good_network_has_the_lag_of_an_event_and_half_a_round_trip() {
        let perfect = Options { loss: 0, outage: 0, ..options(10) };
        let lags = run(&perfect).lags;
        // The first request opens the connection: two more round trips.
        assert!(lags.iter().all(|lag| (1_700..1_800).contains(lag)), "{lags:?}");
    }

    #[test]
    fn long_outages_exceed_the_limit() {
        let broken = Options { outage: MAX_LAG_MILLIS as u32 / 1_000 + 30, ..options(100) };
        assert_eq!(run(&broken).unranked(), 100);
    }
}
