//! Contract tests of the store: they run on the embedded engine and on DynamoDB of a local AWS.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::common::aws::LocalAws;
use backend::{
    domain::processor::Leases,
    engine::{
        store::{
            Changes, CopyMark, DeadLetter, DynamoStore, EmbeddedStore, FingerprintHolder, GameChange, GameFingerprint,
            GameRow, Lease, MAX_HOLDERS, Pace, PlayerChange, PlayerRow, ShardProgress, ShardRow, Store, StoreError,
            Worker,
        },
        stream::{
            Checkpoint, ExtendedSequenceNumber, PartitionKey, ReadStatus, RecordBatch, RecordPosition, Shard, ShardId,
            Stream, StreamError,
        },
    },
};
use shared::{
    fingerprint::{Fingerprint, PlayWindow},
    ids::{GameId, PlayerId},
    record::TicketIssued,
    replay::{ButtonLog, Seed},
    rules::{Buttons, Game, RULES_VERSION},
    session::{Participant, SessionId},
    standing::Standing,
    time::{Tick, Timestamp},
    tuning::Tuning,
};
use tempfile::TempDir;
use tokio::sync::watch;

const SESSION: SessionId = SessionId(1);

type AnyStore = Arc<dyn Store>;

fn embedded_store() -> (TempDir, AnyStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(&folder.path().join("tables.redb")).unwrap();
    (folder, Arc::new(store))
}

async fn dynamodb_store(aws: &LocalAws, prefix: &str) -> AnyStore {
    Arc::new(DynamoStore::open(&aws.config(), prefix, true).await.unwrap())
}

contract_tests! {
    embedded: embedded_store, dynamodb: dynamodb_store, tests:
    game_is_read_as_it_was_written,
    changes_apply_only_to_the_rows_that_they_were_computed_from,
    standings_are_ordered_and_ranks_are_exact,
    games_are_listed_newest_first,
    fingerprints_are_noted_once_and_read_in_order_of_arrival,
    only_the_first_games_with_a_fingerprint_are_read,
    each_shard_has_its_checkpoint_and_progress,
    dead_letters_are_listed_until_they_are_forgotten,
    lease_is_held_by_one_worker,
    workers_share_the_shards_and_take_over,
}

fn ticket_issued(game: u64, player: u64, started_at: u64) -> TicketIssued {
    TicketIssued {
        game: GameId(game),
        player: PlayerId(player),
        session: SESSION,
        nickname: format!("Player {player}").parse().unwrap(),
        seed: Seed(game),
        tuning: Tuning::arcade(),
        rules_version: RULES_VERSION,
        started_at: Timestamp(started_at),
        real_time: true,
    }
}

/// A game whose ticket was issued and which has no events.
fn new_game(ticket: TicketIssued) -> GameChange {
    let row = GameRow { version: 1, ..GameRow::new(ticket) };
    GameChange { row, played: Vec::new() }
}

/// The game after another second in which the ship fires.
fn play_second(row: &GameRow) -> GameChange {
    let mut game = Game::resume(row.ticket.tuning.clone(), row.state.clone());
    let log: ButtonLog = std::iter::repeat_n(Buttons::FIRE, 60).collect();
    log.iter().for_each(|buttons| {
        game.step(buttons);
    });
    let played = vec![(row.state.tick, log)];
    let version = row.version + 1;
    let pace = Pace { max_button_lag_millis: u64::from(version), ..row.pace };
    let row = GameRow { version, next_seq: row.next_seq.plus(1), state: game.state().clone(), pace, ..row.clone() };
    GameChange { row, played }
}

fn shard(name: &str) -> ShardId {
    ShardId(name.to_owned())
}

/// A shard of which `number` records were processed.
fn shard_row(number: u64) -> ShardRow {
    let progress =
        ShardProgress { events: 10 * number, rejected: number, lag_millis: 100 + number, at: Timestamp(number) };
    let checkpoint = Checkpoint::At(ExtendedSequenceNumber::numbered(number));
    ShardRow { checkpoint, progress, ended: BTreeSet::new(), copies: BTreeMap::new() }
}

async fn apply(store: &AnyStore, changes: Changes) -> Result<(), StoreError> {
    store.apply(changes, &shard("log"), shard_row(1)).await
}

