//! Starting a game: the nickname, a seat if the page has joined a session, and a ticket from the server.
//!
//! Without a server, the game is not recorded.

mod requests;
mod seat;
mod secret_seed;
mod start;
mod ticket;

use crate::bevy::prelude::*;
use shared::{api::Ticket, seed_commitment::SeedCommitment};

use crate::{
    FrameSet,
    page::{announcer::announce, dom, mailbox::add_mailbox},
    player::NicknameSystems,
    session::SessionSystems,
    state::{RecordedGame, Screen},
};

/// A request to start a game. It is ignored while another start is in progress.
#[derive(Message)]
pub struct StartGame;

/// The progress of starting a game.
#[derive(Resource, Debug, Default, PartialEq, Eq)]
pub enum StartProgress {
    #[default]
    Idle,
    /// The nickname dialog is open.
    ChoosingNickname,
    /// Waiting for the response to a request for a seat or a ticket.
    Requested,
    /// Waiting for the common start, at which the session reveals the seed of the ticket's game.
    AwaitingSeed { ticket: Box<Ticket>, commitment: SeedCommitment },
    /// The server refused the request, for this reason.
    Refused(String),
    /// The server broke its commitment to a seed, so this page starts no game any more.
    Stopped,
}

impl StartProgress {
    /// Whether requests to start a game are ignored.
    fn is_in_progress(&self) -> bool {
        match self {
            StartProgress::ChoosingNickname
            | StartProgress::Requested
            | StartProgress::AwaitingSeed { .. }
            | StartProgress::Stopped => true,
            StartProgress::Idle | StartProgress::Refused(_) => false,
        }
    }
}

/// The systems that handle [`StartGame`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StartSystems;

/// The reason that is shown when the server does not respond.
const UNREACHABLE: &str = "the server cannot be reached; try again";

pub fn plugin(app: &mut App) {
    mark_practice_page();
    add_mailbox::<requests::TicketResponse>(app);
    app.add_message::<StartGame>()
        .init_resource::<StartProgress>()
        .add_systems(Startup, start::start_after_early_name)
        .add_systems(
            Update,
            (
                start::start_game,
                start::continue_after_nickname,
                seat::take_seat,
                ticket::start_with_ticket,
                secret_seed::start_with_revealed_seed,
                seat::leave_session,
            )
                .chain()
                .in_set(StartSystems)
                .in_set(FrameSet::Input)
                .after(NicknameSystems)
                .after(SessionSystems),
        )
        .add_systems(Update, announce_refusal.in_set(FrameSet::Output).run_if(resource_changed::<StartProgress>))
        .add_systems(OnEnter(Screen::Title), |mut commands: Commands| commands.remove_resource::<RecordedGame>());
}

/// Whether this page is for practice: its games are not recorded and it requests no tickets.
fn is_practice_page() -> bool {
    dom::query("alone").is_some()
}

/// Sets the attribute by which the page's style sheet recognises a practice page.
fn mark_practice_page() {
    if let Some(body) = dom::body().filter(|_| is_practice_page()) {
        // Fails only for an invalid attribute name.
        let _ = body.set_attribute("data-alone", "");
    }
}

fn announce_refusal(progress: Res<StartProgress>) {
    if let StartProgress::Refused(reason) = &*progress {
        announce(reason);
    }
}
