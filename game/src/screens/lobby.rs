//! The lobby: lists the players until the manager starts all games at once, and shows that a player waits for approval. Where
//! all games have the same seed, which is secret until the start, it also counts down to the start.

use std::borrow::Cow;

use crate::bevy::prelude::*;
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
    game_start::{StartGame, StartSystems},
    input::{Key, PressedKeys},
    page::{announcer::announce, text::without_accents},
    session::{JoinedSession, SeatApproved, SeatLost, SeatState, ServerClock},
    simulation::Simulation,
    state::Screen,
    telemetry::DeviceSpeed,
};

/// The maximum number of listed nicknames. The lobby shows only the number of the others.
const MAX_NICKNAMES: usize = 10;

pub fn plugin(app: &mut App) {
    app.add_systems(OnEnter(Screen::Lobby), (show_demo, announce_seat)).add_systems(
        Update,
        (
            (leave_lobby, request_start).chain().in_set(FrameSet::Input).before(StartSystems),
            announce_seat.in_set(FrameSet::Output).run_if(on_message::<SeatApproved>),
            announce_slow_device.in_set(FrameSet::Output).run_if(resource_changed::<DeviceSpeed>),
            draw_lobby.in_set(Layer::Screen),
        )
            .run_if(in_state(Screen::Lobby).and_then(resource_exists::<JoinedSession>)),
    );
}

/// The lobby is drawn over the demo, not over a game that the end of the session has cut short.
fn show_demo(mut commands: Commands, simulation: Res<Simulation>) {
    if !simulation.is_demo() {
        commands.insert_resource(Simulation::demo());
    }
}

fn announce_seat(joined: Option<Res<JoinedSession>>) {
    announce(match joined.map(|joined| joined.seat) {
        Some(SeatState::Waiting) => "Waiting for the organiser's approval. You get in without pressing anything.",
        Some(SeatState::Held | SeatState::None) | None => "You have a seat. Wait for the start.",
    });
}

fn leave_lobby(pressed: Res<PressedKeys>, mut losses: MessageReader<SeatLost>, mut next: ResMut<NextState<Screen>>) {
    if pressed.contains(Key::Pause) || losses.read().count() > 0 {
        next.set(Screen::Title);
    }
}

/// Requests a ticket when the player has a seat and the start is scheduled. The game then waits for the start itself. Later
/// updates have no effect while the ticket or the seed is awaited.
fn request_start(joined: Res<JoinedSession>, mut starts: MessageWriter<StartGame>) {
    let is_admitted = joined.seat == SeatState::Held && matches!(joined.session.stage, Stage::Running { .. });
    if joined.is_changed() && is_admitted {
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
    clock: Res<ServerClock>,
    speed: Res<DeviceSpeed>,
) {
    let size = layout::canvas_size(simulation.game().params());
    let (middle, width) = (size.x / 2.0, size.x - 16.0);
    let session = &joined.session;
    quads.dim(0.175);
    let name = without_accents(session.name.as_str());
    let at = quads.paragraph(&name, Vec2::new(middle, 16.0), width, 2.0, theme::PINK);
    let at = quads.paragraph(&status(&joined, &clock), at + Vec2::Y * 6.0, width, 1.0, theme::LEMON);
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

fn status(joined: &JoinedSession, clock: &ServerClock) -> Cow<'static, str> {
    if !joined.is_connected {
        return "CONNECTION LOST, RECONNECTING".into();
    }
    match (joined.seat, joined.seconds_until_start(clock)) {
        (SeatState::Waiting, _) => "WAITING FOR THE ORGANISER'S APPROVAL. YOU GET IN WITHOUT PRESSING ANYTHING.".into(),
        (SeatState::Held | SeatState::None, Some(seconds)) => format!("THE GAMES START IN {}", seconds.ceil()).into(),
        (SeatState::Held | SeatState::None, None) => "WAITING FOR THE START".into(),
    }
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
