//! A player made of code, for the demo, for rehearsals under load and for tests. It sees the state and nothing else.

use rand_core::Rng;
use rand_pcg::Pcg32;

use crate::rules::{Buttons, Game, Px};

/// A bot that dodges bombs, hunts the lowest invaders, and errs at times. Like a person, it changes its mind a few
/// times a second at most.
#[derive(Debug, Clone)]
pub struct Bot {
    rng: Pcg32,
    held: Buttons,
    /// Ticks for which it holds them still.
    ticks_left: u32,
}

/// Ticks for which a decision holds: a tenth of a second.
const REACTION: u32 = 6;
/// One decision in this many is a mistake.
const MISTAKES: u32 = 40;
/// How far ahead of a bomb the bot steps aside.
const DANGER_HEIGHT: Px = Px::whole(70);
const DANGER_WIDTH: Px = Px::whole(18);
/// Closer than this to the target's column, the bot stands still: it moves further than this in one decision.
const AIM: Px = Px::whole(8);

impl Bot {
    /// A bot whose mistakes are drawn from `seed`; the same seed plays the same game.
    pub fn new(seed: u64) -> Bot {
        Bot { rng: Pcg32::new(seed, 0xb07), held: Buttons::empty(), ticks_left: 0 }
    }

    /// The buttons for the next tick.
    pub fn buttons(&mut self, game: &Game) -> Buttons {
        if self.ticks_left == 0 {
            (self.held, self.ticks_left) = self.decide(game);
        }
        self.ticks_left -= 1;
        self.held
    }

    fn decide(&mut self, game: &Game) -> (Buttons, u32) {
        if self.rng.next_u32().is_multiple_of(MISTAKES) {
            let buttons = Buttons::from_bits_truncate(self.rng.next_u32() as u8);
            return (buttons, REACTION * (1 + self.rng.next_u32() % 6));
        }
        let steering = self.dodge(game).unwrap_or_else(|| self.hunt(game));
        (steering | Buttons::FIRE, REACTION)
    }

    fn dodge(&self, game: &Game) -> Option<Buttons> {
        let ship = game.ship();
        let falling = game.state().bombs.iter().filter(|bomb| {
            let dx = bomb.at.x - ship.x;
            bomb.at.y > ship.y - DANGER_HEIGHT && dx < DANGER_WIDTH && -dx < DANGER_WIDTH
        });
        let nearest = falling.max_by_key(|bomb| bomb.at.y)?;
        let room_left = ship.x > DANGER_WIDTH + DANGER_WIDTH;
        let room_right = ship.x < game.params().width - DANGER_WIDTH - DANGER_WIDTH;
        let go_left = if nearest.at.x < ship.x { !room_right } else { room_left };
        Some(if go_left { Buttons::LEFT } else { Buttons::RIGHT })
    }

    fn hunt(&self, game: &Game) -> Buttons {
        let ship = game.ship();
        let lowest = game.state().formation.invaders(game.params()).max_by_key(|(_, at)| at.y);
        match lowest.map(|(_, at)| at.x - ship.x) {
            Some(dx) if dx > AIM => Buttons::RIGHT,
            Some(dx) if -dx > AIM => Buttons::LEFT,
            _ => Buttons::empty(),
        }
    }
}
