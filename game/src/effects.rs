//! Sparks and bursts. They tell what happened once more, and decide nothing.

use art::sprites;
use bevy::prelude::*;
use shared::rules::GameEvent;

use crate::{
    Step,
    draw::{Layer, font::Align, painter::Painter, theme},
    playfield::on_canvas,
    screen::Screen,
    settings::Motion,
    simulation::{Happened, Simulation, pixels, random_unit},
};

/// Sparks in flight at most.
const MOST_SPARKS: usize = 160;
/// How fast sparks fall, pixels a second a second.
const GRAVITY: f32 = 90.0;
/// How long a hit shows on the ship, seconds.
const STING: f32 = 1.2;
/// How far the field shakes when the ship is hit, pixels.
const SHAKE: f32 = 3.0;

/// The colours of the kinds of invaders.
const TINTS: [Color; 4] = [theme::VIOLET, theme::PINK, theme::MINT, theme::AMBER];

/// What is in the air, in canvas pixels and seconds.
#[derive(Resource, Default)]
struct Effects {
    /// Whether sparks fly.
    sparkling: bool,
    sparks: Vec<Spark>,
    bursts: Vec<Burst>,
    words: Vec<Words>,
}

struct Spark {
    at: Vec2,
    velocity: Vec2,
    /// Seconds left of `life`.
    left: f32,
    life: f32,
    colour: Color,
}

struct Burst {
    at: Vec2,
    age: f32,
    colour: Color,
    scale: f32,
}

struct Words {
    text: String,
    at: Vec2,
    age: f32,
    /// Seconds that they are seen.
    life: f32,
    scale: f32,
    colour: Color,
}

/// How recently the ship was hit.
#[derive(Resource, Default)]
pub struct Wounds(f32);

impl Wounds {
    /// From 1 for just now down to 0 for healed, swelling three times in between.
    pub fn sting(&self) -> f32 {
        let left = self.0 / STING;
        left * (left * std::f32::consts::TAU * 3.0).cos().abs()
    }

    /// How strongly the field shakes, 1 down to 0 within the first part of the sting.
    fn shake(&self) -> f32 {
        (self.0 / STING * 3.0 - 2.0).max(0.0)
    }
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Effects>().init_resource::<Wounds>().add_systems(
        Update,
        (
            (kindle.in_set(Step::Tell), fade.in_set(Step::Tell).after(kindle)).run_if(not(in_state(Screen::Paused))),
            draw.in_set(Layer::Effects),
        ),
    );
}

fn kindle(
    mut happened: MessageReader<Happened>,
    mut effects: ResMut<Effects>,
    mut wounds: ResMut<Wounds>,
    simulation: Res<Simulation>,
    motion: Res<Motion>,
) {
    effects.sparkling = *motion == Motion::Full;
    for Happened(happening) in happened.read() {
        match happening {
            GameEvent::InvaderHit { slot, at, points } => {
                let (at, colour) = (on_canvas(pixels(*at)), TINTS[sprites::kind(*slot, simulation.game())]);
                effects.burst(at, colour, 1.0, 12);
                effects.pop(points.to_string(), at, 0.6, 1.0, colour);
            }
            GameEvent::MysteryHit { at, points } => {
                let at = on_canvas(pixels(*at));
                effects.burst(at, theme::AMBER, 1.0, 30);
                effects.pop(points.to_string(), at, 1.4, 2.0, theme::AMBER);
            }
            GameEvent::ExtraLife => {
                let at = on_canvas(simulation.field() / 2.0);
                effects.pop("EXTRA LIFE".to_owned(), at, WORDS_SECONDS, 2.0, theme::SKY);
            }
            GameEvent::ShieldHit { at } => effects.sparks(on_canvas(pixels(*at)), theme::MINT, 1.0, 5),
            GameEvent::ShipHit { .. } => {
                wounds.0 = STING;
                effects.burst(on_canvas(pixels(simulation.game().ship())), theme::SKY, 1.0, 24);
            }
            GameEvent::Over(_) => effects.burst(on_canvas(pixels(simulation.game().ship())), theme::AMBER, 2.0, 60),
            GameEvent::LevelCleared { level, bonus } => {
                let at = on_canvas(simulation.field() / 2.0 - Vec2::Y * 40.0);
                let bonus = if *bonus > 0 { format!("  +{bonus}") } else { String::new() };
                effects.pop(format!("LEVEL {level} CLEARED{bonus}"), at, WORDS_SECONDS, 1.0, theme::MINT);
            }
            GameEvent::RocketFired { .. }
            | GameEvent::BombDropped { .. }
            | GameEvent::CountdownSecond { .. }
            | GameEvent::LevelStarted { .. }
            | GameEvent::FormationTurned
            | GameEvent::MarchNote { .. }
            | GameEvent::MysteryCame
            | GameEvent::MysteryLeft
            | GameEvent::ShipCame => {}
        }
    }
}

