//! Tables that are written while games run equal the tables that are computed again from the stream, by one processor
//! or in another order of shards, for random sessions with closing, reopening, late events, games at the same time,
//! copies, moderation of players and games, and servers whose clocks differ.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use backend::{
    clock::Clock,
    domain::{
        processor::{Processor, Progress},
        sessions::Sessions,
    },
    engine::{
        Engines,
        store::{EmbeddedStore, GameRow, PlayerRow, Store},
        stream::Stream,
    },
};
use proptest::prelude::*;
use shared::{
    api::SessionView,
    event::{Event, EventKind},
    ids::{GameId, PlayerId},
    ranking::RankDecision,
    record::{GameModeration, ModerationAction, Record, TicketIssued},
    replay::Seed,
    rules::{Buttons, RULES_VERSION},
    session::{Kind, Move, Plan, SessionId},
    time::{Tick, Timestamp},
    tuning::Tuning,
};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::common::{games::batch, two_shards::TwoShards};

const PLAYERS: u64 = 3;
/// The time at which each case begins.
const START: u64 = 1_800_000_000_000;

#[derive(Debug, Clone)]
enum Action {
    /// A player gets a ticket, in the session or in open play.
    Ticket {
        player: u64,
        in_session: bool,
    },
    /// The client of a game sends its next ticks, at most as many as are due, to a server whose clock is behind.
    Send {
        game: usize,
        ticks: u32,
        play: Play,
        behind_millis: u64,
    },
    Wait {
        millis: u64,
    },
    Move(Move),
    /// A manager removes or readmits a player, or gives another nickname.
    Moderate {
        player: u64,
        removed: bool,
        renamed: bool,
    },
    /// A manager decides whether a game ranks.
    DecideRank {
        game: usize,
        ranks: bool,
    },
    /// The processor processes what is on the stream, and the schedule makes its moves.
    Process,
}

/// How the client of a game plays: a button is held, or the ship moves by one of two patterns, so that players often
/// play alike.
#[derive(Debug, Clone, Copy)]
enum Play {
    Hold(Buttons),
    Pattern(u32),
}

impl Play {
    fn buttons(self, tick: u32) -> Buttons {
        let moves = [Buttons::LEFT, Buttons::empty(), Buttons::RIGHT | Buttons::FIRE, Buttons::FIRE];
        match self {
            Play::Hold(buttons) => buttons,
            Play::Pattern(period) => moves[(tick / period) as usize % moves.len()],
        }
    }
}

fn any_play() -> impl Strategy<Value = Play> {
    prop_oneof![
        1 => Just(Play::Hold(Buttons::FIRE)),
        1 => Just(Play::Hold(Buttons::LEFT)),
        8 => Just(Play::Pattern(7)),
        1 => Just(Play::Pattern(9)),
    ]
}

fn any_action() -> impl Strategy<Value = Action> {
    let moved = prop_oneof![Just(Move::Close), Just(Move::Reopen), Just(Move::Extend { minutes: 1 })];
    let player = 1..=PLAYERS;
    prop_oneof![
        3 => (player.clone(), prop::bool::weighted(0.8)).prop_map(|(player, in_session)| Action::Ticket { player, in_session }),
        8 => (any::<usize>(), 1_u32..900, any_play(), prop_oneof![Just(0), Just(3_000_u64)])
            .prop_map(|(game, ticks, play, behind_millis)| Action::Send { game, ticks, play, behind_millis }),
        4 => prop_oneof![1_u64..3_000, 3_000_u64..20_000].prop_map(|millis| Action::Wait { millis }),
        2 => moved.prop_map(Action::Move),
        1 => (player, any::<bool>(), any::<bool>())
            .prop_map(|(player, removed, renamed)| Action::Moderate { player, removed, renamed }),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(game, ranks)| Action::DecideRank { game, ranks }),
        3 => Just(Action::Process),
    ]
}

/// A game as its client knows it.
struct Client {
    ticket: TicketIssued,
    next_seq: u32,
    tick: Tick,
}

/// A server without HTTP, with a clock that the test moves.
struct World {
    _folder: TempDir,
    engines: Engines,
    processor: Processor,
    sessions: Sessions,
    session: SessionId,
    shared_seed: bool,
    clock: Clock,
    millis: Arc<AtomicU64>,
    clients: Vec<Client>,
    moderation_actions: u32,
}

impl World {
    async fn new(shared_seed: bool) -> World {
        let folder = tempfile::tempdir().unwrap();
        let engines = Engines::embedded(folder.path()).unwrap();
        let millis = Arc::new(AtomicU64::new(START));
        let time = Arc::clone(&millis);
        let now = move || Duration::from_millis(time.load(Ordering::SeqCst));
        let clock = Clock::new(now.clone(), now);
        let (_, tuning) = watch::channel(Tuning::arcade());
        let sessions = Sessions::new(Arc::clone(&engines.registry), tuning, clock.clone());
        let plan = Plan { kind: Kind::TimeConstrained { minutes: 1 }, shared_seed, ..Plan::open_play() };
        let SessionView { session, .. } = sessions.create(plan).await.unwrap();
        sessions.make_move(session, Move::Open).await.unwrap();
        let processor = Processor::new(&engines, clock.clone());
        World {
            _folder: folder,
            engines,
            processor,
            sessions,
            session,
            shared_seed,
            clock,
            millis,
            clients: Vec::new(),
            moderation_actions: 0,
        }
    }

