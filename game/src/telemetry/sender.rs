//! Sending: whatever is not durable goes to the server, this game's and those that earlier visits left behind.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bevy::prelude::*;
use shared::{
    api::Ack,
    event::{Batch, Event, EventKind},
    ids::GameId,
    replay::ButtonLog,
    time::Tick,
};
use wasm_bindgen::JsValue;
use web_sys::{Event as PageEvent, Headers, RequestInit};

use super::{Link, outbox::Outbox, queue::Queue};
use crate::{
    Step,
    api::{self, Failure},
    opening::Entry,
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
        storage, visibility,
    },
    simulation::Simulation,
};

/// The keys of stored queues begin so; the game's id follows.
const KEY: &str = "game.";

/// The games whose events are under way. Shared with the page's callbacks: when the page goes, no frame comes any more.
#[derive(Resource, Clone, Default)]
pub struct Telemetry(Arc<Mutex<Desk>>);

#[derive(Default)]
struct Desk {
    /// The player's game, while it goes on.
    current: Option<Recording>,
    outboxes: Vec<Outbox>,
}

/// How far the recording of a game is.
struct Recording {
    game: GameId,
    /// The buttons that no event carries yet.
    log: ButtonLog,
    /// Ticks recorded.
    tick: Tick,
}

/// The server answered to a batch, or did not.
#[derive(Message)]
pub struct Answered {
    game: GameId,
    answer: Result<Ack, Failure>,
}

impl Telemetry {
    /// A new game begins.
    pub fn open(&self, game: GameId, token: &str) {
        let mut desk = self.desk();
        desk.current = Some(Recording { game, log: ButtonLog::default(), tick: Tick::ZERO });
        desk.outboxes.push(Outbox::new(Queue::new(game, token.to_owned())));
    }

    /// These ticks were played.
    pub fn played(&self, log: &ButtonLog) {
        if let Some(recording) = &mut self.desk().current {
            recording.log.append(log);
            recording.tick = recording.tick.after(log.ticks());
        }
    }

    /// Something happened, after the ticks that were played so far.
    pub fn note(&self, kind: EventKind) {
        let mut desk = self.desk();
        desk.cut();
        desk.push(kind);
        desk.save();
    }

    /// Makes the ticks played since the last event an event.
    pub fn cut(&self) {
        let mut desk = self.desk();
        desk.cut();
        desk.save();
    }

