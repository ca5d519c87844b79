//! Records the game on the screen: buttons, hashes, frame times, pauses and errors become events.

use std::time::Duration;

use crate::bevy::{prelude::*, time::common_conditions::on_real_timer};
use shared::{event::EventKind, sending::BUTTONS_INTERVAL_MILLIS};

use super::{frame_times::FrameTimes, sender::send_batches, telemetry_state::Telemetry};
use crate::{
    FrameSet,
    page::{dom, errors::PageError},
    simulation::Simulation,
    state::{RecordedGame, Screen},
};

/// The interval between events with buttons.
const BUTTONS_INTERVAL: Duration = Duration::from_millis(BUTTONS_INTERVAL_MILLIS);
/// The interval between events with the state's hash and the frame times.
const HASH_INTERVAL: Duration = Duration::from_secs(10);
/// The maximum number of errors that one page records. An error can repeat in every frame.
const MAX_ERRORS: u32 = 20;

/// The frame times since the last event with them.
#[derive(Resource, Default)]
struct RecordedFrameTimes(FrameTimes);

/// When the page became playable, milliseconds since the navigation.
#[derive(Resource)]
struct LoadTime(u32);

pub fn plugin(app: &mut App) {
    let recording = (
        record_ticks,
        record_hash.run_if(on_real_timer(HASH_INTERVAL)),
        flush_buttons.run_if(on_real_timer(BUTTONS_INTERVAL)),
    )
        .chain()
        .run_if(in_state(Screen::Playing))
        .run_if(resource_exists::<RecordedGame>)
        .in_set(FrameSet::Output)
        .before(send_batches);
    app.init_resource::<RecordedFrameTimes>()
        .add_systems(Startup, set_load_time)
        .add_systems(Update, (recording, record_page_errors.in_set(FrameSet::Output)))
        .add_systems(OnEnter(Screen::Playing), record_load_time.run_if(resource_exists::<RecordedGame>))
        .add_systems(OnEnter(Screen::Paused), |telemetry: Res<Telemetry>| telemetry.record_event(EventKind::Paused))
        .add_systems(OnExit(Screen::Paused), |telemetry: Res<Telemetry>| telemetry.record_event(EventKind::Resumed))
        .add_systems(OnEnter(Screen::GameOver), finish_recording);
}

fn set_load_time(mut commands: Commands) {
    commands.insert_resource(LoadTime(dom::millis_since_navigation() as u32));
}

/// Runs in every frame, so that telemetry has all ticks when the page is closed.
fn record_ticks(
    mut simulation: ResMut<Simulation>,
    mut frame_times: ResMut<RecordedFrameTimes>,
    telemetry: Res<Telemetry>,
    time: Res<Time<Real>>,
) {
    frame_times.0.add(time.delta_secs() * 1000.0);
    if let Some(log) = simulation.bypass_change_detection().take_log() {
        telemetry.record_buttons(&log);
    }
}

fn flush_buttons(telemetry: Res<Telemetry>) {
    telemetry.flush_buttons();
}

fn record_hash(telemetry: Res<Telemetry>, simulation: Res<Simulation>, mut frame_times: ResMut<RecordedFrameTimes>) {
    telemetry.record_event(EventKind::Hash(simulation.state().hash()));
    if let Some(summary) = frame_times.0.take_summary() {
        telemetry.record_event(summary);
    }
}

/// Records the load time once, with the first game.
fn record_load_time(telemetry: Res<Telemetry>, load_time: Res<LoadTime>, mut is_recorded: Local<bool>) {
    if !std::mem::replace(&mut *is_recorded, true) {
        telemetry.record_event(EventKind::Loaded { ms: load_time.0 });
    }
}

fn record_page_errors(mut errors: MessageReader<PageError>, telemetry: Res<Telemetry>, mut count: Local<u32>) {
    for PageError(message) in errors.read() {
        if *count < MAX_ERRORS {
            *count += 1;
            telemetry.record_event(EventKind::Error(message.clone()));
        }
    }
}

/// Records the last ticks and the final hash.
fn finish_recording(
    mut simulation: ResMut<Simulation>,
    mut frame_times: ResMut<RecordedFrameTimes>,
    telemetry: Res<Telemetry>,
) {
    if let Some(log) = simulation.bypass_change_detection().take_log() {
        telemetry.record_buttons(&log);
    }
    if let Some(summary) = frame_times.0.take_summary() {
        telemetry.record_event(summary);
    }
    // The end of a session can end the recording before the game is over.
    let hash = simulation.state().hash();
    telemetry.stop_recording(if simulation.game().is_over() { EventKind::Over(hash) } else { EventKind::Hash(hash) });
}
