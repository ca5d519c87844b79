//! Attempts to earn a standing that no honest game would have, by players with valid tokens. The table of [`forgeries`]
//! has a row for each; other tests have more of some of them: `verdicts` forged events, `tickets` early starts and many
//! tickets, `secrecy` stolen logs, `adversary` all of them in real time.

use std::{
    ops::Range,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::common::{
    TestServer, eventually,
    games::{batch, hold, is_rejected, play_out, wait_until},
    manual_time::ManualTime,
    read_problem,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use shared::{
    api::{GameFigures, GameView, NewGame, ProblemCode, SessionView, Standings, Ticket, Tokens},
    event::{Event, EventKind, MAX_BATCH_BYTES, MAX_EVENTS},
    ranking::MAX_LAG_MILLIS,
    replay::{ButtonLog, Replay, Seed},
    rules::{Buttons, Game, RULES_VERSION, StateHash},
    session::{GRACE_MILLIS, Stage},
    standing::GameResult,
    time::{Tick, Timestamp},
    tuning::Tuning,
    verdict::{RejectionReason, Verdict},
};
use tokio::sync::Mutex;
use tools::look_ahead::LookAhead;

/// What the server says to the decisive request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Taken,
    Refused(u16, ProblemCode),
}

/// Where the adversary's game stands then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// No tick was taken.
    Unplayed,
    /// It ranks by its own play in time.
    AsPlayed,
    /// The same, and the rest is shown as late.
    Late,
    /// It ranks by less than half of the points that the log earned where it was played.
    Worthless,
    /// It is rejected and has no standing.
    Rejected(&'static str),
    /// It is shown, and does not rank.
    Unranked,
    /// It ranks, and has a mark.
    Marked,
    /// It ranks by a result that is not its own play in time, without a mark.
    Forged,
}

/// A row: what the server said and where the game stood.
type Got = (Says, Stands);

const TAKEN: Says = Says::Taken;
const INVALID_TOKEN: Says = Says::Refused(401, ProblemCode::InvalidToken);
const INVALID_BATCH: Says = Says::Refused(422, ProblemCode::BadRequest);
const GAP: Says = Says::Refused(409, ProblemCode::Gap);
const TOO_EARLY: Says = Says::Refused(429, ProblemCode::TooEarly);
const FORBIDDEN: Says = Says::Refused(403, ProblemCode::Forbidden);
const TOO_LARGE: Says = Says::Refused(413, ProblemCode::TooLarge);

/// A server whose time passes when the test says so, and its manager. Each adversary has a session of its own.
struct Arena {
    server: ManualTime,
    manager: Mutex<Tokens>,
    adversaries: AtomicU32,
}

/// An adversary's game.
struct Attack {
    session: SessionView,
    player_token: String,
    ticket: Ticket,
    /// The result of the adversary's own play in time.
    deserved: GameResult,
}

impl Arena {
    async fn start() -> Arena {
        let server = ManualTime::start().await;
        let manager = Mutex::new(server.sign_in_manager().await);
        Arena { server, manager, adversaries: AtomicU32::new(0) }
    }

    /// The manager, signed in again if the access token expires soon: hours pass in these tests.
    async fn manager(&self) -> Tokens {
        let mut manager = self.manager.lock().await;
        if manager.expires_at.millis_since(self.server.time().await) < 300_000 {
            *manager = self.server.sign_in_manager().await;
        }
        manager.clone()
    }

    /// A ticket for a game of a new session.
    async fn attack_in(&self, plan: Value) -> Attack {
        let session = self.server.open_session(&self.manager().await, plan).await;
        let name = format!("Mallory {}", self.adversaries.fetch_add(1, Ordering::Relaxed));
        let player_token = self.server.seat_guest(&session, &name).await.player_token.unwrap();
        let ticket = self.server.session_ticket(&session, &player_token).await;
        Attack { session, player_token, ticket, deserved: GameResult { score: 0, lives: 3, shots: 0 } }
    }

    async fn attack(&self) -> Attack {
        self.attack_in(json!({"name": "Cup", "kind": "multiple_trials"})).await
    }

    /// The same with four seconds of play: the countdown, and a second in which the ship fires.
    async fn played(&self) -> Attack {
        let mut attack = self.attack().await;
        self.play(&mut attack, 0, vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)]).await;
        attack
    }

    /// Plays honestly: all of it is deserved.
    async fn play(&self, attack: &mut Attack, first_seq: u32, events: Vec<Event>) {
        self.server.play(&mut attack.ticket, first_seq, events).await;
        self.server.settle().await;
        attack.deserved = self.view(attack).await.result;
    }

    async fn view(&self, attack: &Attack) -> GameView {
        self.server.processed_game(&attack.ticket, 0).await
    }

    /// Sends events when they are due.
    async fn send_due(&self, attack: &Attack, first_seq: u32, events: Vec<Event>) -> Says {
        self.server.pass_until_due(&attack.ticket, batch(first_seq, events.clone()).last_tick()).await;
        self.send(attack, first_seq, events).await
    }

    async fn send(&self, attack: &Attack, first_seq: u32, events: Vec<Event>) -> Says {
        says(self.server.send(&attack.ticket, &batch(first_seq, events)).await).await
    }

    /// Sends the body of a request for events with a token.
    async fn send_body(&self, attack: &Attack, token: Option<&str>, body: &Value) -> Says {
        let path = format!("/v1/games/{}/events", attack.ticket.game);
        says(self.server.request(Method::POST, &path, token, Some(body)).await).await
    }

    /// Where the game stands once everything is processed.
    async fn stands(&self, attack: &Attack) -> Stands {
        self.server.settle().await;
        let view = self.view(attack).await;
        let path = format!("/v1/standings?session={}", attack.session.session);
        let standings = self.server.get::<Standings>(&path).await.standings;
        let counted = standings.iter().find(|row| row.standing.player == view.player).map(|row| row.standing.result);
        match (view.verdict, counted) {
            (Verdict::Rejected { reason }, None) => Stands::Rejected(code(reason)),
            (Verdict::Rejected { .. }, Some(_)) => Stands::Forged,
            _ if view.tick == Tick::ZERO => Stands::Unplayed,
            (_, Some(counted)) if counted == attack.deserved && view.late => Stands::Late,
            (_, Some(counted)) if counted == attack.deserved => Stands::AsPlayed,
            _ => Stands::Forged,
        }
    }

    /// The same for a game that ranks: whether a manager sees a mark.
    async fn stands_with_marks(&self, attack: &Attack) -> Stands {
        self.server.settle().await;
        let view = self.view(attack).await;
        let path = format!("/v1/games/{}/figures", attack.ticket.game);
        let token = self.manager().await.access_token;
        let figures: GameFigures = self.server.call(Method::GET, &path, Some(&token), None).await;
        if !view.rank.is_ranked() {
            Stands::Unranked
        } else if figures.marks.is_empty() {
            Stands::Forged
        } else {
            Stands::Marked
        }
    }

    /// Sends events after four seconds of play, once they are due.
    async fn after_play(&self, first_seq: u32, events: Vec<Event>) -> Got {
        let attack = self.played().await;
        (self.send_due(&attack, first_seq, events).await, self.stands(&attack).await)
    }

    /// Sends events after four seconds of play at once.
    async fn at_once(&self, first_seq: u32, events: Vec<Event>) -> Got {
        let attack = self.played().await;
        (self.send(&attack, first_seq, events).await, self.stands(&attack).await)
    }

    /// Sends a body after four seconds of play.
    async fn with_body(&self, body: Value) -> Got {
        let attack = self.played().await;
        let says = self.send_body(&attack, Some(&attack.ticket.game_token), &body).await;
        (says, self.stands(&attack).await)
    }

    /// Sends a further second of play with another token than the game's.
    async fn with_token(&self, token: impl FnOnce(&Attack) -> Option<String>) -> Got {
        let attack = self.played().await;
        self.server.pass_until_due(&attack.ticket, Tick(300)).await;
        let body = json!(batch(2, vec![hold(240, Buttons::FIRE, 60)]));
        (self.send_body(&attack, token(&attack).as_deref(), &body).await, self.stands(&attack).await)
    }

    async fn with_token_of_another_game(&self) -> Got {
        let other = self.attack().await.ticket.game_token;
        self.with_token(|_| Some(other)).await
    }

    async fn with_expired_token(&self) -> Got {
        let attack = self.played().await;
        self.server.pass_until(attack.ticket.started_at.after_minutes(25 * 60)).await;
        let says = self.send(&attack, 2, vec![hold(240, Buttons::FIRE, 60)]).await;
        (says, self.stands(&attack).await)
    }

    /// Sends a recorded game of four minutes, whose 8,570 points were played on another seed. With `hash`, the hash of
    /// the recorded state follows.
    async fn stolen_log(&self, ticks: u32, hash: bool) -> Got {
        let attack = self.attack().await;
        let stolen = recorded_game();
        let mut own = Game::new(attack.ticket.tuning.clone(), known_seed(&attack.ticket));
        let mut log = ButtonLog::default();
        // The thief does not go on after the own game is over.
        for buttons in stolen.log.iter().take(ticks as usize) {
            if own.is_over() {
                break;
            }
            own.step(buttons);
            log.push(buttons);
        }
        let recorded = Replay { log: log.clone(), ..stolen.clone() }.run();
        let mut events = vec![Event { tick: Tick::ZERO, kind: EventKind::Buttons(log) }];
        events.extend(hash.then(|| Event { tick: recorded.tick, kind: EventKind::Hash(recorded.hash()) }));
        let says = self.send_due(&attack, 0, events).await;
        match self.stands(&attack).await {
            Stands::Forged if self.view(&attack).await.result.score * 2 < stolen.run().score => {
                (says, Stands::Worthless)
            }
            stands => (says, stands),
        }
    }

    /// A minute of play at the moment of the ticket.
    async fn whole_game_at_once(&self) -> Got {
        let attack = self.attack().await;
        let says = self.send(&attack, 0, vec![hold(0, Buttons::FIRE, 3_600)]).await;
        (says, self.stands(&attack).await)
    }

    async fn before_a_common_start(&self) -> Got {
        let plan = json!({"name": "Race", "kind": "multiple_trials", "synchronised": true});
        let session = self.server.open_session(&self.manager().await, plan).await;
        let player_token = self.server.seat_guest(&session, "Mallory").await.player_token.unwrap();
        let started = self.server.move_session(&self.manager().await, &session, json!({"move": "start"})).await;
        let Stage::Running { starts_at, .. } = started.stage else { panic!("{started:?}") };
        let ticket = self.server.session_ticket(&session, &player_token).await;
        let attack = Attack { session, player_token, ticket, deserved: GameResult { score: 0, lives: 3, shots: 0 } };
        self.server.pass_until(Timestamp(starts_at.0 - 500)).await;
        let says = self.send(&attack, 0, vec![hold(0, Buttons::FIRE, 118)]).await;
        (says, self.stands(&attack).await)
    }

    /// Plays on some time after the manager has closed the session. With `reopens`, it played on before as well, and
    /// the manager has opened the session again.
    async fn after_the_end(&self, wait_millis: u64, reopens: bool) -> Got {
        let mut attack = self.played().await;
        self.server.pass_until_due(&attack.ticket, Tick(300)).await;
        let closing = self.server.move_session(&self.manager().await, &attack.session, json!({"move": "close"})).await;
        let Stage::Closing { settles_at } = closing.stage else { panic!("{closing:?}") };
        let ends_at = Timestamp(settles_at.0 - GRACE_MILLIS);
        // Ticks of the last fractions of a second were due by the end, and may be sent after it.
        let in_time = Tick::last_due(attack.ticket.started_at, ends_at).0 - 240;
        self.play(&mut attack, 2, vec![hold(240, Buttons::empty(), in_time as usize)]).await;
        let tick = 240 + in_time;
        if reopens {
            self.server.play(&mut attack.ticket, 3, vec![hold(tick, Buttons::FIRE, 60)]).await;
        }
        self.server.pass_until(ends_at.after_millis(wait_millis)).await;
        if reopens {
            let path = format!("/v1/sessions/{}", attack.session.session);
            eventually("the session is closed", async || {
                let view: SessionView = self.server.get(&path).await;
                if matches!(view.stage, Stage::Closed { .. }) { Ok(()) } else { Err(format!("{:?}", view.stage)) }
            })
            .await;
            self.server.move_session(&self.manager().await, &attack.session, json!({"move": "reopen"})).await;
        }
        let (seq, tick) = if reopens { (4, tick + 60) } else { (3, tick) };
        (self.send_due(&attack, seq, vec![hold(tick, Buttons::FIRE, 120)]).await, self.stands(&attack).await)
    }

    /// Plays on in a game after the next one has begun.
    async fn two_games_at_once(&self) -> Got {
        let mut first = self.played().await;
        self.server.pass_until_due(&first.ticket, Tick(300)).await;
        let mut second = self.server.session_ticket(&first.session, &first.player_token).await;
        let in_time = Tick::last_due(first.ticket.started_at, second.started_at).0 - 240;
        self.play(&mut first, 2, vec![hold(240, Buttons::empty(), in_time as usize)]).await;
        self.server.play(&mut second, 0, vec![hold(0, Buttons::empty(), 1)]).await;
        let says = self.send_due(&first, 3, vec![hold(240 + in_time, Buttons::FIRE, 120)]).await;
        (says, self.stands(&first).await)
    }

    /// Asks for a ticket forty times. All must be the same game.
    async fn forty_tickets(&self) -> Got {
        let attack = self.attack().await;
        for _ in 0..40 {
            let again = self.server.session_ticket(&attack.session, &attack.player_token).await;
            if (again.game, again.seed) != (attack.ticket.game, attack.ticket.seed) {
                return (TAKEN, Stands::Forged);
            }
        }
        (TAKEN, self.stands(&attack).await)
    }

    /// Plays the first start of a game whose ticket was issued again.
    async fn old_start(&self) -> Got {
        let attack = self.attack().await;
        self.server.session_ticket(&attack.session, &attack.player_token).await;
        (self.send_due(&attack, 0, vec![hold(0, Buttons::FIRE, 60)]).await, self.stands(&attack).await)
    }

    /// Asks for another game after the only attempt.
    async fn second_attempt(&self) -> Got {
        let mut attack = self.attack_in(json!({"name": "Final", "kind": "single_trial"})).await;
        self.play(&mut attack, 0, vec![hold(0, Buttons::FIRE, 240)]).await;
        let refused = self.server.request_session_ticket(&attack.session, &attack.player_token).await;
        (says(refused).await, self.stands(&attack).await)
    }

    /// Plays a game to its end by the rules, and does not say so. Then it goes on for some ticks.
    async fn past_the_end(&self, ticks: usize) -> Got {
        let tuning = Tuning {
            name: "short".to_owned(),
            invader_initial_velocity: 600.0.into(),
            invader_drop_distance: 100.0.into(),
            ..Tuning::default()
        };
        let mut attack = self.attack_in(json!({"name": "Cup", "kind": "multiple_trials", "tuning": tuning})).await;
        let (mut events, game) = play_out(&attack.ticket, Buttons::FIRE);
        events.pop();
        let (seq, end) = (events.len() as u32, game.state().tick);
        self.play(&mut attack, 0, events).await;
        assert_eq!(self.view(&attack).await.verdict, Verdict::Verified);
        let says = match ticks {
            0 => TAKEN,
            ticks => self.send_due(&attack, seq, vec![hold(end.0, Buttons::FIRE, ticks)]).await,
        };
        (says, self.stands(&attack).await)
    }

    /// Reports the end of a running game, with the right hash.
    async fn end_too_early(&self) -> Got {
        let attack = self.played().await;
        let hash = self.view(&attack).await.hash.unwrap();
        let over = vec![Event { tick: Tick(240), kind: EventKind::Over(hash) }];
        (self.send(&attack, 2, over).await, self.stands(&attack).await)
    }

    /// Plays ten seconds in forty.
    async fn slow_motion(&self) -> Got {
        let attack = self.attack().await;
        self.server.pass_until_due(&attack.ticket, Tick(2_400)).await;
        let says = self.send(&attack, 0, vec![hold(0, Buttons::FIRE, 600)]).await;
        (says, self.stands_with_marks(&attack).await)
    }

    /// Sends a minute of play when it is due, as one batch.
    async fn bulk(&self) -> Got {
        let attack = self.attack().await;
        let says = self.send_due(&attack, 0, vec![hold(0, Buttons::FIRE, 3_600)]).await;
        (says, self.stands_with_marks(&attack).await)
    }

    /// Sends the first button of a real-time session too late.
    async fn late_button(&self) -> Got {
        let attack = self.attack_in(json!({"name": "Final", "kind": "multiple_trials", "real_time": true})).await;
        self.server.pass_until(attack.ticket.started_at.after_millis(MAX_LAG_MILLIS + 1_000)).await;
        let says = self.send(&attack, 0, vec![hold(0, Buttons::FIRE, 600)]).await;
        (says, self.stands_with_marks(&attack).await)
    }

    /// Reads the replay of a game of a session whose games share a seed, with and without a token.
    async fn replay_of_a_shared_seed(&self) -> Got {
        let mut leader = self.attack_in(json!({"name": "Duel", "kind": "multiple_trials", "shared_seed": true})).await;
        let seated = self.server.seat_guest(&leader.session, "Thief").await;
        self.play(&mut leader, 0, vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)]).await;
        let path = format!("/v1/games/{}/replay", leader.ticket.game);
        let mut answer = TAKEN;
        for token in [None, seated.player_token.as_deref()] {
            answer = says(self.server.request(Method::GET, &path, token, None).await).await;
        }
        (answer, self.stands(&leader).await)
    }

    /// Computes a game of 90 seconds by looking ahead, and sends it as a browser does, in small batches.
    async fn look_ahead(&self, mut player: LookAhead) -> Got {
        let mut attack = self.attack().await;
        let mut game = Game::new(attack.ticket.tuning.clone(), known_seed(&attack.ticket));
        let mut seq = 0;
        while !game.is_over() && game.state().tick < Tick(90 * 60) {
            let tick = game.state().tick;
            let mut log = ButtonLog::default();
            while !game.is_over() && log.ticks() < 240 {
                let buttons = player.buttons(&game);
                log.push(buttons);
                game.step(buttons);
            }
            self.server.play(&mut attack.ticket, seq, vec![Event { tick, kind: EventKind::Buttons(log) }]).await;
            seq += 1;
        }
        (TAKEN, self.stands_with_marks(&attack).await)
    }

    /// Asks for a ticket with the rules of another version.
    async fn other_rules(&self) -> Got {
        let attack = self.attack().await;
        let request = NewGame {
            nickname: "Mallory".parse().unwrap(),
            session: Some(attack.session.session),
            player_token: Some(attack.player_token.clone()),
            rules_version: Some(RULES_VERSION - 1),
        };
        let refused = self.server.request(Method::POST, "/v1/games", None, Some(&json!(request))).await;
        (says(refused).await, self.stands(&attack).await)
    }
}

