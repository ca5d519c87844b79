//! The kinds of players of the calibration.

use shared::{
    bot::{Bot, Skill},
    rules::{Buttons, Game, TICKS_PER_SECOND},
};

use crate::{look_ahead::LookAhead, sharpshooter::Sharpshooter};

/// A kind of player.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Name in the report.
    pub name: &'static str,
    hands: Hands,
    /// Frames that the device draws in a second, 1 to 60. Buttons change once a frame, as in the browser.
    frames_per_second: u32,
}

/// Who presses the buttons.
#[derive(Debug, Clone, Copy)]
enum Hands {
    Bot(Skill),
    Sharpshooter,
    LookAhead { min_hold: u32 },
    VariedLookAhead,
}

/// All kinds of players.
pub const KINDS: [Kind; 18] = [
    bot("bot of the load test", Skill::STEADY, 60),
    bot("beginner", Skill::BEGINNER, 60),
    bot("average", Skill::AVERAGE, 60),
    bot("expert", Skill::EXPERT, 60),
    bot("button masher", Skill::BUTTON_MASHER, 60),
    bot("average, 40 frames/s", Skill::AVERAGE, 40),
    bot("button masher, 40 frames/s", Skill::BUTTON_MASHER, 40),
    bot("average, 20 frames/s", Skill::AVERAGE, 20),
    bot("button masher, 20 frames/s", Skill::BUTTON_MASHER, 20),
    bot("average, 15 frames/s", Skill::AVERAGE, 15),
    bot("button masher, 15 frames/s", Skill::BUTTON_MASHER, 15),
    bot("average, 10 frames/s", Skill::AVERAGE, 10),
    Kind { name: "sharpshooter", hands: Hands::Sharpshooter, frames_per_second: 60 },
    look_ahead("look-ahead", 1),
    look_ahead("look-ahead, holds of 3 ticks", 3),
    look_ahead("look-ahead, holds of 6 ticks", 6),
    look_ahead("look-ahead, holds of 10 ticks", 10),
    Kind { name: "look-ahead, varied holds", hands: Hands::VariedLookAhead, frames_per_second: 60 },
];

const fn bot(name: &'static str, skill: Skill, frames_per_second: u32) -> Kind {
    Kind { name, hands: Hands::Bot(skill), frames_per_second }
}

const fn look_ahead(name: &'static str, min_hold: u32) -> Kind {
    Kind { name, hands: Hands::LookAhead { min_hold }, frames_per_second: 60 }
}

impl Kind {
    /// Whether this kind knows the future.
    pub fn looks_ahead(&self) -> bool {
        match self.hands {
            Hands::Bot(_) | Hands::Sharpshooter => false,
            Hands::LookAhead { .. } | Hands::VariedLookAhead => true,
        }
    }
}

/// A player of some kind in one game.
#[derive(Debug, Clone)]
pub struct Player {
    mind: Mind,
    frames_per_second: u32,
    held: Buttons,
}

#[derive(Debug, Clone)]
enum Mind {
    Bot(Box<Bot>),
    Sharpshooter(Sharpshooter),
    LookAhead(LookAhead),
}

impl Player {
    /// A player of that kind. `seed` decides on errors and mistakes.
    pub fn new(kind: &Kind, seed: u64) -> Player {
        let mind = match kind.hands {
            Hands::Bot(skill) => Mind::Bot(Box::new(Bot::with_skill(seed, skill))),
            Hands::Sharpshooter => Mind::Sharpshooter(Sharpshooter::new(seed)),
            Hands::LookAhead { min_hold } => Mind::LookAhead(LookAhead::new(min_hold)),
            Hands::VariedLookAhead => Mind::LookAhead(LookAhead::with_hands(seed)),
        };
        Player { mind, frames_per_second: kind.frames_per_second, held: Buttons::empty() }
    }

    /// The buttons of the game's next tick. Must be called once for each tick.
    pub fn buttons(&mut self, game: &Game) -> Buttons {
        let buttons = match &mut self.mind {
            Mind::Bot(bot) => bot.buttons(game),
            Mind::Sharpshooter(player) => player.buttons(game),
            Mind::LookAhead(player) => player.buttons(game),
        };
        let frame = |tick: u32| tick * self.frames_per_second / TICKS_PER_SECOND;
        let tick = game.state().tick.0;
        if tick == 0 || frame(tick) != frame(tick - 1) {
            self.held = buttons;
        }
        self.held
    }
}
