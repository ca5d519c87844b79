//! The report of a load test: games, events, latencies and errors.

use std::{collections::BTreeMap, fmt, time::Duration};

use shared::{
    ids::{GameId, Seq},
    replay::ButtonLog,
};

/// A game that a bot played, as far as the server acknowledged it.
#[derive(Debug, Clone)]
pub struct PlayedGame {
    /// The game.
    pub game: GameId,
    /// The server has acknowledged all events below this number.
    pub acknowledged: Seq,
    /// The buttons of the acknowledged events.
    pub buttons: ButtonLog,
}

/// The result of a load test.
#[derive(Debug, Default)]
pub struct Report {
    /// The seed of the bots.
    pub seed: u64,
    /// Games that were started.
    pub games: Vec<PlayedGame>,
    /// Bots that got a ticket at least once.
    pub players: u32,
    /// Bots that never got a ticket, by the server's reason.
    pub refused: BTreeMap<String, u32>,
    /// Acknowledged events.
    pub events: u64,
    /// The time from each sent batch to its acknowledgement.
    pub latencies: Vec<Duration>,
    /// The time from each point to its update of the scoreboard, for games that were already on it. Empty unless the
    /// scoreboard is watched.
    pub shown: Vec<Duration>,
    /// Failed requests by their error. The bots repeat what they can.
    pub errors: BTreeMap<String, u64>,
}

impl Report {
    /// Counts a failed request.
    pub fn count_error(&mut self, error: &impl fmt::Display) {
        *self.errors.entry(error.to_string()).or_default() += 1;
    }

    /// The number of failed requests.
    pub fn failures(&self) -> u64 {
        self.errors.values().sum()
    }
}

/// The median, the 99th percentile and the maximum.
fn percentiles(times: &[Duration]) -> String {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = |percent| sorted.get(sorted.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
    let [p50, p99, maximum] = [50, 99, 100].map(at);
    format!("p50 {p50:.1?}, p99 {p99:.1?}, maximum {maximum:.1?}")
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "players        {} (bot seed {})", self.players, self.seed)?;
        for (reason, bots) in &self.refused {
            writeln!(f, "refused        {bots} bots: {reason}")?;
        }
        writeln!(f, "games          {}", self.games.len())?;
        writeln!(f, "events         {} acknowledged in {} batches", self.events, self.latencies.len())?;
        writeln!(f, "acknowledged   after {}", percentiles(&self.latencies))?;
        if !self.shown.is_empty() {
            writeln!(f, "on scoreboard  after {} ({} points)", percentiles(&self.shown), self.shown.len())?;
        }
        write!(f, "errors         {}", self.failures())?;
        self.errors.iter().try_for_each(|(error, count)| write!(f, "\n               {count} times: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_has_latencies_refusals_and_every_error() {
        let latencies = (1..=100).map(Duration::from_millis).collect();
        let refused = BTreeMap::from([("all seats are taken".to_owned(), 850)]);
        let mut report = Report { seed: 7, players: 150, latencies, refused, ..Report::default() };
        report.count_error(&"no response in time");
        report.count_error(&"no response in time");
        let text = report.to_string();
        assert!(text.starts_with("players        150 (bot seed 7)\n"), "{text}");
        assert!(text.contains("refused        850 bots: all seats are taken\n"), "{text}");
        assert!(text.contains("p50 50.0ms, p99 99.0ms, maximum 100.0ms"), "{text}");
        assert!(text.ends_with("errors         2\n               2 times: no response in time"), "{text}");
    }
}
