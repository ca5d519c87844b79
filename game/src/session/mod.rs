//! The session that this page was opened for, by `?join=CODE`: it is joined, waited for, and played in.

mod clock;

use std::{rc::Rc, time::Duration};

pub use clock::ServerClock;

use bevy::{ecs::system::SystemParam, prelude::*};
use gloo_timers::future::sleep;
use serde::de::DeserializeOwned;
use shared::{
    api::{Join, Problem, ProblemCode, Seated, Seats, SessionView, Standings},
    session::{SEAT_HEARTBEAT_MILLIS, SessionId, Stage},
};
use wasm_bindgen_futures::spawn_local;

use crate::{
    Step,
    api::{self, Failure},
    draw::font,
    nickname::{self, Identity},
    page::{
        dom,
        live::{self, Heard},
        mailbox::{Mailbox, add_mailbox},
        status, trouble,
    },
    screen::Screen,
    standings::Top,
};

/// From a question that was not answered to the next.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The session, as the server last told.
#[derive(Resource)]
pub struct Hall {
    pub session: SessionView,
    /// Whether the player has a seat.
    pub seated: bool,
    /// Who is there, in our letters.
    pub players: Vec<String>,
    /// Whether the session's changes are heard.
    pub connected: bool,
}

impl Hall {
    /// Whether the time for playing is over.
    pub fn is_over(&self, clock: &ServerClock) -> bool {
        match self.session.stage {
            Stage::Running { ends_at: Some(ends_at), .. } => clock.seconds_to(ends_at) <= 0.0,
            Stage::Running { ends_at: None, .. } | Stage::Planned | Stage::Lobby => false,
            Stage::Closing { .. } | Stage::Closed { .. } => true,
        }
    }

    /// How long ago all began together, seconds, for those who came later.
    pub fn seconds_late(&self, clock: &ServerClock) -> Option<f32> {
        /// Whoever saw the start is later than this by no more than a slow answer.
        const PUNCTUAL: f32 = 3.0;
        match self.session.stage {
            Stage::Running { starts_at, .. } if self.session.synchronised => {
                Some(-clock.seconds_to(starts_at)).filter(|late| *late > PUNCTUAL)
            }
            _ => None,
        }
    }

    /// What is left of the time for playing, if it ends by itself.
    pub fn seconds_left(&self, clock: &ServerClock) -> Option<f32> {
        match self.session.stage {
            Stage::Running { ends_at, .. } => ends_at.map(|ends_at| clock.seconds_to(ends_at).max(0.0)),
            Stage::Planned | Stage::Lobby | Stage::Closing { .. } | Stage::Closed { .. } => None,
        }
    }
}

/// The server answered what session that is, or told that it has changed.
#[derive(Message)]
struct SessionCame(Result<SessionView, Failure>);

#[derive(Message)]
struct SeatsCame(Seats);

/// The session's changes are heard, or no longer.
#[derive(Message)]
struct ConnectionChanged(bool);

/// Where goes what is heard of the session.
#[derive(SystemParam)]
struct Ears<'w> {
    sessions: Res<'w, Mailbox<SessionCame>>,
    seats: Res<'w, Mailbox<SeatsCame>>,
    standings: Res<'w, Mailbox<Top>>,
    connection: Res<'w, Mailbox<ConnectionChanged>>,
}

/// The server gave a seat, or none.
#[derive(Message, Clone)]
pub struct SeatCame(pub Result<Seated, Failure>);

/// The seat is lost, and why.
#[derive(Message)]
pub struct SeatLost(pub Problem);

pub fn plugin(app: &mut App) {
    add_mailbox::<SeatCame>(app);
    add_mailbox::<SeatLost>(app);
    app.add_plugins(clock::plugin);
    if code().is_none() {
        return;
    }
    ask(&add_mailbox::<SessionCame>(app));
    add_mailbox::<SeatsCame>(app);
    add_mailbox::<ConnectionChanged>(app);
    app.add_systems(Update, (enter, count, connect, lose).chain().in_set(Step::Listen).before(crate::opening::begin));
}

/// The code of the session that the page was opened for.
pub fn code() -> Option<String> {
    dom::query("join")
}

