//! The game-over screen: the score, then the server's verdict and the player's rank.

mod verdict;

use verdict::PlayerRank;

pub use verdict::VerdictStatus;

use crate::bevy::prelude::*;
use shared::{ranking::UnrankedCause, rules::State as GameState, verdict::Verdict};

use super::replay_links;
use crate::{
    FrameSet,
    canvas::{
        Layer,
        font::{Align, LINE},
        layout,
        quad_batch::QuadBatch,
        theme::{self, Colour},
    },
    game_start::{StartGame, StartProgress},
    input::{Key, Keyboard, PressedKeys},
    page::{announcer::announce, dom, text::without_accents},
    player::{Identity, open_nickname_dialog},
    session::TopPlayers,
    simulation::Simulation,
    state::{LagNotice, Link, RecordedGame, Screen},
};

/// Keys are ignored for this long, because the player may still press fire, seconds.
const KEY_DELAY: f32 = 1.0;
/// The room beside the text, pixels.
const SIDE: f32 = 8.0;
/// A longer reason of a manager is cut, letters. With the words before it, it takes two lines of the narrowest canvas.
const MAX_REASON_CHARS: usize = 40;
/// Wider canvases have larger headings, pixels.
const WIDE_CANVAS: f32 = 300.0;

/// Runs from the moment the screen is shown until keys are handled.
#[derive(Resource, Default)]
struct KeyTimer(Timer);

pub fn plugin(app: &mut App) {
    verdict::plugin(app);
    app.init_resource::<KeyTimer>()
        .add_systems(OnEnter(Screen::GameOver), (start_key_timer, show_links, announce_result))
        .add_systems(
            Update,
            (handle_keys.in_set(FrameSet::Input), (draw_result, draw_prompt).chain().in_set(Layer::Screen))
                .run_if(in_state(Screen::GameOver)),
        );
}

fn start_key_timer(mut timer: ResMut<KeyTimer>) {
    timer.0 = Timer::from_seconds(KEY_DELAY, TimerMode::Once);
}

/// Shows the links to a recorded game; the server does not know others.
fn show_links(recorded: Option<Res<RecordedGame>>) {
    match recorded {
        Some(recorded) => {
            replay_links::show_watch_link(recorded.game);
            replay_links::show_save_link(recorded.game);
        }
        None => replay_links::hide_links(),
    }
}

fn announce_result(simulation: Res<Simulation>) {
    let GameState { score, level, shots, .. } = simulation.state();
    announce(&format!("Game over. {score} points, level {level}, {shots} shots."));
}

fn handle_keys(
    pressed: Res<PressedKeys>,
    mut starts: MessageWriter<StartGame>,
    mut next: ResMut<NextState<Screen>>,
    mut timer: ResMut<KeyTimer>,
    identity: Res<Identity>,
    time: Res<Time<Real>>,
) {
    if !timer.0.tick(time.delta()).is_finished() {
        return;
    }
    for key in pressed.iter() {
        match key {
            Key::Fire | Key::Go => {
                starts.write(StartGame);
            }
            Key::Nickname => open_nickname_dialog(&identity, None),
            Key::Pause => next.set(Screen::Title),
            Key::Left | Key::Right | Key::Mute | Key::Settings => {}
        }
    }
}

fn draw_result(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    status: Res<VerdictStatus>,
    link: Res<Link>,
    lag: Res<LagNotice>,
    top: Res<TopPlayers>,
) {
    let size = layout::canvas_size(simulation.game().params());
    let width = size.x - 2.0 * SIDE;
    let state = simulation.state();
    quads.dim(0.225);
    let scale = if size.x > WIDE_CANVAS { 4.0 } else { 3.0 };
    let heading = if simulation.game().is_over() { "GAME OVER" } else { "TIME IS UP" };
    let at = Vec2::new(size.x / 2.0, size.y * 0.11);
    let at = quads.paragraph(heading, at, width, scale, theme::PINK);
    let mut at = quads.paragraph(&state.score.to_string(), at, width, scale + 1.0, theme::WHITE);
    let details = format_args!("POINTS   LEVEL {}   {} SHOTS", state.level, state.shots);
    quads.text(details, at, Align::Centre, 1.0, theme::MIST);
    at.y += LINE * 2.0;
    for (line, colour) in verdict_lines(&status, &link) {
        at = quads.paragraph(&line, at, width, 1.0, colour) + Vec2::Y * 4.0;
    }
    if let (VerdictStatus::Pending, Some(notice)) = (&*status, lag.text()) {
        at = quads.paragraph(&notice, at, width, 1.0, theme::AMBER) + Vec2::Y * 4.0;
    }
    if let Some(best) = top.0.first() {
        let text = format!("BEST: {} WITH {} POINTS", best.name, best.score);
        quads.paragraph(&text, at + Vec2::Y * 4.0, width, 1.0, theme::HAZE);
    }
}

