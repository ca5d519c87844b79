//! The game in progress: real time in, whole ticks of the shared rules out, and the state between two ticks to draw.

use bevy::prelude::*;
use serde::Deserialize;
use shared::{
    bot::Bot,
    replay::{ButtonLog, Replay, Seed},
    rules::{Buttons, Game, GameEvent, LevelParams, Point, State, TICKS_PER_SECOND},
    tuning::Tuning,
};

use crate::{
    Step,
    input::Held,
    screen::{Playback, Screen},
    trial::Trial,
};

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
pub struct Happened(pub GameEvent);

/// Who presses the buttons.
enum Pilot {
    /// The title's recording.
    Demo(Tape),
    /// The recording of a game that is watched.
    Watched(Tape),
    /// The player, with the buttons since they were last taken.
    Player(ButtonLog),
    /// A bot, while a tuning is tried out.
    Bot(Bot),
}

/// A recorded game's buttons, and how many of them were played.
struct Tape {
    seed: Seed,
    buttons: Vec<Buttons>,
    played: usize,
}

impl Tape {
    fn new(seed: Seed, log: &ButtonLog) -> Tape {
        Tape { seed, buttons: log.iter().collect(), played: 0 }
    }

    fn next(&mut self) -> Option<Buttons> {
        let next = self.buttons.get(self.played).copied();
        self.played += usize::from(next.is_some());
        next
    }
}

/// The game on the screen.
#[derive(Resource)]
pub struct Simulation {
    game: Game,
    /// The state one tick ago.
    before: State,
    /// Seconds until the first tick, where all players start together.
    wait: f32,
    /// Ticks that are due; below 1 between two frames.
    due: f32,
    pilot: Pilot,
}

impl Simulation {
    /// The recorded game.
    pub fn demo() -> Simulation {
        let Recorded { replay } = serde_json::from_str(DEMO).unwrap_or_else(|error| unreachable!("the demo: {error}"));
        let tape = Tape::new(replay.seed, &replay.log);
        Simulation::new(replay.tuning, replay.seed, Pilot::Demo(tape))
    }

    /// A recorded game to watch.
    pub fn watch(replay: Replay) -> Simulation {
        let tape = Tape::new(replay.seed, &replay.log);
        Simulation::new(replay.tuning, replay.seed, Pilot::Watched(tape))
    }

    /// A game that the player plays, once so many seconds have passed.
    pub fn of_player(tuning: Tuning, seed: Seed, wait: f32) -> Simulation {
        Simulation { wait, ..Simulation::new(tuning, seed, Pilot::Player(ButtonLog::default())) }
    }

    /// A game of a tuning that is tried out.
    pub fn of_trial(trial: &Trial) -> Simulation {
        Simulation::new(trial.tuning.clone(), random_seed(), pilot_of(trial))
    }

    /// Goes on by another tuning; anew where the field or the formation are of another shape by it.
    pub fn retune(&mut self, trial: &Trial) {
        let new = LevelParams::new(&trial.tuning, self.state().level);
        if has_same_shape(self.game.params(), &new) {
            self.game = Game::resume(trial.tuning.clone(), self.state().clone());
            self.pilot = pilot_of(trial);
        } else {
            *self = Simulation::of_trial(trial);
        }
    }

    fn new(tuning: Tuning, seed: Seed, pilot: Pilot) -> Simulation {
        let game = Game::new(tuning, seed);
        Simulation { before: game.state().clone(), game, wait: 0.0, due: 0.0, pilot }
    }

    pub fn game(&self) -> &Game {
        &self.game
    }

    pub fn state(&self) -> &State {
        self.game.state()
    }

    /// Seconds until the first tick.
    pub fn wait(&self) -> f32 {
        self.wait
    }

    /// The size of its playfield, pixels.
    pub fn field(&self) -> Vec2 {
        let params = self.game.params();
        Vec2::new(params.width.to_f32(), params.height.to_f32())
    }

    /// Whether this is the recorded game.
    pub fn is_demo(&self) -> bool {
        matches!(self.pilot, Pilot::Demo(_))
    }

    /// Of a game that is watched, how many ticks were played and how many are recorded.
    pub fn recorded(&self) -> Option<(usize, usize)> {
        match &self.pilot {
            Pilot::Watched(tape) => Some((tape.played, tape.buttons.len())),
            Pilot::Demo(_) | Pilot::Player(_) | Pilot::Bot(_) => None,
        }
    }

