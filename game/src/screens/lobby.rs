//! The lobby: lists the players until the manager starts all games at once, and shows that a player waits for approval.

use bevy::prelude::*;
use shared::session::Stage;

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
    session::{JoinedSession, SeatApproved, SeatLost, SeatState},
    simulation::Simulation,
    state::Screen,
};

/// The maximum number of listed nicknames. The lobby shows only the number of the others.
const MAX_NICKNAMES: usize = 10;

pub fn plugin(app: &mut App) {
    app.add_systems(OnEnter(Screen::Lobby), announce_seat).add_systems(
        Update,
        (
            (leave_lobby, request_start).chain().in_set(FrameSet::Input),
            announce_seat.in_set(FrameSet::Output).run_if(on_message::<SeatApproved>),
            draw_lobby.in_set(Layer::Screen),
        )
            .run_if(in_state(Screen::Lobby).and_then(resource_exists::<JoinedSession>)),
    );
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

/// Requests a ticket when the player has a seat and the start is scheduled. The game then waits for the start itself.
fn request_start(joined: Res<JoinedSession>, mut starts: MessageWriter<StartGame>) {
    let is_admitted = joined.seat == SeatState::Held && matches!(joined.session.stage, Stage::Running { .. });
    if joined.is_changed() && is_admitted {
        starts.write(StartGame);
    }
}

fn draw_lobby(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, joined: Res<JoinedSession>) {
    let size = layout::canvas_size(simulation.game().params());
    let (middle, width) = (size.x / 2.0, size.x - 16.0);
    let session = &joined.session;
    quads.dim(0.2);
    let name = without_accents(session.name.as_str());
    let at = quads.paragraph(&name, Vec2::new(middle, 16.0), width, 2.0, theme::PINK);
    let at = quads.paragraph(status(&joined), at + Vec2::Y * 6.0, width, 1.0, theme::LEMON);
    let at = match session.seats {
        Some(seats) => {
            let taken = format!("{} OF {seats} SEATS TAKEN", session.seated);
            quads.paragraph(&taken, at, width, 1.0, theme::MIST)
        }
        None => at,
    };
    draw_nicknames(&mut quads, at + Vec2::Y * 8.0, &joined.nicknames);
}

fn status(joined: &JoinedSession) -> &'static str {
    match joined.seat {
        _ if !joined.is_connected => "CONNECTION LOST, RECONNECTING",
        SeatState::Waiting => "WAITING FOR THE ORGANISER'S APPROVAL. YOU GET IN WITHOUT PRESSING ANYTHING.",
        SeatState::Held | SeatState::None => "WAITING FOR THE START",
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
