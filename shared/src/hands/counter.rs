//! Counts a game's buttons tick by tick.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{
    Button, ButtonFigures, HandFigures,
    figures::{LONGEST_HOLD, SHORT_HOLD, WINDOW_TICKS, percent},
};
use crate::{
    replay::Replay,
    rules::{Buttons, Game, GameEvent, Phase},
    time::TICKS_PER_SECOND,
};

/// Presses at a larger distance, in ticks, are not repetition: a quarter of a second.
const MAX_EVEN_INTERVAL: u32 = TICKS_PER_SECOND / 4;

/// Grids of these distances are recognised, in ticks: a frame of a slow device, or a hold of at most a fifth of a
/// second.
const GRIDS: RangeInclusive<usize> = 2..=12;
const GRID_COUNT: usize = *GRIDS.end() - *GRIDS.start() + 1;

/// Counts the buttons of a game, tick by tick. At most about 250 bytes in postcard for a game of some minutes, so that
/// it can be stored between two batches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandCounter {
    ticks: u32,
    buttons: [ButtonCounter; Button::ALL.len()],
    /// Presses of all buttons.
    presses: WindowCounter,
    changes: ChangeCounter,
    moves: MoveCounter,
    rockets: u32,
    rocket_hits: u32,
    held: u8,
}

impl HandCounter {
    /// Counts one tick: the phase before the tick, and the buttons held in it. Must be called for every tick of a game
    /// in order, because a hold may start before a countdown or end during one.
    pub fn count(&mut self, phase: Phase, buttons: Buttons) {
        let has_input = phase == Phase::Playing;
        let held = Buttons::from_bits_truncate(self.held);
        self.held = buttons.bits();
        for button in Button::ALL {
            self.buttons[button.index()].count(button.is_in(buttons), has_input);
            if has_input && button.is_in(buttons - held) {
                self.presses.count_press();
            }
        }
        self.moves.count(direction(buttons), has_input);
        self.changes.count(buttons != held, has_input);
        if has_input {
            self.ticks += 1;
            if self.ticks.is_multiple_of(WINDOW_TICKS) {
                self.end_window();
            }
        }
    }

    /// Counts what happened in a tick: rockets fired, and what they hit.
    pub fn count_events(&mut self, events: &[GameEvent]) {
        for event in events {
            match event {
                GameEvent::RocketFired { .. } => self.rockets += 1,
                GameEvent::InvaderHit { .. } | GameEvent::MysteryHit { .. } => self.rocket_hits += 1,
                _ => {}
            }
        }
    }

    fn end_window(&mut self) {
        self.presses.end();
        for button in &mut self.buttons {
            button.window.end();
        }
    }

    /// The figures of the ticks so far.
    pub fn figures(&self) -> HandFigures {
        let button = |button: Button| self.buttons[button.index()].figures(&self.changes);
        HandFigures {
            ticks: self.ticks,
            left: button(Button::Left),
            right: button(Button::Right),
            fire: button(Button::Fire),
            peak_presses: self.presses.peak,
            changes: self.changes.changes,
            consecutive_changes: self.changes.consecutive,
            moves: self.moves.moves,
            single_tick_moves: self.moves.single_ticks,
            rockets: self.rockets,
            rocket_hits: self.rocket_hits,
        }
    }
}

impl HandFigures {
    /// The figures of a whole game, which is replayed to leave out countdowns and respawns. The replay must be of this
    /// version of the rules.
    pub fn of(replay: &Replay) -> HandFigures {
        let mut game = Game::new(replay.tuning.clone(), replay.seed);
        let mut counter = HandCounter::default();
        for buttons in replay.log.iter() {
            counter.count(game.state().phase, buttons);
            counter.count_events(game.step(buttons));
        }
        counter.figures()
    }
}

/// -1 for left, 1 for right, 0 if the ship does not move.
fn direction(buttons: Buttons) -> i8 {
    i8::from(buttons.contains(Buttons::RIGHT)) - i8::from(buttons.contains(Buttons::LEFT))
}

/// Counts presses in windows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct WindowCounter {
    presses: u32,
    peak: u32,
}

impl WindowCounter {
    fn count_press(&mut self) {
        self.presses += 1;
    }

    /// Ends a window and starts the next.
    fn end(&mut self) {
        self.peak = self.peak.max(self.presses);
        self.presses = 0;
    }
}

/// Counts presses and holds of one button.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ButtonCounter {
    presses: u32,
    window: WindowCounter,
    /// Ticks of the current hold; 0 while the button is up.
    held_ticks: u32,
    /// Whether the current hold started in a tick with input.
    is_counted: bool,
    /// Number of holds of 1, 2, ... ticks.
    holds: [u32; LONGEST_HOLD],
    rhythm: Rhythm,
}

impl ButtonCounter {
    fn count(&mut self, is_held: bool, has_input: bool) {
        let is_press = is_held && self.held_ticks == 0;
        if is_press {
            self.is_counted = has_input;
        }
        if is_press && has_input {
            self.presses += 1;
            self.window.count_press();
        }
        self.rhythm.count(is_press, has_input);
        if is_held {
            self.held_ticks = self.held_ticks.saturating_add(1);
        } else if self.held_ticks > 0 {
            self.release();
        }
    }