    async fn act(&mut self, action: Action) {
        match action {
            Action::Ticket { player, in_session } => self.issue_ticket(PlayerId(player), in_session).await,
            Action::Send { game, ticks, play, behind_millis } => self.send(game, ticks, play, behind_millis).await,
            Action::Wait { millis } => {
                self.millis.fetch_add(millis, Ordering::SeqCst);
            }
            Action::Move(wanted) => {
                // Not every stage allows every move.
                let _ = self.sessions.make_move(self.session, wanted).await;
            }
            Action::Moderate { player, removed, renamed } => self.moderate(PlayerId(player), removed, renamed).await,
            Action::DecideRank { game, ranks } => self.decide_rank(game, ranks).await,
            Action::Process => self.process().await,
        }
    }

    async fn issue_ticket(&mut self, player: PlayerId, in_session: bool) {
        let now = self.clock.now();
        let stage = self.sessions.get(self.session).await.unwrap().stage;
        let started_at = if in_session { stage.begins(now) } else { Some(now) };
        let Some(started_at) = started_at else { return };
        let number = self.clients.len() as u64 + 1;
        let ticket = TicketIssued {
            game: GameId(number),
            player,
            session: if in_session { self.session } else { SessionId::OPEN_PLAY },
            nickname: format!("Player {}", player.0).parse().unwrap(),
            seed: Seed(if in_session && self.shared_seed { 0 } else { number }),
            tuning: Tuning::arcade(),
            rules_version: RULES_VERSION,
            started_at,
            real_time: number.is_multiple_of(2),
        };
        self.append(Record::TicketIssued(Box::new(ticket.clone()))).await;
        self.clients.push(Client { ticket, next_seq: 0, tick: Tick::ZERO });
    }

    async fn send(&mut self, game: usize, ticks: u32, play: Play, behind_millis: u64) {
        let received_at = Timestamp(self.clock.now().0 - behind_millis);
        let count = self.clients.len().max(1);
        let Some(client) = self.clients.get_mut(game % count) else { return };
        // Ingest accepts a tick when it is due by the server's own clock.
        let due = Tick::last_due(client.ticket.started_at, received_at);
        let ticks = ticks.min(due.0.saturating_sub(client.tick.0));
        if ticks == 0 {
            return;
        }
        let log = (client.tick.0..client.tick.0 + ticks).map(|tick| play.buttons(tick)).collect();
        let event = Event { tick: client.tick, kind: EventKind::Buttons(log) };
        let record = Record::Events {
            game: client.ticket.game,
            player: client.ticket.player,
            received_at,
            batch: batch(client.next_seq, vec![event]),
        };
        client.next_seq += 1;
        client.tick = client.tick.after(ticks);
        self.append(record).await;
    }

    async fn moderate(&mut self, player: PlayerId, removed: bool, renamed: bool) {
        self.moderation_actions += 1;
        let nickname = renamed.then(|| format!("Name {}", self.moderation_actions).parse().unwrap());
        let number = self.moderation_actions;
        self.append(Record::Moderated(ModerationAction { session: self.session, player, number, nickname, removed }))
            .await;
    }

    async fn decide_rank(&self, game: usize, ranks: bool) {
        let count = self.clients.len().max(1);
        let Some(Client { ticket, .. }) = self.clients.get(game % count) else { return };
        let decision =
            if ranks { RankDecision::Rank } else { RankDecision::Unrank("played by a program".parse().unwrap()) };
        let moderation = GameModeration {
            game: ticket.game,
            player: ticket.player,
            decision,
            decided_by: PlayerId(PLAYERS + 1),
            decided_at: self.clock.now(),
        };
        self.append(Record::GameModerated(Box::new(moderation))).await;
    }

    async fn append(&self, record: Record) {
        self.engines.stream.append_record(&record).await.unwrap();
    }

    async fn process(&self) {
        self.sessions.make_due_moves().await.unwrap();
        catch_up(&self.processor).await;
    }

    /// All games and players, as they are now in a store.
    async fn tables(&self, store: &dyn Store) -> (Vec<GameRow>, Vec<PlayerRow>) {
        let mut games = Vec::new();
        for client in &self.clients {
            let row = store.game(client.ticket.game).await.unwrap().unwrap();
            // How often a row was written depends on how many records each batch had.
            games.push(GameRow { version: 0, ..row });
        }
        let mut players = Vec::new();
        for session in [self.session, SessionId::OPEN_PLAY] {
            players.extend(store.standings(session, 0, usize::MAX).await.unwrap());
        }
        (games, players)
    }

    /// Computes the tables again from a stream with the same records.
    async fn rebuild(&self, stream: Arc<dyn Stream>) -> (TempDir, Arc<dyn Store>) {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(&folder.path().join("tables.redb")).unwrap());
        let engines = Engines { stream, store: Arc::clone(&store), ..self.engines.clone() };
        catch_up(&Processor::new(&engines, self.clock.clone())).await;
        (folder, store)
    }
}

async fn catch_up(processor: &Processor) {
    let (progress, _) = watch::channel(Progress::CaughtUp);
    processor.catch_up(&progress).await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
    #[test]
    fn live_tables_equal_rebuilt_tables(
        actions in prop::collection::vec(any_action(), 10..80), shared_seed: bool
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new(shared_seed).await;
            for action in actions {
                world.act(action).await;
            }
            world.process().await;
            // The processor reads the ends of games and the marks of copies that it has appended.
            world.process().await;
            let live = world.tables(&*world.engines.store).await;
            let stream = &world.engines.stream;
            let records = stream.newest(usize::MAX).await.unwrap();
            let two_shards: Arc<dyn Stream> = Arc::new(TwoShards(Arc::clone(stream)));
            for stream in [Arc::clone(stream), two_shards] {
                let (_folder, rebuilt) = world.rebuild(stream).await;
                assert_eq!(live, world.tables(&*rebuilt).await);
            }
            assert_eq!(stream.newest(usize::MAX).await.unwrap(), records, "nothing is appended again");
        });
    }
}
