//! Skills of bots: how fast and how exactly they play.

use crate::rules::Px;

/// How a bot plays. The values are guesses about players, not measurements of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skill {
    /// Ticks from what the bot sees to the change of its buttons.
    pub reaction_ticks: u32,
    /// Shortest time between two decisions, in ticks, from 1.
    pub decision_ticks: u32,
    /// Largest number of ticks by which a decision comes later. 0 decides at a fixed rate.
    pub decision_spread: u32,
    /// One decision in this many presses random buttons.
    pub mistake_interval: u32,
    /// The largest error of the bot's aim.
    pub aim_error: Px,
    /// How the bot presses the fire button; `None` holds it.
    pub taps: Option<Taps>,
    /// Largest number of ticks by which a finger moves later than decided. Fingers are delayed independently.
    pub finger_spread: u32,
}

/// Repeated presses of the fire button. The times between vary from press to press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taps {
    /// Shortest and longest hold, in ticks, from 1. The middle is the most frequent.
    pub hold: (u32, u32),
    /// Shortest and longest time between two holds, in ticks, from 1. The middle is the most frequent.
    pub gap: (u32, u32),
}

impl Skill {
    /// Decides ten times a second without delay, holds the fire button, and sometimes makes mistakes.
    pub const STEADY: Skill = Skill {
        reaction_ticks: 0,
        decision_ticks: 6,
        decision_spread: 0,
        mistake_interval: 40,
        aim_error: Px::ZERO,
        taps: None,
        finger_spread: 0,
    };
    /// Reacts after 0.4 s, aims badly, and presses fire about three times a second.
    pub const BEGINNER: Skill = Skill {
        reaction_ticks: 24,
        decision_ticks: 12,
        decision_spread: 18,
        mistake_interval: 12,
        aim_error: Px::whole(24),
        taps: Some(Taps { hold: (5, 11), gap: (7, 17) }),
        finger_spread: 3,
    };
    /// Reacts after 0.25 s, and presses fire about five times a second.
    pub const AVERAGE: Skill = Skill {
        reaction_ticks: 15,
        decision_ticks: 8,
        decision_spread: 10,
        mistake_interval: 30,
        aim_error: Px::whole(10),
        taps: Some(Taps { hold: (4, 8), gap: (4, 8) }),
        finger_spread: 2,
    };
    /// Reacts after 0.17 s, aims well, and holds the fire button.
    pub const EXPERT: Skill = Skill {
        reaction_ticks: 10,
        decision_ticks: 6,
        decision_spread: 6,
        mistake_interval: 200,
        aim_error: Px::whole(3),
        taps: None,
        finger_spread: 1,
    };
    /// Plays as the expert, but presses fire about thirteen times a second.
    pub const BUTTON_MASHER: Skill =
        Skill { taps: Some(Taps { hold: (1, 3), gap: (2, 3) }), finger_spread: 1, ..Skill::EXPERT };
}
