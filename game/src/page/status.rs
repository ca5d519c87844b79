//! The state as attributes of the page's body, for its style sheet and for the tests, and as spoken words.

use std::time::Duration;

use bevy::{platform::collections::HashMap, prelude::*, time::common_conditions::on_real_timer};
use shared::{rules::Phase, verdict::Verdict};

use super::dom;
use crate::{
    Step,
    opening::Entry,
    screen::{Outcome, Screen},
    session::Hall,
    simulation::Simulation,
    telemetry::Link,
};

const INTERVAL: Duration = Duration::from_millis(250);

/// Has screen readers say it.
pub fn announce(text: &str) {
    dom::set_text("announcer", text);
}

pub fn plugin(app: &mut App) {
    app.add_systems(
        Update,
        show.after(Step::Tell)
            .run_if(on_real_timer(INTERVAL).or_else(state_changed::<Screen>).or_else(resource_changed::<Outcome>)),
    );
}

fn show(
    screen: Res<State<Screen>>,
    simulation: Res<Simulation>,
    link: Res<Link>,
    outcome: Res<Outcome>,
    entry: Option<Res<Entry>>,
    hall: Option<Res<Hall>>,
    mut shown: Local<HashMap<&'static str, Option<String>>>,
) {
    let Some(body) = dom::body() else {
        return;
    };
    let (state, game) = (simulation.state(), !simulation.is_demo());
    let over = *screen.get() == Screen::Over || simulation.recorded().is_some() && simulation.game().is_over();
    let attributes = [
        ("data-screen", Some(screen.get().name().to_owned())),
        ("data-phase", Some(phase(state.phase).to_owned())),
        ("data-link", Some(link.name().to_owned())),
        ("data-stage", hall.as_ref().map(|hall| hall.session.stage.word().to_owned())),
        ("data-seat", hall.map(|hall| if hall.seated { "held" } else { "none" }.to_owned())),
        ("data-game", entry.map(|entry| entry.game.to_string())),
        ("data-score", game.then(|| state.score.to_string())),
        ("data-lives", game.then(|| state.lives.to_string())),
        ("data-level", game.then(|| state.level.to_string())),
        ("data-shots", game.then(|| state.shots.to_string())),
        ("data-tuning", game.then(|| simulation.game().tuning().name.clone())),
        ("data-tick", game.then(|| state.tick.0.to_string())),
        ("data-hash", over.then(|| state.hash().to_string())),
        ("data-verdict", over.then(|| verdict(&outcome, &link).to_owned())),
        ("data-rank", rank(&outcome).filter(|_| over).map(|rank| rank.to_string())),
    ];
    for (name, value) in attributes {
        if shown.get(name) == Some(&value) {
            continue;
        }
        // Fails only for names that are no names.
        let _ = match &value {
            Some(value) => body.set_attribute(name, value),
            None => body.remove_attribute(name),
        };
        shown.insert(name, value);
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Countdown { .. } => "countdown",
        Phase::Playing => "playing",
        Phase::Respawning { .. } => "respawning",
        Phase::Over => "over",
    }
}

fn verdict(outcome: &Outcome, link: &Link) -> &'static str {
    match (outcome, link) {
        (Outcome::Judged { verdict: Verdict::Verified, .. }, _) => "verified",
        (Outcome::Judged { verdict: Verdict::Rejected { .. }, .. }, _) => "rejected",
        (Outcome::Awaited, Link::Unrecorded(_)) => "unrecorded",
        (Outcome::Judged { verdict: Verdict::Live, .. } | Outcome::Awaited, _) => "live",
    }
}

fn rank(outcome: &Outcome) -> Option<u32> {
    match outcome {
        Outcome::Judged { standing: Some(place), .. } => Some(place.rank),
        Outcome::Judged { standing: None, .. } | Outcome::Awaited => None,
    }
}