async fn says(response: Response) -> Says {
    if response.status().is_success() {
        return Says::Taken;
    }
    let (status, problem) = read_problem(response).await;
    Says::Refused(status.as_u16(), problem.code)
}

fn code(reason: RejectionReason) -> &'static str {
    match reason {
        RejectionReason::AheadOfTime { .. } => "ahead_of_time",
        RejectionReason::Rewritten { .. } => "rewritten",
        RejectionReason::BrokenLog { .. } => "broken_log",
        RejectionReason::HashMismatch { .. } => "hash_mismatch",
        RejectionReason::NotOver { .. } => "not_over",
        RejectionReason::PastEnd { .. } => "past_end",
        RejectionReason::TooLong => "too_long",
    }
}

/// A golden game of four minutes in preset arcade, by a player who looks ahead.
fn recorded_game() -> Replay {
    let golden: Value = serde_json::from_str(include_str!("../../../shared/tests/golden/12.json")).unwrap();
    serde_json::from_value(golden["replay"].clone()).unwrap()
}

fn known_seed(ticket: &Ticket) -> Seed {
    ticket.seed.known().unwrap()
}

/// The attack's game token with another value of a claim.
fn edited(attack: &Attack, claim: &str, value: Value) -> Option<String> {
    let [header, claims, signature] = attack.ticket.game_token.split('.').collect::<Vec<_>>()[..] else {
        panic!("not a JWT")
    };
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert!(claims.get(claim).is_some(), "{claims}");
    claims[claim] = value;
    Some(format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string())))
}

