//! A player who knows the march, and aims: it fires only rockets that must hit, as exactly as a hand can. It knows nothing of
//! bombs that are not dropped yet.

use shared::{
    bot::{Bot, Skill},
    rules::{Buttons, Game, GameEvent, Phase},
};

use crate::random::Random;

/// The press of fire comes up to this many ticks too early or too late: 33 ms.
const TIMING_ERROR: u32 = 2;
/// Shortest hold of fire, and shortest time between two holds, in ticks.
const SHORTEST_TAP: u32 = 3;
/// Ticks by which holds and times between them vary.
const TAP_SPREAD: u32 = 4;
/// Ticks after which a rocket has hit or missed.
const FLIGHT_TICKS: u32 = 220;

/// A player who aims. It moves and dodges as the expert bot does.
#[derive(Debug, Clone)]
pub struct Sharpshooter {
    bot: Box<Bot>,
    random: Random,
    tap: Tap,
}

/// The finger on the fire button. All times are in ticks.
#[derive(Debug, Clone, Copy)]
enum Tap {
    /// Ready for a rocket that hits.
    Ready,
    /// Decided, and about to press.
    Decided { ticks_left: u32 },
    /// Down.
    Down { ticks_left: u32 },
    /// Up after a tap.
    Up { ticks_left: u32 },
}

impl Sharpshooter {
    /// A player whose timing depends on `seed`.
    pub fn new(seed: u64) -> Sharpshooter {
        let bot = Box::new(Bot::with_skill(seed, Skill::EXPERT));
        Sharpshooter { bot, random: Random::new(seed), tap: Tap::Ready }
    }

    /// The buttons of the game's next tick. Must be called once for each tick.
    pub fn buttons(&mut self, game: &Game) -> Buttons {
        let direction = self.bot.buttons(game) - Buttons::FIRE;
        self.tap = self.next_tap(game, direction);
        match self.tap {
            Tap::Down { .. } => direction | Buttons::FIRE,
            Tap::Ready | Tap::Decided { .. } | Tap::Up { .. } => direction,
        }
    }

    fn next_tap(&mut self, game: &Game, direction: Buttons) -> Tap {
        match self.tap {
            Tap::Ready if hits(game, direction) => Tap::Decided { ticks_left: self.random.below(2 * TIMING_ERROR + 1) },
            Tap::Ready | Tap::Up { ticks_left: 0 } => Tap::Ready,
            Tap::Decided { ticks_left: 0 } => Tap::Down { ticks_left: self.tap_ticks() },
            Tap::Decided { ticks_left } => Tap::Decided { ticks_left: ticks_left - 1 },
            Tap::Down { ticks_left: 0 } => Tap::Up { ticks_left: self.tap_ticks() },
            Tap::Down { ticks_left } => Tap::Down { ticks_left: ticks_left - 1 },
            Tap::Up { ticks_left } => Tap::Up { ticks_left: ticks_left - 1 },
        }
    }

    fn tap_ticks(&mut self) -> u32 {
        SHORTEST_TAP + self.random.below(TAP_SPREAD)
    }
}

/// Whether a rocket that is fired after the mean delay hits, in addition to the rockets in flight.
fn hits(game: &Game, direction: Buttons) -> bool {
    let state = game.state();
    let can_fire = state.reload == 0 && state.rockets.len() < game.params().rockets_at_once;
    if state.phase != Phase::Playing || !can_fire {
        return false;
    }
    let mut with = game.clone();
    (0..TIMING_ERROR).for_each(|_| _ = with.step(direction));
    let mut without = with.clone();
    let fired = count_hits(with.step(direction | Buttons::FIRE)) + hits_without_buttons(&mut with);
    fired > count_hits(without.step(direction)) + hits_without_buttons(&mut without)
}

fn hits_without_buttons(game: &mut Game) -> usize {
    (0..FLIGHT_TICKS).map(|_| count_hits(game.step(Buttons::empty()))).sum()
}

fn count_hits(events: &[GameEvent]) -> usize {
    let is_hit = |event: &&GameEvent| matches!(event, GameEvent::InvaderHit { .. } | GameEvent::MysteryHit { .. });
    events.iter().filter(is_hit).count()
}
