//! A bot that plays the game, for the demo, load tests and other tests. It only reads the state of the game.

mod fingers;
mod skill;

use rand_core::Rng;
use rand_pcg::Pcg32;

use self::fingers::Fingers;
use crate::rules::{Buttons, Game, Px};

pub use skill::{Skill, Taps};

/// A bot that dodges bombs, aims at the lowest invaders and sometimes makes mistakes. Its skill says how fast and how
/// exactly it plays.
#[derive(Debug, Clone)]
pub struct Bot {
    rng: Pcg32,
    skill: Skill,
    decided: Buttons,
    /// Ticks until the next decision.
    ticks_left: u32,
    fingers: Fingers,
}

/// The bot dodges bombs that are at most this far above the ship.
const DANGER_HEIGHT: Px = Px::whole(70);
/// The bot dodges bombs that are at most this far to the left or right of the ship.
const DANGER_WIDTH: Px = Px::whole(18);
/// The bot does not move towards a target that is at most this far away: one decision would move it too far.
const AIM_TOLERANCE: Px = Px::whole(8);

impl Bot {
    /// Creates a bot of skill [`Skill::STEADY`] whose mistakes depend on `seed`. Equal seeds play equal games.
    pub fn new(seed: u64) -> Bot {
        Bot::with_skill(seed, Skill::STEADY)
    }

    /// Creates a bot of that skill whose errors and mistakes depend on `seed`. Equal seeds play equal games.
    pub fn with_skill(seed: u64, skill: Skill) -> Bot {
        let rng = Pcg32::new(seed, 0xb07);
        Bot { rng, skill, decided: Buttons::empty(), ticks_left: 0, fingers: Fingers::new(skill) }
    }

    /// Decides on the buttons for the next tick.
    pub fn buttons(&mut self, game: &Game) -> Buttons {
        if self.ticks_left == 0 {
            (self.decided, self.ticks_left) = self.decide(game);
        }
        self.ticks_left -= 1;
        self.fingers.hold(self.decided, &mut self.rng)
    }

    /// The buttons, and the number of ticks until the next decision.
    fn decide(&mut self, game: &Game) -> (Buttons, u32) {
        if self.rng.next_u32().is_multiple_of(self.skill.mistake_interval) {
            let buttons = Buttons::from_bits_truncate(self.rng.next_u32() as u8);
            return (buttons, self.skill.decision_ticks * (1 + self.rng.next_u32() % 6));
        }
        let direction = self.dodge(game).unwrap_or_else(|| self.aim(game));
        (direction | Buttons::FIRE, self.skill.decision_ticks + self.draw_up_to(self.skill.decision_spread))
    }

    /// Draws a number from 0 to `max`. 0 draws nothing, so that skills without spread play the same games.
    fn draw_up_to(&mut self, max: u32) -> u32 {
        if max == 0 { 0 } else { self.rng.next_u32() % (max + 1) }
    }

    /// Draws an error of the bot's aim.
    fn draw_aim_error(&mut self) -> Px {
        let max = self.skill.aim_error;
        Px::from_raw(self.draw_up_to(max.raw() as u32 * 2) as i32) - max
    }

    /// The direction away from the nearest dangerous bomb, if there is one.
    fn dodge(&self, game: &Game) -> Option<Buttons> {
        let ship = game.ship();
        let dangerous = game.state().bombs.iter().filter(|bomb| {
            let dx = bomb.at.x - ship.x;
            bomb.at.y > ship.y - DANGER_HEIGHT && dx < DANGER_WIDTH && -dx < DANGER_WIDTH
        });
        let nearest = dangerous.max_by_key(|bomb| bomb.at.y)?;
        let has_room_left = ship.x > DANGER_WIDTH + DANGER_WIDTH;
        let has_room_right = ship.x < game.params().width - DANGER_WIDTH - DANGER_WIDTH;
        let is_left = if nearest.at.x < ship.x { !has_room_right } else { has_room_left };
        Some(if is_left { Buttons::LEFT } else { Buttons::RIGHT })
    }

    /// The direction towards the lowest invader.
    fn aim(&mut self, game: &Game) -> Buttons {
        let ship = game.ship();
        let error = self.draw_aim_error();
        let lowest = game.state().formation.invaders(game.params()).max_by_key(|(_, at)| at.y);
        match lowest.map(|(_, at)| at.x - ship.x + error) {
            Some(dx) if dx > AIM_TOLERANCE => Buttons::RIGHT,
            Some(dx) if -dx > AIM_TOLERANCE => Buttons::LEFT,
            _ => Buttons::empty(),
        }
    }
}
