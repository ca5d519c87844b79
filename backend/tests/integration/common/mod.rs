//! A real server process on a real socket with a data folder of its own, and honest games to play on it.

#[macro_use]
mod laws;

pub mod aws;
pub mod cognito;
pub mod kinesis;
pub mod lambda;
pub mod sharing;
pub mod storm;
pub mod truth;

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use backend::clock;
use reqwest::{Client, Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::{
    api::{Ack, FlowView, GameView, NewGame, Problem, SessionView, Standings, Ticket, Tokens},
    event::{Batch, Event, EventKind, SCHEMA_VERSION},
    ids::Seq,
    replay::ButtonLog,
    rules::{Buttons, Game},
    time::{Tick, Timestamp},
    verdict::Verdict,
};
use tempfile::TempDir;

/// How long a condition may take to come true.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tuning whose games are over seconds after the countdown: the invaders come straight down.
pub const SHORT: &str = "name = \"short\"\ninvader_initial_velocity = 600\ninvader_drop_distance = 100\n";

/// The first manager's password.
pub const MANAGER_PASSWORD: &str = "a manager's password";

/// A running server. It is killed when dropped.
pub struct TestServer {
    child: Child,
    pub url: String,
    pub client: Client,
    data: TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl TestServer {
    /// Starts a server with a fresh data folder.
    pub fn start(arguments: &[&str]) -> TestServer {
        TestServer::start_in(tempfile::tempdir().unwrap(), arguments, &[])
    }

    /// Starts a server whose games are short.
    pub fn start_short() -> TestServer {
        TestServer::start_short_with(&[])
    }

    /// The same with more arguments.
    pub fn start_short_with(arguments: &[&str]) -> TestServer {
        let (data, tuning) = short_tuning();
        TestServer::start_in(data, &[&["--tuning", &tuning], arguments].concat(), &[])
    }

    /// Starts a server whose games are short, with events on a Kinesis stream.
    pub fn start_on_kinesis(endpoint: &str, stream: &str) -> TestServer {
        let (data, tuning) = short_tuning();
        TestServer::start_in(data, &["--tuning", &tuning, "--kinesis", stream], &aws::variables(endpoint))
    }

    /// Starts a server whose games are short, with everything on AWS; others that are started so share it.
    pub fn start_on_aws(endpoint: &str, arguments: &[&str]) -> TestServer {
        let (data, tuning) = short_tuning();
        let given = [&["--tuning", &tuning], &aws::SHARED[..], arguments].concat();
        let environment = [&aws::variables(endpoint)[..], &[("ALIEN_KEY", aws::KEY)]].concat();
        TestServer::start_in(data, &given, &environment)
    }

    /// Starts a server that logs as finely as `filter` says, into a file.
    pub fn start_logged(filter: &str, log: File) -> TestServer {
        let data = tempfile::tempdir().unwrap();
        let (child, url) = started(serve(data.path(), 0, &[], &[]).env("RUST_LOG", filter).stderr(log));
        TestServer { child, url, client: client(), data, arguments: Vec::new(), environment: Vec::new() }
    }

    fn start_in(data: TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> TestServer {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let environment: Vec<(String, String)> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (child, url) = started(&mut serve(data.path(), 0, &arguments, &environment));
        TestServer { child, url, client: client(), data, arguments, environment }
    }

    /// Kills the server without a warning and starts it again on the same port.
    pub fn kill_and_restart(&mut self) {
        self.kill();
        self.restart();
    }

    /// Kills the server without a warning.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts the server again on the same port.
    pub fn restart(&mut self) {
        let port = self.url.rsplit(':').next().unwrap().parse().unwrap();
        (self.child, self.url) = started(&mut serve(self.data.path(), port, &self.arguments, &self.environment));
        // The old one holds connections to the server that was.
        self.client = client();
    }

    /// Asks the server to stop, as Ctrl-C does, and waits until it has.
    pub fn stop(&mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// The most memory that it has had so far, bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.unwrap()
    }

    /// A ticket for a new player.
    pub async fn ticket(&self, nickname: &str) -> Ticket {
        let request = NewGame { nickname: nickname.parse().unwrap(), session: None, player_token: None };
        let answer = self.client.post(format!("{}/v1/games", self.url)).json(&request).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        answer.json().await.unwrap()
    }

    /// Sends a batch of the ticket's game.
    pub async fn send(&self, ticket: &Ticket, batch: &Batch) -> Response {
        let address = format!("{}/v1/games/{}/events", self.url, ticket.game);
        self.client.post(address).bearer_auth(&ticket.game_token).json(batch).send().await.unwrap()
    }

    /// Sends events that must be acknowledged, and keeps the token for the next ones in the ticket.
    pub async fn send_ok(&self, ticket: &mut Ticket, first_seq: u32, events: Vec<Event>) -> Ack {
        let answer = self.send(ticket, &batch(first_seq, events)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let ack: Ack = answer.json().await.unwrap();
        ticket.game_token.clone_from(&ack.game_token);
        ack
    }

    /// The game once `done` is true of it.
    pub async fn game_when(&self, ticket: &Ticket, done: impl Fn(&GameView) -> bool) -> GameView {
        let started = Instant::now();
        let address = format!("{}/v1/games/{}", self.url, ticket.game);
        loop {
            let answer = self.client.get(&address).send().await.unwrap();
            // Unknown until the processor has come to its ticket.
            let view: Option<GameView> = if answer.status() == StatusCode::NOT_FOUND {
                None
            } else {
                Some(answer.error_for_status().unwrap().json().await.unwrap())
            };
            match view {
                Some(view) if done(&view) => return view,
                view => assert!(started.elapsed() < PATIENCE, "it never came true; the game is {view:?}"),
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The game once `events` of it have been processed.
    pub async fn game_at(&self, ticket: &Ticket, events: u32) -> GameView {
        self.game_when(ticket, |view| view.next_seq >= Seq(events)).await
    }

    /// What an address answers to somebody, or to nobody.
    pub async fn ask(&self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    /// The same, where it must succeed and says something.
    pub async fn told<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> T {
        let answer = self.ask(method.clone(), path, token, body).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The first manager, signed in.
    pub async fn manager(&self) -> Tokens {
        let body = json!({"name": "manager", "password": MANAGER_PASSWORD});
        self.told(Method::POST, "/v1/tokens", None, Some(&body)).await
    }

    /// Somebody with a new account.
    pub async fn account(&self, nickname: &str) -> Tokens {
        let body = json!({"nickname": nickname, "password": "a player's password"});
        self.told(Method::POST, "/v1/accounts", None, Some(&body)).await
    }

    /// A session of that plan.
    pub async fn session(&self, manager: &Tokens, plan: Value) -> SessionView {
        self.told(Method::POST, "/v1/sessions", Some(&manager.access_token), Some(&plan)).await
    }

    /// A session of that plan, opened.
    pub async fn open_session(&self, manager: &Tokens, plan: Value) -> SessionView {
        let session = self.session(manager, plan).await;
        self.act(manager, &session, json!({"move": "open"})).await
    }

    /// The session after a move.
    pub async fn act(&self, manager: &Tokens, session: &SessionView, wanted: Value) -> SessionView {
        let path = format!("/v1/sessions/{}/moves", session.session);
        self.told(Method::POST, &path, Some(&manager.access_token), Some(&wanted)).await
    }

    /// A seat in a session.
    pub async fn join(&self, session: &SessionView, token: Option<&str>, nickname: &str) -> Response {
        let path = format!("/v1/sessions/{}/seats", session.session);
        self.ask(Method::POST, &path, token, Some(&json!({"nickname": nickname}))).await
    }

    /// A ticket for a game of a session.
    pub async fn session_ticket(&self, session: &SessionView, token: &str) -> Response {
        let body = json!({"nickname": "Whoever", "session": session.session});
        self.ask(Method::POST, "/v1/games", Some(token), Some(&body)).await
    }

    /// The flow of events, as the desk shows it.
    pub async fn flow(&self, manager: &Tokens) -> FlowView {
        self.told(Method::GET, "/v1/flow", Some(&manager.access_token), None).await
    }

    /// The flow once so many events have passed, or more.
    pub async fn flow_of(&self, manager: &Tokens, events: u64) -> FlowView {
        let started = Instant::now();
        loop {
            let flow = self.flow(manager).await;
            if flow.events >= events {
                return flow;
            }
            assert!(started.elapsed() < PATIENCE, "{events} events should have passed: {flow:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many records wait for a second try, as far as is told.
    pub async fn dead_letters(&self) -> u64 {
        self.flow(&self.manager().await).await.dead_letters
    }

    pub async fn standings(&self) -> Standings {
        self.get("/v1/standings?top=100").await
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that keeps no connection for as long as the server does: one that it closes in that very moment would fail.
fn client() -> Client {
    Client::builder().pool_idle_timeout(Duration::from_secs(5)).build().unwrap()
}

/// A data folder with the file of a tuning whose games are short.
fn short_tuning() -> (TempDir, String) {
    let data = tempfile::tempdir().unwrap();
    let tuning = data.path().join("short.toml");
    std::fs::write(&tuning, SHORT).unwrap();
    (data, tuning.to_str().unwrap().to_owned())
}

fn serve(data: &Path, port: u16, arguments: &[String], environment: &[(String, String)]) -> Command {
    let mut command = backend();
    command
        .arg("serve")
        .args(["--port", &port.to_string()])
        .arg("--data")
        .arg(data)
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .env("RUST_LOG", "warn")
        .env("ALIEN_MANAGER_PASSWORD", MANAGER_PASSWORD);
    command
}

/// The process, once it listens, and where.
fn started(command: &mut Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("Open ").expect("the server did not start").to_owned();
    (child, url)
}

/// A number from the environment, for tests that can be run at full size.
pub fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().map_or(default, |value| value.parse().expect(name))
}

/// The server's program.
pub fn backend() -> Command {
    Command::new(PathBuf::from(env!("CARGO_BIN_EXE_backend")))
}

/// A batch of this version.
pub fn batch(first_seq: u32, events: Vec<Event>) -> Batch {
    Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events }
}

/// Buttons held for `ticks` from `tick` on.
pub fn hold(tick: u32, buttons: Buttons, ticks: usize) -> Event {
    let log: ButtonLog = std::iter::repeat_n(buttons, ticks).collect();
    Event { tick: Tick(tick), kind: EventKind::Buttons(log) }
}

/// The ticket's game played to its end with `buttons` held: its events, as a browser would number them, and the game.
pub fn play_out(ticket: &Ticket, buttons: Buttons) -> (Vec<Event>, Game) {
    let mut game = Game::new(ticket.tuning.clone(), ticket.seed);
    let mut events = Vec::new();
    while !game.is_over() {
        let from = game.state().tick;
        let mut log = ButtonLog::default();
        while !game.is_over() && log.ticks() < 60 {
            log.push(buttons);
            game.step(buttons);
        }
        events.push(Event { tick: from, kind: EventKind::Buttons(log) });
    }
    let state = game.state();
    events.push(Event { tick: state.tick, kind: EventKind::Over(state.hash()) });
    (events, game)
}

/// Waits until the server's clock, which is this machine's, has passed that instant.
pub async fn until(at: Timestamp) {
    tokio::time::sleep(Duration::from_millis(at.0.saturating_sub(clock::now().0))).await;
    assert!(clock::now() >= at);
}

/// Waits until as much time has passed as `tick` takes to play.
pub async fn until_playable(ticket: &Ticket, tick: Tick) {
    until(ticket.started_at.after_millis(tick.millis())).await;
}

/// What is wrong, by the answer's body.
pub async fn problem(answer: Response) -> (StatusCode, Problem) {
    let status = answer.status();
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{status}");
    (status, answer.json().await.unwrap())
}

/// Whether a game was rejected.
pub fn is_rejected(view: &GameView) -> bool {
    matches!(view.verdict, Verdict::Rejected { .. })
}
