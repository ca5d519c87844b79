//! Playing: the countdown that opens a level, pausing, and the end.

use bevy::prelude::*;
use shared::rules::{GameEvent, Phase, TICKS_PER_SECOND};

use super::Screen;
use crate::{
    Step,
    draw::{
        Layer,
        font::{Align, minutes},
        painter::Painter,
        theme,
    },
    input::{Key, Pressed},
    page::{layout, status, visibility::Hidden},
    session::{Hall, ServerClock},
    simulation::{Happened, Simulation},
};

pub fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (pause.in_set(Step::Listen), (announce, end).in_set(Step::Tell), draw_countdown.in_set(Layer::Screen))
            .run_if(in_state(Screen::Playing)),
    );
}

fn pause(pressed: Res<Pressed>, mut hidden: MessageReader<Hidden>, mut next: ResMut<NextState<Screen>>) {
    let by_leaving = hidden.read().count() > 0;
    if by_leaving || pressed.contains(Key::Pause) || pressed.contains(Key::Settings) {
        next.set(Screen::Paused);
    }
}

fn announce(mut happened: MessageReader<Happened>, simulation: Res<Simulation>) {
    /// Points from one spoken score to the next.
    const MILESTONE: u32 = 100;
    for Happened(happening) in happened.read() {
        let score = simulation.state().score;
        match happening {
            GameEvent::LevelStarted { level } => status::announce(&format!("Level {level}.")),
            GameEvent::ShipHit { .. } => status::announce(&format!("Hit. {} lives left.", simulation.state().lives)),
            GameEvent::InvaderHit { points, .. } if score % MILESTONE < *points => {
                status::announce(&format!("{score} points."));
            }
            _ => {}
        }
    }
}

/// The game is over, or the session's time is up.
fn end(
    simulation: Res<Simulation>,
    hall: Option<Res<Hall>>,
    clock: Res<ServerClock>,
    mut next: ResMut<NextState<Screen>>,
) {
    let time_is_up = hall.is_some_and(|hall| hall.is_over(&clock));
    if (simulation.game().is_over() || time_is_up) && !simulation.is_demo() {
        next.set(Screen::Over);
    }
}

/// The level's number, and three, two, one.
fn draw_countdown(
    mut painter: ResMut<Painter>,
    simulation: Res<Simulation>,
    hall: Option<Res<Hall>>,
    clock: Res<ServerClock>,
) {
    let Phase::Countdown { ticks_left } = simulation.state().phase else {
        return;
    };
    let size = layout::canvas(simulation.game().params());
    let middle = Vec2::new(size.x / 2.0, size.y / 2.0 + 24.0);
    let second = TICKS_PER_SECOND as u16;
    let count = ticks_left.div_ceil(second);
    // Each number fades as its second passes.
    let left = f32::from((ticks_left - 1) % second + 1) / f32::from(second);
    let count = count + simulation.wait().ceil() as u16;
    painter.text(format_args!("LEVEL {}", simulation.state().level), middle, Align::Centre, 3.0, theme::LEMON);
    let below = middle + Vec2::Y * 36.0;
    painter.text(count, below, Align::Centre, 4.0, theme::faded(theme::WHITE, 0.3 + 0.7 * left));
    let late = hall.and_then(|hall| hall.seconds_late(&clock)).filter(|_| simulation.state().level == 1);
    if let Some(late) = late {
        let text = format_args!("THE OTHERS BEGAN {} AGO", minutes(late));
        painter.text(text, below + Vec2::Y * 40.0, Align::Centre, 1.0, theme::MIST);
    }
}
