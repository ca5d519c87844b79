//! The game on the screen: turns real time into ticks of the shared rules.

mod button_source;
#[cfg(feature = "dev")]
mod level_jump;
mod preview;

pub use preview::TuningPreview;

use crate::bevy::prelude::*;
use serde::Deserialize;
use shared::{
    api::Ticket,
    bot::Bot,
    replay::{ButtonLog, Replay, Seed},
    rules::{Buttons, Game, GameEvent, LevelParams, Phase, State, TICKS_PER_SECOND},
    time::Tick,
    tuning::Tuning,
};

use crate::{
    FrameSet,
    input::HeldKeys,
    page::random::random_seed,
    state::{Playback, Screen},
};
use button_source::{ButtonSource, RecordedButtons};

/// The maximum number of ticks with the player's buttons in one frame. The ticks before them are missed.
const MAX_TICKS_PER_FRAME: f64 = 10.0;
/// A device misses ticks if it draws a frame for longer, milliseconds.
pub const MAX_FRAME_MILLIS: f64 = MAX_TICKS_PER_FRAME * 1_000.0 / TICKS_PER_SECOND as f64;
/// The maximum number of missed ticks that one frame plays: a minute, which takes a few milliseconds.
const MAX_MISSED_TICKS_PER_FRAME: u32 = 60 * TICKS_PER_SECOND;

/// The title's demo: one of the golden replays that test the rules.
const DEMO: &str = include_str!("../../../shared/tests/golden/01.json");

/// The part of a golden replay's file that the demo needs.
#[derive(Deserialize)]
struct GoldenReplay {
    replay: Replay,
}

/// A game event of the game on the screen.
#[derive(Message, Debug, Clone, Copy)]
pub struct GameEventMessage(pub GameEvent);

/// The game on the screen. The resource counts as changed when another game or tuning replaces it, not when ticks are
/// played.
#[derive(Resource)]
pub struct Simulation {
    game: Game,
    /// The state one tick ago.
    previous_state: State,
    /// Seconds until the first tick. Above 0 before a common start.
    start_delay: f64,
    /// Time that no tick has used yet, in ticks. Below 1 between two frames, unless a frame could not play all missed ticks.
    pending_ticks: f64,
    pace: Pace,
    source: ButtonSource,
    /// Whether no frame has been drawn since the game began.
    is_new: bool,
}

/// What happens to ticks that were missed, because the game was paused, the page was hidden, or the device was slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// Their time is dropped, and the game goes on later.
    Any,
    /// They are played without buttons, as the clock of the game runs on.
    RealTime,
}

impl Simulation {
    /// The title's demo.
    pub fn demo() -> Simulation {
        let GoldenReplay { replay } =
            serde_json::from_str(DEMO).unwrap_or_else(|error| unreachable!("the demo is not a replay: {error}"));
        let recorded = RecordedButtons::new(replay.seed, &replay.log);
        Simulation::new(replay.tuning, replay.seed, ButtonSource::Demo(recorded))
    }

    /// A replay to watch.
    pub fn replay(replay: Replay) -> Simulation {
        let recorded = RecordedButtons::new(replay.seed, &replay.log);
        Simulation::new(replay.tuning, replay.seed, ButtonSource::Replay(recorded))
    }

    /// A game of the player with a ticket and its seed. Its first tick is `start_delay` seconds from now; if that is
    /// negative, the countdown is shorter by that time.
    pub fn from_ticket(ticket: &Ticket, seed: Seed, start_delay: f32) -> Simulation {
        let source = ButtonSource::Player(ButtonLog::default());
        let pace = if ticket.real_time { Pace::RealTime } else { Pace::Any };
        let simulation = Simulation::new(ticket.tuning.clone(), seed, source);
        let mut simulation = Simulation { start_delay: start_delay.max(0.0).into(), pace, ..simulation };
        simulation.shorten_countdown((-start_delay).max(0.0));
        simulation
    }

