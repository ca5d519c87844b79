//! Copies of another player's game of the same seed are found and held back, whichever game is processed first, and a
//! manager decides.

use std::sync::Arc;

use backend::{
    clock::Clock,
    domain::{
        processor::{Processor, Progress},
        sessions::Sessions,
    },
    engine::{
        Engines,
        store::ShardRow,
        stream::{Checkpoint, ShardId},
    },
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    api::{GameView, SessionView, Standings, Ticket},
    event::{Event, EventKind},
    ids::{GameId, PlayerId},
    ranking::{RankStatus, UnrankedCause},
    record::{GameMarked, Record, TicketIssued},
    replay::Seed,
    rules::{Buttons, RULES_VERSION},
    session::{Move, Plan, SessionId},
    time::{Tick, Timestamp},
    tuning::Tuning,
};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::common::{TestServer, games::batch, now, two_shards::TwoShards};

const NONE: Buttons = Buttons::empty();
const FIRE: Buttons = Buttons::FIRE;
/// Left and right together do not move the ship.
const BOTH: Buttons = Buttons::LEFT.union(Buttons::RIGHT);

/// Lively play of eleven seconds: the ship moves to and fro in steps of so many ticks. Between two moves it holds
/// `rest`.
fn lively(step: usize, rest: Buttons) -> Vec<Buttons> {
    let moves = [Buttons::LEFT, rest, Buttons::RIGHT | FIRE, FIRE];
    (0..660).map(|tick| moves[tick / step % moves.len()]).collect()
}

fn event(buttons: &[Buttons]) -> Event {
    Event { tick: Tick::ZERO, kind: EventKind::Buttons(buttons.iter().copied().collect()) }
}

/// The cause for which a game does not rank, if it is a copy.
fn copy_of(view: &GameView) -> Option<(GameId, Tick)> {
    match view.rank {
        RankStatus::Unranked { cause: UnrankedCause::Copy { of, at } } => Some((of, at)),
        _ => None,
    }
}

/// A running session, with a game for each of some players.
struct Cup<'s> {
    server: &'s TestServer,
    session: SessionView,
    tickets: Vec<Ticket>,
}

impl Cup<'_> {
    async fn start<'s>(server: &'s TestServer, shared_seed: bool, players: &[&str]) -> Cup<'s> {
        let manager = server.sign_in_manager().await;
        let plan = json!({"name": "Cup", "kind": "multiple_trials", "shared_seed": shared_seed});
        let session = server.open_session(&manager, plan).await;
        let mut tickets = Vec::new();
        for player in players {
            let token = server.seat_guest(&session, player).await.player_token.unwrap();
            tickets.push(server.session_ticket(&session, &token).await);
        }
        Cup { server, session, tickets }
    }

    /// A player sends a whole game at once.
    async fn play(&mut self, player: usize, buttons: &[Buttons]) {
        self.server.send_ok(&mut self.tickets[player], 0, vec![event(buttons)]).await;
        self.server.processed_game(&self.tickets[player], 1).await;
    }

    /// The log of a player's game, as an accomplice gets it from the player.
    async fn log(&self, player: usize) -> Vec<Buttons> {
        let Ticket { game, player_token, .. } = &self.tickets[player];
        self.server.replay(*game, Some(player_token)).await.replay.log.iter().collect()
    }

    /// The game of a player once it is held back as a copy.
    async fn copy(&self, player: usize) -> (GameId, Tick) {
        let view = self.server.game_when(&self.tickets[player], |view| copy_of(view).is_some()).await;
        assert_eq!(view.tick, Tick(660), "it is shown");
        copy_of(&view).unwrap()
    }

    async fn ranked_games(&self) -> Vec<GameId> {
        let standings: Standings = self.server.get(&format!("/v1/standings?session={}", self.session.session)).await;
        let mut games: Vec<GameId> = standings.standings.iter().map(|row| row.standing.game).collect();
        games.sort_unstable();
        games
    }

    /// The games of these players, in order.
    fn games(&self, players: &[usize]) -> Vec<GameId> {
        let mut games: Vec<GameId> = players.iter().map(|player| self.tickets[*player].game).collect();
        games.sort_unstable();
        games
    }
}

