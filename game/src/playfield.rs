//! The playfield: invaders, shields, ships, rockets and bombs, where they are between two ticks.

use bevy::prelude::*;
use shared::{
    rules::{BombKind, Happening, Phase, Point, Px, Slot, State},
    tuning::{Bombing, MarchStyle, Sprites},
};

use crate::{
    Step,
    draw::{Layer, painter::Painter, theme},
    effects::Wounds,
    page::layout,
    simulation::{Happened, Simulation, pixels},
};

/// The invaders' drawings of each size, from the top row down; each kind fills two rows, the first one in front of
/// whole pairs only one.
const LARGE: [&str; 4] = ["manta", "crab", "jelly", "cyclops"];
const SMALL: [&str; 3] = ["small manta", "small crab", "small jelly"];

/// Steps that the formation took.
#[derive(Resource, Default)]
struct Stride(u32);

/// The kinds of a size, from the top row down.
pub fn kinds(sprites: Sprites) -> &'static [&'static str] {
    match sprites {
        Sprites::Large => &LARGE,
        Sprites::Small => &SMALL,
    }
}

/// The kind of the invaders in a row of a formation, as an index of [`kinds`].
pub fn kind(slot: Slot, simulation: &Simulation) -> usize {
    let game = simulation.game();
    let row = match game.tuning().sprites {
        Sprites::Large => slot.row,
        // Pairs count from below, as points do.
        Sprites::Small => slot.row + game.rates().rows % 2,
    };
    row / 2 % kinds(game.tuning().sprites).len()
}

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
    let notes = happened.read().filter(|Happened(happening)| matches!(happening, Happening::MarchNote { .. }));
    stride.0 += notes.count() as u32;
}

fn draw_shields(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    let game = simulation.game();
    for run in game.state().shields.runs(game.rates()) {
        let corner = on_canvas(Vec2::new(run.x as f32, run.y as f32));
        painter.block(corner, Vec2::new(run.length as f32, 1.0), theme::MINT);
    }
}

fn draw_formation(mut painter: ResMut<Painter>, simulation: Res<Simulation>, stride: Res<Stride>) {
    let game = simulation.game();
    let lag = lag(&simulation);
    for (slot, at) in game.state().formation.invaders(game.rates()) {
        let kind = kinds(game.tuning().sprites)[kind(slot, &simulation)];
        let frame = match game.tuning().march {
            MarchStyle::Together => stride.0 % 2,
            MarchStyle::InTurn => steps(at, &simulation) % 2,
        };
        painter.frame(kind, frame as usize, on_canvas(pixels(at) - lag));
    }
}

/// How many steps of the march in turn lie behind an invader, more or less: each changes its drawing.
fn steps(at: Point, simulation: &Simulation) -> u32 {
    let rates = simulation.game().rates();
    let steps = |way: Px, step: Px| (way.to_f32() / step.to_f32().max(1.0)).abs() as u32;
    steps(at.x, rates.march_step) + steps(at.y, rates.drop_distance)
}

/// How far the formation has yet to go from where the frame shows it. It keeps its places, so one invader tells for
/// all; where they move in turn, each jumps.
fn lag(simulation: &Simulation) -> Vec2 {
    let (before, blend) = simulation.before();
    let (now, rates) = (simulation.state(), simulation.game().rates());
    if simulation.game().tuning().march == MarchStyle::InTurn || before.level != now.level {
        return Vec2::ZERO;
    }
    let Some((slot, at)) = now.formation.invaders(rates).next() else {
        return Vec2::ZERO;
    };
    let was = before.formation.invaders(rates).find(|(other, _)| *other == slot);
    was.map_or(Vec2::ZERO, |(_, was)| (pixels(at) - pixels(was)) * (1.0 - blend))
}

fn draw_mystery(mut painter: ResMut<Painter>, simulation: Res<Simulation>) {
    if let Some(at) = simulation.state().mystery.at() {
        painter.sprite("mystery", on_canvas(pixels(at)));
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
        painter.sprite("rocket", place(rocket.at, -game.rates().rocket_speed));
    }
    for bomb in &game.state().bombs {
        let (kind, frame) = match bomb.kind {
            // It turns as it falls.
            BombKind::Plain => ("bomb", bomb.at.y.to_f32().max(0.0) as usize / 6),
            BombKind::Rolling => ("rolling", usize::from(bomb.steps)),
            BombKind::Plunger => ("plunger", usize::from(bomb.steps)),
            BombKind::Squiggly => ("squiggly", usize::from(bomb.steps)),
        };
        let speed = if game.rates().bombing == Bombing::Patterned { Px::ZERO } else { bomb.speed };
        painter.frame(kind, frame % 2, place(bomb.at, speed));
    }
}

fn draw_ship(mut painter: ResMut<Painter>, simulation: Res<Simulation>, wounds: Res<Wounds>) {
    let (game, state) = (simulation.game(), simulation.state());
    let at = on_canvas(ship_between(&simulation));
    let small = game.tuning().sprites == Sprites::Small;
    match state.phase {
        Phase::Respawning { ticks_left } if small => {
            painter.frame("small wreck", usize::from(ticks_left / 6 % 2), at);
        }
        _ if state.lives == 0 => {}
        _ => {
            let ship = if small { "small ship" } else { "ship" };
            painter.scaled(ship, 0, at, 1.0, Color::WHITE.mix(&theme::RED, wounds.sting()));
        }
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
    let rates = game.rates();
    let boxes = game.state().formation.invaders(rates).map(|(_, at)| (at, rates.invader));
    for (at, size) in boxes.chain([(game.ship(), rates.ship)]) {
        let half = Vec2::new(size.half_width.to_f32(), size.half_height.to_f32());
        painter.block(on_canvas(pixels(at)) - half, half * 2.0, theme::faded(theme::MINT, 0.3));
    }
}
