//! Where the buttons of a game come from.

use shared::{
    bot::Bot,
    replay::{ButtonLog, Seed},
    rules::{Buttons, Game},
};

/// Who presses the buttons.
pub enum ButtonSource {
    /// The title's demo.
    Demo(RecordedButtons),
    /// A replay.
    Replay(RecordedButtons),
    /// The player, in a recorded game. Holds the buttons since [`ButtonSource::take_log`] was last called.
    Player(ButtonLog),
    /// The player, in a game that is not recorded. It keeps no log, so that no recording can contain its buttons.
    Practice,
    /// A bot, in a tuning preview.
    Bot(Bot),
}

/// The buttons of a recorded game, and how many of them were played.
pub struct RecordedButtons {
    pub seed: Seed,
    buttons: Vec<Buttons>,
    played: usize,
}

impl RecordedButtons {
    pub fn new(seed: Seed, log: &ButtonLog) -> RecordedButtons {
        RecordedButtons { seed, buttons: log.iter().collect(), played: 0 }
    }

    /// The buttons of the next tick; `None` at the end.
    pub fn next(&mut self) -> Option<Buttons> {
        let next = self.buttons.get(self.played).copied();
        self.played += usize::from(next.is_some());
        next
    }

    pub fn rewind(&mut self) {
        self.played = 0;
    }

    /// Replaces the buttons by a longer log of the same game.
    pub fn extend(&mut self, log: &ButtonLog) {
        self.buttons = log.iter().collect();
    }

    /// The number of ticks played, and of ticks recorded.
    pub fn progress(&self) -> (usize, usize) {
        (self.played, self.buttons.len())
    }
}

impl ButtonSource {
    /// The buttons of the game's next tick; `None` if a replay has no more. `held` are the buttons that the player
    /// holds.
    pub fn next(&mut self, game: &Game, held: Buttons) -> Option<Buttons> {
        match self {
            ButtonSource::Demo(recorded) => Some(recorded.next().unwrap_or_default()),
            ButtonSource::Replay(recorded) => recorded.next(),
            ButtonSource::Player(log) => {
                log.push(held);
                Some(held)
            }
            ButtonSource::Practice => Some(held),
            ButtonSource::Bot(bot) => Some(bot.buttons(game)),
        }
    }

    /// Takes the buttons of a recorded game since the last call; `None` if there are none.
    pub fn take_log(&mut self) -> Option<ButtonLog> {
        match self {
            ButtonSource::Player(log) if !log.is_empty() => Some(std::mem::take(log)),
            _ => None,
        }
    }
}
