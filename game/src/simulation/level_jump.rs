//! Practice games that start at any level, for the developers' tools.

use shared::{
    replay::Seed,
    rules::{Buttons, Formation, Game, Phase},
    time::Tick,
    tuning::Tuning,
};

use super::{Pace, Simulation, button_source::ButtonSource};
use crate::page::random::random_seed;

impl Simulation {
    /// A game of the player at the countdown of a level, from 1. It is not recorded: no replay from its seed leads to
    /// this state.
    ///
    /// # Errors
    /// If the state of the level before cannot be built.
    pub fn practice_at_level(tuning: Tuning, level: u32) -> Result<Simulation, serde_json::Error> {
        let seed = random_seed();
        let game = game_at_level(tuning, seed, level)?;
        let previous_state = game.state().clone();
        let (pace, source) = (Pace::Any, ButtonSource::Practice);
        Ok(Simulation { game, previous_state, start_delay: 0.0, pending_ticks: 0.0, pace, source, is_new: false })
    }
}

/// The rules start every game at level 1. So this plays the last tick of the level before, with no invader left.
fn game_at_level(tuning: Tuning, seed: Seed, level: u32) -> Result<Game, serde_json::Error> {
    let game = Game::new(tuning.clone(), seed);
    if level <= 1 {
        return Ok(game);
    }
    let mut state = game.state().clone();
    state.level = level - 1;
    state.phase = Phase::Playing;
    state.formation = without_invaders(&state.formation)?;
    // An empty formation can neither march nor drop bombs.
    state.freeze = 1;
    state.quiet = 1;
    let mut game = Game::resume(tuning.clone(), state);
    game.step(Buttons::empty());
    let mut state = game.state().clone();
    // Without the bonus for the level before.
    state.score = 0;
    state.tick = Tick::ZERO;
    Ok(Game::resume(tuning, state))
}

/// The rules do not export this change, so it is made in the formation's serialized form.
fn without_invaders(formation: &Formation) -> Result<Formation, serde_json::Error> {
    let mut value = serde_json::to_value(formation)?;
    if let Some(rows) = value["alive"].as_array_mut() {
        rows.fill(0.into());
    }
    serde_json::from_value(value)
}
