//! The session that this page was opened for, by `?join=CODE`: it is joined, waited for, and played in.

mod clock;

use std::time::Duration;

pub use clock::ServerClock;

use bevy::prelude::*;
use gloo_timers::future::sleep;
use shared::{
    api::{Join, Problem, ProblemCode, Seated, Seats, SessionView, Standings},
    session::{SEAT_BEAT_MILLIS, SessionId, Stage},
};
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventSource, MessageEvent};

use crate::{
    Step,
    api::{self, Failure},
    draw::font,
    nickname::{self, Identity},
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
        status, trouble,
    },
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
    app.add_systems(Update, (enter, count, lose).chain().in_set(Step::Listen).before(crate::opening::begin));
}

/// The code of the session that the page was opened for.
pub fn code() -> Option<String> {
    dom::query("join")
}

fn enter(
    mut commands: Commands,
    mut news: MessageReader<SessionCame>,
    hall: Option<ResMut<Hall>>,
    sessions: Res<Mailbox<SessionCame>>,
    seats: Res<Mailbox<SeatsCame>>,
    standings: Res<Mailbox<Top>>,
) {
    let mut hall = hall;
    for SessionCame(session) in news.read() {
        match (session, &mut hall) {
            (Ok(session), Some(hall)) => hall.session = session.clone(),
            (Ok(session), None) => {
                listen(session.session, &sessions, &seats, &standings);
                commands.insert_resource(Hall { session: session.clone(), seated: false, players: Vec::new() });
            }
            (Err(Failure::Refused(problem)), _) => trouble::show(&problem.detail),
            (Err(Failure::Busy(_) | Failure::Unreachable), _) => {
                status::announce("The server cannot be reached. Trying again.");
                ask_again(sessions.clone());
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

/// Hears of the session's changes; the browser itself connects again when the link was cut.
fn listen(session: SessionId, sessions: &Mailbox<SessionCame>, seats: &Mailbox<SeatsCame>, standings: &Mailbox<Top>) {
    let Ok(source) = EventSource::new(&format!("/v1/live?session={session}")) else {
        return;
    };
    fn read<T: serde::de::DeserializeOwned>(event: &MessageEvent) -> Option<T> {
        serde_json::from_str(&event.data().as_string()?).ok()
    }
    let (sessions, seats, standings) = (sessions.clone(), seats.clone(), standings.clone());
    dom::listen(&source, "session", move |event: MessageEvent| {
        if let Some(session) = read(&event) {
            sessions.post(SessionCame(Ok(session)));
        }
    });
    dom::listen(&source, "seats", move |event: MessageEvent| {
        if let Some(now) = read(&event) {
            seats.post(SeatsCame(now));
        }
    });
    dom::listen(&source, "standings", move |event: MessageEvent| {
        if let Some(now) = read::<Standings>(&event) {
            standings.post(now.into());
        }
    });
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
            sleep(Duration::from_millis(SEAT_BEAT_MILLIS)).await;
            let Some(token) = nickname::account_token().or_else(|| guest.clone()) else {
                return;
            };
            let request = api::put(&format!("/v1/sessions/{session}/seats/mine"));
            let request = request.header("authorization", &format!("Bearer {token}"));
            match api::done(request).await {
                Err(Failure::Refused(problem)) if problem.code != ProblemCode::BadToken => {
                    return mailbox.post(SeatLost(problem));
                }
                Ok(()) | Err(_) => {}
            }
        }
    });
}
