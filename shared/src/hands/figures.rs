//! Figures of how a game was played.

use serde::{Deserialize, Serialize};

use super::Button;
use crate::time::TICKS_PER_SECOND;

/// Ticks of a window for [`HandFigures::peak_presses`]: ten seconds.
pub(super) const WINDOW_TICKS: u32 = 10 * TICKS_PER_SECOND;
/// Holds of this many ticks or more count as this long: about half a second.
pub(super) const LONGEST_HOLD: usize = 32;
/// Holds of at most this many ticks are short: 33 ms.
pub(super) const SHORT_HOLD: usize = 2;

/// Figures of a game's buttons, and of the rockets that they fired, in the ticks in which buttons have an effect. Countdowns and respawns are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandFigures {
    /// Ticks of play with input.
    pub ticks: u32,
    /// Figures of the button that moves the ship left.
    pub left: ButtonFigures,
    /// Figures of the button that moves the ship right.
    pub right: ButtonFigures,
    /// Figures of the button that fires.
    pub fire: ButtonFigures,
    /// Most presses of all buttons in a window. Windows of ten seconds follow each other; the last, incomplete one does
    /// not count.
    pub peak_presses: u32,
    /// Ticks in which the held buttons changed.
    pub changes: u32,
    /// Ticks in which the held buttons changed, right after a tick in which they changed.
    pub consecutive_changes: u32,
    /// Changes of the ship's direction (left, none, right).
    pub moves: u32,
    /// Directions that lasted a single tick. A stop of a single tick between left and right does not count, because it
    /// is how a hand changes between two keys.
    pub single_tick_moves: u32,
    /// Rockets fired.
    pub rockets: u32,
    /// Rockets that hit an invader or the mystery ship.
    pub rocket_hits: u32,
}

/// Figures of one button.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ButtonFigures {
    /// Presses.
    pub presses: u32,
    /// Most presses in a window of ten seconds.
    pub peak_presses: u32,
    /// Presses that ended. The following figures describe them.
    pub holds: u32,
    /// Ticks of the shortest hold, 1 to 32; 0 without a hold. 32 stands for 32 and more.
    pub shortest_hold: u8,
    /// Median of the ticks of a hold, rounded down, 1 to 32; 0 without a hold.
    pub median_hold: u8,
    /// Holds of a single tick.
    pub single_tick_holds: u32,
    /// Holds of one or two ticks.
    pub short_holds: u32,
    /// Most presses in a row at exactly equal distances of at most a quarter of a second.
    pub even_presses: u32,
    /// Holds of the most frequent length.
    pub even_holds: u32,
    /// That length in ticks, 1 to 32; 0 without a hold.
    pub even_hold_ticks: u8,
    /// Share of the changes of all buttons that came at a distance which is no multiple of that length, percent. It is
    /// 0 on a device whose frames are that long, and for a length of a single tick or of more than a fifth of a second.
    pub off_grid_percent: u8,
}

impl HandFigures {
    /// The figures of a button.
    pub fn button(&self, button: Button) -> &ButtonFigures {
        match button {
            Button::Left => &self.left,
            Button::Right => &self.right,
            Button::Fire => &self.fire,
        }
    }

    /// Average presses of all buttons per second of play with input; 0 without such ticks.
    pub fn presses_per_second(&self) -> f32 {
        let presses: u32 = Button::ALL.iter().map(|button| self.button(*button).presses).sum();
        if self.ticks == 0 { 0.0 } else { presses as f32 * TICKS_PER_SECOND as f32 / self.ticks as f32 }
    }

    /// Share of `consecutive_changes` in `changes`, percent.
    pub fn consecutive_changes_percent(&self) -> u8 {
        percent(self.consecutive_changes, self.changes)
    }

    /// Share of `rocket_hits` in `rockets`, percent.
    pub fn rocket_hits_percent(&self) -> u8 {
        percent(self.rocket_hits, self.rockets)
    }

    /// Share of `single_tick_moves` in `moves`, percent.
    pub fn single_tick_moves_percent(&self) -> u8 {
        percent(self.single_tick_moves, self.moves)
    }
}

impl ButtonFigures {
    /// Share of `single_tick_holds` in `holds`, percent.
    pub fn single_tick_holds_percent(&self) -> u8 {
        percent(self.single_tick_holds, self.holds)
    }

    /// Share of `even_holds` in `holds`, percent.
    pub fn even_holds_percent(&self) -> u8 {
        percent(self.even_holds, self.holds)
    }

    /// Share of `short_holds` in `holds`, percent.
    pub fn short_holds_percent(&self) -> u8 {
        percent(self.short_holds, self.holds)
    }
}

/// `part` in percent of `whole`, rounded down; 0 if `whole` is 0.
pub(super) fn percent(part: u32, whole: u32) -> u8 {
    let percent = u64::from(part) * 100 / u64::from(whole.max(1));
    percent.min(100) as u8
}
