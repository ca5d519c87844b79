//! Recording: turns the game on the screen into events.

use std::time::Duration;

use bevy::{prelude::*, time::common_conditions::on_real_timer};
use shared::event::EventKind;

use super::{
    frames::Frames,
    sender::{Telemetry, send},
};
use crate::{
    Step,
    opening::Entry,
    page::{dom, trouble::Trouble},
    screen::Screen,
    simulation::Simulation,
};

/// How often the buttons so far become an event.
const CUT: Duration = Duration::from_secs(1);
/// How often the state's hash and the frame times become events.
const CHECK: Duration = Duration::from_secs(10);
/// Errors told for one page: one that comes with every frame says nothing new.
const MOST_ERRORS: u32 = 20;

/// The frame times since the last check.
#[derive(Resource, Default)]
struct FrameTimes(Frames);

/// When the page became playable, milliseconds from navigation.
#[derive(Resource)]
struct Loaded(u32);

pub fn plugin(app: &mut App) {
    let checks = (collect, check.run_if(on_real_timer(CHECK)), cut.run_if(on_real_timer(CUT)))
        .chain()
        .run_if(in_state(Screen::Playing))
        .run_if(resource_exists::<Entry>)
        .in_set(Step::Tell)
        .before(send);
    app.init_resource::<FrameTimes>()
        .add_systems(Update, (checks, note_trouble.in_set(Step::Tell)))
        .add_systems(Startup, |mut commands: Commands| commands.insert_resource(Loaded(dom::millis() as u32)))
        .add_systems(OnEnter(Screen::Playing), note_loaded.run_if(resource_exists::<Entry>))
        .add_systems(OnEnter(Screen::Paused), |telemetry: Res<Telemetry>| telemetry.note(EventKind::Paused))
        .add_systems(OnExit(Screen::Paused), |telemetry: Res<Telemetry>| telemetry.note(EventKind::Resumed))
        .add_systems(OnEnter(Screen::Over), close);
}

/// Hands this frame's ticks over, so that whatever ends the page finds them.
fn collect(
    mut simulation: ResMut<Simulation>,
    mut frames: ResMut<FrameTimes>,
    telemetry: Res<Telemetry>,
    time: Res<Time<Real>>,
) {
    frames.0.add(time.delta_secs() * 1000.0);
    if let Some(log) = simulation.bypass_change_detection().take_log() {
        telemetry.played(&log);
    }
}

fn cut(telemetry: Res<Telemetry>) {
    telemetry.cut();
}

fn check(telemetry: Res<Telemetry>, simulation: Res<Simulation>, mut frames: ResMut<FrameTimes>) {
    telemetry.note(EventKind::Hash(simulation.state().hash()));
    if let Some(summary) = frames.0.take() {
        telemetry.note(summary);
    }
}

/// Tells once how long the page took to load.
fn note_loaded(telemetry: Res<Telemetry>, loaded: Res<Loaded>, mut told: Local<bool>) {
    if !std::mem::replace(&mut *told, true) {
        telemetry.note(EventKind::Loaded { ms: loaded.0 });
    }
}

fn note_trouble(mut troubles: MessageReader<Trouble>, telemetry: Res<Telemetry>, mut told: Local<u32>) {
    for Trouble(message) in troubles.read() {
        if *told < MOST_ERRORS {
            *told += 1;
            telemetry.note(EventKind::Error(message.clone()));
        }
    }
}

/// The last ticks and the end, at once.
fn close(mut simulation: ResMut<Simulation>, mut frames: ResMut<FrameTimes>, telemetry: Res<Telemetry>) {
    if let Some(log) = simulation.bypass_change_detection().take_log() {
        telemetry.played(&log);
    }
    if let Some(summary) = frames.0.take() {
        telemetry.note(summary);
    }
    // A session's end can cut a game short.
    let hash = simulation.state().hash();
    telemetry.close(if simulation.game().is_over() { EventKind::Over(hash) } else { EventKind::Hash(hash) });
}
