//! Marks: figures that no hand reaches, with the reason.
//!
//! Each bound is beyond what is publicly known of fingers and devices, and applies only to many presses. No human play
//! was recorded for these bounds, so they say nothing about how people usually play. `tools calibrate` measures how
//! often bots are marked.

use serde::{Deserialize, Serialize};

use super::{Button, ButtonFigures, HandFigures, PaceFigures};

/// Most presses of one button in ten seconds by a hand. The best-known record of one finger is 16 presses a second, for
/// about ten seconds (Toshiyuki Takahashi, 1985).
const MAX_PRESSES: u32 = 160;
/// Most presses of all buttons in ten seconds by two hands: 24 a second, half more than the record of one finger. Two
/// fingers that alternate between two keys reach about 20 a second.
const MAX_PRESSES_IN_ALL: u32 = 240;
/// Highest share of holds of a single tick by a hand, percent. A key stays down for 50 to 120 ms when it is tapped, and
/// for 30 ms at the record of 16 presses a second, which is two ticks. Browsers ignore the repetition of a held key. A
/// bouncing switch or a stick at its threshold gives some single ticks, but not most.
const MAX_SINGLE_TICK_HOLDS_PERCENT: u8 = 50;
/// Highest share of single-tick moves by a hand, percent. A hand needs about 60 ms to press and release a key; only
/// what [`MAX_SINGLE_TICK_HOLDS_PERCENT`] names makes shorter moves.
const MAX_SINGLE_TICK_MOVES_PERCENT: u8 = 25;
/// Most presses in a row at exactly equal distances by a hand. Fingers vary by 5 % or more, so that at 60 Hz half of
/// the distances differ. A device that draws 15 frames a second shows distances in steps of four ticks, which are equal
/// more often.
const MAX_EVEN_PRESSES: u32 = 60;
/// Highest share of holds of exactly equal length by a hand, percent. Holds of a hand vary by 10 ms or more, so that at
/// 60 Hz half of them differ from the most frequent length.
const MAX_EVEN_HOLDS_PERCENT: u8 = 90;
/// Equal holds are judged only if this share of all changes is at other distances, percent. On a device that draws 20
/// frames a second, all holds can be one frame, and then all distances are whole frames as well.
const MIN_OFF_GRID_PERCENT: u8 = 25;
/// Highest share of rockets with which a hand hits, percent. A player who knows the march exactly and fires only rockets that
/// must hit, but up to 33 ms too early or too late, stays below it (the sharpshooter of `tools calibrate`).
const MAX_ROCKET_HITS_PERCENT: u8 = 95;
/// Rockets below which their hits are not judged: about a minute of steady fire.
const MIN_ROCKETS: u32 = 70;
/// Holds or moves below which a share is not judged.
const MIN_SAMPLE: u32 = 50;

/// Lowest pace of a game that is no mark, percent. Pauses and slow devices lower the pace, too.
const MIN_PACE_PERCENT: u8 = 50;
/// Largest lag that is no mark, milliseconds: three times an outage of 20 s.
const MAX_LAG_MILLIS: u64 = 60_000;
/// Largest sum of lags that is no mark, milliseconds: fifteen outages of 20 s.
const MAX_LAG_SUM_MILLIS: u64 = 300_000;
/// Highest share of ticks in bulk that is no mark, percent. Outages delay some ticks, not most of a game.
const MAX_BULK_PERCENT: u8 = 75;
/// One player plays one game at a time.
const MAX_PARALLEL_GAMES: u32 = 1;
/// Longest time to practise that is no mark, milliseconds. A browser that missed a response asks again within seconds.
const MAX_PRACTICE_MILLIS: u64 = 60_000;

