//! The server's clock, while the clock of its machine is set forward and back: nobody is rejected, signed out, seated for
//! ever, or left in a session that does not settle.

use std::sync::Arc;

use crate::common::{
    TestServer,
    api::{MANAGER_PASSWORD, PLAYER_PASSWORD},
    bots::Bots,
    eventually, eventually_true,
    games::{batch, hold, is_rejected},
    machine::Machine,
    process::write_short_tuning,
};
use backend::engine::Engines;
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    api::{Ack, Clock, FlowView, Seated, Seats, SessionView, Ticket, Tokens},
    event::Event,
    rules::Buttons,
    session::{GRACE_MILLIS, Stage},
    time::Timestamp,
    verdict::Verdict,
};
use tempfile::TempDir;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// Steps of a wall clock, in milliseconds.
const STEPS: [i64; 6] = [3 * SECOND, HOUR, DAY, -3 * SECOND, -HOUR, -DAY];
/// How far the server's clock may be from where the test expects it, in milliseconds. Requests take time.
const TOLERANCE_MILLIS: u64 = 2_500;

/// Opens the engines in a data folder. Those of a server that has just stopped may still be closing.
async fn open_engines(data: &TempDir) -> Engines {
    eventually("the engines can be opened", async || {
        Engines::embedded(data.path()).map_err(|error| format!("{error:?}"))
    })
    .await
}

/// Sends events until the server accepts them. If it answers that they are too early, time passes.
async fn send_when_due(
    server: &TestServer,
    machine: &Machine,
    ticket: &mut Ticket,
    first_seq: u32,
    events: Vec<Event>,
) -> Ack {
    loop {
        let response = server.send(ticket, &batch(first_seq, events.clone())).await;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let seconds: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            machine.advance(1_000 * seconds.max(1));
            continue;
        }
        assert_eq!(response.status(), StatusCode::OK);
        let ack: Ack = response.json().await.unwrap();
        ticket.game_token.clone_from(&ack.game_token);
        return ack;
    }
}

async fn time_of(server: &TestServer) -> Timestamp {
    server.get::<Clock>("/v1/clock").await.now
}

/// A session of two minutes with two seats, in which Ada plays and keeps her seat.
struct TwoMinutes {
    server: TestServer,
    machine: Machine,
    data: Arc<TempDir>,
    manager: Tokens,
    account: Tokens,
    session: SessionView,
    ends_at: Timestamp,
    ada: Seated,
    ticket: Ticket,
    /// Seconds of Ada's game that were sent.
    played: u32,
    /// A game of open play, not played yet.
    open_play: Ticket,
    /// The server's time when nothing had passed on the machine.
    origin: Timestamp,
}

impl TwoMinutes {
    async fn start() -> TwoMinutes {
        let (machine, data) = (Machine::new(), Arc::new(tempfile::tempdir().unwrap()));
        let server = TestServer::start_on(&open_engines(&data).await, &data, machine.clock(), &[]).await;
        let manager = server.sign_in_manager().await;
        let account = server.register("Member").await;
        let open_play = server.ticket("Roamer").await;
        let plan = json!({"name": "Cup", "kind": {"time_constrained": {"minutes": 2}}, "seats": 2});
        let session = server.open_session(&manager, plan).await;
        let Stage::Running { ends_at: Some(ends_at), .. } = session.stage else { panic!("{session:?}") };
        let ada = server.seat_guest(&session, "Ada").await;
        server.seat_guest(&session, "Bo").await;
        let ticket = server.session_ticket(&session, ada.player_token.as_deref().unwrap()).await;
        let origin = Timestamp(time_of(&server).await.0 - machine.elapsed().as_millis() as u64);
        TwoMinutes {
            server,
            machine,
            data,
            manager,
            account,
            session,
            ends_at,
            ada,
            ticket,
            played: 0,
            open_play,
            origin,
        }
    }

    /// Stops the server, and starts it after a step of the wall clock.
    async fn restart(self, step: i64) -> TwoMinutes {
        let TwoMinutes { server, machine, data, .. } = self;
        drop(server);
        machine.step(step);
        let server = TestServer::start_on(&open_engines(&data).await, &data, machine.clock(), &[]).await;
        TwoMinutes { server, machine, data, ..self }
    }

    /// Plays the next two seconds of Ada's game. The server must accept them.
    async fn play(&mut self) {
        self.machine.advance(2_000);
        let events = vec![hold(60 * self.played, Buttons::FIRE, 120)];
        let ack = send_when_due(&self.server, &self.machine, &mut self.ticket, self.played / 2, events).await;
        self.played += 2;
        let view = self.server.processed_game(&self.ticket, ack.next_seq.0).await;
        assert!(!is_rejected(&view), "{view:?}");
    }

