//! The playing screen: the countdown of a level, pausing, announcements, and the end of the game.

use crate::bevy::prelude::*;
use shared::rules::{GameEvent, Phase, TICKS_PER_SECOND};

use crate::{
    FrameSet,
    canvas::{GraphicsLost, Layer, font::Align, layout, quad_batch::QuadBatch, theme},
    input::{Key, PressedKeys},
    page::{announcer::announce, text::minutes_and_seconds, visibility::PageHidden},
    session::{JoinedSession, ServerClock},
    simulation::{GameEventMessage, Simulation},
    state::{LagNotice, Screen},
};

/// The score is announced each time it passes a multiple of this many points.
const ANNOUNCED_POINTS: u32 = 100;

pub fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        (
            pause_game.in_set(FrameSet::Input),
            (announce_events, announce_lag, end_game).in_set(FrameSet::Output),
            draw_countdown.in_set(Layer::Screen),
        )
            .run_if(in_state(Screen::Playing)),
    );
}

/// Pauses when the player asks for it, or can no longer see the game.
fn pause_game(
    pressed: Res<PressedKeys>,
    mut hidden: MessageReader<PageHidden>,
    mut lost: MessageReader<GraphicsLost>,
    mut next: ResMut<NextState<Screen>>,
) {
    let is_invisible = hidden.read().count() + lost.read().count() > 0;
    if is_invisible || pressed.contains(Key::Pause) || pressed.contains(Key::Settings) {
        next.set(Screen::Paused);
    }
}

fn announce_events(mut events: MessageReader<GameEventMessage>, simulation: Res<Simulation>) {
    for GameEventMessage(event) in events.read() {
        let score = simulation.state().score;
        match event {
            GameEvent::LevelStarted { level } => announce(&format!("Level {level}.")),
            GameEvent::ShipHit { .. } => announce(&format!("Hit. {} lives left.", simulation.state().lives)),
            GameEvent::InvaderHit { points, .. } if score % ANNOUNCED_POINTS < *points => {
                announce(&format!("{score} points."));
            }
            _ => {}
        }
    }
}

/// Announces when a notice about the lag appears, not each second of it.
fn announce_lag(notice: Res<LagNotice>, mut last: Local<LagNotice>) {
    if notice.name() != last.name() {
        match &*notice {
            LagNotice::None => {}
            LagNotice::Late { seconds } => announce(&format!("Your buttons reach the server {seconds} seconds late.")),
            LagNotice::TooLate => announce("Your buttons came too late. This game does not rank."),
        }
    }
    *last = notice.clone();
}

/// Shows the game-over screen when the game is over or the session's time is up.
fn end_game(
    simulation: Res<Simulation>,
    joined: Option<Res<JoinedSession>>,
    clock: Res<ServerClock>,
    mut next: ResMut<NextState<Screen>>,
) {
    let is_time_up = joined.is_some_and(|joined| joined.is_over(&clock));
    if (simulation.game().is_over() || is_time_up) && !simulation.is_demo() {
        next.set(Screen::GameOver);
    }
}

/// Draws the level and the seconds until it starts.
fn draw_countdown(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    joined: Option<Res<JoinedSession>>,
    clock: Res<ServerClock>,
) {
    let Phase::Countdown { ticks_left } = simulation.state().phase else {
        return;
    };
    let level = simulation.state().level;
    let size = layout::canvas_size(simulation.game().params());
    let middle = Vec2::new(size.x / 2.0, size.y / 2.0 + 24.0);
    quads.text(format_args!("LEVEL {level}"), middle, Align::Centre, 3.0, theme::LEMON);

    let second = TICKS_PER_SECOND as u16;
    let seconds = ticks_left.div_ceil(second) + simulation.start_delay().ceil() as u16;
    // Each number fades during its second.
    let left = f32::from((ticks_left - 1) % second + 1) / f32::from(second);
    let below = middle + Vec2::Y * 36.0;
    let colour = theme::with_opacity(theme::WHITE, 0.3 + 0.7 * left);
    quads.text(seconds, below, Align::Centre, 4.0, colour);

    let late = joined.and_then(|joined| joined.seconds_late(&clock)).filter(|_| level == 1);
    if let Some(late) = late {
        let text = format_args!("THE GAME STARTED {} AGO", minutes_and_seconds(late));
        quads.text(text, below + Vec2::Y * 40.0, Align::Centre, 1.0, theme::MIST);
    }
}
