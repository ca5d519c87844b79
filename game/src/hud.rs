//! The heads-up display: score, level and link above the field, lives and shots below.

use bevy::prelude::*;
use shared::{rules::Phase, tuning::Sprites};

use crate::{
    draw::{
        Layer,
        font::{Align, LINE, minutes},
        painter::Painter,
        theme,
    },
    page::layout,
    screen::Screen,
    session::{Hall, ServerClock},
    simulation::Simulation,
    telemetry::Link,
};

/// From the canvas's edge to the text.
const EDGE: f32 = 8.0;
/// From the canvas's upper edge to the text.
const TOP: f32 = 5.0;
/// From one life to the next.
const LIFE_WIDTH: f32 = 14.0;

pub fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (draw_strips, draw_link.run_if(not(in_state(Screen::Watching))))
            .in_set(Layer::Hud)
            .run_if(not(in_state(Screen::Title)).and_then(not(in_state(Screen::Lobby)))),
    );
}

fn draw_strips(
    mut painter: ResMut<Painter>,
    simulation: Res<Simulation>,
    hall: Option<Res<Hall>>,
    clock: Res<ServerClock>,
) {
    let state = simulation.state();
    let size = layout::canvas(simulation.game().params());
    painter.text("SCORE", Vec2::new(EDGE, TOP), Align::Left, 1.0, theme::HAZE);
    painter.text(format_args!("{:06}", state.score), Vec2::new(EDGE + 36.0, TOP), Align::Left, 1.0, theme::WHITE);
    let middle = Vec2::new(size.x / 2.0, TOP);
    match hall.and_then(|hall| hall.seconds_left(&clock)) {
        Some(left) => {
            let time = format_args!("L{} {}", state.level, minutes(left));
            painter.text(time, middle, Align::Centre, 1.0, theme::LEMON);
        }
        None => painter.text(format_args!("LEVEL {}", state.level), middle, Align::Centre, 1.0, theme::MIST),
    }

    let line = layout::floor(simulation.game().params()) + 1.0;
    painter.block(Vec2::new(0.0, line), Vec2::new(size.x, 1.0), theme::DUSK);
    let life = match simulation.game().tuning().sprites {
        Sprites::Large => "life",
        Sprites::Small => "small life",
    };
    for place in 0..state.lives {
        let at = Vec2::new(EDGE + 5.0 + LIFE_WIDTH * f32::from(place), line + 6.0);
        painter.sprite(life, at);
    }
    let corner = Vec2::new(size.x - EDGE, line + 3.0);
    painter.text(format_args!("SHOTS {}", state.shots), corner, Align::Right, 1.0, theme::HAZE);
}

/// Says in words whether what is played is recorded.
fn draw_link(mut painter: ResMut<Painter>, simulation: Res<Simulation>, link: Res<Link>) {
    let size = layout::canvas(simulation.game().params());
    let corner = Vec2::new(size.x - EDGE, TOP);
    match &*link {
        Link::Up => painter.text("RECORDED", corner, Align::Right, 1.0, theme::PINE),
        Link::Down { kept } => {
            painter.text(format_args!("OFFLINE {kept} S"), corner, Align::Right, 1.0, theme::AMBER);
        }
        Link::Unrecorded(reason) => {
            painter.text("NOT RECORDED", corner, Align::Right, 1.0, theme::AMBER);
            // Later there may be a mystery ship.
            if matches!(simulation.state().phase, Phase::Countdown { .. }) {
                let below = Vec2::new(size.x / 2.0, TOP + LINE);
                painter.paragraph(reason, below, size.x - 2.0 * EDGE, 1.0, theme::RUST);
            }
        }
    }
}
