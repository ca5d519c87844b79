//! Starting the game once the server has responded to the request for a ticket.

use crate::bevy::{ecs::system::SystemParam, prelude::*};
use shared::{
    api::{Problem, ProblemCode, Ticket, TicketSeed},
    replay::Seed,
    rules::RULES_VERSION,
};

use super::{
    StartProgress, UNREACHABLE,
    requests::{TicketRequests, TicketResponse},
};
use crate::{
    network::http::RequestError,
    page::{announcer::announce, mailbox::Mailbox, reload::reload_once, text::minutes_and_seconds},
    player::{Identity, open_nickname_dialog},
    session::{SeatLost, ServerClock},
    simulation::Simulation,
    state::{Link, RecordedGame, Screen},
    telemetry::Telemetry,
};

/// What a new game replaces.
#[derive(SystemParam)]
pub struct NewGameState<'w, 's> {
    commands: Commands<'w, 's>,
    link: ResMut<'w, Link>,
    next: ResMut<'w, NextState<Screen>>,
    screen: Res<'w, State<Screen>>,
    telemetry: Res<'w, Telemetry>,
    clock: Res<'w, ServerClock>,
}

pub fn start_with_ticket(
    mut responses: MessageReader<TicketResponse>,
    mut progress: ResMut<StartProgress>,
    mut identity: ResMut<Identity>,
    mut new_game: NewGameState,
    losses: Res<Mailbox<SeatLost>>,
    requests: TicketRequests,
) {
    for TicketResponse(response) in responses.read() {
        *progress = StartProgress::Idle;
        match response {
            Ok(ticket) if ticket.rules_version == RULES_VERSION => {
                identity.store_token(&ticket.player_token);
                match ticket.seed {
                    TicketSeed::Known(seed) => new_game.start_recorded(ticket, seed, &requests),
                    TicketSeed::Secret(commitment) => {
                        *progress = StartProgress::AwaitingSeed { ticket: Box::new(ticket.clone()), commitment };
                        new_game.wait_in_lobby(ticket);
                    }
                }
            }
            Err(RequestError::Refused(Problem { code: ProblemCode::InvalidToken, .. }))
                if identity.player_token.is_some() =>
            {
                // The server no longer knows the player, so the next request creates a new one.
                identity.delete_token();
                requests.send(&identity, &mut progress);
            }
            Err(RequestError::Refused(problem)) if is_version_refusal(problem) => {
                *progress = match problem.code == ProblemCode::OutdatedClient && new_game.reload_page() {
                    true => StartProgress::Requested,
                    false => StartProgress::Refused(problem.detail.clone()),
                };
            }
            Err(RequestError::Refused(problem)) if problem.code == ProblemCode::BadRequest => {
                open_nickname_dialog(&identity, Some(&problem.detail));
                *progress = StartProgress::ChoosingNickname;
            }
            Err(RequestError::Refused(problem)) if requests.joined.is_some() => {
                if problem.code == ProblemCode::NotFound {
                    losses.post(SeatLost(problem.clone()));
                }
                *progress = StartProgress::Refused(problem.detail.clone());
            }
            Err(_) if requests.joined.is_some() => {
                *progress = StartProgress::Refused(UNREACHABLE.to_owned());
            }
            unusable => new_game.start_unrecorded(unrecorded_reason(unusable)),
        }
    }
}

impl NewGameState<'_, '_> {
    /// Shows the lobby until the common start.
    fn wait_in_lobby(&mut self, ticket: &Ticket) {
        NextState::set_if_neq(&mut self.next, Screen::Lobby);
        let seconds = self.clock.seconds_until(ticket.started_at).ceil().max(0.0);
        announce(&format!("The games start in {seconds} seconds."));
    }

    /// Starts the game of a ticket with its seed. Of a start that has passed, the countdown is shorter.
    pub fn start_recorded(&mut self, ticket: &Ticket, seed: Seed, requests: &TicketRequests) {
        self.telemetry.start_recording(ticket.game, &ticket.game_token);
        *self.link = Link::Up;
        self.commands.insert_resource(RecordedGame { game: ticket.game, player: ticket.player });
        if let Some(late) = requests.joined.as_ref().and_then(|joined| joined.seconds_late(&self.clock)) {
            announce(&format!("You joined late. The game started {} ago.", minutes_and_seconds(late)));
        }
        let is_in_session = requests.joined.is_some();
        let delay = if is_in_session { self.clock.seconds_until(ticket.started_at) } else { 0.0 };
        self.commands.insert_resource(Simulation::from_ticket(ticket, seed, delay));
        self.next.set(Screen::Playing);
    }

    /// Reloads the page, which then has the server's version. Returns whether it does: not during a game, and not again if
    /// the page is still of this version.
    fn reload_page(&self) -> bool {
        let is_playing = matches!(self.screen.get(), Screen::Playing | Screen::Paused);
        !is_playing && reload_once(RULES_VERSION)
    }

    fn start_unrecorded(&mut self, reason: &str) {
        *self.link = Link::Unrecorded(reason.to_owned());
        self.commands.remove_resource::<RecordedGame>();
        self.commands.insert_resource(Simulation::practice());
        self.next.set(Screen::Playing);
    }
}

fn is_version_refusal(problem: &Problem) -> bool {
    matches!(problem.code, ProblemCode::OutdatedClient | ProblemCode::OtherVersion)
}

/// Why a game without a usable ticket is not recorded.
fn unrecorded_reason(response: &Result<Ticket, RequestError>) -> &'static str {
    match response {
        // The ticket is for another version of the rules.
        Ok(_) => "THIS PAGE IS OUTDATED, RELOAD IT",
        Err(RequestError::Busy(_) | RequestError::TooEarly(_)) => "THE SERVER IS BUSY",
        Err(RequestError::Unreachable | RequestError::Refused(_)) => "NO SERVER",
    }
}
