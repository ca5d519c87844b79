//! Sparks and bursts. They tell what happened once more, and decide nothing.

use bevy::prelude::*;
use shared::rules::Happening;

use crate::{
    Step,
    draw::{Layer, font::Align, painter::Painter, theme},
    page::dom,
    playfield::{kind, on_canvas},
    screen::Screen,
    simulation::{Happened, Simulation, pixels},
};

/// Sparks in flight at most.
const MOST_SPARKS: usize = 160;
/// How fast sparks fall, pixels a second a second.
const GRAVITY: f32 = 90.0;
/// How long a hit shows on the ship, seconds.
const STING: f32 = 1.2;

/// The colours of the kinds of invaders.
const TINTS: [Color; 4] = [theme::VIOLET, theme::PINK, theme::MINT, theme::AMBER];

/// What is in the air, in canvas pixels and seconds.
#[derive(Resource, Default)]
struct Effects {
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
) {
    for Happened(happening) in happened.read() {
        match happening {
            Happening::InvaderHit { slot, at, .. } => {
                effects.burst(on_canvas(pixels(*at)), TINTS[kind(*slot)], 1.0, 12);
            }
            Happening::ShipHit { .. } => {
                wounds.0 = STING;
                effects.burst(on_canvas(pixels(simulation.game().ship())), theme::SKY, 1.0, 24);
            }
            Happening::Over(_) => effects.burst(on_canvas(pixels(simulation.game().ship())), theme::AMBER, 2.0, 60),
            Happening::LevelCleared { level, bonus } => {
                let at = on_canvas(simulation.field() / 2.0 - Vec2::Y * 40.0);
                effects.words.push(Words { text: format!("LEVEL {level} CLEARED  +{bonus}"), at, age: 0.0 });
            }
            Happening::RocketFired { .. }
            | Happening::BombDropped { .. }
            | Happening::CountdownSecond { .. }
            | Happening::LevelStarted { .. }
            | Happening::FormationTurned => {}
        }
    }
}

impl Effects {
    fn burst(&mut self, at: Vec2, colour: Color, scale: f32, sparks: usize) {
        self.bursts.push(Burst { at, age: 0.0, colour, scale });
        if dom::prefers_reduced_motion() {
            return;
        }
        for _ in 0..sparks.min(MOST_SPARKS - self.sparks.len().min(MOST_SPARKS)) {
            let direction = Vec2::from_angle(chance() * std::f32::consts::TAU);
            let life = 0.3 + 0.5 * chance();
            let velocity = direction * (15.0 + 70.0 * chance()) * scale.sqrt();
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
    let Effects { sparks, bursts, words } = &mut *effects;
    for spark in sparks.iter_mut() {
        spark.left -= seconds;
        spark.velocity.y += GRAVITY * seconds;
        spark.at += spark.velocity * seconds;
    }
    sparks.retain(|spark| spark.left > 0.0);
    bursts.iter_mut().for_each(|burst| burst.age += seconds);
    bursts.retain(|burst| burst.age < BURST_SECONDS);
    words.iter_mut().for_each(|words| words.age += seconds);
    words.retain(|words| words.age < WORDS_SECONDS);
}

fn draw(mut painter: ResMut<Painter>, effects: Res<Effects>) {
    for spark in &effects.sparks {
        painter.block(spark.at, Vec2::ONE, theme::faded(spark.colour, spark.left / spark.life * 1.5));
    }
    for burst in &effects.bursts {
        let frame = ((burst.age / BURST_SECONDS * 3.0) as usize).min(2);
        painter.scaled(&format!("burst {frame}"), burst.at, burst.scale, burst.colour);
    }
    for words in &effects.words {
        let left = 1.0 - words.age / WORDS_SECONDS;
        painter.text(
            &words.text,
            words.at - Vec2::Y * words.age * 8.0,
            Align::Centre,
            2.0,
            theme::faded(theme::MINT, left * 2.0),
        );
    }
}

/// A number from 0 to 1.
fn chance() -> f32 {
    js_sys::Math::random() as f32
}