    fn release(&mut self) {
        if self.is_counted {
            self.holds[(self.held_ticks as usize).min(LONGEST_HOLD) - 1] += 1;
        }
        self.held_ticks = 0;
    }

    fn figures(&self, changes: &ChangeCounter) -> ButtonFigures {
        let holds = self.holds.iter().sum();
        let even_holds = self.holds.iter().copied().max().unwrap_or_default();
        let even_hold_ticks = self.holds.iter().position(|holds| *holds > 0 && *holds == even_holds);
        let even_hold_ticks = even_hold_ticks.map_or(0, |index| index + 1);
        ButtonFigures {
            presses: self.presses,
            peak_presses: self.window.peak,
            holds,
            shortest_hold: self.length_of_hold(1),
            median_hold: self.length_of_hold(holds.div_ceil(2)),
            single_tick_holds: self.holds[0],
            short_holds: self.holds[..SHORT_HOLD].iter().sum(),
            even_presses: self.rhythm.longest,
            even_holds,
            even_hold_ticks: even_hold_ticks as u8,
            off_grid_percent: changes.off_grid_percent(even_hold_ticks),
        }
    }

    /// Ticks of the `nth` shortest hold, counted from 1; 0 if there are fewer.
    fn length_of_hold(&self, nth: u32) -> u8 {
        let mut shorter = 0;
        let length = self.holds.iter().position(|holds| {
            shorter += holds;
            nth > 0 && shorter >= nth
        });
        length.map_or(0, |index| index as u8 + 1)
    }
}

/// Finds the most presses in a row at equal distances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rhythm {
    /// Ticks since the last press; 0 if it was too long ago to be repeated.
    since_press: u32,
    /// Distance of the last two presses.
    interval: u32,
    /// Presses at this distance, in a row.
    run: u32,
    longest: u32,
}

impl Rhythm {
    fn count(&mut self, is_press: bool, has_input: bool) {
        if !has_input || self.since_press > MAX_EVEN_INTERVAL {
            *self = Rhythm { longest: self.longest, ..Rhythm::default() };
        }
        if is_press && has_input {
            self.press();
        } else if self.since_press > 0 {
            self.since_press += 1;
        }
    }

    fn press(&mut self) {
        if self.since_press == 0 {
            self.run = 1;
        } else if self.since_press == self.interval {
            self.run += 1;
        } else {
            self.run = 2;
        }
        self.interval = self.since_press;
        self.since_press = 1;
        self.longest = self.longest.max(self.run);
    }
}

/// Counts changes of the held buttons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ChangeCounter {
    changes: u32,
    consecutive: u32,
    /// Whether the last tick had input and a change.
    was_change: bool,
    /// Ticks since the last change; 0 before the first one.
    since_change: u32,
    /// Changes that had one before them.
    distances: u32,
    /// For each of [`GRIDS`], changes at a distance that is no multiple of it.
    off_grid: [u32; GRID_COUNT],
}

impl ChangeCounter {
    fn count(&mut self, is_change: bool, has_input: bool) {
        let is_change = is_change && has_input;
        self.changes += u32::from(is_change);
        self.consecutive += u32::from(is_change && self.was_change);
        self.was_change = is_change;
        if is_change {
            self.count_distance();
            self.since_change = 1;
        } else if self.since_change > 0 {
            self.since_change = self.since_change.saturating_add(1);
        }
    }

    fn count_distance(&mut self) {
        if self.since_change == 0 {
            return;
        }
        self.distances += 1;
        for (off_grid, grid) in self.off_grid.iter_mut().zip(GRIDS) {
            *off_grid += u32::from(!self.since_change.is_multiple_of(grid as u32));
        }
    }

    /// The share of changes at a distance that is no multiple of `grid` ticks, percent. 0 for a grid that is not
    /// recognised.
    fn off_grid_percent(&self, grid: usize) -> u8 {
        let index = grid.checked_sub(*GRIDS.start());
        let off_grid = index.and_then(|index| self.off_grid.get(index));
        percent(off_grid.copied().unwrap_or_default(), self.distances)
    }
}

/// Counts changes of the ship's direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct MoveCounter {
    moves: u32,
    single_ticks: u32,
    /// The direction in the last tick.
    direction: i8,
    /// The direction before that one.
    previous: i8,
    /// Whether the direction changed in the last tick, and that tick had input.
    was_change: bool,
}

impl MoveCounter {
    fn count(&mut self, direction: i8, has_input: bool) {
        let is_change = direction != self.direction;
        if is_change && has_input {
            self.moves += 1;
            let is_stop_between = self.direction == 0 && self.previous != direction;
            self.single_ticks += u32::from(self.was_change && !is_stop_between);
        }
        self.was_change = is_change && has_input;
        if is_change {
            self.previous = self.direction;
            self.direction = direction;
        }
    }
}
