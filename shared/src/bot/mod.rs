//! A bot that plays the game, for the demo, load tests and other tests. It only reads the state of the game.

use rand_core::Rng;
use rand_pcg::Pcg32;

use crate::rules::{Buttons, Game, Px};

/// A bot that dodges bombs, aims at the lowest invaders and sometimes makes mistakes. Like a person, it decides at most
/// ten times per second.
#[derive(Debug, Clone)]
pub struct Bot {
    rng: Pcg32,
    held: Buttons,
    /// Ticks until the next decision.
    ticks_left: u32,
}

/// Ticks between two decisions: a tenth of a second.
const DECISION_INTERVAL: u32 = 6;
/// One decision in this many presses random buttons.
const MISTAKE_INTERVAL: u32 = 40;
/// The bot dodges bombs that are at most this far above the ship.
const DANGER_HEIGHT: Px = Px::whole(70);
/// The bot dodges bombs that are at most this far to the left or right of the ship.
const DANGER_WIDTH: Px = Px::whole(18);
/// The bot does not move towards a target that is at most this far away: one decision would move it too far.
const AIM_TOLERANCE: Px = Px::whole(8);

impl Bot {
    /// Creates a bot whose mistakes depend on `seed`. Equal seeds play equal games.
    pub fn new(seed: u64) -> Bot {
        Bot { rng: Pcg32::new(seed, 0xb07), held: Buttons::empty(), ticks_left: 0 }
    }

    /// Decides on the buttons for the next tick.
    pub fn buttons(&mut self, game: &Game) -> Buttons {
        if self.ticks_left == 0 {
            (self.held, self.ticks_left) = self.decide(game);
        }
        self.ticks_left -= 1;
        self.held
    }

    /// The buttons, and the number of ticks to hold them.
    fn decide(&mut self, game: &Game) -> (Buttons, u32) {
        if self.rng.next_u32().is_multiple_of(MISTAKE_INTERVAL) {
            let buttons = Buttons::from_bits_truncate(self.rng.next_u32() as u8);
            return (buttons, DECISION_INTERVAL * (1 + self.rng.next_u32() % 6));
        }
        let direction = self.dodge(game).unwrap_or_else(|| self.aim(game));
        (direction | Buttons::FIRE, DECISION_INTERVAL)
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
    fn aim(&self, game: &Game) -> Buttons {
        let ship = game.ship();
        let lowest = game.state().formation.invaders(game.params()).max_by_key(|(_, at)| at.y);
        match lowest.map(|(_, at)| at.x - ship.x) {
            Some(dx) if dx > AIM_TOLERANCE => Buttons::RIGHT,
            Some(dx) if -dx > AIM_TOLERANCE => Buttons::LEFT,
            _ => Buttons::empty(),
        }
    }
}
