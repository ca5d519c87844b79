//! Requests the server's verdict on the game, then the player's rank.

use crate::bevy::prelude::*;
use shared::{
    api::{GameView, Standings},
    ranking::{RankStatus, UnrankedCause},
    verdict::Verdict,
};

use crate::{
    FrameSet,
    network::http::{self, RequestError},
    page::{
        announcer::announce,
        mailbox::{Mailbox, add_mailbox},
    },
    simulation::Simulation,
    state::{Link, RecordedGame, Screen},
};

/// The interval between requests for the verdict, seconds.
const POLL_INTERVAL: f32 = 0.5;

/// The server's verdict on the game that is over.
#[derive(Resource, Debug, Clone, Default, PartialEq)]
pub enum VerdictStatus {
    #[default]
    Pending,
    /// The rank follows the verdict. A player without a standing has none. It may be the rank of an earlier game,
    /// certainly so if this one is unranked.
    Received { verdict: Verdict, unranked: Option<UnrankedCause>, rank: Option<PlayerRank> },
}

/// A player's rank on the scoreboard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlayerRank {
    pub rank: u32,
    /// The number of ranked players.
    pub players: u32,
    /// The score of the player's best game, which may be an earlier one.
    pub best_score: u32,
}

/// Runs from one request for the verdict to the next.
#[derive(Resource, Default)]
struct PollTimer(Timer);

#[derive(Message)]
struct GameViewResponse(Result<GameView, RequestError>);

#[derive(Message)]
struct StandingsResponse(Result<Standings, RequestError>);

pub fn plugin(app: &mut App) {
    add_mailbox::<GameViewResponse>(app);
    add_mailbox::<StandingsResponse>(app);
    app.init_resource::<VerdictStatus>()
        .init_resource::<PollTimer>()
        .add_systems(OnEnter(Screen::GameOver), reset_verdict)
        .add_systems(
            Update,
            (request_verdict, store_verdict, store_rank)
                .chain()
                .in_set(FrameSet::Output)
                .run_if(in_state(Screen::GameOver)),
        );
}

fn reset_verdict(mut status: ResMut<VerdictStatus>, mut timer: ResMut<PollTimer>) {
    *status = VerdictStatus::Pending;
    timer.0 = Timer::from_seconds(POLL_INTERVAL, TimerMode::Repeating);
}

/// Requests the verdict at intervals until it is known.
fn request_verdict(
    mut timer: ResMut<PollTimer>,
    time: Res<Time<Real>>,
    recorded: Option<Res<RecordedGame>>,
    link: Res<Link>,
    status: Res<VerdictStatus>,
    mailbox: Res<Mailbox<GameViewResponse>>,
) {
    let is_due = timer.0.tick(time.delta()).just_finished();
    if let Some(recorded) = recorded.filter(|_| is_due && *link == Link::Up && *status == VerdictStatus::Pending) {
        http::send(http::get(&format!("/v1/games/{}", recorded.game)), &mailbox, GameViewResponse);
    }
}

/// Stores the verdict and requests the player's rank.
fn store_verdict(
    mut responses: MessageReader<GameViewResponse>,
    mut status: ResMut<VerdictStatus>,
    simulation: Res<Simulation>,
    recorded: Option<Res<RecordedGame>>,
    mailbox: Res<Mailbox<StandingsResponse>>,
) {
    for GameViewResponse(view) in responses.read() {
        let (Ok(view), Some(recorded)) = (view, &recorded) else {
            continue;
        };
        // A game that the end of the session has cut short stays live on the server.
        let is_cut_short = !simulation.game().is_over() && view.tick >= simulation.state().tick;
        let is_final = view.verdict != Verdict::Live || is_cut_short;
        if view.game != recorded.game || !is_final || *status != VerdictStatus::Pending {
            continue;
        }
        let unranked = match &view.rank {
            RankStatus::Ranked => None,
            RankStatus::Unranked { cause } => Some(cause.clone()),
        };
        if let Some(cause) = &unranked {
            announce(&format!("Not ranked: {cause}."));
        }
        *status = VerdictStatus::Received { verdict: view.verdict, unranked, rank: None };
        let address = format!("/v1/standings?session={}&around={}", view.session, recorded.player);
        http::send(http::get(&address), &mailbox, StandingsResponse);
    }
}

fn store_rank(
    mut responses: MessageReader<StandingsResponse>,
    mut status: ResMut<VerdictStatus>,
    recorded: Option<Res<RecordedGame>>,
) {
    for StandingsResponse(standings) in responses.read() {
        let (Ok(standings), Some(recorded), VerdictStatus::Received { unranked, rank, .. }) =
            (standings, &recorded, &mut *status)
        else {
            continue;
        };
        let own = standings.standings.iter().find(|ranked| ranked.standing.player == recorded.player);
        *rank = own.map(|own| PlayerRank {
            rank: own.rank,
            players: standings.players,
            best_score: own.standing.result.score,
        });
        if let (Some(rank), None) = (rank, unranked) {
            announce(&format!("Rank {} of {}.", rank.rank, rank.players));
        }
    }
}