    /// The watched game has gone on: its whole log is now this.
    pub fn extend(&mut self, log: &ButtonLog) {
        if let Pilot::Watched(tape) = &mut self.pilot {
            tape.buttons = log.iter().collect();
        }
    }

    /// Goes to a tick of the watched game, or to its end.
    pub fn seek(&mut self, tick: u32) {
        let Pilot::Watched(tape) = &mut self.pilot else {
            return;
        };
        // Playing it from the start takes a few milliseconds even for a long game.
        tape.played = 0;
        self.game = Game::new(self.game.tuning().clone(), tape.seed);
        self.before.clone_from(self.game.state());
        self.due = 0.0;
        while self.game.state().tick.0 < tick
            && !self.game.is_over()
            && let Some(buttons) = tape.next()
        {
            self.before.clone_from(self.game.state());
            self.game.step(buttons);
        }
    }

    /// Plays the ticks that fit into `seconds`, with what was left of the time before.
    fn advance(&mut self, seconds: f32, held: Buttons, mut happened: impl FnMut(GameEvent)) {
        let waited = seconds.min(self.wait);
        self.wait -= waited;
        let seconds = seconds - waited;
        self.due = (self.due + seconds * TICKS_PER_SECOND as f32).min(MOST_TICKS);
        while self.due >= 1.0 && !self.game.is_over() {
            self.due -= 1.0;
            let buttons = match &mut self.pilot {
                Pilot::Demo(tape) => tape.next().unwrap_or_default(),
                Pilot::Watched(tape) => match tape.next() {
                    Some(buttons) => buttons,
                    None => {
                        self.due = 0.0;
                        return;
                    }
                },
                Pilot::Player(log) => {
                    log.push(held);
                    held
                }
                Pilot::Bot(bot) => bot.buttons(&self.game),
            };
            self.before.clone_from(self.game.state());
            self.game.step(buttons).iter().copied().for_each(&mut happened);
        }
    }

    /// Takes the player's buttons since the last call; none if there are none.
    pub fn take_log(&mut self) -> Option<ButtonLog> {
        match &mut self.pilot {
            Pilot::Player(log) if !log.is_empty() => Some(std::mem::take(log)),
            Pilot::Player(_) | Pilot::Demo(_) | Pilot::Watched(_) | Pilot::Bot(_) => None,
        }
    }

    /// The state one tick ago, and how far the frame is from there to the present state, 0 to 1.
    pub fn before(&self) -> (&State, f32) {
        let blend = if self.game.is_over() { 1.0 } else { self.due.clamp(0.0, 1.0) };
        (&self.before, blend)
    }
}

fn pilot_of(trial: &Trial) -> Pilot {
    if trial.bot { Pilot::Bot(Bot::new(random_seed().0)) } else { Pilot::Player(ButtonLog::default()) }
}

/// Whether a state of one can go on as a state of the other.
fn has_same_shape(one: &LevelParams, other: &LevelParams) -> bool {
    let shape = |params: &LevelParams| {
        (
            (params.width, params.height, params.rows, params.columns, params.first),
            (params.column_spacing, params.row_spacing, params.invader, params.ship),
            (params.march, params.bombing, params.shields),
        )
    };
    shape(one) == shape(other)
}

/// A place on the field in pixels.
pub fn pixels(at: Point) -> Vec2 {
    Vec2::new(at.x.to_f32(), at.y.to_f32())
}

pub fn plugin(app: &mut App) {
    app.insert_resource(Simulation::demo())
        .add_message::<Happened>()
        // A game that is paused, or that a session's end has cut short, stands still.
        .add_systems(
            Update,
            advance.in_set(Step::Simulate).run_if(not(in_state(Screen::Paused)).and_then(not(in_state(Screen::Over)))),
        );
}

fn advance(
    mut simulation: ResMut<Simulation>,
    time: Res<Time<Real>>,
    held: Res<Held>,
    playback: Res<Playback>,
    mut happened: MessageWriter<Happened>,
) {
    // Quietly: a changed simulation is one that was replaced.
    let simulation = simulation.bypass_change_detection();
    let rate = if simulation.recorded().is_some() { playback.rate() } else { 1.0 };
    simulation.advance(time.delta_secs() * rate, held.buttons(), |happening| {
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
