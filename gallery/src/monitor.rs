//! A monitor: shows one live game, a few seconds behind its player.

use shared::{
    replay::{ButtonLog, Replay},
    rules::{Buttons, Game, RULES_VERSION, TICKS_PER_SECOND},
};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::renderer::Renderer;

/// The delay after a jump, ticks. The player's buttons arrive once a second, and some arrive late.
const DELAY: u32 = 2 * TICKS_PER_SECOND;
/// A monitor with a longer delay jumps, ticks.
const MAX_DELAY: u32 = 2 * DELAY;

/// One game on one canvas. JavaScript creates it and calls its methods.
#[wasm_bindgen]
pub struct Monitor {
    renderer: Renderer,
    game: Game,
    /// The buttons of all ticks received so far.
    buttons: Vec<Buttons>,
    /// Time that no tick has used yet, in ticks. Below 1 between two frames.
    pending_ticks: f64,
}

#[wasm_bindgen]
impl Monitor {
    /// Shows a game on a canvas. `replay` is the game's replay so far, as JSON.
    ///
    /// # Errors
    /// If the JSON is not a valid replay, if it is for another version of the rules, or if the browser cannot draw on
    /// the canvas.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, replay: &str) -> Result<Monitor, JsError> {
        let Replay { rules_version, seed, tuning, log } = serde_json::from_str(replay)?;
        if rules_version != RULES_VERSION {
            return Err(JsError::new(&format!(
                "the game was played with version {rules_version} of the rules; this page plays version {RULES_VERSION}"
            )));
        }
        let game = Game::new(tuning, seed);
        let renderer = Renderer::new(canvas, &game)?;
        let mut monitor = Monitor { renderer, game, buttons: decode(&log), pending_ticks: 0.0 };
        monitor.catch_up();
        Ok(monitor)
    }

    /// Adds the buttons of a longer replay of the same game, given as JSON.
    ///
    /// # Errors
    /// If the JSON is not a valid replay.
    pub fn grow(&mut self, replay: &str) -> Result<(), JsError> {
        let replay: Replay = serde_json::from_str(replay)?;
        let buttons = decode(&replay.log);
        if buttons.len() > self.buttons.len() {
            self.buttons = buttons;
        }
        self.catch_up();
        Ok(())
    }

    /// Plays the ticks of `millis` milliseconds, at most those with known buttons, and draws the game.
    pub fn draw(&mut self, millis: f64) {
        self.pending_ticks += millis / 1000.0 * f64::from(TICKS_PER_SECOND);
        while self.pending_ticks >= 1.0 {
            self.pending_ticks -= 1.0;
            self.step();
        }
        self.renderer.draw(&self.game);
    }

    /// The score, points.
    pub fn score(&self) -> u32 {
        self.game.state().score
    }

    /// Whether the monitor has shown the end of the game.
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

    /// Jumps ahead if the delay is too long.
    fn catch_up(&mut self) {
        let last = self.buttons.len() as u32;
        if last > self.game.state().tick.0 + MAX_DELAY {
            while self.game.state().tick.0 < last - DELAY && !self.game.is_over() {
                self.step();
            }
        }
    }
}

fn decode(log: &ButtonLog) -> Vec<Buttons> {
    log.iter().collect()
}
