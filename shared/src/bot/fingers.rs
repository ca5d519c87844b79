//! The fingers of a bot: they follow its decisions with delays, and tap the fire button.

use std::collections::VecDeque;

use rand_core::Rng;
use rand_pcg::Pcg32;

use super::skill::{Skill, Taps};
use crate::rules::Buttons;

/// Turns a bot's decisions into held buttons.
#[derive(Debug, Clone)]
pub(super) struct Fingers {
    skill: Skill,
    /// Decisions that have not reached the fingers yet, oldest first.
    decisions: VecDeque<Buttons>,
    held: Buttons,
    /// For each of the buttons, ticks until a decided change takes effect.
    delays: [u32; 3],
    tap: Tap,
}

/// The current tap of the fire button.
#[derive(Debug, Clone, Copy, Default)]
struct Tap {
    is_down: bool,
    ticks_left: u32,
}

impl Fingers {
    pub(super) fn new(skill: Skill) -> Fingers {
        let decisions = std::iter::repeat_n(Buttons::empty(), skill.reaction_ticks as usize).collect();
        Fingers { skill, decisions, held: Buttons::empty(), delays: [0; 3], tap: Tap::default() }
    }

    /// The buttons held in the next tick, in which the bot decides on `decided`.
    pub(super) fn hold(&mut self, decided: Buttons, rng: &mut Pcg32) -> Buttons {
        self.decisions.push_back(decided);
        let mut target = self.decisions.pop_front().unwrap_or(decided);
        if let Some(taps) = self.skill.taps {
            let is_down = self.tap.next(taps, target.contains(Buttons::FIRE), rng);
            target.set(Buttons::FIRE, is_down);
        }
        self.follow(target, rng);
        self.held
    }

    /// Moves each finger whose button differs from the target, after its delay.
    fn follow(&mut self, target: Buttons, rng: &mut Pcg32) {
        for (delay, button) in self.delays.iter_mut().zip([Buttons::LEFT, Buttons::RIGHT, Buttons::FIRE]) {
            if target.contains(button) == self.held.contains(button) {
                continue;
            }
            if *delay > 0 {
                *delay -= 1;
                continue;
            }
            self.held.toggle(button);
            // The tapping finger varies by its holds and gaps already.
            if self.skill.finger_spread > 0 && button != Buttons::FIRE {
                *delay = rng.next_u32() % (self.skill.finger_spread + 1);
            }
        }
    }
}

impl Tap {
    /// Whether the button is down in the next tick.
    fn next(&mut self, taps: Taps, is_wanted: bool, rng: &mut Pcg32) -> bool {
        if self.ticks_left == 0 {
            self.is_down = is_wanted && !self.is_down;
            self.ticks_left = draw(if self.is_down { taps.hold } else { taps.gap }, rng);
        }
        self.ticks_left -= 1;
        self.is_down
    }
}

/// Draws a number from a range, the middle most often. At least 1.
fn draw((shortest, longest): (u32, u32), rng: &mut Pcg32) -> u32 {
    let spread = longest.saturating_sub(shortest) + 1;
    let above = (rng.next_u32() % spread + rng.next_u32() % spread).div_ceil(2);
    (shortest + above).clamp(1, longest.max(1))
}