async fn write(store: &AnyStore, games: Vec<GameChange>) {
    apply(store, Changes { games, ..Changes::default() }).await.unwrap();
}

async fn game_is_read_as_it_was_written(store: AnyStore) {
    assert_eq!(store.game(GameId(1)).await.unwrap(), None);
    let first = new_game(ticket_issued(1, 7, 1_000));
    write(&store, vec![first.clone()]).await;
    assert_eq!(store.game(GameId(1)).await.unwrap(), Some(first.row.clone()));
    let second = play_second(&first.row);
    let mut third = play_second(&second.row);
    third.row.copy = Some(CopyMark { at: Tick(300), marked_at: Timestamp(9), of: GameId(2) });
    third.row.window = Some(PlayWindow::default());
    write(&store, vec![second.clone()]).await;
    write(&store, vec![third.clone()]).await;
    assert_eq!(store.game(GameId(1)).await.unwrap(), Some(third.row.clone()));
    let buttons = store.buttons(GameId(1)).await.unwrap();
    assert_eq!(buttons.iter().collect::<Vec<_>>(), vec![Buttons::FIRE; 120]);
    assert_eq!(third.row.state.tick, Tick(120));
}

async fn changes_apply_only_to_the_rows_that_they_were_computed_from(store: AnyStore) {
    let first = new_game(ticket_issued(1, 7, 1_000));
    let next = play_second(&first.row);
    let refused = |result| assert!(matches!(result, Err(StoreError::Conflict)), "{result:?}");
    write(&store, vec![first.clone()]).await;
    refused(apply(&store, Changes { games: vec![first], ..Changes::default() }).await);
    write(&store, vec![next.clone()]).await;
    refused(store.apply(Changes { games: vec![next], ..Changes::default() }, &shard("log"), shard_row(9)).await);
    assert_eq!(store.shards().await.unwrap()[&shard("log")], shard_row(1), "a conflict moves no checkpoint");

    let participant = Participant { session: SESSION, player: PlayerId(7) };
    let row = PlayerRow { version: 1, newest: Some((Timestamp(1), GameId(1))), ..PlayerRow::default() };
    let change = |row: &PlayerRow| Changes {
        players: vec![PlayerChange { participant, row: row.clone() }],
        ..Changes::default()
    };
    let later = PlayerRow { version: 2, ..row.clone() };
    refused(apply(&store, change(&later)).await);
    apply(&store, change(&row)).await.unwrap();
    refused(apply(&store, change(&row)).await);
    // The version alone decides.
    apply(&store, change(&later)).await.unwrap();
    refused(apply(&store, change(&later)).await);
    assert_eq!(store.players_of(vec![participant]).await.unwrap(), [(participant, later)]);
}

/// A player's standing with this score.
fn standing(player: u64, score: u32) -> Standing {
    let mut row = new_game(ticket_issued(player, player, 1_000)).row;
    row.counted.result.score = score;
    row.standing()
}

async fn standings_are_ordered_and_ranks_are_exact(store: AnyStore) {
    let participant = |player| Participant { session: SESSION, player: PlayerId(player) };
    let scored = |version, player, score| PlayerChange {
        participant: participant(player),
        row: PlayerRow { version, standing: Some(standing(player, score)), ..PlayerRow::default() },
    };
    let players = (0..50).map(|player| scored(1, player, (player as u32 * 7) % 50));
    apply(&store, Changes { players: players.collect(), ..Changes::default() }).await.unwrap();
    // One player overtakes all others, and one loses the standing.
    let leader = scored(2, 3, 99);
    let removed = PlayerChange { participant: participant(4), row: PlayerRow { version: 2, ..PlayerRow::default() } };
    apply(&store, Changes { players: vec![leader, removed], ..Changes::default() }).await.unwrap();

    let whole = store.standings(SESSION, 0, usize::MAX).await.unwrap();
    let standings: Vec<Standing> = whole.iter().filter_map(|row| row.standing.clone()).collect();
    assert_eq!((standings.len(), standings[0].player), (49, PlayerId(3)));
    assert!(standings.is_sorted_by_key(Standing::rank_key));
    assert_eq!(store.standings(SESSION, 7, 5).await.unwrap(), whole[7..12]);
    assert_eq!(store.standings(SESSION, 48, 5).await.unwrap(), whole[48..]);
    for (position, standing) in standings.iter().enumerate() {
        assert_eq!(store.players_before(SESSION, standing).await.unwrap(), position);
    }
    assert_eq!(store.players(SESSION).await.unwrap(), 49);
    assert_eq!(store.players(SessionId(2)).await.unwrap(), 0);
    assert_eq!(store.standings(SessionId(2), 0, 10).await.unwrap(), []);
}