fn enter(mut commands: Commands, mut news: MessageReader<SessionCame>, hall: Option<ResMut<Hall>>, ears: Ears) {
    let mut hall = hall;
    for SessionCame(session) in news.read() {
        match (session, &mut hall) {
            (Ok(session), Some(hall)) => hall.session = session.clone(),
            (Ok(session), None) => {
                listen(session.session, &ears);
                let (session, players) = (session.clone(), Vec::new());
                commands.insert_resource(Hall { session, seated: false, players, connected: true });
            }
            (Err(Failure::Refused(problem)), _) => trouble::show(&problem.detail),
            (Err(Failure::Busy(_) | Failure::Unreachable), _) => {
                status::announce("The server cannot be reached. Trying again.");
                ask_again(ears.sessions.clone());
            }
        }
    }
}

fn ask(sessions: &Mailbox<SessionCame>) {
    if let Some(code) = code() {
        api::ask(api::get(&format!("/v1/codes/{code}")), sessions, SessionCame);
    }
}

fn ask_again(sessions: Mailbox<SessionCame>) {
    spawn_local(async move {
        sleep(ASK_AGAIN).await;
        ask(&sessions);
    });
}

/// Hears of the session's changes.
fn listen(session: SessionId, ears: &Ears) {
    let (sessions, seats, standings) = (ears.sessions.clone(), ears.seats.clone(), ears.standings.clone());
    let connection = ears.connection.clone();
    let hear = move |heard| match heard {
        Heard::Event("session", data) => post(&data, |session| sessions.post(SessionCame(Ok(session)))),
        Heard::Event("seats", data) => post(&data, |now| seats.post(SeatsCame(now))),
        Heard::Event(_, data) => post(&data, |now: Standings| standings.post(now.into())),
        Heard::Connection(is_up) => connection.post(ConnectionChanged(is_up)),
    };
    live::listen(format!("/v1/live?session={session}"), &["session", "seats", "standings"], Rc::new(hear));
}

/// Posts what the data says, if it can be understood.
fn post<T: DeserializeOwned>(data: &str, post: impl FnOnce(T)) {
    if let Ok(told) = serde_json::from_str(data) {
        post(told);
    }
}

/// In the lobby nothing else tells that the server is not heard.
fn connect(mut news: MessageReader<ConnectionChanged>, hall: Option<ResMut<Hall>>, screen: Res<State<Screen>>) {
    if let (Some(ConnectionChanged(is_up)), Some(mut hall)) = (news.read().last(), hall)
        && hall.connected != *is_up
    {
        hall.connected = *is_up;
        if *screen.get() == Screen::Lobby {
            status::announce(if *is_up { "The connection is back." } else { "The connection is lost. Trying again." });
        }
    }
}

fn count(mut news: MessageReader<SeatsCame>, hall: Option<ResMut<Hall>>) {
    if let (Some(SeatsCame(now)), Some(mut hall)) = (news.read().last(), hall) {
        hall.players = now.seats.iter().map(|seat| font::plain(seat.nickname.as_str())).collect();
    }
}

fn lose(mut lost: MessageReader<SeatLost>, hall: Option<ResMut<Hall>>) {
    if let (Some(_), Some(mut hall)) = (lost.read().last(), hall) {
        hall.seated = false;
    }
}

/// Asks for a seat.
pub fn join(hall: &Hall, identity: &Identity, mailbox: &Mailbox<SeatCame>) {
    let Some(nickname) = identity.nickname.clone() else {
        return;
    };
    let mut request = api::post(&format!("/v1/sessions/{}/seats", hall.session.session));
    if let Some(token) = identity.token() {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    api::tell(request, &Join { nickname }, mailbox, SeatCame);
}

/// Says now and then that this browser is there, frames or not, until the seat is lost. `guest` is the token of who is not
/// signed in.
pub fn hold_seat(session: SessionId, guest: Option<String>, mailbox: Mailbox<SeatLost>) {
    spawn_local(async move {
        loop {
            sleep(Duration::from_millis(SEAT_HEARTBEAT_MILLIS)).await;
            let Some(token) = nickname::account_token().or_else(|| guest.clone()) else {
                return;
            };
            let request = api::put(&format!("/v1/sessions/{session}/seats/mine"));
            let request = request.header("authorization", &format!("Bearer {token}"));
            match api::done(request).await {
                Err(Failure::Refused(problem)) if problem.code != ProblemCode::InvalidToken => {
                    return mailbox.post(SeatLost(problem));
                }
                Ok(()) | Err(_) => {}
            }
        }
    });
}