    async fn heartbeat(&self, token: Option<&str>) -> StatusCode {
        self.server.heartbeat(&self.session, token).await.status()
    }

    async fn keep_seat(&self) {
        assert_eq!(self.heartbeat(self.ada.player_token.as_deref()).await, StatusCode::OK);
    }

    async fn stage(&self) -> Stage {
        self.server.get::<SessionView>(&format!("/v1/sessions/{}", self.session.session)).await.stage
    }

    async fn present(&self) -> Vec<String> {
        let path = format!("/v1/sessions/{}/seats", self.session.session);
        let seats: Seats = self.server.call(Method::GET, &path, Some(&self.manager.access_token), None).await;
        let present = seats.seats.into_iter().filter(|seat| seat.present);
        let mut nicknames: Vec<_> = present.map(|seat| seat.nickname.to_string()).collect();
        nicknames.sort();
        nicknames
    }

    /// All tokens that were issued before are accepted.
    async fn assert_signed_in(&mut self) {
        let _: FlowView = self.server.event_flow(&self.manager).await;
        let path = format!("/v1/games/{}/events", self.open_play.game);
        let body = json!(batch(0, vec![hold(0, Buttons::FIRE, 1)]));
        let sent = self.server.request(Method::POST, &path, Some(&self.open_play.game_token), Some(&body)).await;
        assert_eq!(sent.status(), StatusCode::OK);
        for token in [Some(&self.account.access_token), self.ada.player_token.as_ref()] {
            let status = self.heartbeat(token.map(String::as_str)).await;
            assert_ne!(status, StatusCode::UNAUTHORIZED);
        }
        let body = json!({"refresh_token": self.account.refresh_token});
        self.account = self.server.call(Method::POST, "/v1/tokens/refresh", None, Some(&body)).await;
    }

    /// A seat is kept by heartbeats, and free 30 s after the last one.
    async fn assert_seats_expire(&self) {
        self.keep_seat().await;
        self.machine.advance(20_000);
        assert_eq!(self.present().await, ["Ada", "Bo"]);
        self.keep_seat().await;
        self.machine.advance(15_000);
        assert_eq!(self.present().await, ["Ada"]);
        self.server.seat_guest(&self.session, "Cy").await;
    }

    /// The session runs until its planned end, and settles after the grace period.
    async fn assert_settles_in_time(&self) {
        let left = self.ends_at.millis_since(time_of(&self.server).await);
        self.machine.advance(left - TOLERANCE_MILLIS);
        self.keep_seat().await;
        assert!(matches!(self.stage().await, Stage::Running { .. }));
        self.machine.advance(TOLERANCE_MILLIS);
        eventually_true("the session is closing", async || matches!(self.stage().await, Stage::Closing { .. })).await;
        self.machine.advance(GRACE_MILLIS);
        let settled_at = eventually("the session is closed", async || match self.stage().await {
            Stage::Closed { settled_at } => Ok(settled_at),
            stage => Err(format!("{stage:?}")),
        })
        .await;
        let late = settled_at.millis_since(self.ends_at.after_millis(GRACE_MILLIS));
        assert!(settled_at >= self.ends_at.after_millis(GRACE_MILLIS) && late < TOLERANCE_MILLIS, "{late} ms late");
    }

    /// Waits until the server's clock is ahead by `step` of the time that has passed.
    async fn wait_for_lead(&self, step: u64) {
        eventually("the clock is where it should be", async || {
            let expected = self.origin.after_millis(self.machine.elapsed().as_millis() as u64 + step);
            let got = time_of(&self.server).await;
            let error = got.millis_since(expected).max(expected.millis_since(got));
            if error < 1_000 { Ok(()) } else { Err(format!("{error} ms from {expected:?}")) }
        })
        .await;
    }
}