    /// Nothing more comes of the game: it is over, or its player goes.
    pub fn close(&self, last: EventKind) {
        self.note(last);
        self.desk().current = None;
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    fn cut(&mut self) {
        let Some(recording) = self.current.as_mut().filter(|recording| !recording.log.is_empty()) else {
            return;
        };
        let log = std::mem::take(&mut recording.log);
        let tick = Tick(recording.tick.0 - log.ticks());
        let game = recording.game;
        if let Some(outbox) = self.outbox(game) {
            outbox.queue.push(Event { tick, kind: EventKind::Buttons(log) });
        }
    }

    fn push(&mut self, kind: EventKind) {
        let Some((game, tick)) = self.current.as_ref().map(|recording| (recording.game, recording.tick)) else {
            return;
        };
        if let Some(outbox) = self.outbox(game) {
            outbox.queue.push(Event { tick, kind });
        }
    }

    fn outbox(&mut self, game: GameId) -> Option<&mut Outbox> {
        self.outboxes.iter_mut().find(|outbox| outbox.queue.game == game)
    }

    /// Keeps the current game's queue, for the case that the page goes.
    fn save(&mut self) {
        let Some(game) = self.current.as_ref().map(|recording| recording.game) else {
            return;
        };
        if let Some(outbox) = self.outbox(game) {
            keep(&outbox.queue);
        }
    }
}

fn keep(queue: &Queue) {
    let key = format!("{KEY}{}", queue.game);
    if queue.is_empty() {
        storage::remove(&key);
    } else {
        storage::save(&key, queue);
    }
}

pub fn plugin(app: &mut App) {
    add_mailbox::<Answered>(app);
    let telemetry = Telemetry::default();
    let left_behind = storage::keys(KEY).iter().filter_map(|key| storage::load(key)).map(Outbox::new).collect();
    telemetry.desk().outboxes = left_behind;
    send_on_the_way_out(&telemetry);
    app.insert_resource(telemetry)
        .add_systems(Update, (take_answers.in_set(Step::Listen), (send, report).chain().in_set(Step::Tell)));
}

/// Sends what is due.
pub fn send(telemetry: Res<Telemetry>, time: Res<Time<Real>>, mailbox: Res<Mailbox<Answered>>) {
    for outbox in &mut telemetry.desk().outboxes {
        let Some(batch) = outbox.next(time.elapsed_secs_f64()) else {
            continue;
        };
        let game = outbox.queue.game;
        let request = api::post(&path(game)).header("authorization", &format!("Bearer {}", outbox.queue.token));
        api::tell(request, &batch, &mailbox, move |answer| Answered { game, answer });
    }
}

fn take_answers(
    mut answers: MessageReader<Answered>,
    telemetry: Res<Telemetry>,
    time: Res<Time<Real>>,
    entry: Option<Res<Entry>>,
    mut link: ResMut<Link>,
) {
    let mut desk = telemetry.desk();
    for Answered { game, answer } in answers.read() {
        let Some(outbox) = desk.outbox(*game) else {
            continue;
        };
        let refused = outbox.answered(answer.clone(), time.elapsed_secs_f64(), js_sys::Math::random()).err();
        keep(&outbox.queue);
        if let Some(why) = refused {
            web_sys::console::error_1(&format!("game {game} is not recorded: {why}").into());
            storage::remove(&format!("{KEY}{game}"));
            desk.outboxes.retain(|outbox| outbox.queue.game != *game);
            if entry.as_ref().is_some_and(|entry| entry.game == *game) {
                *link = Link::Unrecorded(why);
            }
        }
    }
    let current = desk.current.as_ref().map(|recording| recording.game);
    desk.outboxes.retain(|outbox| !outbox.queue.is_empty() || Some(outbox.queue.game) == current);
}

/// Says how the game on the screen stands with the server.
fn report(telemetry: Res<Telemetry>, entry: Option<Res<Entry>>, simulation: Res<Simulation>, mut link: ResMut<Link>) {
    let Some(entry) = entry.filter(|_| !matches!(*link, Link::Unrecorded(_))) else {
        return;
    };
    let mut desk = telemetry.desk();
    let failing = desk.outbox(entry.game).filter(|outbox| outbox.is_failing());
    let now = simulation.state().tick;
    link.set_if_neq(failing.map_or(Link::Up, |outbox| {
        let from = outbox.queue.first_tick().unwrap_or(now);
        Link::Down { kept: (Tick(now.0 - from.0).millis() / 1000) as u32 }
    }));
}

/// A page that is hidden may never come back, and one that is left will not: what is here is stored, and the first
/// batch sent by a request that outlives the page.
fn send_on_the_way_out(telemetry: &Telemetry) {
    let hidden = telemetry.clone();
    visibility::on_hidden(move || {
        hidden.cut();
        hidden.send_to_outlive_the_page();
    });
    let left = telemetry.clone();
    if let Some(window) = dom::window() {
        dom::listen(&window, "pagehide", move |_: PageEvent| {
            left.note(EventKind::Left);
            left.send_to_outlive_the_page();
        });
    }
}

impl Telemetry {
    fn send_to_outlive_the_page(&self) {
        for outbox in &self.desk().outboxes {
            if let Some(batch) = outbox.queue.batch() {
                send_alone(&outbox.queue, &batch);
            }
        }
    }
}

/// Sends without waiting for the answer: if there is a next visit, it sends again what was not acknowledged.
fn send_alone(queue: &Queue, batch: &Batch) {
    let (Some(window), Ok(body), Ok(headers)) = (dom::window(), serde_json::to_string(batch), Headers::new()) else {
        return;
    };
    let named = headers
        .set("authorization", &format!("Bearer {}", queue.token))
        .and_then(|()| headers.set("content-type", "application/json"));
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(&body));
    // Not among the properties that web-sys knows.
    let kept_alive = js_sys::Reflect::set(&request, &"keepalive".into(), &true.into());
    if named.and(kept_alive.map(drop)).is_ok() {
        let _ = window.fetch_with_str_and_init(&path(queue.game), &request);
    }
}

fn path(game: GameId) -> String {
    format!("/v1/games/{game}/events")
}
