//! The playfield: invaders, shields, ships, rockets and bombs, interpolated between two ticks. The ship is not, so that a key shows at once.

use crate::bevy::prelude::*;
use art::sprites::{self, SpriteFrame};
use shared::{
    rules::{GameEvent, Phase, Point, Px},
    tuning::{Bombing, MarchStyle},
};

use super::hit_flash::HitFlash;
use crate::{
    FrameSet,
    canvas::{
        Layer,
        layout::{on_canvas, to_pixels},
        quad_batch::QuadBatch,
        theme,
    },
    simulation::{GameEventMessage, Simulation},
};

/// The number of steps of the march. Invaders change their frame with each step.
#[derive(Resource, Default)]
struct MarchSteps(u32);

pub fn plugin(app: &mut App) {
    app.init_resource::<MarchSteps>().add_systems(Update, count_march_steps.in_set(FrameSet::Output)).add_systems(
        Update,
        (draw_shields, draw_formation, draw_mystery_ship, draw_shots, draw_ship, draw_bounds)
            .chain()
            .in_set(Layer::Field),
    );
}

fn count_march_steps(mut events: MessageReader<GameEventMessage>, mut steps: ResMut<MarchSteps>) {
    let notes = events.read().filter(|GameEventMessage(event)| matches!(event, GameEvent::MarchNote { .. }));
    steps.0 += notes.count() as u32;
}

fn draw_shields(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>) {
    let game = simulation.game();
    for run in game.state().shields.runs(game.params()) {
        let corner = on_canvas(Vec2::new(run.x as f32, run.y as f32));
        quads.rectangle(corner, Vec2::new(run.length as f32, 1.0), theme::MINT);
    }
}

fn draw_formation(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, steps: Res<MarchSteps>) {
    let game = simulation.game();
    let lag = formation_lag(&simulation);
    for (slot, at) in game.state().formation.invaders(game.params()) {
        quads.sprite_frame(sprites::invader(slot, at, steps.0, game), on_canvas(to_pixels(at) - lag));
    }
}

/// The distance between the formation's interpolated position and its current one.
///
/// All invaders move together, so the first one gives the distance. Invaders that move in turn jump.
fn formation_lag(simulation: &Simulation) -> Vec2 {
    let (previous, blend) = simulation.previous_state();
    let (state, params) = (simulation.state(), simulation.game().params());
    if simulation.game().tuning().march == MarchStyle::InTurn || previous.level != state.level {
        return Vec2::ZERO;
    }
    let Some((slot, at)) = state.formation.invaders(params).next() else {
        return Vec2::ZERO;
    };
    let before = previous.formation.invaders(params).find(|(other, _)| *other == slot);
    before.map_or(Vec2::ZERO, |(_, before)| (to_pixels(at) - to_pixels(before)) * (1.0 - blend))
}

fn draw_mystery_ship(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>) {
    if let Some(at) = simulation.state().mystery.at() {
        quads.sprite_frame(sprites::MYSTERY, on_canvas(to_pixels(at)));
    }
}

/// Rockets and random bombs move by the same distance every tick, so their speed gives the interpolated position.
/// Patterned bombs jump.
fn draw_shots(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>) {
    let game = simulation.game();
    let (previous, blend) = simulation.previous_state();
    let has_moved = game.state().phase == Phase::Playing && previous.tick != game.state().tick;
    let ticks_back = if has_moved { 1.0 - blend } else { 0.0 };
    let position = |at: Point, speed: Px| on_canvas(to_pixels(at) - Vec2::Y * speed.to_f32() * ticks_back);
    for rocket in &game.state().rockets {
        quads.sprite_frame(sprites::ROCKET, position(rocket.at, -game.params().rocket_speed));
    }
    for bomb in &game.state().bombs {
        let speed = if game.params().bombing == Bombing::Patterned { Px::ZERO } else { bomb.speed };
        quads.sprite_frame(sprites::bomb(bomb), position(bomb.at, speed));
    }
}

fn draw_ship(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, flash: Res<HitFlash>) {
    if let Some(SpriteFrame { name, frame }) = sprites::ship(simulation.game()) {
        let colour = theme::UNTINTED.mix(theme::RED, flash.strength());
        quads.scaled(name, frame, on_canvas(to_pixels(simulation.game().ship())), 1.0, colour);
    }
}

/// Draws the boxes that the rules test for hits, if the tuning's `debug_mode` is on.
fn draw_bounds(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>) {
    let game = simulation.game();
    if !game.tuning().debug_mode {
        return;
    }
    let params = game.params();
    let boxes = game.state().formation.invaders(params).map(|(_, at)| (at, params.invader));
    for (at, size) in boxes.chain([(game.ship(), params.ship)]) {
        let half = Vec2::new(size.half_width.to_f32(), size.half_height.to_f32());
        quads.rectangle(on_canvas(to_pixels(at)) - half, half * 2.0, theme::with_opacity(theme::MINT, 0.3));
    }
}