async fn games_are_listed_newest_first(store: AnyStore) {
    let games = (1..=9).map(|game| new_game(ticket_issued(game, game % 2, 10_000 - game)));
    write(&store, games.collect()).await;
    let ids = |rows: Vec<GameRow>| rows.iter().map(|row| row.ticket.game.0).collect::<Vec<_>>();
    assert_eq!(ids(store.session_games(SESSION, 0, 3).await.unwrap()), [1, 2, 3]);
    assert_eq!(ids(store.session_games(SESSION, 7, 5).await.unwrap()), [8, 9]);
    assert_eq!(ids(store.player_games(PlayerId(1), usize::MAX).await.unwrap()), [1, 3, 5, 7, 9]);
    assert_eq!(ids(store.player_games(PlayerId(5), 9).await.unwrap()), [] as [u64; 0]);
}

/// A fingerprint of a game of player `game % 10`, received then.
fn game_fingerprint(fingerprint: Fingerprint, game: u64, received_at: u64) -> GameFingerprint {
    let (game, player) = (GameId(game), PlayerId(game % 10));
    GameFingerprint {
        session: SESSION,
        fingerprint,
        holder: FingerprintHolder { received_at: Timestamp(received_at), game, player },
    }
}

async fn fingerprints_are_noted_once_and_read_in_order_of_arrival(store: AnyStore) {
    let fingerprint = Fingerprint { at: Tick(300), hash: u64::MAX };
    let others = [Fingerprint { at: Tick(300), hash: 1 }, Fingerprint { at: Tick(600), hash: u64::MAX }];
    let read = async |session, fingerprint| store.fingerprint_holders(session, fingerprint).await.unwrap();
    assert_eq!(read(SESSION, fingerprint).await, []);
    let [second, fourth, first, third] =
        [(9, 2_000), (1, 3_000), (8, 1_000), (7, 2_001)].map(|(game, at)| game_fingerprint(fingerprint, game, at));
    store.note_fingerprints(vec![second, fourth, game_fingerprint(others[0], 5, 500)]).await.unwrap();
    // A batch of records that is processed again notes its fingerprints again.
    store.note_fingerprints(vec![second, first, third, game_fingerprint(others[1], 6, 600)]).await.unwrap();
    assert_eq!(read(SESSION, fingerprint).await, [first, second, third, fourth].map(|noted| noted.holder));
    assert_eq!(read(SESSION, others[0]).await, [game_fingerprint(others[0], 5, 500).holder]);
    assert_eq!(read(SESSION, others[1]).await.len(), 1);
    assert_eq!(read(SessionId(2), fingerprint).await, []);
}

async fn only_the_first_games_with_a_fingerprint_are_read(store: AnyStore) {
    let fingerprint = Fingerprint { at: Tick(300), hash: 7 };
    let games = 0..MAX_HOLDERS as u64 + 20;
    let noted: Vec<GameFingerprint> = games.map(|game| game_fingerprint(fingerprint, game, 9_000 - game)).collect();
    store.note_fingerprints(noted.clone()).await.unwrap();
    let read = store.fingerprint_holders(SESSION, fingerprint).await.unwrap();
    assert_eq!(read, noted.iter().rev().take(MAX_HOLDERS).map(|noted| noted.holder).collect::<Vec<_>>());
}

