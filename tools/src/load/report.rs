//! What came of a swarm: games, events, latencies, and what went wrong.

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
    /// All events below this number were acknowledged.
    pub acknowledged: Seq,
    /// The buttons of the acknowledged events.
    pub buttons: ButtonLog,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    /// Games that are over, or were when the swarm was stopped.
    pub games: Vec<PlayedGame>,
    /// Bots that got a seat, or their first ticket.
    pub players: u32,
    /// Bots that never got one, by what they were told.
    pub turned_away: BTreeMap<String, u32>,
    /// Events acknowledged.
    pub events: u64,
    /// How long each acknowledgement took.
    pub latencies: Vec<Duration>,
    /// How long points took to show on the scoreboard, where it was watched: of games that stood on it.
    pub shown: Vec<Duration>,
    /// What went wrong, and how often. All that can be was tried again.
    pub errors: BTreeMap<String, u64>,
}

impl Report {
    /// Something went wrong.
    pub fn failed(&mut self, error: &impl fmt::Display) {
        *self.errors.entry(error.to_string()).or_default() += 1;
    }

    /// How often something went wrong.
    pub fn failures(&self) -> u64 {
        self.errors.values().sum()
    }
}

/// The times that half, 99 of 100 and all took no longer than.
fn spread(times: &[Duration]) -> String {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = |percent| sorted.get(sorted.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
    let [half, most, slowest] = [50, 99, 100].map(at);
    format!("p50 {half:.1?}, p99 {most:.1?}, slowest {slowest:.1?}")
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} players, {} games begun", self.players, self.games.len())?;
        self.turned_away.iter().try_for_each(|(reason, bots)| writeln!(f, "{bots} were told: {reason}"))?;
        writeln!(f, "{} events acknowledged in {} batches", self.events, self.latencies.len())?;
        write!(f, "acknowledged after: {}", spread(&self.latencies))?;
        if !self.shown.is_empty() {
            write!(f, "\n{} points on the scoreboard after: {}", self.shown.len(), spread(&self.shown))?;
        }
        if self.errors.is_empty() {
            return write!(f, "\nno errors");
        }
        self.errors.iter().try_for_each(|(error, times)| write!(f, "\n{times} times: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_latencies_who_was_turned_away_and_every_error() {
        let latencies = (1..=100).map(Duration::from_millis).collect();
        let turned_away = BTreeMap::from([("all seats are taken".to_owned(), 850)]);
        let mut report = Report { players: 150, latencies, turned_away, ..Report::default() };
        report.failed(&"no answer in time");
        report.failed(&"no answer in time");
        let text = report.to_string();
        assert!(text.starts_with("150 players, 0 games begun\n850 were told: all seats are taken\n"), "{text}");
        assert!(text.contains("p50 50.0ms, p99 99.0ms, slowest 100.0ms"), "{text}");
        assert!(text.ends_with("2 times: no answer in time"), "{text}");
    }
}
