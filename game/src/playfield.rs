//! The playfield: invaders, ship, rockets and bombs, where they are between two ticks.

use bevy::prelude::*;
use shared::rules::{INVADER_SIZE, Phase, Point, Px, SHIP_SIZE, Slot, State};

use crate::{
    beat::Beat,
    draw::{Layer, painter::Painter, theme},
    effects::Wounds,
    page::layout,
    simulation::{Simulation, pixels},
};

/// The invaders' drawings, from the top row down; each kind fills two rows.
pub const KINDS: [&str; 4] = ["manta", "crab", "jelly", "cyclops"];

/// The kind of the invaders in a row, as an index of [`KINDS`].
pub fn kind(slot: Slot) -> usize {
    slot.row / 2 % KINDS.len()
}

/// A place on the field as a place on the canvas.
pub fn on_canvas(at: Vec2) -> Vec2 {
    at + Vec2::new(layout::MARGIN, layout::ABOVE)
}

pub fn plugin(app: &mut App) {
    app.add_systems(Update, (draw_formation, draw_shots, draw_ship, draw_bounds).chain().in_set(Layer::Field));
}

fn draw_formation(mut painter: ResMut<Painter>, simulation: Res<Simulation>, beat: Res<Beat>) {
    let rates = simulation.game().rates();
    let (before, blend) = simulation.before();
    let lag = lag(before, &simulation) * (1.0 - blend);
    let frame = beat.steps % 2;
    for (slot, at) in simulation.state().formation.invaders(rates) {
        let kind = KINDS[kind(slot)];
        painter.sprite(&format!("{kind} {frame}"), on_canvas(pixels(at) - lag));
    }
}

/// How far the formation marched in the last tick. It keeps its places, so one invader tells for all.
fn lag(before: &State, simulation: &Simulation) -> Vec2 {
    let (now, rates) = (simulation.state(), simulation.game().rates());
    let Some((slot, at)) = now.formation.invaders(rates).next().filter(|_| before.level == now.level) else {
        return Vec2::ZERO;
    };
    let was = before.formation.invaders(rates).find(|(other, _)| *other == slot);
    was.map_or(Vec2::ZERO, |(_, was)| pixels(at) - pixels(was))
}

/// Shots fly straight and evenly, so their speed tells where they were.
fn draw_shots(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    let (before, blend) = simulation.before();
    let rates = simulation.game().rates();
    let flies = simulation.state().phase == Phase::Playing && before.tick != simulation.state().tick;
    let back = if flies { 1.0 - blend } else { 0.0 };
    let place = |at: Point, speed: Px| on_canvas(pixels(at) - Vec2::Y * speed.to_f32() * back);
    for rocket in &simulation.state().rockets {
        painter.sprite("rocket", place(rocket.at, -rates.rocket_speed));
    }
    for bomb in &simulation.state().bombs {
        // It turns as it falls.
        let frame = bomb.at.y.to_f32() as i32 / 6 % 2;
        painter.sprite(&format!("bomb {frame}"), place(bomb.at, bomb.speed));
    }
}

fn draw_ship(mut painter: ResMut<Painter>, simulation: Res<Simulation>, wounds: Res<Wounds>) {
    let state = simulation.state();
    if state.lives == 0 {
        return;
    }
    let (before, blend) = simulation.before();
    let ship = pixels(simulation.game().ship());
    let was = if before.level == state.level { before.ship_x.to_f32() } else { ship.x };
    let at = Vec2::new(was.lerp(ship.x, blend), ship.y);
    painter.tinted("ship", on_canvas(at), Color::WHITE.mix(&theme::RED, wounds.sting()));
}

/// With debug_mode, the boxes that the rules see.
fn draw_bounds(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    let game = simulation.game();
    if !game.tuning().debug_mode {
        return;
    }
    let boxes = game.state().formation.invaders(game.rates()).map(|(_, at)| (at, INVADER_SIZE));
    for (at, (width, height)) in boxes.chain([(game.ship(), SHIP_SIZE)]) {
        let size = Vec2::new(width as f32, height as f32);
        painter.block(on_canvas(pixels(at)) - size / 2.0, size, theme::faded(theme::MINT, 0.3));
    }
}