/// A figure that no hand reaches. Its text is the reason: the figure and its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "code")]
pub enum HandMark {
    /// One button was pressed too often.
    #[error(
        "{} presses of {} a second over 10 s; no hand presses one button more than {} times a second",
        per_second(*presses), button.name(), MAX_PRESSES / 10
    )]
    Presses {
        /// The button.
        button: Button,
        /// Presses in ten seconds.
        presses: u32,
    },
    /// All buttons together were pressed too often.
    #[error(
        "{} presses of all buttons a second over 10 s; no two hands press more than {} times a second",
        per_second(*presses), MAX_PRESSES_IN_ALL / 10
    )]
    PressesInAll {
        /// Presses in ten seconds.
        presses: u32,
    },
    /// A button was mostly held for a single tick.
    #[error(
        "{percent} % of {holds} presses of {} were shorter than 1/30 s; a hand presses so briefly in at most \
         {MAX_SINGLE_TICK_HOLDS_PERCENT} %", button.name()
    )]
    SingleTickHolds {
        /// The button.
        button: Button,
        /// Share of the holds that lasted a single tick.
        percent: u8,
        /// Number of holds.
        holds: u32,
    },
    /// The ship's direction often lasted a single tick.
    #[error(
        "{percent} % of {moves} changes of direction were reversed after 1/60 s; a hand does this in at most \
         {MAX_SINGLE_TICK_MOVES_PERCENT} %"
    )]
    SingleTickMoves {
        /// Share of the changes of direction.
        percent: u8,
        /// Number of changes of direction.
        moves: u32,
    },
    /// A button was pressed at exactly equal distances.
    #[error(
        "{presses} presses of {} in a row at exactly equal distances; no hand does this more than {MAX_EVEN_PRESSES} \
         times", button.name()
    )]
    EvenPresses {
        /// The button.
        button: Button,
        /// Presses in a row.
        presses: u32,
    },
    /// A button was mostly held for exactly the same time.
    #[error(
        "{percent} % of {holds} presses of {} lasted exactly {ticks}/60 s; of a hand's presses at most \
         {MAX_EVEN_HOLDS_PERCENT} % are equal", button.name()
    )]
    EvenHolds {
        /// The button.
        button: Button,
        /// Length of these holds, in ticks.
        ticks: u8,
        /// Share of the holds of that length.
        percent: u8,
        /// Number of all holds.
        holds: u32,
    },
    /// Nearly every rocket hit.
    #[error("{percent} % of {rockets} rockets hit; a hand that aims hits with at most {MAX_ROCKET_HITS_PERCENT} %")]
    RocketHits {
        /// Share of the rockets that hit.
        percent: u8,
        /// Number of rockets.
        rockets: u32,
    },
    /// The game was played slower than real time.
    #[error("played at {percent} % of real time; below {MIN_PACE_PERCENT} % a player has more time to decide")]
    Pace {
        /// Time played divided by time passed, percent.
        percent: u8,
    },
    /// Ticks arrived long after they were due.
    #[error("ticks arrived up to {} s after they were due; the bound is {} s", millis / 1000, MAX_LAG_MILLIS / 1000)]
    Lag {
        /// The largest delay, milliseconds.
        millis: u64,
    },
    /// Ticks fell behind again and again.
    #[error("the game fell behind by {} s in all; the bound is {} s", millis / 1000, MAX_LAG_SUM_MILLIS / 1000)]
    LagSum {
        /// The sum of all increases of the delay, milliseconds.
        millis: u64,
    },
    /// Most of the game arrived in bulk.
    #[error("{percent} % of the game arrived in bulk; the bound is {MAX_BULK_PERCENT} %")]
    Bulk {
        /// Share of the ticks, percent.
        percent: u8,
    },
    /// The player played several games at the same time.
    #[error("{games} games of this player were played at the same time; a player plays one")]
    ParallelGames {
        /// Games at the same time, this one included.
        games: u32,
    },
    /// The player asked for the game's ticket again, long after its first start.
    #[error("started again {} s after the player had its seed; in more than {} s a player can practise the game", millis / 1000, MAX_PRACTICE_MILLIS / 1000)]
    Practice {
        /// Time from the first start to the last, milliseconds.
        millis: u64,
    },
}

/// The marks of a game's buttons.
pub fn marks(figures: &HandFigures) -> Vec<HandMark> {
    let mut marks = Vec::new();
    for button in Button::ALL {
        marks.extend(button_marks(button, figures.button(button)));
    }
    let percent = figures.single_tick_moves_percent();
    if figures.peak_presses > MAX_PRESSES_IN_ALL {
        marks.push(HandMark::PressesInAll { presses: figures.peak_presses });
    }
    if figures.moves >= MIN_SAMPLE && percent > MAX_SINGLE_TICK_MOVES_PERCENT {
        marks.push(HandMark::SingleTickMoves { percent, moves: figures.moves });
    }
    let percent = figures.rocket_hits_percent();
    if figures.rockets >= MIN_ROCKETS && percent > MAX_ROCKET_HITS_PERCENT {
        marks.push(HandMark::RocketHits { percent, rockets: figures.rockets });
    }
    marks
}

fn button_marks(button: Button, figures: &ButtonFigures) -> Vec<HandMark> {
    let ButtonFigures { peak_presses, holds, even_presses, even_hold_ticks: ticks, .. } = *figures;
    let percent = figures.single_tick_holds_percent();
    let mut marks = Vec::new();
    if peak_presses > MAX_PRESSES {
        marks.push(HandMark::Presses { button, presses: peak_presses });
    }
    if holds >= MIN_SAMPLE && percent > MAX_SINGLE_TICK_HOLDS_PERCENT {
        marks.push(HandMark::SingleTickHolds { button, percent, holds });
    }
    if even_presses > MAX_EVEN_PRESSES {
        marks.push(HandMark::EvenPresses { button, presses: even_presses });
    }
    let is_even = figures.even_holds_percent() > MAX_EVEN_HOLDS_PERCENT;
    if holds >= MIN_SAMPLE && is_even && figures.off_grid_percent >= MIN_OFF_GRID_PERCENT {
        marks.push(HandMark::EvenHolds { button, ticks, percent: figures.even_holds_percent(), holds });
    }
    marks
}

/// The marks of the time in which a game was played.
pub fn pace_marks(figures: &PaceFigures) -> Vec<HandMark> {
    // The lag of buttons is judged in real-time sessions only, see `crate::ranking`.
    let PaceFigures { pace_percent, max_lag_millis, lag_sum_millis, bulk_percent, parallel_games, .. } = *figures;
    let millis = figures.practice_millis;
    let marks = [
        (pace_percent < MIN_PACE_PERCENT, HandMark::Pace { percent: pace_percent }),
        (max_lag_millis > MAX_LAG_MILLIS, HandMark::Lag { millis: max_lag_millis }),
        (lag_sum_millis > MAX_LAG_SUM_MILLIS, HandMark::LagSum { millis: lag_sum_millis }),
        (bulk_percent > MAX_BULK_PERCENT, HandMark::Bulk { percent: bulk_percent }),
        (parallel_games > MAX_PARALLEL_GAMES, HandMark::ParallelGames { games: parallel_games }),
        (millis > MAX_PRACTICE_MILLIS, HandMark::Practice { millis }),
    ];
    marks.into_iter().filter_map(|(is_marked, mark)| is_marked.then_some(mark)).collect()
}

/// Presses of ten seconds as presses per second, with one decimal.
fn per_second(presses: u32) -> String {
    format!("{}.{}", presses / 10, presses % 10)
}
