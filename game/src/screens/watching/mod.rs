//! The watching screen: plays a replay with pause, speed and seeking.
//!
//! The replay comes from the server (`?watch=GAME`) or from a file. A live game's replay grows while it is watched.

mod loading;

use bevy::prelude::*;
use shared::{api::GameView, ids::GameId, rules::TICKS_PER_SECOND, verdict::Verdict};

use crate::{
    FrameSet,
    canvas::{Layer, font::Align, layout, quad_batch::QuadBatch, theme},
    input::{Key, PressedKeys},
    page::text::without_accents,
    simulation::Simulation,
    state::{Playback, Screen},
};

/// The ticks that one key press seeks: five seconds.
const SEEK_TICKS: u32 = 5 * TICKS_PER_SECOND;

/// The game that is watched.
#[derive(Resource)]
enum WatchedGame {
    /// A game of the server. `poll` runs from one request for its progress to the next.
    OnServer { game: GameId, view: Option<GameView>, poll: Timer },
    /// A game from the file with this name.
    File(String),
}

impl WatchedGame {
    fn is_live(&self) -> bool {
        matches!(self, WatchedGame::OnServer { view: Some(view), .. } if view.verdict == Verdict::Live)
    }

    /// The player's nickname, or the name of the file.
    fn title(&self) -> &str {
        match self {
            WatchedGame::OnServer { view: Some(view), .. } => view.nickname.as_str(),
            WatchedGame::OnServer { view: None, .. } => "",
            WatchedGame::File(name) => name,
        }
    }
}

pub fn plugin(app: &mut App) {
    app.add_plugins(loading::plugin).add_systems(
        Update,
        (handle_keys.in_set(FrameSet::Input).after(loading::LoadingSystems), draw_playback.in_set(Layer::Screen))
            .run_if(in_state(Screen::Watching).and_then(resource_exists::<WatchedGame>)),
    );
}

fn handle_keys(pressed: Res<PressedKeys>, mut playback: ResMut<Playback>, mut simulation: ResMut<Simulation>) {
    // Played ticks do not count as a change.
    let simulation = simulation.bypass_change_detection();
    let tick = simulation.state().tick.0;
    for key in pressed.iter() {
        match key {
            Key::Pause | Key::Fire => playback.is_paused = !playback.is_paused,
            Key::Go => playback.select_next_speed(),
            Key::Left => simulation.seek(tick.saturating_sub(SEEK_TICKS)),
            Key::Right => simulation.seek(tick + SEEK_TICKS),
            Key::Mute | Key::Nickname | Key::Settings => {}
        }
    }
}

fn draw_playback(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    playback: Res<Playback>,
    watched: Res<WatchedGame>,
) {
    let params = simulation.game().params();
    let size = layout::canvas_size(params);
    let Some((played, recorded)) = simulation.replay_progress() else {
        return;
    };
    let status = match (playback.is_paused, played == recorded) {
        (true, _) => "PAUSED".to_owned(),
        (false, true) if watched.is_live() => "LIVE".to_owned(),
        (false, true) => "END OF REPLAY".to_owned(),
        (false, false) => format!("REPLAY {}X", playback.speed()),
    };
    quads.text(status, Vec2::new(size.x - 8.0, 5.0), Align::Right, 1.0, theme::LEMON);
    let progress = size.x * played as f32 / recorded.max(1) as f32;
    quads.rectangle(Vec2::ZERO, Vec2::new(size.x, 2.0), theme::DUSK);
    quads.rectangle(Vec2::ZERO, Vec2::new(progress.round(), 2.0), theme::LEMON);
    let below = Vec2::new(size.x / 2.0, layout::floor(params) + 4.0);
    quads.text(without_accents(watched.title()), below, Align::Centre, 1.0, theme::SKY);
}
