//! A monitor: one game, followed a little behind its player.

use shared::{
    replay::{ButtonLog, Replay},
    rules::{Buttons, Game, RULES_VERSION, TICKS_PER_SECOND},
};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::picture::Picture;

/// It stays so far behind the player, ticks: buttons arrive once a second, and some late.
const BEHIND: u32 = 2 * TICKS_PER_SECOND;
/// Farther behind than this it jumps.
const TOO_FAR: u32 = 2 * BEHIND;

/// A game on a canvas.
#[wasm_bindgen]
pub struct Monitor {
    picture: Picture,
    game: Game,
    buttons: Vec<Buttons>,
    /// Ticks that are due and not played yet, less than one.
    due: f64,
}

#[wasm_bindgen]
impl Monitor {
    /// Shows a game, whose replay came as JSON, from a moment ago on.
    ///
    /// # Errors
    /// Where it is no replay, is of other rules, or the canvas cannot be drawn on.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, replay: &str) -> Result<Monitor, JsError> {
        let Replay { rules_version, seed, tuning, log } = serde_json::from_str(replay)?;
        if rules_version != RULES_VERSION {
            return Err(JsError::new("this game was played by rules of another version"));
        }
        let game = Game::new(tuning, seed);
        let picture = Picture::new(canvas, &game)?;
        let mut monitor = Monitor { picture, game, buttons: buttons(&log), due: 0.0 };
        monitor.jump();
        Ok(monitor)
    }

    /// Takes the replay as it has grown.
    ///
    /// # Errors
    /// Where it is no replay.
    pub fn grow(&mut self, replay: &str) -> Result<(), JsError> {
        let replay: Replay = serde_json::from_str(replay)?;
        let now = buttons(&replay.log);
        if now.len() > self.buttons.len() {
            self.buttons = now;
        }
        self.jump();
        Ok(())
    }

    /// Plays on for that time, milliseconds, as far as the buttons reach, and draws.
    pub fn draw(&mut self, millis: f64) {
        self.due += millis / 1000.0 * f64::from(TICKS_PER_SECOND);
        while self.due >= 1.0 {
            self.due -= 1.0;
            self.step();
        }
        self.picture.draw(&self.game);
    }

    /// Points.
    pub fn score(&self) -> u32 {
        self.game.state().score
    }

    /// Whether it has been shown to its end.
    #[wasm_bindgen(js_name = isOver)]
    pub fn is_over(&self) -> bool {
        self.game.is_over()
    }
}

impl Monitor {
    fn step(&mut self) {
        if let Some(buttons) = self.buttons.get(self.game.state().tick.0 as usize) {
            self.game.step(*buttons);
        }
    }

    /// Catches up where it has fallen far behind.
    fn jump(&mut self) {
        let end = self.buttons.len() as u32;
        if end > self.game.state().tick.0 + TOO_FAR {
            while self.game.state().tick.0 < end - BEHIND && !self.game.is_over() {
                self.step();
            }
        }
    }
}

fn buttons(log: &ButtonLog) -> Vec<Buttons> {
    log.iter().collect()
}
