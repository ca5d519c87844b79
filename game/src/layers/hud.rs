//! The heads-up display: score, level and link above the field, lives and shots below it.

use crate::bevy::prelude::*;
use shared::{rules::Phase, tuning::Sprites};

use crate::{
    canvas::{
        Layer,
        font::{Align, LINE},
        layout,
        quad_batch::QuadBatch,
        theme,
    },
    page::text::minutes_and_seconds,
    session::{JoinedSession, ServerClock},
    simulation::Simulation,
    state::{LagNotice, Link, Screen},
};

/// The distance from the sides of the canvas to the text, pixels.
const SIDE: f32 = 8.0;
/// The distance from the canvas's upper edge to the text, pixels.
const TOP: f32 = 5.0;
/// The distance from one life to the next, pixels.
const LIFE_WIDTH: f32 = 14.0;

pub fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (
            draw_score_and_level,
            draw_lives_and_shots,
            (draw_link, draw_lag_notice).run_if(not(in_state(Screen::Watching))),
        )
            .in_set(Layer::Hud)
            .run_if(not(in_state(Screen::Title)).and_then(not(in_state(Screen::Lobby)))),
    );
}

/// In a session with a time limit, the remaining time is shown beside the level.
fn draw_score_and_level(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    joined: Option<Res<JoinedSession>>,
    clock: Res<ServerClock>,
) {
    let state = simulation.state();
    let size = layout::canvas_size(simulation.game().params());
    quads.text("SCORE", Vec2::new(SIDE, TOP), Align::Left, 1.0, theme::HAZE);
    quads.text(format_args!("{:06}", state.score), Vec2::new(SIDE + 36.0, TOP), Align::Left, 1.0, theme::WHITE);
    let middle = Vec2::new(size.x / 2.0, TOP);
    match joined.and_then(|joined| joined.seconds_left(&clock)) {
        Some(left) => {
            let text = format_args!("L{} {}", state.level, minutes_and_seconds(left));
            quads.text(text, middle, Align::Centre, 1.0, theme::LEMON);
        }
        None => quads.text(format_args!("LEVEL {}", state.level), middle, Align::Centre, 1.0, theme::MIST),
    }
}

fn draw_lives_and_shots(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>) {
    let state = simulation.state();
    let size = layout::canvas_size(simulation.game().params());
    let line = layout::floor(simulation.game().params()) + 1.0;
    quads.rectangle(Vec2::new(0.0, line), Vec2::new(size.x, 1.0), theme::DUSK);
    let life = match simulation.game().tuning().sprites {
        Sprites::Large => "life",
        Sprites::Small => "small life",
    };
    for i in 0..state.lives {
        let at = Vec2::new(SIDE + 5.0 + LIFE_WIDTH * f32::from(i), line + 6.0);
        quads.sprite(life, at);
    }
    let corner = Vec2::new(size.x - SIDE, line + 3.0);
    quads.text(format_args!("SHOTS {}", state.shots), corner, Align::Right, 1.0, theme::HAZE);
}

fn draw_link(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, link: Res<Link>) {
    let size = layout::canvas_size(simulation.game().params());
    let corner = Vec2::new(size.x - SIDE, TOP);
    match &*link {
        Link::Up => quads.text("RECORDED", corner, Align::Right, 1.0, theme::PINE),
        Link::Down { stored_seconds } => {
            quads.text(format_args!("OFFLINE {stored_seconds} S"), corner, Align::Right, 1.0, theme::AMBER);
        }
        Link::Unrecorded(reason) => {
            quads.text("NOT RECORDED", corner, Align::Right, 1.0, theme::AMBER);
            // After the countdown, the mystery ship can fly there.
            if matches!(simulation.state().phase, Phase::Countdown { .. }) {
                let below = Vec2::new(size.x / 2.0, TOP + LINE);
                quads.paragraph(reason, below, size.x - 2.0 * SIDE, 1.0, theme::RUST);
            }
        }
    }
}

/// Between lives and shots.
fn draw_lag_notice(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, notice: Res<LagNotice>) {
    if let Some(text) = notice.text() {
        let params = simulation.game().params();
        let at = Vec2::new(layout::canvas_size(params).x / 2.0, layout::floor(params) + 4.0);
        quads.text(text, at, Align::Centre, 1.0, theme::AMBER);
    }
}
