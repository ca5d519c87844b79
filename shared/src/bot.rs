//! A player made of code, for the demo, for rehearsals under load and for tests. It sees the state and nothing else.

use rand_core::Rng;
use rand_pcg::Pcg32;

use crate::rules::{Buttons, Game, Px};

/// A bot that dodges bombs, hunts the lowest invaders, and errs at times.
#[derive(Debug, Clone)]
pub struct Bot {
    dice: Pcg32,
    /// Its present mistake and how many ticks that lasts.
    mistake: Option<(Buttons, u32)>,
}

/// How far ahead of a bomb the bot steps aside.
const DANGER_HEIGHT: Px = Px::whole(70);
const DANGER_WIDTH: Px = Px::whole(15);
/// Closer than this to the target's column, the bot stands still.
const AIM: Px = Px::whole(3);

impl Bot {
    /// A bot whose mistakes are drawn from `seed`; the same seed plays the same game.
    pub fn new(seed: u64) -> Bot {
        Bot { dice: Pcg32::new(seed, 0xb07), mistake: None }
    }

    /// The buttons for the next tick.
    pub fn buttons(&mut self, game: &Game) -> Buttons {
        if let Some((buttons, ticks)) = self.mistake {
            self.mistake = (ticks > 1).then_some((buttons, ticks - 1));
            return buttons;
        }
        if self.dice.next_u32() % 240 == 0 {
            let buttons = Buttons::from_bits_truncate(self.dice.next_u32() as u8);
            self.mistake = Some((buttons, 10 + self.dice.next_u32() % 50));
        }
        self.dodge(game).unwrap_or_else(|| self.hunt(game)) | Buttons::FIRE
    }

    fn dodge(&self, game: &Game) -> Option<Buttons> {
        let ship = game.ship();
        let falling = game.state().bombs.iter().filter(|bomb| {
            let dx = bomb.at.x - ship.x;
            bomb.at.y > ship.y - DANGER_HEIGHT && dx < DANGER_WIDTH && -dx < DANGER_WIDTH
        });
        let nearest = falling.max_by_key(|bomb| bomb.at.y)?;
        let room_left = ship.x > DANGER_WIDTH + DANGER_WIDTH;
        let room_right = ship.x < game.rates().width - DANGER_WIDTH - DANGER_WIDTH;
        let go_left = if nearest.at.x < ship.x { !room_right } else { room_left };
        Some(if go_left { Buttons::LEFT } else { Buttons::RIGHT })
    }

    fn hunt(&self, game: &Game) -> Buttons {
        let ship = game.ship();
        let lowest = game.state().formation.invaders(game.rates()).max_by_key(|(_, at)| at.y);
        match lowest.map(|(_, at)| at.x - ship.x) {
            Some(dx) if dx > AIM => Buttons::RIGHT,
            Some(dx) if -dx > AIM => Buttons::LEFT,
            _ => Buttons::empty(),
        }
    }
}