#[tokio::test]
async fn copies_are_held_back_until_a_manager_decides() {
    let server = TestServer::start(&[]).await;
    let mut other_seeds = Cup::start(&server, false, &["Ada", "Mallory"]).await;
    let mut cup = Cup::start(&server, true, &["Ada", "Bo", "Mallory", "Trudy", "Eve"]).await;
    let [ada, bo, mallory, trudy, eve] = [0, 1, 2, 3, 4];
    for player in [0, 1] {
        other_seeds.play(player, &lively(7, NONE)).await;
    }
    cup.play(ada, &lively(7, NONE)).await;
    cup.play(bo, &lively(9, NONE)).await;
    let stolen = cup.log(ada).await;
    assert_eq!(stolen, lively(7, NONE));
    let mut with_another_move = stolen.clone();
    with_another_move[200..206].fill(Buttons::LEFT);
    let with_useless_buttons: Vec<Buttons> =
        stolen.iter().map(|buttons| if buttons.is_empty() { BOTH } else { *buttons }).collect();
    let original = cup.tickets[ada].game;
    cup.play(mallory, &stolen).await;
    assert_eq!(cup.copy(mallory).await, (original, Tick(300)));
    cup.play(trudy, &with_another_move).await;
    assert_eq!(cup.copy(trudy).await, (original, Tick(600)));
    cup.play(eve, &with_useless_buttons).await;
    assert_eq!(cup.copy(eve).await.0, original);

    assert_eq!(cup.ranked_games().await, cup.games(&[ada, bo]));
    assert_eq!(other_seeds.ranked_games().await, other_seeds.games(&[0, 1]));

    let manager = server.sign_in_manager().await.access_token;
    let path = format!("/v1/games/{}", cup.tickets[mallory].game);
    let response = server.request(Method::PATCH, &path, Some(&manager), Some(&json!("rank"))).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    server.game_when(&cup.tickets[mallory], |view| view.rank.is_ranked()).await;
    assert_eq!(cup.ranked_games().await, cup.games(&[ada, bo, mallory]));
}

#[tokio::test]
async fn next_best_game_stands_in_place_of_a_copy() {
    let server = TestServer::start(&[]).await;
    let mut cup = Cup::start(&server, true, &["Ada", "Mallory"]).await;
    // Mallory's own game has no points.
    cup.server.send_ok(&mut cup.tickets[1], 0, vec![event(&[NONE; 60])]).await;
    let own = cup.tickets[1].game;
    let token = cup.tickets[1].player_token.clone();
    cup.tickets[1] = server.session_ticket(&cup.session, &token).await;
    cup.play(0, &lively(7, NONE)).await;
    let stolen = cup.log(0).await;
    cup.play(1, &stolen).await;
    cup.copy(1).await;
    let mut expected = vec![cup.tickets[0].game, own];
    expected.sort_unstable();
    assert_eq!(cup.ranked_games().await, expected);
}

/// Engines with a session whose games share a seed. Records are appended to them directly.
struct World {
    _folder: TempDir,
    engines: Engines,
    session: SessionId,
    started_at: Timestamp,
}

impl World {
    /// Engines with two shards: one for players with odd numbers, and one for the others.
    async fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let embedded = Engines::embedded(folder.path()).unwrap();
        let (_, tuning) = watch::channel(Tuning::arcade());
        let sessions = Sessions::new(Arc::clone(&embedded.registry), tuning, Clock::system());
        let plan = Plan { shared_seed: true, ..Plan::open_play() };
        let SessionView { session, .. } = sessions.create(plan).await.unwrap();
        sessions.make_move(session, Move::Open).await.unwrap();
        let engines = Engines { stream: Arc::new(TwoShards(Arc::clone(&embedded.stream))), ..embedded };
        World { _folder: folder, engines, session, started_at: now() }
    }

    /// Appends a game of a player with the same number, whose buttons the server received so many seconds after the
    /// start.
    async fn append_game(&self, number: u64, seconds: u64, buttons: &[Buttons]) {
        let ticket = TicketIssued {
            game: GameId(number),
            player: PlayerId(number),
            session: self.session,
            nickname: format!("Player {number}").parse().unwrap(),
            seed: Seed(1),
            tuning: Tuning::arcade(),
            rules_version: RULES_VERSION,
            started_at: self.started_at,
            real_time: false,
        };
        let events = Record::Events {
            game: ticket.game,
            player: ticket.player,
            received_at: self.started_at.after_millis(seconds * 1000),
            batch: batch(0, vec![event(buttons)]),
        };
        for record in [Record::TicketIssued(Box::new(ticket)), events] {
            self.engines.stream.append_record(&record).await.unwrap();
        }
    }

    /// The marks on the stream: the marked game and the original.
    async fn marks(&self) -> Vec<(u64, u64)> {
        let mut marks = Vec::new();
        for shard in self.engines.stream.shards().await.unwrap() {
            for record in self.engines.stream.read(&shard.id, None, 9_999).await.unwrap().records {
                if let Record::GameMarked(mark) = Record::decode(&record.bytes).unwrap() {
                    let GameMarked { game, copy_of, .. } = *mark;
                    marks.push((game.0, copy_of.0));
                }
            }
        }
        marks
    }

    /// The game that this one copies, by its row.
    async fn copied_by(&self, game: u64) -> Option<u64> {
        self.engines.store.game(GameId(game)).await.unwrap().unwrap().copy.map(|copy| copy.of.0)
    }

    async fn shard_row(&self, shard: &ShardId) -> Option<ShardRow> {
        self.engines.store.shards().await.unwrap().remove(shard)
    }

    /// Processes the next records of one shard.
    async fn advance(&self, processor: &Processor, shard: &ShardId) {
        let after = self.shard_row(shard).await.and_then(|row| match row.checkpoint {
            Checkpoint::At(last) => Some(last),
            Checkpoint::Ended => None,
        });
        let records = self.engines.stream.read(shard, after, 9_999).await.unwrap().records;
        let last = records.last().unwrap().sequence_number.clone();
        processor.process(shard, records, Checkpoint::At(last)).await.unwrap();
    }

    async fn catch_up(&self) {
        let processor = Processor::new(&self.engines, Clock::system());
        processor.catch_up(&watch::channel(Progress::CaughtUp).0).await.unwrap();
    }
}

