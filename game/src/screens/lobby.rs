//! The lobby: lists the players until the manager starts all games at once.

use bevy::prelude::*;
use shared::session::Stage;

use super::SLOW_DEVICE_NOTICE;
use crate::{
    FrameSet,
    canvas::{
        Layer,
        font::{Align, LINE},
        layout,
        quad_batch::QuadBatch,
        theme,
    },
    game_start::StartGame,
    input::{Key, PressedKeys},
    page::{announcer::announce, text::without_accents},
    session::{JoinedSession, SeatLost},
    simulation::Simulation,
    state::Screen,
    telemetry::DeviceSpeed,
};

/// The maximum number of listed nicknames. The lobby shows only the number of the others.
const MAX_NICKNAMES: usize = 10;

pub fn plugin(app: &mut App) {
    app.add_systems(OnEnter(Screen::Lobby), || announce("You have a seat. Wait for the start.")).add_systems(
        Update,
        (
            (leave_lobby, request_start).chain().in_set(FrameSet::Input),
            announce_slow_device.in_set(FrameSet::Output).run_if(resource_changed::<DeviceSpeed>),
            draw_lobby.in_set(Layer::Screen),
        )
            .run_if(in_state(Screen::Lobby).and_then(resource_exists::<JoinedSession>)),
    );
}

fn leave_lobby(pressed: Res<PressedKeys>, mut losses: MessageReader<SeatLost>, mut next: ResMut<NextState<Screen>>) {
    if pressed.contains(Key::Pause) || losses.read().count() > 0 {
        next.set(Screen::Title);
    }
}

/// Requests a ticket when the start is scheduled. The game then waits for the start itself.
fn request_start(joined: Res<JoinedSession>, mut starts: MessageWriter<StartGame>) {
    if joined.is_changed() && matches!(joined.session.stage, Stage::Running { .. }) {
        starts.write(StartGame);
    }
}

fn announce_slow_device(speed: Res<DeviceSpeed>) {
    if *speed == DeviceSpeed::TooSlow {
        announce("This device is too slow for a real-time game.");
    }
}

fn draw_lobby(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    joined: Res<JoinedSession>,
    speed: Res<DeviceSpeed>,
) {
    let size = layout::canvas_size(simulation.game().params());
    let (middle, width) = (size.x / 2.0, size.x - 16.0);
    let session = &joined.session;
    quads.dim(0.2);
    let name = without_accents(session.name.as_str());
    let at = quads.paragraph(&name, Vec2::new(middle, 16.0), width, 2.0, theme::PINK);
    let status = if joined.is_connected { "WAITING FOR THE START" } else { "CONNECTION LOST, RECONNECTING" };
    let at = quads.paragraph(status, at + Vec2::Y * 6.0, width, 1.0, theme::LEMON);
    let at = match (session.real_time, *speed) {
        (false, _) => at,
        (true, DeviceSpeed::Sufficient) => {
            quads.paragraph("REAL TIME: THE CLOCK RUNS ON IN A PAUSE", at, width, 1.0, theme::MIST)
        }
        (true, DeviceSpeed::TooSlow) => quads.paragraph(SLOW_DEVICE_NOTICE, at, width, 1.0, theme::AMBER),
    };
    let at = match session.seats {
        Some(seats) => {
            let taken = format!("{} OF {seats} SEATS TAKEN", session.seated);
            quads.paragraph(&taken, at, width, 1.0, theme::MIST)
        }
        None => at,
    };
    draw_nicknames(&mut quads, at + Vec2::Y * 8.0, &joined.nicknames);
}

fn draw_nicknames(quads: &mut QuadBatch, at: Vec2, nicknames: &[String]) {
    let mut at = at;
    for nickname in nicknames.iter().take(MAX_NICKNAMES) {
        quads.text(nickname, at, Align::Centre, 1.0, theme::WHITE);
        at.y += LINE;
    }
    if let Some(others) = nicknames.len().checked_sub(MAX_NICKNAMES).filter(|others| *others > 0) {
        quads.text(format_args!("AND {others} MORE"), at, Align::Centre, 1.0, theme::MIST);
    }
}
