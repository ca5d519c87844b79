//! The game in progress: real time in, whole ticks of the shared rules out, and the state between two ticks to draw.

use bevy::prelude::*;
use serde::Deserialize;
use shared::{
    replay::{ButtonLog, Replay, Seed},
    rules::{Buttons, Game, Happening, Point, State, TICKS_PER_SECOND},
    tuning::Tuning,
};

use crate::{Step, input::Held, screen::Screen};

/// Ticks that one frame catches up with at most; what a slow machine misses beyond that is not played.
const MOST_TICKS: f32 = 10.0;

/// What the title shows: the arcade game among the recorded ones that the rules are held by.
const DEMO: &str = include_str!("../../shared/tests/golden/01.json");

#[derive(Deserialize)]
struct Recorded {
    replay: Replay,
}

/// Something that happened in the game on the screen.
#[derive(Message, Debug, Clone, Copy)]
pub struct Happened(pub Happening);

/// Who presses the buttons.
enum Pilot {
    /// The demo's recording: the buttons, and how many of them were played.
    Tape(Vec<Buttons>, usize),
    /// The player, with the buttons since they were last taken.
    Player(ButtonLog),
}

/// The game on the screen.
#[derive(Resource)]
pub struct Simulation {
    game: Game,
    /// The state one tick ago.
    before: State,
    /// Ticks that are due; below 1 between two frames.
    due: f32,
    pilot: Pilot,
}

impl Simulation {
    /// The recorded game.
    pub fn demo() -> Simulation {
        let Recorded { replay } = serde_json::from_str(DEMO).unwrap_or_else(|error| unreachable!("the demo: {error}"));
        let tape = Pilot::Tape(replay.log.iter().collect(), 0);
        Simulation::new(replay.tuning, replay.seed, tape)
    }

    /// A game that the player plays.
    pub fn of_player(tuning: Tuning, seed: Seed) -> Simulation {
        Simulation::new(tuning, seed, Pilot::Player(ButtonLog::default()))
    }

    fn new(tuning: Tuning, seed: Seed, pilot: Pilot) -> Simulation {
        let game = Game::new(tuning, seed);
        Simulation { before: game.state().clone(), game, due: 0.0, pilot }
    }

    pub fn game(&self) -> &Game {
        &self.game
    }

    pub fn state(&self) -> &State {
        self.game.state()
    }

    /// The size of its playfield, pixels.
    pub fn field(&self) -> Vec2 {
        let rates = self.game.rates();
        Vec2::new(rates.width.to_f32(), rates.height.to_f32())
    }

    /// Whether this is the recorded game.
    pub fn is_demo(&self) -> bool {
        matches!(self.pilot, Pilot::Tape(..))
    }

    /// Plays the ticks that fit into `seconds`, with what was left of the time before.
    fn advance(&mut self, seconds: f32, held: Buttons, mut happened: impl FnMut(Happening)) {
        self.due = (self.due + seconds * TICKS_PER_SECOND as f32).min(MOST_TICKS);
        while self.due >= 1.0 && !self.game.is_over() {
            self.due -= 1.0;
            let buttons = match &mut self.pilot {
                Pilot::Tape(buttons, played) => {
                    *played += 1;
                    buttons.get(*played - 1).copied().unwrap_or_default()
                }
                Pilot::Player(log) => {
                    log.push(held);
                    held
                }
            };
            self.before.clone_from(self.game.state());
            self.game.step(buttons).iter().copied().for_each(&mut happened);
        }
    }

    /// Takes the player's buttons since the last call; none if there are none.
    pub fn take_log(&mut self) -> Option<ButtonLog> {
        match &mut self.pilot {
            Pilot::Player(log) if !log.is_empty() => Some(std::mem::take(log)),
            Pilot::Player(_) | Pilot::Tape(..) => None,
        }
    }

    /// The state one tick ago, and how far the frame is from there to the present state, 0 to 1.
    pub fn before(&self) -> (&State, f32) {
        let blend = if self.game.is_over() { 1.0 } else { self.due.clamp(0.0, 1.0) };
        (&self.before, blend)
    }
}

/// A place on the field in pixels.
pub fn pixels(at: Point) -> Vec2 {
    Vec2::new(at.x.to_f32(), at.y.to_f32())
}

pub fn plugin(app: &mut App) {
    app.insert_resource(Simulation::demo())
        .add_message::<Happened>()
        .add_systems(Update, advance.in_set(Step::Simulate).run_if(not(in_state(Screen::Paused))));
}

fn advance(
    mut simulation: ResMut<Simulation>,
    time: Res<Time<Real>>,
    held: Res<Held>,
    mut happened: MessageWriter<Happened>,
) {
    // Quietly: a changed simulation is one that was replaced.
    let simulation = simulation.bypass_change_detection();
    simulation.advance(time.delta_secs(), held.buttons(), |happening| {
        happened.write(Happened(happening));
    });
}

/// The seed of a game that no server knows of.
pub fn random_seed() -> Seed {
    Seed((js_sys::Math::random() * 2_f64.powi(53)) as u64)
}

/// A number from 0 to 1 for what is no rule.
pub fn random_unit() -> f32 {
    js_sys::Math::random() as f32
}
