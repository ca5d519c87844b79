//! Reports the state as attributes of the page's body, for style sheets and browser tests.

use std::time::Duration;

use crate::bevy::{platform::collections::HashMap, prelude::*, time::common_conditions::on_real_timer};
use shared::{rules::Phase, verdict::Verdict};

use super::game_over::VerdictStatus;
use crate::{
    FrameSet,
    page::dom,
    session::JoinedSession,
    simulation::Simulation,
    state::{LagNotice, Link, RecordedGame, Screen},
};

/// The interval between updates. Changes of the screen and the verdict show at once.
const UPDATE_INTERVAL: Duration = Duration::from_millis(250);

pub fn plugin(app: &mut App) {
    let is_due =
        on_real_timer(UPDATE_INTERVAL).or_else(state_changed::<Screen>).or_else(resource_changed::<VerdictStatus>);
    app.add_systems(Update, update_attributes.after(FrameSet::Output).run_if(is_due));
}

fn update_attributes(
    screen: Res<State<Screen>>,
    simulation: Res<Simulation>,
    (link, lag): (Res<Link>, Res<LagNotice>),
    status: Res<VerdictStatus>,
    recorded: Option<Res<RecordedGame>>,
    joined: Option<Res<JoinedSession>>,
    mut written: Local<HashMap<&'static str, Option<String>>>,
) {
    let Some(body) = dom::body() else {
        return;
    };
    let (state, has_game) = (simulation.state(), !simulation.is_demo());
    let is_replay_over = simulation.replay_progress().is_some() && simulation.game().is_over();
    let is_over = *screen.get() == Screen::GameOver || is_replay_over;
    let attributes = [
        ("data-screen", Some(screen.get().name().to_owned())),
        ("data-phase", Some(phase_name(state.phase).to_owned())),
        ("data-link", Some(link.name().to_owned())),
        ("data-lag", simulation.is_real_time().then(|| lag.name().to_owned())),
        ("data-stage", joined.as_ref().map(|joined| joined.session.stage.word().to_owned())),
        ("data-seat", joined.map(|joined| joined.seat.name().to_owned())),
        ("data-game", recorded.map(|recorded| recorded.game.to_string())),
        ("data-score", has_game.then(|| state.score.to_string())),
        ("data-lives", has_game.then(|| state.lives.to_string())),
        ("data-level", has_game.then(|| state.level.to_string())),
        ("data-shots", has_game.then(|| state.shots.to_string())),
        ("data-tuning", has_game.then(|| simulation.game().tuning().name.clone())),
        ("data-tick", has_game.then(|| state.tick.0.to_string())),
        ("data-hash", is_over.then(|| state.hash().to_string())),
        ("data-verdict", is_over.then(|| verdict_name(&status, &link).to_owned())),
        ("data-rank", rank(&status).filter(|_| is_over).map(|rank| rank.to_string())),
    ];
    for (name, value) in attributes {
        if written.get(name) == Some(&value) {
            continue;
        }
        // Fails only for an invalid attribute name.
        let _ = match &value {
            Some(value) => body.set_attribute(name, value),
            None => body.remove_attribute(name),
        };
        written.insert(name, value);
    }
}

fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Countdown { .. } => "countdown",
        Phase::Playing => "playing",
        Phase::Respawning { .. } => "respawning",
        Phase::Over => "over",
    }
}

fn verdict_name(status: &VerdictStatus, link: &Link) -> &'static str {
    match (status, link) {
        (VerdictStatus::Received { verdict: Verdict::Verified, .. }, _) => "verified",
        (VerdictStatus::Received { verdict: Verdict::Rejected { .. }, .. }, _) => "rejected",
        (VerdictStatus::Pending, Link::Unrecorded(_)) => "unrecorded",
        (VerdictStatus::Received { verdict: Verdict::Live, .. } | VerdictStatus::Pending, _) => "live",
    }
}

fn rank(status: &VerdictStatus) -> Option<u32> {
    match status {
        VerdictStatus::Received { rank: Some(rank), .. } => Some(rank.rank),
        VerdictStatus::Received { rank: None, .. } | VerdictStatus::Pending => None,
    }
}
