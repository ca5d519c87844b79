//! Opening a game: a nickname, then a ticket from the server; without a server, a game that is not recorded.

use bevy::prelude::*;
use shared::{
    api::{NewGame, Problem, ProblemCode, Ticket},
    ids::{GameId, PlayerId},
    rules::RULES_VERSION,
    tuning::Tuning,
};

use crate::{
    Step,
    api::{self, Failure},
    nickname::{self, Identity, Named, Unnamed},
    page::mailbox::{Mailbox, add_mailbox},
    screen::Screen,
    simulation::{Simulation, random_seed},
    telemetry::{Link, Telemetry},
    trial::Trial,
};

/// The player wants to play.
#[derive(Message)]
pub struct Begin;

/// How far the opening of the next game is.
#[derive(Resource, Default, PartialEq, Eq)]
pub enum Opening {
    #[default]
    Idle,
    /// The player is choosing a nickname first.
    Naming,
    /// The server has been asked for a ticket.
    Asked,
}

/// The recorded game on the screen.
#[derive(Resource, Debug, Clone, Copy)]
pub struct Entry {
    pub game: GameId,
    pub player: PlayerId,
}

/// The server answered to the wish for a ticket.
#[derive(Message)]
pub struct TicketCame(Result<Ticket, Failure>);

pub fn plugin(app: &mut App) {
    add_mailbox::<TicketCame>(app);
    app.add_message::<Begin>()
        .init_resource::<Opening>()
        .add_systems(Update, (begin, named, open).chain().in_set(Step::Listen))
        .add_systems(OnEnter(Screen::Title), |mut commands: Commands| commands.remove_resource::<Entry>());
}

/// Begins, if the player wants to and nothing is under way.
pub fn begin(
    mut commands: Commands,
    mut begins: MessageReader<Begin>,
    mut opening: ResMut<Opening>,
    mut link: ResMut<Link>,
    mut next: ResMut<NextState<Screen>>,
    identity: Res<Identity>,
    trial: Option<Res<Trial>>,
    mailbox: Res<Mailbox<TicketCame>>,
) {
    if begins.read().count() == 0 || *opening != Opening::Idle {
        return;
    }
    if let Some(trial) = trial {
        *link = Link::Unrecorded("TRYING A TUNING OUT".to_owned());
        commands.insert_resource(Simulation::of_trial(&trial));
        return next.set(Screen::Playing);
    }
    if identity.nickname.is_some() {
        ask_for_ticket(&identity, &mailbox, &mut opening);
    } else {
        nickname::ask(&identity, None);
        *opening = Opening::Naming;
    }
}

fn named(
    mut named: MessageReader<Named>,
    mut unnamed: MessageReader<Unnamed>,
    mut opening: ResMut<Opening>,
    identity: Res<Identity>,
    mailbox: Res<Mailbox<TicketCame>>,
) {
    if unnamed.read().count() > 0 && *opening == Opening::Naming {
        *opening = Opening::Idle;
    }
    if named.read().count() > 0 && *opening == Opening::Naming {
        ask_for_ticket(&identity, &mailbox, &mut opening);
    }
}

fn ask_for_ticket(identity: &Identity, mailbox: &Mailbox<TicketCame>, opening: &mut Opening) {
    let Some(nickname) = identity.nickname.clone() else {
        return;
    };
    let wish = NewGame { nickname, session: None, player_token: identity.player_token.clone() };
    api::tell(api::post("/v1/games"), &wish, mailbox, TicketCame);
    *opening = Opening::Asked;
}

fn open(
    mut commands: Commands,
    mut tickets: MessageReader<TicketCame>,
    mut opening: ResMut<Opening>,
    mut identity: ResMut<Identity>,
    mut link: ResMut<Link>,
    mut next: ResMut<NextState<Screen>>,
    telemetry: Res<Telemetry>,
    mailbox: Res<Mailbox<TicketCame>>,
) {
    for TicketCame(answer) in tickets.read() {
        *opening = Opening::Idle;
        match answer {
            Ok(ticket) if ticket.rules_version == RULES_VERSION => {
                identity.keep_token(&ticket.player_token);
                telemetry.open(ticket.game, &ticket.game_token);
                *link = Link::Up;
                commands.insert_resource(Entry { game: ticket.game, player: ticket.player });
                commands.insert_resource(Simulation::of_player(ticket.tuning.clone(), ticket.seed));
            }
            Err(Failure::Refused(Problem { code: ProblemCode::BadToken, .. })) if identity.player_token.is_some() => {
                // The server has forgotten this player: play on as a new one.
                identity.forget_token();
                ask_for_ticket(&identity, &mailbox, &mut opening);
                continue;
            }
            Err(Failure::Refused(problem)) => {
                nickname::ask(&identity, Some(&problem.detail));
                *opening = Opening::Naming;
                continue;
            }
            failed => {
                *link = Link::Unrecorded(unrecorded_because(failed).to_owned());
                commands.remove_resource::<Entry>();
                commands.insert_resource(Simulation::of_player(Tuning::arcade(), random_seed()));
            }
        }
        next.set(Screen::Playing);
    }
}

fn unrecorded_because(answer: &Result<Ticket, Failure>) -> &'static str {
    match answer {
        Ok(_) => "THIS PAGE IS OLD, RELOAD IT",
        Err(Failure::Busy(_)) => "THE SERVER IS BUSY",
        Err(Failure::Unreachable | Failure::Refused(_)) => "NO SERVER",
    }
}