/// Draws how to start another game, or why its start failed.
fn draw_prompt(
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    progress: Res<StartProgress>,
    keyboard: Res<Keyboard>,
) {
    let size = layout::canvas_size(simulation.game().params());
    let middle = size.x / 2.0;
    let prompt = match &*progress {
        StartProgress::Requested | StartProgress::AwaitingSeed { .. } => "PLEASE WAIT",
        StartProgress::Stopped => "RELOAD THIS PAGE",
        StartProgress::Refused(reason) => {
            quads.paragraph(reason, Vec2::new(middle, size.y - 60.0), size.x - 2.0 * SIDE, 1.0, theme::AMBER);
            return;
        }
        StartProgress::Idle | StartProgress::ChoosingNickname if dom::has_touch() => "TAP TO PLAY AGAIN",
        StartProgress::Idle | StartProgress::ChoosingNickname => {
            &*format!("{}: PLAY AGAIN", keyboard.label(Key::Fire).to_uppercase())
        }
    };
    quads.paragraph(prompt, Vec2::new(middle, size.y - 48.0), size.x, 2.0, theme::LEMON);
}

fn verdict_lines(status: &VerdictStatus, link: &Link) -> Vec<(String, Colour)> {
    match (status, link) {
        (VerdictStatus::Received { verdict: Verdict::Rejected { reason }, .. }, _) => {
            vec![("THE SERVER REJECTED THIS GAME:".to_owned(), theme::RED), (reason.to_string(), theme::MIST)]
        }
        (VerdictStatus::Received { unranked, rank, .. }, _) => {
            let mut lines = vec![match unranked {
                Some(cause) => (format!("NOT RANKED: {}", short_cause(cause)), theme::AMBER),
                None => ("VERIFIED BY REPLAY".to_owned(), theme::MINT),
            }];
            if let Some(PlayerRank { rank, players, best_score }) = rank {
                lines.push((format!("RANK {rank} OF {players}   YOUR BEST: {best_score}"), theme::WHITE));
            }
            lines
        }
        (VerdictStatus::Pending, Link::Unrecorded(reason)) => {
            vec![("NOT RECORDED".to_owned(), theme::AMBER), (reason.clone(), theme::MIST)]
        }
        (VerdictStatus::Pending, Link::Down { .. }) => {
            vec![("OFFLINE: THIS GAME IS STORED HERE AND SENT LATER".to_owned(), theme::AMBER)]
        }
        (VerdictStatus::Pending, Link::Up) => vec![("CHECKING YOUR SCORE ...".to_owned(), theme::MIST)],
    }
}

/// The cause in few words, since the narrowest canvas has room for two lines of it.
fn short_cause(cause: &UnrankedCause) -> String {
    match cause {
        UnrankedCause::Manager { reason } => cut(&without_accents(reason.as_str())),
        UnrankedCause::Copy { .. } => "PLAYED LIKE AN EARLIER GAME OF ANOTHER PLAYER".to_owned(),
        UnrankedCause::Lag { millis } => format!("BUTTONS ARRIVED {} S LATE", millis / 1000),
    }
}

/// The first [`MAX_REASON_CHARS`] letters of a text.
fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_REASON_CHARS) {
        Some((end, _)) => format!("{}...", text[..end].trim_end()),
        None => text.to_owned(),
    }
}