/// Plays a session while the wall clock steps, and steps back if the step is not `lasting`.
async fn play_with_step(step: i64, lasting: bool) {
    println!("a step of {step} ms, lasting: {lasting}");
    let mut event = TwoMinutes::start().await;
    event.play().await;
    event.machine.step(step);
    event.play().await;
    event.assert_signed_in().await;
    if !lasting {
        event.machine.step(-step);
        event.play().await;
    }
    event.assert_seats_expire().await;
    event.play().await;
    event.assert_settles_in_time().await;
    event.wait_for_lead(0).await;
    // The session is over, so the server may follow a lasting step.
    event.machine.advance(121_000);
    event.wait_for_lead(if lasting { step.max(0) as u64 } else { 0 }).await;
    event.assert_signed_in().await;
    let flow = event.server.event_flow(&event.manager).await;
    assert_eq!(flow.rejected, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn transient_steps_of_the_wall_clock_leave_no_trace() {
    for step in STEPS {
        play_with_step(step, false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lasting_steps_of_the_wall_clock_harm_nobody() {
    for step in STEPS {
        play_with_step(step, true).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn restart_with_the_wall_clock_set_back_harms_nobody() {
    for step in [-3 * SECOND, -HOUR, -DAY] {
        println!("a restart {step} ms back");
        let mut event = TwoMinutes::start().await;
        event.play().await;
        event = event.restart(step).await;
        event.play().await;
        event.assert_signed_in().await;
        event.assert_seats_expire().await;
        event.assert_settles_in_time().await;
        let flow = event.server.event_flow(&event.manager).await;
        assert_eq!(flow.rejected, 0);
    }
}

/// Nothing is on the stream: sessions and heartbeats alone hold the time.
#[tokio::test(flavor = "multi_thread")]
async fn restart_with_the_wall_clock_set_back_frees_seats_and_keeps_accounts() {
    let (machine, data) = (Machine::new(), Arc::new(tempfile::tempdir().unwrap()));
    let server = TestServer::start_on(&open_engines(&data).await, &data, machine.clock(), &[]).await;
    let manager = server.sign_in_manager().await;
    let plan = json!({"name": "Race", "kind": "multiple_trials", "synchronised": true, "seats": 1});
    let session = server.open_session(&manager, plan).await;
    server.seat_guest(&session, "Ada").await;
    let account = server.register("Member").await;
    let changed = json!({"old": PLAYER_PASSWORD, "new": "another password"});
    machine.advance(60_000);
    let _: Tokens =
        server.call(Method::PUT, "/v1/accounts/mine/password", Some(&account.access_token), Some(&changed)).await;
    drop(server);
    machine.step(-DAY);
    let server = TestServer::start_on(&open_engines(&data).await, &data, machine.clock(), &[]).await;
    assert_eq!(server.join(&session, None, "Bo").await.status(), StatusCode::CONFLICT, "Ada has the seat");
    machine.advance(30_000);
    server.seat_guest(&session, "Bo").await;
    for (name, password) in [(account.name.to_string(), "another password"), ("manager".to_owned(), MANAGER_PASSWORD)] {
        let body = json!({"name": name, "password": password});
        let tokens: Tokens = server.call(Method::POST, "/v1/tokens", None, Some(&body)).await;
        let body = json!({"nickname": "Any"});
        let _: Ticket = server.call(Method::POST, "/v1/games", Some(&tokens.access_token), Some(&body)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_game_of_bots_is_rejected_while_the_wall_clock_steps() {
    let (machine, data) = (Machine::new(), Arc::new(tempfile::tempdir().unwrap()));
    let tuning = write_short_tuning(data.path());
    let engines = open_engines(&data).await;
    let server = TestServer::start_on(&engines, &data, machine.clock(), &["--tuning", &tuning]).await;
    let manager = server.sign_in_manager().await;
    let bots = Bots::start(server.url.clone(), 10);
    for step in STEPS.into_iter().flat_map(|step| [step, -step]) {
        let events = server.event_flow(&manager).await.events;
        machine.step(step);
        server.event_flow_after(&manager, events + 20).await;
    }
    let report = bots.stop().await;
    assert_eq!(report.failures(), 0, "{:?}", report.errors);
    let flow = server.event_flow_after(&manager, report.events).await;
    assert_eq!(flow.rejected, 0);
    assert!(!server.standings().await.standings.is_empty());
}

/// Plays a game on two servers in turn. The other server's clock differs by `other` milliseconds from that of the server
/// that issued the ticket.
async fn play_on_two_servers(other: i64) {
    let (machine, data) = (Machine::new(), Arc::new(tempfile::tempdir().unwrap()));
    let engines = open_engines(&data).await;
    let neighbour = machine.neighbour(other);
    let servers = [
        TestServer::start_on(&engines, &data, machine.clock(), &[]).await,
        TestServer::start_on(&engines, &data, neighbour.clock(), &[]).await,
    ];
    let mut ticket = servers[0].ticket("Nomad").await;
    for number in 0..8 {
        machine.advance(1_000);
        let events = vec![hold(60 * number, Buttons::FIRE, 60)];
        send_when_due(&servers[number as usize % 2], &machine, &mut ticket, number, events).await;
    }
    let view = servers[0].processed_game(&ticket, 8).await;
    assert_eq!(view.verdict, Verdict::Live);
}

#[tokio::test(flavor = "multi_thread")]
async fn game_is_played_on_two_servers_of_which_the_other_is_ahead() {
    play_on_two_servers(3 * SECOND).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn game_is_played_on_two_servers_of_which_the_other_is_behind() {
    play_on_two_servers(-3 * SECOND).await;
}