    /// Plays the ticks of `seconds` of the countdown at once, in which buttons have no effect. Its last second remains.
    fn shorten_countdown(&mut self, seconds: f32) {
        for _ in 0..(seconds * TICKS_PER_SECOND as f32) as u32 {
            match self.state().phase {
                Phase::Countdown { ticks_left } if u32::from(ticks_left) > TICKS_PER_SECOND => {}
                _ => return,
            }
            self.pending_ticks += 1.0;
            self.play_tick(Buttons::empty(), &mut |_| {});
        }
    }

    /// A game of the player that is not recorded.
    pub fn practice() -> Simulation {
        Simulation::new(Tuning::arcade(), random_seed(), ButtonSource::Practice)
    }

    /// A game with the tuning of a preview.
    pub fn preview(preview: &TuningPreview) -> Simulation {
        Simulation::new(preview.tuning.clone(), random_seed(), preview_source(preview))
    }

    /// Continues with another tuning. Starts a new game if the old state does not fit the new tuning.
    pub fn set_tuning(&mut self, preview: &TuningPreview) {
        let new = LevelParams::new(&preview.tuning, self.state().level);
        if has_same_shape(self.game.params(), &new) {
            self.game = Game::resume(preview.tuning.clone(), self.state().clone());
            self.source = preview_source(preview);
        } else {
            *self = Simulation::preview(preview);
        }
    }

    fn new(tuning: Tuning, seed: Seed, source: ButtonSource) -> Simulation {
        let game = Game::new(tuning, seed);
        let previous_state = game.state().clone();
        let pace = Pace::Any;
        Simulation { game, previous_state, start_delay: 0.0, pending_ticks: 0.0, pace, source, is_new: true }
    }

    pub fn game(&self) -> &Game {
        &self.game
    }

    pub fn state(&self) -> &State {
        self.game.state()
    }

    /// Seconds until the first tick.
    pub fn start_delay(&self) -> f32 {
        self.start_delay as f32
    }

    /// Whether the clock of the game runs on while it is paused.
    pub fn is_real_time(&self) -> bool {
        self.pace == Pace::RealTime
    }

    /// The tick that is due. A game in real time has reached it, unless it is paused or the device is slow.
    pub fn due_tick(&self) -> Tick {
        self.state().tick.after(self.pending_ticks as u32)
    }

    /// The size of the playfield, pixels.
    pub fn field_size(&self) -> Vec2 {
        let params = self.game.params();
        Vec2::new(params.width.to_f32(), params.height.to_f32())
    }

    pub fn is_demo(&self) -> bool {
        matches!(self.source, ButtonSource::Demo(_))
    }

    /// For a replay, the number of ticks played and of ticks recorded.
    pub fn replay_progress(&self) -> Option<(usize, usize)> {
        match &self.source {
            ButtonSource::Replay(recorded) => Some(recorded.progress()),
            _ => None,
        }
    }

    /// Replaces a replay's buttons by a longer log of the same game.
    pub fn extend_replay(&mut self, log: &ButtonLog) {
        if let ButtonSource::Replay(recorded) = &mut self.source {
            recorded.extend(log);
        }
    }

    /// Goes to a tick of a replay, or to its end.
    pub fn seek(&mut self, tick: u32) {
        let ButtonSource::Replay(recorded) = &mut self.source else {
            return;
        };
        // Playing a long game from its start takes only a few milliseconds.
        recorded.rewind();
        self.game = Game::new(self.game.tuning().clone(), recorded.seed);
        self.previous_state.clone_from(self.game.state());
        self.pending_ticks = 0.0;
        while self.game.state().tick.0 < tick
            && !self.game.is_over()
            && let Some(buttons) = recorded.next()
        {
            self.previous_state.clone_from(self.game.state());
            self.game.step(buttons);
        }
    }

