//! Logs state changes to the console.

use std::{fmt, mem::discriminant};

use crate::bevy::prelude::*;
use shared::{rules::Phase, session::Stage};

use super::DevCommand;
use crate::{
    FrameSet,
    game_start::StartProgress,
    session::JoinedSession,
    simulation::Simulation,
    state::{Link, Screen},
};

#[derive(Resource, Default)]
struct IsLogging(bool);

pub fn plugin(app: &mut App) {
    app.init_resource::<IsLogging>().add_systems(
        Update,
        (
            switch_log.in_set(FrameSet::Input),
            (
                log_screen,
                log_phase,
                log_stage,
                log_link.run_if(resource_changed::<Link>),
                log_start.run_if(resource_changed::<StartProgress>),
            )
                .after(FrameSet::Output)
                .run_if(|log: Res<IsLogging>| log.0),
        ),
    );
}

fn switch_log(mut commands: MessageReader<DevCommand>, mut log: ResMut<IsLogging>) {
    for command in commands.read() {
        if let DevCommand::LogState(on) = command {
            log.0 = *on;
        }
    }
}

fn log(name: &str, value: impl fmt::Debug) {
    web_sys::console::log_1(&format!("{name}: {value:?}").into());
}

fn log_screen(mut transitions: MessageReader<StateTransitionEvent<Screen>>) {
    for transition in transitions.read() {
        log("screen", (transition.exited, transition.entered));
    }
}

/// Logs changes of phase and level. Each tick of a countdown changes the phase's value, but not its kind.
fn log_phase(simulation: Res<Simulation>, mut last: Local<Option<(u32, Phase)>>) {
    let (level, phase) = (simulation.state().level, simulation.state().phase);
    if last.is_none_or(|(old_level, old)| old_level != level || discriminant(&old) != discriminant(&phase)) {
        log("level, phase", (level, phase));
    }
    *last = Some((level, phase));
}

fn log_stage(joined: Option<Res<JoinedSession>>, mut last: Local<Option<Stage>>) {
    let stage = joined.map(|joined| joined.session.stage);
    if *last != stage {
        log("stage", stage);
    }
    *last = stage;
}

fn log_link(link: Res<Link>) {
    log("link", &*link);
}

fn log_start(progress: Res<StartProgress>) {
    log("start", &*progress);
}
