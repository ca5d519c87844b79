//! The report of a calibration: how many games of each kind of player are marked, and why.

use std::{collections::BTreeMap, fmt};

use shared::hands::{Button, ButtonFigures, HandFigures, HandMark};

use super::{CalibrationGame, Interval};

/// The games of a kind of player.
#[derive(Debug, Clone)]
pub struct Row {
    /// Name of the kind.
    pub kind: &'static str,
    /// Its games.
    pub games: Vec<CalibrationGame>,
}

/// The result of a calibration.
#[derive(Debug, Clone)]
pub struct Report {
    /// A row for each kind of player.
    pub rows: Vec<Row>,
}

impl Row {
    /// The number of games with a mark.
    pub fn marked(&self) -> usize {
        self.games.iter().filter(|game| !game.marks.is_empty()).count()
    }

    /// Games by the reason of a mark.
    fn reasons(&self) -> String {
        let mut reasons = BTreeMap::<&str, usize>::new();
        for game in &self.games {
            let mut names: Vec<&str> = game.marks.iter().map(reason).collect();
            names.sort_unstable();
            names.dedup();
            names.into_iter().for_each(|name| *reasons.entry(name).or_default() += 1);
        }
        let texts: Vec<String> = reasons.iter().map(|(name, games)| format!("{name} {games}")).collect();
        texts.join(", ")
    }

    fn median_score(&self) -> u32 {
        let mut scores: Vec<u32> = self.games.iter().map(|game| game.score).collect();
        scores.sort_unstable();
        scores.get(scores.len() / 2).copied().unwrap_or_default()
    }

    /// The largest value of a figure in any game.
    fn largest(&self, figure: impl Fn(&HandFigures) -> u32) -> u32 {
        self.games.iter().map(|game| figure(&game.figures)).max().unwrap_or_default()
    }

    /// The largest value of a button's figure in any game.
    fn largest_of_buttons(&self, figure: impl Fn(&ButtonFigures) -> u32) -> u32 {
        let of_buttons = |figures: &HandFigures| Button::ALL.map(|button| figure(figures.button(button)));
        self.largest(|figures| of_buttons(figures).into_iter().max().unwrap_or_default())
    }
}

/// A short name of a mark's reason.
pub fn reason(mark: &HandMark) -> &'static str {
    match mark {
        HandMark::Presses { .. } => "presses",
        HandMark::PressesInAll { .. } => "presses in all",
        HandMark::SingleTickHolds { .. } => "single-tick holds",
        HandMark::SingleTickMoves { .. } => "single-tick moves",
        HandMark::EvenPresses { .. } => "even presses",
        HandMark::EvenHolds { .. } => "even holds",
        HandMark::RocketHits { .. } => "rocket hits",
        HandMark::Pace { .. } => "pace",
        HandMark::Lag { .. } => "lag",
        HandMark::LagSum { .. } => "lag sum",
        HandMark::Bulk { .. } => "bulk",
        HandMark::ParallelGames { .. } => "parallel games",
        HandMark::Practice { .. } => "practice",
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<30} {:>5} {:>6} {:>6} {:>24}  {:>9} {:>7} {:>5}  games by reason",
            "player", "games", "score", "marked", "rate (95 % interval)", "presses/s", "1-tick", "even"
        )?;
        for row in &self.rows {
            let presses = f64::from(row.largest(|figures| figures.peak_presses)) / 10.0;
            let single_ticks = row.largest_of_buttons(|figures| figures.single_tick_holds_percent().into());
            let even = row.largest_of_buttons(|figures| figures.even_presses);
            let (games, marked) = (row.games.len(), row.marked());
            writeln!(
                f,
                "{:<30} {games:>5} {:>6} {marked:>6} {:>24}  {presses:>9.1} {single_ticks:>5} % {even:>5}  {}",
                row.kind,
                row.median_score(),
                Interval::new(marked, games).to_string(),
                row.reasons()
            )?;
        }
        write!(
            f,
            "\nscore: median. presses/s: of all buttons, most in 10 s. 1-tick: highest share of holds of a single tick of a \
             button.\neven: most presses in a row at equal distances. The figures are the largest of all games of a kind.\n\
             Bots stand for players. The rates say nothing about people: no human play is recorded."
        )
    }
}