/// An event about the page.
fn paused(tick: u32) -> Event {
    Event { tick: Tick(tick), kind: EventKind::Paused }
}

#[tokio::test(flavor = "multi_thread")]
async fn forgeries() {
    let arena = Arena::start().await;
    let claim = |kind| vec![Event { tick: Tick(240), kind }];
    let hash = EventKind::Hash(StateHash(1));
    let events = |events: Value| json!({"schema": 1, "first_seq": 2, "events": events});
    let hour = hold(240, Buttons::FIRE, 60 * 60 * 60);
    let rejected = |code| (TAKEN, Stands::Rejected(code));
    let refused = |says| (says, Stands::AsPlayed);
    let unplayed = |says| (says, Stands::Unplayed);
    let rows: Vec<(&str, Got, Got)> = vec![
        // Another player's game.
        ("a stolen log of another seed", arena.stolen_log(14_400, false).await, (TAKEN, Stands::Worthless)),
        ("a stolen log with its hash", arena.stolen_log(1_200, true).await, rejected("hash_mismatch")),
        ("the replay of a shared seed", arena.replay_of_a_shared_seed().await, refused(FORBIDDEN)),
        // Programs.
        ("a game in slow motion", arena.slow_motion().await, (TAKEN, Stands::Marked)),
        ("a minute in one batch", arena.bulk().await, (TAKEN, Stands::Marked)),
        ("a late button of a real-time session", arena.late_button().await, (TAKEN, Stands::Unranked)),
        ("a game of look-ahead", arena.look_ahead(LookAhead::default()).await, (TAKEN, Stands::Marked)),
        ("look-ahead with equal holds", arena.look_ahead(LookAhead::new(3)).await, (TAKEN, Stands::Marked)),
        ("look-ahead with varied holds", arena.look_ahead(LookAhead::with_hands(1)).await, (TAKEN, Stands::Marked)),
        // Tickets.
        ("forty requests for a ticket", arena.forty_tickets().await, unplayed(TAKEN)),
        ("an old start of a game", arena.old_start().await, unplayed(INVALID_TOKEN)),
        (
            "a second attempt of one",
            arena.second_attempt().await,
            refused(Says::Refused(409, ProblemCode::NoAttemptLeft)),
        ),
        ("two games at once", arena.two_games_at_once().await, (TAKEN, Stands::Late)),
        (
            "rules of an earlier version",
            arena.other_rules().await,
            unplayed(Says::Refused(409, ProblemCode::OutdatedClient)),
        ),
        // The wrong time.
        ("a whole game at once", arena.whole_game_at_once().await, unplayed(TOO_EARLY)),
        ("an hour of play at once", arena.at_once(2, vec![hour.clone()]).await, refused(TOO_EARLY)),
        ("ticks before a common start", arena.before_a_common_start().await, unplayed(TOO_EARLY)),
        ("ticks within the grace period", arena.after_the_end(1_000, false).await, (TAKEN, Stands::Late)),
        ("ticks after the grace period", arena.after_the_end(11_000, false).await, (TAKEN, Stands::Late)),
        ("ticks after reopening", arena.after_the_end(11_000, true).await, (TAKEN, Stands::Late)),
        ("an end that is not said", arena.past_the_end(0).await, (TAKEN, Stands::AsPlayed)),
        ("buttons past the end", arena.past_the_end(1).await, rejected("past_end")),
        ("an event of the last tick of all", arena.at_once(2, vec![paused(u32::MAX)]).await, refused(TOO_EARLY)),
        // Lies about the game.
        ("a wrong hash", arena.after_play(2, claim(hash)).await, rejected("hash_mismatch")),
        (
            "an end with a wrong hash",
            arena.after_play(2, claim(EventKind::Over(StateHash(1)))).await,
            rejected("hash_mismatch"),
        ),
        ("an end that is none", arena.end_too_early().await, rejected("not_over")),
        ("other buttons again", arena.after_play(1, vec![hold(180, Buttons::LEFT, 60)]).await, rejected("rewritten")),
        (
            "the same buttons at other ticks",
            arena.after_play(1, vec![hold(179, Buttons::FIRE, 60)]).await,
            rejected("rewritten"),
        ),
        ("ticks left out", arena.after_play(2, vec![hold(300, Buttons::FIRE, 60)]).await, rejected("broken_log")),
        ("ticks played twice", arena.after_play(2, vec![hold(180, Buttons::LEFT, 60)]).await, rejected("broken_log")),
        // Batches.
        (
            "the same events again",
            arena.after_play(1, vec![hold(180, Buttons::FIRE, 60)]).await,
            (TAKEN, Stands::AsPlayed),
        ),
        ("events left out", arena.after_play(3, vec![hold(240, Buttons::FIRE, 60)]).await, refused(GAP)),
        ("no event", arena.at_once(2, vec![]).await, refused(INVALID_BATCH)),
        ("too many events", arena.at_once(2, vec![paused(240); MAX_EVENTS + 1]).await, refused(INVALID_BATCH)),
        (
            "too many bytes",
            arena.at_once(2, claim(EventKind::Error("x".repeat(MAX_BATCH_BYTES)))).await,
            refused(TOO_LARGE),
        ),
        (
            "a button log without ticks",
            arena.at_once(2, vec![hold(240, Buttons::FIRE, 0)]).await,
            refused(INVALID_BATCH),
        ),
        (
            "a score in a batch",
            arena.with_body(json!({"schema": 1, "first_seq": 2, "score": 9, "events": []})).await,
            refused(INVALID_BATCH),
        ),
        (
            "a score in an event",
            arena.with_body(events(json!([{"tick": 240, "what": "paused", "score": 9}]))).await,
            refused(INVALID_BATCH),
        ),
        (
            "a score as an event",
            arena.with_body(events(json!([{"tick": 240, "what": {"score": 9}}]))).await,
            refused(INVALID_BATCH),
        ),
        // Tokens.
        ("no token", arena.with_token(|_| None).await, refused(INVALID_TOKEN)),
        (
            "the player's token",
            arena.with_token(|attack| Some(attack.player_token.clone())).await,
            refused(INVALID_TOKEN),
        ),
        (
            "the token of another game",
            arena.with_token_of_another_game().await,
            refused(Says::Refused(403, ProblemCode::WrongGame)),
        ),
        (
            "a token with another number",
            arena.with_token(|attack| edited(attack, "due", json!(9))).await,
            refused(INVALID_TOKEN),
        ),
        (
            "a token with an earlier start",
            arena.with_token(|attack| edited(attack, "started_at", json!(0))).await,
            refused(INVALID_TOKEN),
        ),
        ("an expired token", arena.with_expired_token().await, refused(INVALID_TOKEN)),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(_, got, expected)| got != expected)
        .map(|(name, got, expected)| format!("{name}: {got:?} instead of {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A session without an end, and a guest with a seat.
struct Cup {
    server: TestServer,
    manager: Tokens,
    session: SessionView,
    token: String,
}

impl Cup {
    async fn start() -> Cup {
        let server = TestServer::start(&[]).await;
        let manager = server.sign_in_manager().await;
        let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
        let token = server.seat_guest(&session, "Mallory").await.player_token.unwrap();
        Cup { server, manager, session, token }
    }

    async fn ticket(&self) -> Ticket {
        self.server.session_ticket(&self.session, &self.token).await
    }

    async fn standings(&self) -> Standings {
        self.server.get(&format!("/v1/standings?session={}", self.session.session)).await
    }
}

/// Sends seconds of play in which the ship fires, after the first `seconds` seconds of a game. Each is an event.
async fn play(server: &TestServer, ticket: &mut Ticket, seconds: Range<u32>) -> GameView {
    let events = seconds.clone().map(|second| hold(second * 60, Buttons::FIRE, 60)).collect();
    server.send_ok(ticket, seconds.start, events).await;
    server.processed_game(ticket, seconds.end).await
}

#[tokio::test]
async fn only_the_newest_game_of_a_player_counts_in_a_session() {
    let cup = Cup::start().await;
    let mut first = cup.ticket().await;
    play(&cup.server, &mut first, 0..4).await;
    let mut second = cup.ticket().await;
    play(&cup.server, &mut second, 0..1).await;
    let parallel = play(&cup.server, &mut first, 4..6).await;
    assert!(parallel.late && parallel.tick == Tick(360), "it is shown and does not count");
    assert!(!play(&cup.server, &mut second, 1..4).await.late);
}

#[tokio::test]
async fn a_player_of_open_play_can_play_three_games_at_once() {
    let server = TestServer::start(&[]).await;
    let mut games: Vec<Ticket> = Vec::new();
    for _ in 0..4 {
        let token = games.first().map(|ticket| ticket.player_token.clone());
        let mut ticket = server.ticket_of("Mallory", token).await;
        play(&server, &mut ticket, 0..1).await;
        games.push(ticket);
    }
    let [first, second, ..] = &mut games[..] else { unreachable!() };
    assert_eq!(first.player, second.player);
    // The first game could be played until the fourth began.
    assert!(play(&server, first, 1..9).await.late);
    assert!(!play(&server, second, 1..2).await.late);
}

#[tokio::test]
async fn buttons_after_the_end_of_the_game_are_rejected() {
    let server = TestServer::start_short().await;
    let mut ticket = server.ticket("Mallory").await;
    let (mut events, game) = play_out(&ticket, Buttons::FIRE);
    let end = game.state().tick;
    // It never says that it is over.
    assert!(matches!(events.pop(), Some(Event { kind: EventKind::Over(_), .. })));
    let count = events.len() as u32;
    server.send_ok(&mut ticket, 0, events).await;
    assert_eq!(server.processed_game(&ticket, count).await.verdict, Verdict::Verified);
    server.send_ok(&mut ticket, count, vec![hold(end.0, Buttons::FIRE, 60)]).await;
    let view = server.game_when(&ticket, is_rejected).await;
    assert_eq!(view.verdict, Verdict::Rejected { reason: RejectionReason::PastEnd { at: end } });
    assert_eq!(view.tick, end);
    assert!(server.standings().await.standings.is_empty());
}

#[tokio::test]
async fn what_was_played_after_the_end_does_not_count_when_the_session_is_open_again() {
    let cup = Cup::start().await;
    let mut ticket = cup.ticket().await;
    play(&cup.server, &mut ticket, 0..4).await;
    let closing = cup.server.move_session(&cup.manager, &cup.session, json!({"move": "close"})).await;
    let Stage::Closing { settles_at } = closing.stage else { panic!("{closing:?}") };
    // Ticks that were due after the end are sent within the grace period.
    let late = play(&cup.server, &mut ticket, 4..6).await;
    assert!(late.late);
    let counted = cup.standings().await;
    wait_until(settles_at).await;
    cup.server.move_session(&cup.manager, &cup.session, json!({"move": "reopen"})).await;
    play(&cup.server, &mut ticket, 6..8).await;
    assert_eq!(cup.standings().await, counted);
}

#[tokio::test]
async fn of_equal_results_the_first_one_stands_first_whatever_its_nickname() {
    let cup = Cup::start().await;
    let mirror = cup.server.seat_guest(&cup.session, "!").await.player_token.unwrap();
    let mut second = cup.server.session_ticket(&cup.session, &mirror).await;
    let mut first = cup.ticket().await;
    // One shot each. The player whose ticket is the older one sends it later.
    for ticket in [&mut first, &mut second] {
        let events = vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 2)];
        cup.server.send_ok(ticket, 0, events).await;
        cup.server.processed_game(ticket, 2).await;
    }
    let standings = cup.standings().await.standings;
    let names: Vec<&str> = standings.iter().map(|row| row.standing.nickname.as_str()).collect();
    assert_eq!(standings[0].standing.result, standings[1].standing.result);
    assert_eq!(names, ["Mallory", "!"]);
}
