//! Opening a game: a nickname, in a session a seat, then a ticket from the server; without a server, a game that is not
//! recorded.

use bevy::{ecs::system::SystemParam, prelude::*};
use shared::{
    api::{NewGame, Problem, ProblemCode, Ticket},
    ids::{GameId, PlayerId},
    rules::RULES_VERSION,
    session::Stage,
    tuning::Tuning,
};

use crate::{
    Step,
    api::{self, Failure},
    draw::font::minutes,
    nickname::{self, Identity, Named, Unnamed},
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
        status,
    },
    screen::Screen,
    session::{self, Hall, SeatCame, SeatLost, ServerClock},
    simulation::{Simulation, random_seed},
    telemetry::{Link, Telemetry},
    trial::Trial,
};

const UNREACHABLE: &str = "the server cannot be reached; try again";

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
    /// The server has been asked for a seat or a ticket.
    Asked,
    /// The server has said no, and why.
    Told(String),
}

impl Opening {
    /// Whether something is under way.
    fn is_busy(&self) -> bool {
        matches!(self, Opening::Naming | Opening::Asked)
    }
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
    if let Some(body) = dom::body().filter(|_| is_alone()) {
        // Fails only for names that are no names.
        let _ = body.set_attribute("data-alone", "");
    }
    app.add_message::<Begin>()
        .init_resource::<Opening>()
        .add_systems(Update, (begin, named, sit, open, stand).chain().in_set(Step::Listen))
        .add_systems(Update, speak.in_set(Step::Tell).run_if(resource_changed::<Opening>))
        .add_systems(OnEnter(Screen::Title), |mut commands: Commands| commands.remove_resource::<Entry>());
}

/// Whether this page is for playing alone, with no word to a server.
fn is_alone() -> bool {
    dom::query("alone").is_some()
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
    counter: Counter,
) {
    // The session that is to be joined is not known yet for a moment.
    let is_early = session::code().is_some() && counter.hall.is_none();
    if begins.read().count() == 0 || opening.is_busy() || is_early {
        return;
    }
    if let Some(trial) = trial {
        *link = Link::Unrecorded("TRYING A TUNING OUT".to_owned());
        commands.insert_resource(Simulation::of_trial(&trial));
        return next.set(Screen::Playing);
    }
    if is_alone() {
        *link = Link::Unrecorded("PRACTICE".to_owned());
        commands.insert_resource(Simulation::of_player(Tuning::arcade(), random_seed(), 0.0));
        return next.set(Screen::Playing);
    }
    if identity.nickname.is_some() {
        counter.ask(&identity, &mut opening);
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
    counter: Counter,
) {
    if unnamed.read().count() > 0 && *opening == Opening::Naming {
        *opening = Opening::Idle;
    }
    if named.read().count() > 0 && *opening == Opening::Naming {
        counter.ask(&identity, &mut opening);
    }
}

/// Where seats and tickets are asked for.
#[derive(SystemParam)]
pub struct Counter<'w> {
    hall: Option<Res<'w, Hall>>,
    tickets: Res<'w, Mailbox<TicketCame>>,
    seats: Res<'w, Mailbox<SeatCame>>,
}

impl Counter<'_> {
    /// Asks for what comes next: in a session a seat, then a ticket.
    fn ask(&self, identity: &Identity, opening: &mut Opening) {
        let Some(nickname) = identity.nickname.clone() else {
            return;
        };
        *opening = Opening::Asked;
        match self.hall.as_deref() {
            Some(hall) if !hall.seated => session::join(hall, identity, &self.seats),
            hall => {
                let session = hall.map(|hall| hall.session.session);
                let wish = NewGame { nickname, session, player_token: identity.token() };
                api::tell(api::post("/v1/games"), &wish, &self.tickets, TicketCame);
            }
        }
    }
}