    /// Plays the ticks of `seconds`. Time that is too short for a tick counts towards the next frame.
    fn advance(&mut self, seconds: f64, held: Buttons, mut on_event: impl FnMut(GameEvent)) {
        self.pass_time(seconds);
        self.play_missed_ticks();
        while (1.0..=MAX_TICKS_PER_FRAME).contains(&self.pending_ticks) && !self.game.is_over() {
            self.play_tick(held, &mut on_event);
        }
    }

    /// Lets time pass without playing its ticks.
    fn pass_time(&mut self, seconds: f64) {
        // The time of the first frame passed before the game began. With it, a recorded game would be ahead of the server.
        if std::mem::take(&mut self.is_new) {
            return;
        }
        let delayed = seconds.min(self.start_delay);
        self.start_delay -= delayed;
        self.pending_ticks += (seconds - delayed) * f64::from(TICKS_PER_SECOND);
        if self.pace == Pace::Any {
            self.pending_ticks = self.pending_ticks.min(MAX_TICKS_PER_FRAME);
        }
    }

    /// Plays ticks that are due for longer than a frame may last. Nobody saw them, so nobody held a button, and their game
    /// events are neither heard nor drawn.
    fn play_missed_ticks(&mut self) {
        let mut left = MAX_MISSED_TICKS_PER_FRAME;
        while self.pending_ticks > MAX_TICKS_PER_FRAME && left > 0 && !self.game.is_over() {
            self.play_tick(Buttons::empty(), &mut |_| {});
            left -= 1;
        }
    }

    /// Plays a pending tick. At the end of a replay none is left.
    fn play_tick(&mut self, held: Buttons, on_event: &mut impl FnMut(GameEvent)) {
        let Some(buttons) = self.source.next(&self.game, held) else {
            self.pending_ticks = 0.0;
            return;
        };
        self.pending_ticks -= 1.0;
        self.previous_state.clone_from(self.game.state());
        self.game.step(buttons).iter().copied().for_each(on_event);
    }

    /// Takes the buttons of a recorded game since the last call; `None` if there are none.
    pub fn take_log(&mut self) -> Option<ButtonLog> {
        self.source.take_log()
    }

    /// The state one tick ago, and the frame's position between that state (0) and the current one (1).
    pub fn previous_state(&self) -> (&State, f32) {
        let blend = if self.game.is_over() { 1.0 } else { self.pending_ticks.clamp(0.0, 1.0) };
        (&self.previous_state, blend as f32)
    }
}

fn preview_source(preview: &TuningPreview) -> ButtonSource {
    if preview.bot { ButtonSource::Bot(Bot::new(random_seed().0)) } else { ButtonSource::Practice }
}

/// Whether a state of a level with one set of parameters is valid with the other.
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

pub fn plugin(app: &mut App) {
    app.insert_resource(Simulation::demo())
        .add_message::<GameEventMessage>()
        // The end of a session can show the game-over screen before the game is over.
        .add_systems(
            Update,
            (
                advance_game.run_if(not(in_state(Screen::Paused)).and_then(not(in_state(Screen::GameOver)))),
                pass_time.run_if(in_state(Screen::Paused).or_else(in_state(Screen::GameOver))),
            )
                .in_set(FrameSet::Simulate),
        );
}

fn advance_game(
    mut simulation: ResMut<Simulation>,
    time: Res<Time<Real>>,
    held: Res<HeldKeys>,
    playback: Res<Playback>,
    mut events: MessageWriter<GameEventMessage>,
) {
    // Played ticks do not count as a change.
    let simulation = simulation.bypass_change_detection();
    let rate = if simulation.replay_progress().is_some() { playback.rate() } else { 1.0 };
    simulation.advance(time.delta_secs_f64() * f64::from(rate), held.buttons(), |event| {
        events.write(GameEventMessage(event));
    });
}

/// The clock of a game in real time runs on while the game is paused.
fn pass_time(mut simulation: ResMut<Simulation>, time: Res<Time<Real>>) {
    if simulation.is_real_time() {
        simulation.bypass_change_detection().pass_time(time.delta_secs_f64());
    }
}
