//! A player that looks ahead: it knows the rules, the seed and so the future, and tries moves on copies of the game. It
//! shows what a program can score, and whether marks find it.

use std::{collections::VecDeque, ops::RangeInclusive};

use shared::rules::{Buttons, Game, Phase, State};

use crate::random::Random;

/// Ticks of a plan that does not fire.
const IDLE_TICKS: u32 = 4;
/// Ticks after a plan in which a bomb must not hit the ship.
const SAFE_TICKS: u32 = 30;
/// Ticks after a plan in which its rocket must hit.
const FLIGHT_TICKS: u32 = 240;
/// Value of a plan that loses a life before its safe ticks are over. Other values are points per 1,000 ticks.
const LOST_LIFE: i64 = -10_000_000;
/// Value of a life that is lost later, which another plan may still prevent.
const ENDANGERED_LIFE: i64 = -1_000;

/// Shortest times for which a player with hands holds a button, in ticks: those of a tapping finger.
const HAND_HOLDS: RangeInclusive<u32> = 3..=7;

/// A player that looks ahead.
#[derive(Debug, Clone)]
pub struct LookAhead {
    /// Shortest time for which it holds or releases a button in the current plan, in ticks, from 1.
    min_hold: u32,
    /// The range from which this time is drawn for each plan.
    holds: RangeInclusive<u32>,
    random: Random,
    /// The buttons of the next ticks.
    planned: VecDeque<Buttons>,
}

/// A plan: move, then fire or wait.
#[derive(Debug, Clone, Copy)]
struct Plan {
    direction: Buttons,
    travel_ticks: u32,
    fires: bool,
    /// Ticks after the travel, in which it fires or waits.
    rest_ticks: u32,
}

impl Plan {
    fn ticks(self) -> u32 {
        self.travel_ticks + self.rest_ticks
    }

    fn buttons_at(self, tick: u32) -> Buttons {
        if tick < self.travel_ticks {
            self.direction
        } else if self.fires && tick < self.ticks() {
            Buttons::FIRE
        } else {
            Buttons::empty()
        }
    }
}

/// What a plan leads to.
struct Outcome {
    /// Points scored.
    points: u32,
    /// Ticks until the player can fire again.
    ticks: u32,
    /// Whether the plan fired a rocket.
    has_fired: bool,
    /// The tick in which a life was lost, counted from the start of the plan.
    lost_at: Option<u32>,
}

impl Outcome {
    /// The value of a plan with this outcome. `points_without` are scored by the rockets that are in flight already.
    fn value(&self, plan: Plan, points_without: u32) -> i64 {
        let points = i64::from(self.points) - i64::from(points_without);
        let rate = if self.has_fired { points * 1000 / i64::from(self.ticks + 1) } else { 0 };
        match self.lost_at {
            Some(tick) if tick < plan.ticks() + SAFE_TICKS => LOST_LIFE + i64::from(tick),
            Some(_) => rate + ENDANGERED_LIFE,
            None => rate,
        }
    }
}

impl Default for LookAhead {
    fn default() -> LookAhead {
        LookAhead::new(1)
    }
}

impl LookAhead {
    /// A player that holds and releases each button for at least `min_hold` ticks. 1 plays without regard to hands.
    pub fn new(min_hold: u32) -> LookAhead {
        let min_hold = min_hold.max(1);
        LookAhead { min_hold, holds: min_hold..=min_hold, random: Random::new(0), planned: VecDeque::new() }
    }

    /// A player whose holds vary as those of fingers do. `seed` decides on their lengths.
    pub fn with_hands(seed: u64) -> LookAhead {
        LookAhead { holds: HAND_HOLDS, random: Random::new(seed), ..LookAhead::new(*HAND_HOLDS.start()) }
    }

    /// The buttons of the game's next tick. Must be called once for each tick.
    pub fn buttons(&mut self, game: &Game) -> Buttons {
        if game.state().phase != Phase::Playing {
            self.planned.clear();
            return Buttons::empty();
        }
        if self.planned.is_empty() {
            self.min_hold = self.holds.start() + self.random.below(self.holds.end() - self.holds.start() + 1);
            let plan = self.best_plan(game);
            self.planned = (0..plan.ticks()).map(|tick| plan.buttons_at(tick)).collect();
        }
        self.planned.pop_front().unwrap_or_default()
    }

    fn best_plan(&self, game: &Game) -> Plan {
        let points_without = points_without_buttons(game);
        // Of equal plans the first one wins, which moves least.
        let best = self.plans().rev().max_by_key(|plan| outcome(game, *plan).value(*plan, points_without));
        best.unwrap_or(self.idle(Buttons::empty(), 0))
    }

    /// All plans, the shortest first.
    fn plans(&self) -> impl DoubleEndedIterator<Item = Plan> {
        let travels = travel_ticks().into_iter().filter(|ticks| *ticks >= self.min_hold || self.min_hold == 1);
        travels.flat_map(move |travel_ticks| {
            [Buttons::empty(), Buttons::LEFT, Buttons::RIGHT].into_iter().flat_map(move |direction| {
                let fire = Plan { direction, travel_ticks, fires: true, rest_ticks: self.min_hold };
                [self.idle(direction, travel_ticks), fire]
            })
        })
    }

    fn idle(&self, direction: Buttons, travel_ticks: u32) -> Plan {
        Plan { direction, travel_ticks, fires: false, rest_ticks: self.min_hold.max(IDLE_TICKS) }
    }
}

/// The travel times that are tried: all short ones, and fewer of the long ones.
fn travel_ticks() -> Vec<u32> {
    (0..24).chain((24..64).step_by(2)).chain((64..=200).step_by(4)).collect()
}

/// Points that the rockets in flight score while no button is held.
fn points_without_buttons(game: &Game) -> u32 {
    let mut game = game.clone();
    let (score, lives) = (game.state().score, game.state().lives);
    for _ in 0..FLIGHT_TICKS {
        let state = game.state();
        if state.phase != Phase::Playing || state.lives < lives || state.rockets.is_empty() {
            break;
        }
        game.step(Buttons::empty());
    }
    game.state().score - score
}

/// Plays a plan on a copy of the game until the ship was safe for some time, the player can fire again, and the rockets
/// have hit or missed.
fn outcome(game: &Game, plan: Plan) -> Outcome {
    let mut game = game.clone();
    let State { score, lives, shots, .. } = *game.state();
    let mut outcome = Outcome { points: 0, ticks: 0, has_fired: false, lost_at: None };
    let mut can_fire = false;
    for tick in 0..plan.ticks() + FLIGHT_TICKS {
        game.step(plan.buttons_at(tick));
        let state = game.state();
        outcome.points = state.score - score;
        outcome.has_fired = state.shots > shots;
        if state.lives < lives {
            outcome.lost_at = Some(tick);
            break;
        }
        let has_room = state.reload == 0 && state.rockets.len() < game.params().rockets_at_once;
        can_fire |= tick + 1 >= plan.ticks() && has_room;
        if !can_fire {
            outcome.ticks = tick + 1;
        }
        let is_safe = tick >= plan.ticks() + SAFE_TICKS;
        if state.phase != Phase::Playing || is_safe && (state.rockets.is_empty() || !outcome.has_fired) {
            break;
        }
    }
    outcome
}
