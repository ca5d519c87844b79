//! The session's updates from the server: stage, seats, standings and connection.

use std::{rc::Rc, time::Duration};

use crate::bevy::{ecs::system::SystemParam, prelude::*};
use gloo_timers::future::sleep;
use serde::de::DeserializeOwned;
use shared::{
    api::{Seats, SessionView, Standings},
    session::SessionId,
};
use wasm_bindgen_futures::spawn_local;

use super::{
    join_code,
    joined::{JoinedSession, SeatState},
    seats::{SeatApproved, SeatLost},
    standings::TopPlayers,
};
use crate::{
    FrameSet,
    network::{
        http::{self, RequestError},
        server_events::{self, ServerEvent},
    },
    page::{
        announcer::announce,
        errors::show_error,
        mailbox::{Mailbox, add_mailbox},
        text::without_accents,
    },
    state::Screen,
};

/// The delay before the session is requested again after a failed request.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// The response to the join code, or a later update of the session.
#[derive(Message)]
struct SessionUpdate(Result<SessionView, RequestError>);

#[derive(Message)]
struct SeatsUpdate(Seats);

/// Whether this page receives the session's updates.
#[derive(Message)]
struct ConnectionChanged(bool);

/// The mailboxes for updates of the session.
#[derive(SystemParam)]
struct SessionMailboxes<'w> {
    sessions: Res<'w, Mailbox<SessionUpdate>>,
    seats: Res<'w, Mailbox<SeatsUpdate>>,
    standings: Res<'w, Mailbox<TopPlayers>>,
    connection: Res<'w, Mailbox<ConnectionChanged>>,
}

/// The systems that update [`JoinedSession`].
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionSystems;

pub fn plugin(app: &mut App) {
    if join_code().is_none() {
        return;
    }
    request_session(&add_mailbox::<SessionUpdate>(app));
    add_mailbox::<SeatsUpdate>(app);
    add_mailbox::<ConnectionChanged>(app);
    app.add_systems(
        Update,
        (update_session, update_nicknames, update_connection, hold_seat, release_seat)
            .chain()
            .in_set(SessionSystems)
            .in_set(FrameSet::Input),
    );
}

fn request_session(sessions: &Mailbox<SessionUpdate>) {
    if let Some(code) = join_code() {
        http::send(http::get(&format!("/v1/codes/{code}")), sessions, SessionUpdate);
    }
}

fn retry_request(sessions: Mailbox<SessionUpdate>) {
    spawn_local(async move {
        sleep(RETRY_DELAY).await;
        request_session(&sessions);
    });
}

/// Stores the session. Subscribes to its updates when it is known for the first time.
fn update_session(
    mut commands: Commands,
    mut updates: MessageReader<SessionUpdate>,
    mut joined: Option<ResMut<JoinedSession>>,
    mailboxes: SessionMailboxes,
) {
    for SessionUpdate(session) in updates.read() {
        match (session, &mut joined) {
            (Ok(session), Some(joined)) => joined.session = session.clone(),
            (Ok(session), None) => {
                subscribe(session.session, &mailboxes);
                commands.insert_resource(JoinedSession {
                    session: session.clone(),
                    seat: SeatState::None,
                    nicknames: Vec::new(),
                    is_connected: true,
                });
            }
            (Err(RequestError::Refused(problem)), _) => show_error(&problem.detail),
            (Err(RequestError::Busy(_) | RequestError::TooEarly(_) | RequestError::Unreachable), _) => {
                announce("The server cannot be reached. Trying again.");
                retry_request(mailboxes.sessions.clone());
            }
        }
    }
}

fn subscribe(session: SessionId, mailboxes: &SessionMailboxes) {
    let (sessions, seats) = (mailboxes.sessions.clone(), mailboxes.seats.clone());
    let (standings, connection) = (mailboxes.standings.clone(), mailboxes.connection.clone());
    let handler = move |event| match event {
        ServerEvent::Data("session", data) => parse_and_post(&data, &sessions, |session| SessionUpdate(Ok(session))),
        ServerEvent::Data("seats", data) => parse_and_post(&data, &seats, SeatsUpdate),
        ServerEvent::Data(_, data) => parse_and_post(&data, &standings, |new: Standings| new.into()),
        ServerEvent::Connected(is_connected) => connection.post(ConnectionChanged(is_connected)),
    };
    let address = format!("/v1/live?session={session}");
    server_events::subscribe(address, &["session", "seats", "standings"], Rc::new(handler));
}

/// Ignores data that cannot be parsed.
fn parse_and_post<T: DeserializeOwned, M: Message>(data: &str, mailbox: &Mailbox<M>, message: impl FnOnce(T) -> M) {
    if let Ok(value) = serde_json::from_str(data) {
        mailbox.post(message(value));
    }
}

fn update_nicknames(mut updates: MessageReader<SeatsUpdate>, joined: Option<ResMut<JoinedSession>>) {
    if let (Some(SeatsUpdate(seats)), Some(mut joined)) = (updates.read().last(), joined) {
        joined.nicknames = seats.seats.iter().map(|seat| without_accents(seat.nickname.as_str())).collect();
    }
}

/// Announces a lost connection in the lobby, where no game shows the link.
fn update_connection(
    mut updates: MessageReader<ConnectionChanged>,
    joined: Option<ResMut<JoinedSession>>,
    screen: Res<State<Screen>>,
) {
    if let (Some(ConnectionChanged(is_connected)), Some(mut joined)) = (updates.read().last(), joined)
        && joined.is_connected != *is_connected
    {
        joined.is_connected = *is_connected;
        if *screen.get() == Screen::Lobby {
            announce(if *is_connected { "The connection is back." } else { "The connection is lost. Reconnecting." });
        }
    }
}

fn hold_seat(mut approvals: MessageReader<SeatApproved>, joined: Option<ResMut<JoinedSession>>) {
    if let (Some(_), Some(mut joined)) = (approvals.read().last(), joined) {
        joined.seat = SeatState::Held;
    }
}

fn release_seat(mut losses: MessageReader<SeatLost>, joined: Option<ResMut<JoinedSession>>) {
    if let (Some(_), Some(mut joined)) = (losses.read().last(), joined) {
        joined.seat = SeatState::None;
    }
}
