//! The watching screen: plays a replay with pause, speed and seeking.
//!
//! The replay comes from the server (`?watch=GAME`) or from a file. A live game's replay grows while it is watched. It is
//! some seconds behind the game, unless the page has the token of the game's player or of a manager.

mod loading;

use crate::bevy::prelude::*;
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
/// A live game counts as watched live while fewer ticks than this are left: its buttons arrive once a second.
const LIVE_TICKS: usize = 2 * TICKS_PER_SECOND as usize;

/// The game that is watched.
#[derive(Resource)]
enum WatchedGame {
    /// A game of the server. Its replay is `delay_seconds` behind the game. `poll` runs from one request for its progress
    /// to the next.
    OnServer { game: GameId, view: Option<GameView>, delay_seconds: u16, poll: Timer },
    /// A game from the file with this name.
    File(String),
}

impl WatchedGame {
    /// Whether the replay has all buttons of the game, and the game gets no more.
    fn is_complete(&self, simulation: &Simulation) -> bool {
        match self {
            WatchedGame::OnServer { view: Some(view), delay_seconds: 0, .. } if view.verdict != Verdict::Live => {
                // The replay may have been read just before the game's last buttons were processed.
                simulation.replay_progress().is_some_and(|(_, recorded)| recorded >= view.tick.0 as usize)
            }
            WatchedGame::OnServer { .. } => false,
            WatchedGame::File(_) => true,
        }
    }

    /// What the screen shows near the end of a replay that still grows.
    fn live_status(&self) -> String {
        match self {
            WatchedGame::OnServer { delay_seconds: delay @ 1.., .. } => format!("{delay} S BEHIND"),
            WatchedGame::OnServer { .. } | WatchedGame::File(_) => "LIVE".to_owned(),
        }
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
    loading::plugin(app);
    app.add_systems(
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
    let is_complete = watched.is_complete(&simulation);
    let status = match (playback.is_paused, played == recorded) {
        (true, _) => "PAUSED".to_owned(),
        (false, true) if is_complete => "END OF REPLAY".to_owned(),
        (false, _) if !is_complete && recorded - played < LIVE_TICKS => watched.live_status(),
        (false, _) => format!("REPLAY {}X", playback.speed()),
    };
    quads.text(status, Vec2::new(size.x - 8.0, 5.0), Align::Right, 1.0, theme::LEMON);
    let progress = size.x * played as f32 / recorded.max(1) as f32;
    quads.rectangle(Vec2::ZERO, Vec2::new(size.x, 2.0), theme::DUSK);
    quads.rectangle(Vec2::ZERO, Vec2::new(progress.round(), 2.0), theme::LEMON);
    let below = Vec2::new(size.x / 2.0, layout::floor(params) + 4.0);
    quads.text(without_accents(watched.title()), below, Align::Centre, 1.0, theme::SKY);
    if let WatchedGame::OnServer { delay_seconds: delay @ 1.., .. } = &*watched
        && recorded == 0
    {
        let text = format!("GAMES ARE SHOWN {delay} SECONDS BEHIND. THIS ONE HAS JUST STARTED.");
        quads.paragraph(&text, Vec2::new(size.x / 2.0, size.y / 2.0), size.x - 16.0, 1.0, theme::LEMON);
    }
}