#[tokio::test]
async fn the_later_arrival_is_the_copy_whichever_processor_is_first() {
    for (original, copy) in [(1, 2), (2, 1)] {
        for is_copy_first in [false, true] {
            let world = World::new().await;
            world.append_game(original, 20, &lively(7, NONE)).await;
            world.append_game(copy, 30, &lively(7, NONE)).await;
            let processors = [original, copy]
                .map(|player| (Processor::new(&world.engines, Clock::system()), TwoShards::shard_of(player)));
            let order = if is_copy_first { [1, 0] } else { [0, 1] };
            for (processor, shard) in order.map(|index| &processors[index]) {
                world.advance(processor, shard).await;
            }
            assert_eq!(world.marks().await, [(copy, original)]);
            let (processor, shard) = &processors[1];
            world.advance(processor, shard).await;
            assert_eq!((world.copied_by(copy).await, world.copied_by(original).await), (Some(original), None));
        }
    }
}

#[tokio::test]
async fn a_copy_is_marked_once_also_by_a_processor_that_starts_later() {
    let world = World::new().await;
    // The copy is processed first. The processor of the original finds it, and it is on another shard.
    world.append_game(2, 30, &lively(7, NONE)).await;
    world.append_game(1, 20, &lively(7, NONE)).await;
    for player in [2, 1] {
        world.advance(&Processor::new(&world.engines, Clock::system()), &TwoShards::shard_of(player)).await;
    }
    assert_eq!(world.marks().await, [(2, 1)]);
    let odd = TwoShards::shard_of(1);
    assert_eq!(world.shard_row(&odd).await.unwrap().copies.len(), 1, "the mark is not processed yet");
    for _ in 0..3 {
        world.catch_up().await;
    }
    assert_eq!((world.marks().await, world.copied_by(2).await), (vec![(2, 1)], Some(1)));
    // The next records of the shard find that the game has its mark.
    world.append_game(3, 40, &[NONE]).await;
    world.catch_up().await;
    assert!(world.shard_row(&odd).await.unwrap().copies.is_empty());
    assert_eq!(world.marks().await.len(), 1);
}

/// The server cannot know who played first. A manager can let the original rank.
#[tokio::test]
async fn the_original_is_marked_if_the_copy_arrives_first() {
    let world = World::new().await;
    let (original, copier) = (1, 2);
    world.append_game(original, 30, &lively(7, NONE)).await;
    world.append_game(copier, 29, &lively(7, NONE)).await;
    for _ in 0..2 {
        world.catch_up().await;
    }
    assert_eq!((world.copied_by(original).await, world.copied_by(copier).await), (Some(copier), None));
}

#[tokio::test]
async fn players_with_different_play_and_idle_players_are_not_marked() {
    let world = World::new().await;
    for (number, buttons) in (1..).zip([lively(7, NONE), lively(9, NONE), vec![NONE; 660], vec![NONE; 660]]) {
        world.append_game(number, 20, &buttons).await;
    }
    for _ in 0..2 {
        world.catch_up().await;
    }
    assert_eq!(world.marks().await, []);
}
