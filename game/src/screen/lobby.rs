//! The lobby: who is there, until the manager starts all games at one instant.

use bevy::prelude::*;
use shared::session::Stage;

use super::Screen;
use crate::{
    Step,
    draw::{
        Layer,
        font::{self, Align, LINE},
        painter::Painter,
        theme,
    },
    input::{Key, Pressed},
    opening::Begin,
    page::{layout, status},
    session::{Hall, SeatLost},
    simulation::Simulation,
};

/// Names that are shown; more are counted.
const MOST_NAMES: usize = 10;

pub fn plugin(app: &mut App) {
    app.add_systems(OnEnter(Screen::Lobby), || {
        status::announce("You have a seat. Wait for the start.");
    })
    .add_systems(
        Update,
        ((leave, start).chain().in_set(Step::Listen), draw.in_set(Layer::Screen))
            .run_if(in_state(Screen::Lobby).and_then(resource_exists::<Hall>)),
    );
}

fn leave(pressed: Res<Pressed>, mut lost: MessageReader<SeatLost>, mut next: ResMut<NextState<Screen>>) {
    if pressed.contains(Key::Pause) || lost.read().count() > 0 {
        next.set(Screen::Title);
    }
}

/// Takes a ticket as soon as there is a start: the game itself then waits for the instant.
fn start(hall: Res<Hall>, mut begin: MessageWriter<Begin>) {
    if hall.is_changed() && matches!(hall.session.stage, Stage::Running { .. }) {
        begin.write(Begin);
    }
}

fn draw(mut painter: ResMut<Painter>, simulation: Res<Simulation>, hall: Res<Hall>) {
    let size = layout::canvas(simulation.game().params());
    let middle = size.x / 2.0;
    painter.dim(0.2);
    let width = size.x - 16.0;
    let title = font::plain(hall.session.name.as_str());
    let at = painter.paragraph(&title, Vec2::new(middle, 16.0), width, 2.0, theme::PINK);
    let words = if hall.connected { "WAITING FOR THE START" } else { "CONNECTION LOST, TRYING AGAIN" };
    let at = painter.paragraph(words, at + Vec2::Y * 6.0, width, 1.0, theme::LEMON);
    let seated = hall.session.seated;
    let at = match hall.session.seats {
        Some(seats) => painter.paragraph(&format!("{seated} OF {seats} SEATS TAKEN"), at, width, 1.0, theme::MIST),
        None => at,
    };
    let mut at = at + Vec2::Y * 8.0;
    for name in hall.players.iter().take(MOST_NAMES) {
        painter.text(name, at, Align::Centre, 1.0, theme::WHITE);
        at.y += LINE;
    }
    if let Some(more) = hall.players.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        painter.text(format_args!("AND {more} MORE"), at, Align::Centre, 1.0, theme::MIST);
    }
}
