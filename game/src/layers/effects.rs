//! Sparks, bursts and words that appear after game events. They do not affect the game.

use crate::bevy::prelude::*;
use art::sprites;
use shared::rules::GameEvent;

use super::hit_flash::HitFlash;
use crate::{
    FrameSet,
    canvas::{
        Layer,
        font::Align,
        layout::{on_canvas, to_pixels},
        quad_batch::QuadBatch,
        theme::{self, Colour},
    },
    page::random::random_unit,
    settings::Motion,
    simulation::{GameEventMessage, Simulation},
    state::Screen,
};

/// The maximum number of sparks at a time.
const MAX_SPARKS: usize = 160;
/// The acceleration of sparks, pixels per second squared.
const GRAVITY: f32 = 90.0;
/// The largest shift of the field while it shakes, pixels.
const SHAKE: f32 = 3.0;
/// The duration of a burst, seconds.
const BURST_SECONDS: f32 = 0.3;
/// The duration of announcements, seconds.
const WORDS_SECONDS: f32 = 1.6;

/// The colours of the kinds of invaders.
const INVADER_COLOURS: [Colour; 4] = [theme::VIOLET, theme::PINK, theme::MINT, theme::AMBER];

/// The visible effects. Positions are in canvas pixels, times in seconds.
#[derive(Resource, Default)]
struct Effects {
    sparks: Vec<Spark>,
    bursts: Vec<Burst>,
    words: Vec<Words>,
}

struct Spark {
    at: Vec2,
    velocity: Vec2,
    seconds_left: f32,
    lifetime: f32,
    colour: Colour,
}

struct Burst {
    at: Vec2,
    age: f32,
    colour: Colour,
    scale: f32,
}

struct Words {
    text: String,
    at: Vec2,
    age: f32,
    lifetime: f32,
    scale: f32,
    colour: Colour,
}

pub fn plugin(app: &mut App) {
    app.init_resource::<Effects>().add_systems(
        Update,
        (
            (spawn_effects, update_effects).chain().in_set(FrameSet::Output).run_if(not(in_state(Screen::Paused))),
            draw_effects.in_set(Layer::Effects),
        ),
    );
}

fn spawn_effects(
    mut events: MessageReader<GameEventMessage>,
    mut effects: ResMut<Effects>,
    simulation: Res<Simulation>,
    motion: Res<Motion>,
) {
    let mut spawner = Spawner { effects: &mut effects, has_sparks: *motion == Motion::Full };
    for GameEventMessage(event) in events.read() {
        spawner.spawn(event, &simulation);
    }
}

struct Spawner<'a> {
    effects: &'a mut Effects,
    has_sparks: bool,
}

impl Spawner<'_> {
    fn spawn(&mut self, event: &GameEvent, simulation: &Simulation) {
        let ship = on_canvas(to_pixels(simulation.game().ship()));
        let middle = on_canvas(simulation.field_size() / 2.0);
        match event {
            GameEvent::InvaderHit { slot, at, points } => {
                let at = on_canvas(to_pixels(*at));
                let colour = INVADER_COLOURS[sprites::kind(*slot, simulation.game())];
                self.burst(at, colour, 1.0, 12);
                self.words(points.to_string(), at, 0.6, 1.0, colour);
            }
            GameEvent::MysteryHit { at, points } => {
                let at = on_canvas(to_pixels(*at));
                self.burst(at, theme::AMBER, 1.0, 30);
                self.words(points.to_string(), at, 1.4, 2.0, theme::AMBER);
            }
            GameEvent::ExtraLife => {
                self.words("EXTRA LIFE".to_owned(), middle, WORDS_SECONDS, 2.0, theme::SKY);
            }
            GameEvent::ShieldHit { at } => self.sparks(on_canvas(to_pixels(*at)), theme::MINT, 1.0, 5),
            GameEvent::ShipHit { .. } => self.burst(ship, theme::SKY, 1.0, 24),
            GameEvent::Over(_) => self.burst(ship, theme::AMBER, 2.0, 60),
            GameEvent::LevelCleared { level, bonus } => {
                let at = middle - Vec2::Y * 40.0;
                let bonus = if *bonus > 0 { format!("  +{bonus}") } else { String::new() };
                self.words(format!("LEVEL {level} CLEARED{bonus}"), at, WORDS_SECONDS, 1.0, theme::MINT);
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

    fn burst(&mut self, at: Vec2, colour: Colour, scale: f32, sparks: usize) {
        self.effects.bursts.push(Burst { at, age: 0.0, colour, scale });
        self.sparks(at, colour, scale, sparks);
    }

    fn words(&mut self, text: String, at: Vec2, lifetime: f32, scale: f32, colour: Colour) {
        self.effects.words.push(Words { text, at, age: 0.0, lifetime, scale, colour });
    }

    fn sparks(&mut self, at: Vec2, colour: Colour, scale: f32, count: usize) {
        if !self.has_sparks {
            return;
        }
        let sparks = &mut self.effects.sparks;
        for _ in 0..count.min(MAX_SPARKS.saturating_sub(sparks.len())) {
            let direction = Vec2::from_angle(random_unit() * std::f32::consts::TAU);
            let lifetime = 0.3 + 0.5 * random_unit();
            let velocity = direction * (15.0 + 70.0 * random_unit()) * scale.sqrt();
            sparks.push(Spark { at, velocity, seconds_left: lifetime, lifetime, colour });
        }
    }
}

fn update_effects(mut effects: ResMut<Effects>, time: Res<Time<Real>>) {
    let seconds = time.delta_secs();
    let Effects { sparks, bursts, words } = &mut *effects;
    for spark in sparks.iter_mut() {
        spark.seconds_left -= seconds;
        spark.velocity.y += GRAVITY * seconds;
        spark.at += spark.velocity * seconds;
    }
    sparks.retain(|spark| spark.seconds_left > 0.0);
    bursts.iter_mut().for_each(|burst| burst.age += seconds);
    bursts.retain(|burst| burst.age < BURST_SECONDS);
    words.iter_mut().for_each(|words| words.age += seconds);
    words.retain(|words| words.age < words.lifetime);
}

/// Shakes the layers behind the effects, then draws the effects.
fn draw_effects(mut quads: ResMut<QuadBatch>, effects: Res<Effects>, flash: Res<HitFlash>, motion: Res<Motion>) {
    if flash.shake() > 0.0 && *motion == Motion::Full {
        let direction = Vec2::from_angle(random_unit() * std::f32::consts::TAU);
        quads.shift(direction * SHAKE * flash.shake());
    }
    for spark in &effects.sparks {
        let opacity = spark.seconds_left / spark.lifetime * 1.5;
        quads.rectangle(spark.at, Vec2::ONE, theme::with_opacity(spark.colour, opacity));
    }
    for burst in &effects.bursts {
        let frame = ((burst.age / BURST_SECONDS * 3.0) as usize).min(2);
        quads.scaled("burst", frame, burst.at, burst.scale, burst.colour);
    }
    for words in &effects.words {
        let opacity = (1.0 - words.age / words.lifetime) * 2.0;
        let at = words.at - Vec2::Y * (4.0 * words.scale + words.age * 10.0);
        quads.text(&words.text, at, Align::Centre, words.scale, theme::with_opacity(words.colour, opacity));
    }
}