impl Effects {
    fn burst(&mut self, at: Vec2, colour: Color, scale: f32, sparks: usize) {
        self.bursts.push(Burst { at, age: 0.0, colour, scale });
        self.sparks(at, colour, scale, sparks);
    }

    fn pop(&mut self, text: String, at: Vec2, life: f32, scale: f32, colour: Color) {
        self.words.push(Words { text, at, age: 0.0, life, scale, colour });
    }

    fn sparks(&mut self, at: Vec2, colour: Color, scale: f32, sparks: usize) {
        if !self.sparkling {
            return;
        }
        for _ in 0..sparks.min(MOST_SPARKS - self.sparks.len().min(MOST_SPARKS)) {
            let direction = Vec2::from_angle(random_unit() * std::f32::consts::TAU);
            let life = 0.3 + 0.5 * random_unit();
            let velocity = direction * (15.0 + 70.0 * random_unit()) * scale.sqrt();
            self.sparks.push(Spark { at, velocity, left: life, life, colour });
        }
    }
}

/// Seconds that a burst, and words, are seen.
const BURST_SECONDS: f32 = 0.3;
const WORDS_SECONDS: f32 = 1.6;

fn fade(mut effects: ResMut<Effects>, mut wounds: ResMut<Wounds>, time: Res<Time<Real>>) {
    let seconds = time.delta_secs();
    wounds.0 = (wounds.0 - seconds).max(0.0);
    let Effects { sparks, bursts, words, .. } = &mut *effects;
    for spark in sparks.iter_mut() {
        spark.left -= seconds;
        spark.velocity.y += GRAVITY * seconds;
        spark.at += spark.velocity * seconds;
    }
    sparks.retain(|spark| spark.left > 0.0);
    bursts.iter_mut().for_each(|burst| burst.age += seconds);
    bursts.retain(|burst| burst.age < BURST_SECONDS);
    words.iter_mut().for_each(|words| words.age += seconds);
    words.retain(|words| words.age < words.life);
}

fn draw(mut painter: ResMut<Painter>, effects: Res<Effects>, wounds: Res<Wounds>, motion: Res<Motion>) {
    if wounds.shake() > 0.0 && *motion == Motion::Full {
        let direction = Vec2::from_angle(random_unit() * std::f32::consts::TAU);
        painter.shift(direction * SHAKE * wounds.shake());
    }
    for spark in &effects.sparks {
        painter.block(spark.at, Vec2::ONE, theme::faded(spark.colour, spark.left / spark.life * 1.5));
    }
    for burst in &effects.bursts {
        let frame = ((burst.age / BURST_SECONDS * 3.0) as usize).min(2);
        painter.scaled("burst", frame, burst.at, burst.scale, burst.colour);
    }
    for words in &effects.words {
        let left = 1.0 - words.age / words.life;
        let at = words.at - Vec2::Y * (4.0 * words.scale + words.age * 10.0);
        painter.text(&words.text, at, Align::Centre, words.scale, theme::faded(words.colour, left * 2.0));
    }
}
