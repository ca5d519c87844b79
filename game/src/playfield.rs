//! The playfield: invaders, shields, ships, rockets and bombs, where they are between two ticks.

use art::sprites::{self, SpriteFrame};
use bevy::prelude::*;
use shared::{
    rules::{GameEvent, Phase, Point, Px, State},
    tuning::{Bombing, MarchStyle},
};

use crate::{
    Step,
    draw::{Layer, painter::Painter, theme},
    effects::Wounds,
    page::layout,
    simulation::{Happened, Simulation, pixels},
};

/// Steps that the formation took.
#[derive(Resource, Default)]
struct Stride(u32);

/// A place on the field as a place on the canvas.
pub fn on_canvas(at: Vec2) -> Vec2 {
    at + Vec2::new(layout::MARGIN, layout::ABOVE)
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Stride>().add_systems(Update, stride.in_set(Step::Tell)).add_systems(
        Update,
        (draw_shields, draw_formation, draw_mystery, draw_shots, draw_ship, draw_bounds).chain().in_set(Layer::Field),
    );
}

fn stride(mut happened: MessageReader<Happened>, mut stride: ResMut<Stride>) {
    let notes = happened.read().filter(|Happened(happening)| matches!(happening, GameEvent::MarchNote { .. }));
    stride.0 += notes.count() as u32;
}

fn draw_shields(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    let game = simulation.game();
    for run in game.state().shields.runs(game.params()) {
        let corner = on_canvas(Vec2::new(run.x as f32, run.y as f32));
        painter.block(corner, Vec2::new(run.length as f32, 1.0), theme::MINT);
    }
}

fn draw_formation(mut painter: ResMut<Painter>, simulation: Res<Simulation>, stride: Res<Stride>) {
    let game = simulation.game();
    let lag = lag(&simulation);
    for (slot, at) in game.state().formation.invaders(game.params()) {
        painter.figure(sprites::invader(slot, at, stride.0, game), on_canvas(pixels(at) - lag));
    }
}

/// How far the formation has yet to go from where the frame shows it. It keeps its places, so one invader tells for
/// all; where they move in turn, each jumps.
fn lag(simulation: &Simulation) -> Vec2 {
    let (before, blend) = simulation.before();
    let (now, params) = (simulation.state(), simulation.game().params());
    if simulation.game().tuning().march == MarchStyle::InTurn || before.level != now.level {
        return Vec2::ZERO;
    }
    let Some((slot, at)) = now.formation.invaders(params).next() else {
        return Vec2::ZERO;
    };
    let was = before.formation.invaders(params).find(|(other, _)| *other == slot);
    was.map_or(Vec2::ZERO, |(_, was)| (pixels(at) - pixels(was)) * (1.0 - blend))
}

fn draw_mystery(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    if let Some(at) = simulation.state().mystery.at() {
        painter.figure(sprites::MYSTERY, on_canvas(pixels(at)));
    }
}

/// Rockets and random bombs fly straight and evenly, so their speed tells where they were; patterned bombs jump.
fn draw_shots(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    let game = simulation.game();
    let (before, blend) = simulation.before();
    let flies = game.state().phase == Phase::Playing && before.tick != game.state().tick;
    let back = if flies { 1.0 - blend } else { 0.0 };
    let place = |at: Point, speed: Px| on_canvas(pixels(at) - Vec2::Y * speed.to_f32() * back);
    for rocket in &game.state().rockets {
        painter.figure(sprites::ROCKET, place(rocket.at, -game.params().rocket_speed));
    }
    for bomb in &game.state().bombs {
        let speed = if game.params().bombing == Bombing::Patterned { Px::ZERO } else { bomb.speed };
        painter.figure(sprites::bomb(bomb), place(bomb.at, speed));
    }
}

fn draw_ship(mut painter: ResMut<Painter>, simulation: Res<Simulation>, wounds: Res<Wounds>) {
    if let Some(SpriteFrame { name, frame }) = sprites::ship(simulation.game()) {
        let colour = Color::WHITE.mix(&theme::RED, wounds.sting());
        painter.scaled(name, frame, on_canvas(ship_between(&simulation)), 1.0, colour);
    }
}

fn ship_between(simulation: &Simulation) -> Vec2 {
    let (before, blend) = simulation.before();
    let state = simulation.state();
    let ship = pixels(simulation.game().ship());
    let jumped = |before: &State| before.level != state.level || before.phase != state.phase;
    let was = if jumped(before) { ship.x } else { before.ship_x.to_f32() };
    Vec2::new(was.lerp(ship.x, blend), ship.y)
}

/// With debug_mode, the boxes that the rules see.
fn draw_bounds(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    let game = simulation.game();
    if !game.tuning().debug_mode {
        return;
    }
    let params = game.params();
    let boxes = game.state().formation.invaders(params).map(|(_, at)| (at, params.invader));
    for (at, size) in boxes.chain([(game.ship(), params.ship)]) {
        let half = Vec2::new(size.half_width.to_f32(), size.half_height.to_f32());
        painter.block(on_canvas(pixels(at)) - half, half * 2.0, theme::faded(theme::MINT, 0.3));
    }
}
