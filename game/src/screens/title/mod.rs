//! The title screen: logo, points, controls and the best players over the demo.

mod acts;
mod logo;
mod points;

use crate::bevy::prelude::*;

use super::SLOW_DEVICE_NOTICE;
use crate::{
    FrameSet,
    canvas::{
        Layer,
        font::{self, Align, LINE},
        layout,
        quad_batch::QuadBatch,
        theme,
    },
    game_start::{StartGame, StartProgress},
    input::{Key, Keyboard, PressedKeys},
    layers::standings_list,
    page::{announcer::announce, dom, text::without_accents},
    player::{Identity, open_nickname_dialog},
    session::{JoinedSession, TopPlayers},
    simulation::Simulation,
    state::Screen,
    telemetry::DeviceSpeed,
};
use acts::{Act, TitleActs};

/// The maximum number of listed players.
const MAX_PLAYERS: usize = 5;
/// The room beside the text, pixels.
const SIDE: f32 = 8.0;

pub fn plugin(app: &mut App) {
    app.init_resource::<TitleActs>().add_systems(OnEnter(Screen::Title), start_demo).add_systems(
        Update,
        (
            handle_keys.in_set(FrameSet::Input),
            (advance_acts, restart_demo).in_set(FrameSet::Output),
            (draw_act, draw_prompt, draw_slow_device, draw_player).chain().in_set(Layer::Screen),
        )
            .run_if(in_state(Screen::Title)),
    );
}

fn start_demo(mut commands: Commands, mut acts: ResMut<TitleActs>, progress: Res<StartProgress>) {
    commands.insert_resource(Simulation::demo());
    *acts = TitleActs::default();
    announce(match &*progress {
        // The player may have left the lobby because of it.
        StartProgress::Refused(reason) => reason,
        StartProgress::Stopped => "Reload this page.",
        StartProgress::Idle
        | StartProgress::ChoosingNickname
        | StartProgress::Requested
        | StartProgress::AwaitingSeed { .. } => "Alien Attack. Press space or tap to play.",
    });
}

fn handle_keys(pressed: Res<PressedKeys>, mut starts: MessageWriter<StartGame>, identity: Res<Identity>) {
    for key in pressed.iter() {
        match key {
            Key::Fire | Key::Go => {
                starts.write(StartGame);
            }
            Key::Nickname => open_nickname_dialog(&identity, None),
            Key::Left | Key::Right | Key::Pause | Key::Mute | Key::Settings => {}
        }
    }
}

fn advance_acts(mut acts: ResMut<TitleActs>, time: Res<Time<Real>>) {
    acts.advance(time.delta_secs());
}

fn restart_demo(mut commands: Commands, simulation: Res<Simulation>) {
    if simulation.game().is_over() {
        commands.insert_resource(Simulation::demo());
    }
}

fn draw_act(
    mut quads: ResMut<QuadBatch>,
    acts: Res<TitleActs>,
    simulation: Res<Simulation>,
    top: Res<TopPlayers>,
    keyboard: Res<Keyboard>,
) {
    let act = acts.current();
    if act == Act::Demo {
        return;
    }
    let size = layout::canvas_size(simulation.game().params());
    let (middle, width) = (size.x / 2.0, size.x - 2.0 * SIDE);
    quads.dim(0.19);
    let below = logo::draw_logo(&mut quads, Vec2::new(middle, 10.0), width) + 8.0;
    let at = Vec2::new(middle, below);
    if act == Act::TopPlayers && !top.0.is_empty() {
        quads.text("TOP PLAYERS", at, Align::Centre, 1.0, theme::HAZE);
        standings_list::draw_list(&mut quads, &top, at + Vec2::Y * LINE * 1.5, MAX_PLAYERS, None);
    } else {
        points::draw_points(&mut quads, at, simulation.game(), &keyboard, width);
    }
}

/// Draws how to start a game, or why the last start failed.
fn draw_prompt(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    progress: Res<StartProgress>,
    keyboard: Res<Keyboard>,
    time: Res<Time<Real>>,
) {
    let size = layout::canvas_size(simulation.game().params());
    let at = Vec2::new(size.x / 2.0, size.y - 40.0);
    let prompt = match &*progress {
        StartProgress::Requested | StartProgress::AwaitingSeed { .. } => "PLEASE WAIT",
        StartProgress::Stopped => "RELOAD THIS PAGE",
        StartProgress::Refused(reason) => {
            quads.paragraph(reason, at - Vec2::Y * 16.0, size.x - 2.0 * SIDE, 1.0, theme::AMBER);
            return;
        }
        StartProgress::Idle | StartProgress::ChoosingNickname if dom::has_touch() => "TAP TO PLAY",
        StartProgress::Idle | StartProgress::ChoosingNickname => {
            &*format!("PRESS {}", keyboard.label(Key::Fire).to_uppercase())
        }
    };
    // Pulses slowly instead of blinking.
    let opacity = 0.7 + 0.3 * (time.elapsed_secs() * 3.0).sin();
    quads.text(prompt, at, Align::Centre, 2.0, theme::with_opacity(theme::LEMON, opacity));
}

/// A session without a common start has no lobby.
fn draw_slow_device(mut quads: ResMut<QuadBatch>, simulation: Res<Simulation>, speed: Res<DeviceSpeed>) {
    if *speed == DeviceSpeed::TooSlow {
        let size = layout::canvas_size(simulation.game().params());
        let at = Vec2::new(size.x / 2.0, size.y - 72.0);
        quads.paragraph(SLOW_DEVICE_NOTICE, at, size.x - 2.0 * SIDE, 1.0, theme::AMBER);
    }
}

fn draw_player(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    identity: Res<Identity>,
    joined: Option<Res<JoinedSession>>,
) {
    let Some(nickname) = &identity.nickname else {
        return;
    };
    let size = layout::canvas_size(simulation.game().params());
    let (middle, width) = (size.x / 2.0, size.x - 2.0 * SIDE);
    let nickname = without_accents(nickname.as_str());
    let text = match joined {
        Some(joined) => format!("PLAYING AS {nickname} IN {}", without_accents(joined.session.name.as_str())),
        None => format!("PLAYING AS {nickname}"),
    };
    let more_lines = font::wrap(&text, width).len().saturating_sub(1) as f32;
    let at = Vec2::new(middle, size.y - 10.0 - LINE * more_lines);
    quads.paragraph(&text, at, width, 1.0, theme::HAZE);
}