/// Takes the seat that the server gives, and waits in the lobby where games have not started.
fn sit(
    mut seats: MessageReader<SeatCame>,
    mut opening: ResMut<Opening>,
    mut identity: ResMut<Identity>,
    mut hall: Option<ResMut<Hall>>,
    mut next: ResMut<NextState<Screen>>,
    mut begin: MessageWriter<Begin>,
    lost: Res<Mailbox<SeatLost>>,
) {
    for SeatCame(answer) in seats.read() {
        *opening = Opening::Idle;
        match (answer, &mut hall) {
            (Ok(seated), Some(hall)) => {
                if let Some(token) = &seated.player_token {
                    identity.keep_token(token);
                }
                hall.seated = true;
                session::hold_seat(hall.session.session, identity.player_token.clone(), lost.clone());
                match hall.session.stage {
                    Stage::Lobby => next.set(Screen::Lobby),
                    _ => {
                        begin.write(Begin);
                    }
                }
            }
            (Err(Failure::Refused(problem)), _) => match problem.code {
                // The server has forgotten this player: join as a new one.
                ProblemCode::InvalidToken if identity.player_token.is_some() => {
                    identity.forget_token();
                    begin.write(Begin);
                }
                ProblemCode::NicknameTaken | ProblemCode::BadRequest => {
                    nickname::ask(&identity, Some(&problem.detail));
                    *opening = Opening::Naming;
                }
                _ => *opening = Opening::Told(problem.detail.clone()),
            },
            (Err(Failure::Busy(_) | Failure::Unreachable), _) | (Ok(_), None) => {
                *opening = Opening::Told(UNREACHABLE.to_owned());
            }
        }
    }
}

/// Says why a seat was lost.
fn stand(mut lost: MessageReader<SeatLost>, mut opening: ResMut<Opening>) {
    if let Some(SeatLost(problem)) = lost.read().last() {
        *opening = Opening::Told(problem.detail.clone());
    }
}

fn open(
    mut commands: Commands,
    mut tickets: MessageReader<TicketCame>,
    mut opening: ResMut<Opening>,
    mut identity: ResMut<Identity>,
    mut link: ResMut<Link>,
    mut next: ResMut<NextState<Screen>>,
    telemetry: Res<Telemetry>,
    clock: Res<ServerClock>,
    lost: Res<Mailbox<SeatLost>>,
    counter: Counter,
) {
    for TicketCame(answer) in tickets.read() {
        *opening = Opening::Idle;
        match answer {
            Ok(ticket) if ticket.rules_version == RULES_VERSION => {
                identity.keep_token(&ticket.player_token);
                telemetry.open(ticket.game, &ticket.game_token);
                *link = Link::Up;
                commands.insert_resource(Entry { game: ticket.game, player: ticket.player });
                if let Some(late) = counter.hall.as_ref().and_then(|hall| hall.seconds_late(&clock)) {
                    status::announce(&format!("You come late: the others began {} ago.", minutes(late)));
                }
                let wait = if counter.hall.is_some() { clock.seconds_to(ticket.started_at).max(0.0) } else { 0.0 };
                commands.insert_resource(Simulation::of_player(ticket.tuning.clone(), ticket.seed, wait));
            }
            Err(Failure::Refused(Problem { code: ProblemCode::InvalidToken, .. }))
                if identity.player_token.is_some() =>
            {
                // The server has forgotten this player: play on as a new one.
                identity.forget_token();
                counter.ask(&identity, &mut opening);
                continue;
            }
            Err(Failure::Refused(problem)) if problem.code == ProblemCode::BadRequest => {
                nickname::ask(&identity, Some(&problem.detail));
                *opening = Opening::Naming;
                continue;
            }
            Err(Failure::Refused(problem)) if counter.hall.is_some() => {
                if problem.code == ProblemCode::NotFound {
                    lost.post(SeatLost(problem.clone()));
                }
                *opening = Opening::Told(problem.detail.clone());
                continue;
            }
            Err(_) if counter.hall.is_some() => {
                *opening = Opening::Told(UNREACHABLE.to_owned());
                continue;
            }
            failed => {
                *link = Link::Unrecorded(unrecorded_because(failed).to_owned());
                commands.remove_resource::<Entry>();
                commands.insert_resource(Simulation::of_player(Tuning::arcade(), random_seed(), 0.0));
            }
        }
        next.set(Screen::Playing);
    }
}

/// Says aloud what the server has told.
fn speak(opening: Res<Opening>) {
    if let Opening::Told(why) = &*opening {
        status::announce(why);
    }
}

fn unrecorded_because(answer: &Result<Ticket, Failure>) -> &'static str {
    match answer {
        Ok(_) => "THIS PAGE IS OLD, RELOAD IT",
        Err(Failure::Busy(_)) => "THE SERVER IS BUSY",
        Err(Failure::Unreachable | Failure::Refused(_)) => "NO SERVER",
    }
}