async fn each_shard_has_its_checkpoint_and_progress(store: AnyStore) {
    assert_eq!(store.shards().await.unwrap(), BTreeMap::new());
    let ended = ShardRow { checkpoint: Checkpoint::Ended, ..shard_row(3) };
    for (name, row) in [("a", shard_row(1)), ("b", shard_row(4)), ("a", ended.clone())] {
        store.apply(Changes::default(), &shard(name), row).await.unwrap();
    }
    let rows = store.shards().await.unwrap();
    assert_eq!(rows, BTreeMap::from([(shard("a"), ended), (shard("b"), shard_row(4))]));
    let all: ShardProgress = rows.into_values().map(|row| row.progress).sum();
    assert_eq!(
        all,
        ShardProgress { events: 70, rejected: 7, ..shard_row(4).progress },
        "the sum has the lag of the latest shard"
    );
}

async fn dead_letters_are_listed_until_they_are_forgotten(store: AnyStore) {
    let dead_letter = |number| DeadLetter {
        position: RecordPosition { shard: shard("log"), sequence_number: ExtendedSequenceNumber::numbered(number) },
        reason: format!("reason {number}"),
    };
    let dead_letters: Vec<DeadLetter> = (0..25).map(dead_letter).collect();
    apply(&store, Changes { dead_letters: dead_letters.clone(), ..Changes::default() }).await.unwrap();
    // A record that is processed again is listed once.
    apply(&store, Changes { dead_letters: vec![dead_letter(0)], ..Changes::default() }).await.unwrap();
    assert_eq!(store.dead_letters(100).await.unwrap(), dead_letters);
    assert_eq!(store.dead_letters(3).await.unwrap(), dead_letters[..3]);
    store.forget_dead_letter(&dead_letters[0].position).await.unwrap();
    assert_eq!(store.dead_letters(100).await.unwrap(), dead_letters[1..]);
}

async fn lease_is_held_by_one_worker(store: AnyStore) {
    let lease = |owner: &str, counter| Lease { owner: Some(Worker(owner.to_owned())), counter };
    store.put_lease(&shard("a"), lease("one", 0), None).await.unwrap();
    let taken = store.put_lease(&shard("a"), lease("two", 0), None).await;
    assert!(matches!(taken, Err(StoreError::Conflict)));
    store.put_lease(&shard("a"), lease("one", 1), Some(lease("one", 0))).await.unwrap();
    let stale = store.put_lease(&shard("a"), lease("two", 1), Some(lease("one", 0))).await;
    assert!(matches!(stale, Err(StoreError::Conflict)));
    assert_eq!(store.leases().await.unwrap(), BTreeMap::from([(shard("a"), lease("one", 1))]));
}

/// A stream of four empty shards.
struct FourShards;

#[async_trait::async_trait]
impl Stream for FourShards {
    async fn append(&self, _: PartitionKey, _: Vec<u8>) -> Result<(), StreamError> {
        Err(StreamError::Busy)
    }

    async fn shards(&self) -> Result<Vec<Shard>, StreamError> {
        Ok(["a", "b", "c", "d"].map(|name| Shard { id: shard(name), parents: Vec::new() }).into())
    }

    async fn read(&self, _: &ShardId, _: Option<ExtendedSequenceNumber>, _: usize) -> Result<RecordBatch, StreamError> {
        Ok(RecordBatch { records: Vec::new(), status: ReadStatus::CaughtUp })
    }

    async fn read_record(&self, _: &RecordPosition) -> Result<Option<Vec<u8>>, StreamError> {
        Ok(None)
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        watch::Sender::new(0).subscribe()
    }
}

async fn workers_share_the_shards_and_take_over(store: AnyStore) {
    let worker = || Leases::new(Arc::new(FourShards), Arc::clone(&store)).unwrap();
    let held = |leases: &Leases| leases.held().borrow().clone();
    let (mut one, mut two) = (worker(), worker());
    one.round().await.unwrap();
    assert_eq!(held(&one).len(), 4, "a single worker takes all");
    // The second worker takes one lease a round. The first notices when it renews its leases.
    for _ in 0..3 {
        two.round().await.unwrap();
        one.round().await.unwrap();
    }
    assert_eq!((held(&one).len(), held(&two).len()), (2, 2));
    let all: BTreeSet<ShardId> = held(&one).union(&held(&two)).cloned().collect();
    assert_eq!(all.len(), 4, "each shard has one worker");
    // Released leases are taken in the next round.
    two.release().await;
    one.round().await.unwrap();
    assert_eq!((held(&one).len(), held(&two).len()), (4, 0));
}
