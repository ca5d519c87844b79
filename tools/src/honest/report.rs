//! The report of honest games: what was held against them, and how often they are marked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use shared::{hands::HandMark, ranking::UnrankedCause};

use crate::{
    bad_network::NetworkOptions,
    calibrate::{Interval, reason},
};

/// What the server says about an honest game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has all events, and the game counts.
    Counts,
    /// The game is rejected, for this reason.
    Rejected(String),
    /// A part of the game does not count.
    Late,
    /// The game is shown, but does not rank.
    Unranked(UnrankedCause),
    /// The server acknowledged events that it has not processed.
    Lost,
    /// The server refused a seat, a ticket or the events for good, for this reason.
    Refused(String),
    /// Events were left when the page was closed.
    Unfinished,
    /// The server did not say, for this reason.
    Unknown(String),
}

/// A game with what the server says about it.
#[derive(Debug, Clone)]
pub struct JudgedGame {
    /// The kind of player.
    pub player: &'static str,
    /// What the server says.
    pub outcome: Outcome,
    /// Its marks.
    pub marks: Vec<HandMark>,
    /// Acknowledged events.
    pub events: u32,
    /// Requests with events that failed and were sent again.
    pub retries: u32,
}

/// The report.
#[derive(Debug, Clone)]
pub struct Report {
    /// Seed of the games.
    pub seed: u64,
    /// The network.
    pub network: NetworkOptions,
    /// The games.
    pub games: Vec<JudgedGame>,
}

impl Report {
    /// The games that do not count as a whole.
    pub fn held_back(&self) -> impl Iterator<Item = &JudgedGame> {
        self.games.iter().filter(|game| game.outcome != Outcome::Counts)
    }

    /// Games with a mark.
    pub fn marked(&self) -> usize {
        self.games.iter().filter(|game| !game.marks.is_empty()).count()
    }

    /// Games by the short name of a mark.
    fn games_by_mark(&self) -> BTreeMap<&'static str, usize> {
        let mut games = BTreeMap::new();
        for game in &self.games {
            let names: BTreeSet<_> = game.marks.iter().map(reason).collect();
            names.into_iter().for_each(|name| *games.entry(name).or_default() += 1);
        }
        games
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Counts => write!(f, "counts"),
            Outcome::Rejected(reason) => write!(f, "rejected: {reason}"),
            Outcome::Unranked(cause) => write!(f, "unranked: {cause}"),
            Outcome::Late => write!(f, "late: a part does not count"),
            Outcome::Lost => write!(f, "lost: acknowledged events are not processed"),
            Outcome::Refused(reason) => write!(f, "refused: {reason}"),
            Outcome::Unfinished => write!(f, "unfinished: the page was closed with events left"),
            Outcome::Unknown(reason) => write!(f, "unknown: {reason}"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NetworkOptions { round_trip_millis, loss_percent, outage_seconds, outage_interval_seconds, .. } =
            self.network;
        let total = self.games.len();
        let events: u64 = self.games.iter().map(|game| u64::from(game.events)).sum();
        let retries: u64 = self.games.iter().map(|game| u64::from(game.retries)).sum();
        writeln!(
            f,
            "network      round trip {round_trip_millis} ms, loss {loss_percent} %, outages of {outage_seconds} s \
             about every {outage_interval_seconds} s"
        )?;
        writeln!(f, "games        {total} (seed {})", self.seed)?;
        writeln!(f, "events       {events} acknowledged; {retries} requests were sent again")?;
        writeln!(f, "held back    {}", self.held_back().count())?;
        for game in self.held_back() {
            writeln!(f, "             {}: {}", game.player, game.outcome)?;
        }
        write!(f, "marked       {}: {}", self.marked(), Interval::new(self.marked(), total))?;
        for (name, games) in self.games_by_mark() {
            write!(f, "\n             {name} {games}: {}", Interval::new(games, total))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn report_lists_games_that_were_held_back_and_rates_of_marks() {
        let game = |outcome, marks| JudgedGame { player: "expert", outcome, marks, events: 80, retries: 1 };
        let marked = vec![HandMark::Pace { percent: 40 }, HandMark::Pace { percent: 40 }];
        let games = vec![game(Outcome::Counts, marked), game(Outcome::Late, vec![]), game(Outcome::Counts, vec![])];
        let report = Report { seed: 7, network: NetworkOptions::BAD, games };
        let text = report.to_string();
        assert!(text.contains("games        3 (seed 7)\nevents       240 acknowledged; 3 requests"), "{text}");
        assert!(text.contains("held back    1\n             expert: late: a part does not count\n"), "{text}");
        assert!(
            text.ends_with("marked       1: 33.3 % (6.1 to 79.2)\n             pace 1: 33.3 % (6.1 to 79.2)"),
            "{text}"
        );
    }
}
