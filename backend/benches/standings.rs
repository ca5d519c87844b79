//! The time to read and to change a scoreboard of 100,000 players.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use backend::{
    domain::standings::Scoreboard,
    engine::{
        store::{Changes, EmbeddedStore, PlayerChange, PlayerRow, ShardProgress, ShardRow, Store},
        stream::{Checkpoint, ExtendedSequenceNumber, ShardId},
    },
};
use shared::{
    ids::{GameId, PlayerId},
    session::{Participant, SessionId},
    standing::{GameResult, Standing},
    time::Timestamp,
    tuning::Tuning,
    verdict::Verdict,
};

const PLAYERS: u64 = 100_000;
const SESSION: SessionId = SessionId(1);
const REPEATS: u64 = 200;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("tables.redb");
    let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(&path)?);
    let started = Instant::now();
    for players in (0..PLAYERS).collect::<Vec<_>>().chunks(5_000) {
        change(&store, players, 0).await?;
    }
    println!("{PLAYERS} players written in {:.1?}", started.elapsed());

    let scoreboard = Scoreboard::new(Arc::clone(&store));
    let any_player = |i: u64| PlayerId(i * 7919 % PLAYERS);
    report("first 100", |_| scoreboard.page(SESSION, 0, 100)).await?;
    report("100 from the middle", |_| scoreboard.page(SESSION, PLAYERS as usize / 2, 100)).await?;
    report("around a player", |i| scoreboard.around(Participant { session: SESSION, player: any_player(i) })).await?;
    report("exact rank", |i| {
        let store = &store;
        async move {
            let standing = standing(any_player(i).0, 0)?;
            store.players_before(SESSION, &standing).await.map_err(Failure::from)
        }
    })
    .await?;
    report("one player's new standing", |i| {
        let store = &store;
        async move { change(store, &[any_player(i).0], i + 1).await }
    })
    .await?;
    drop((scoreboard, store));
    let started = Instant::now();
    EmbeddedStore::open(&path)?;
    println!("reopened in {:.1?}", started.elapsed());
    Ok(())
}

/// Prints the median and the 99th percentile of many calls.
async fn report<T, E, F>(name: &str, mut call: impl FnMut(u64) -> F) -> Result<(), Failure>
where
    F: Future<Output = Result<T, E>>,
    Failure: From<E>,
{
    let mut times: Vec<Duration> = Vec::new();
    for i in 0..REPEATS {
        let started = Instant::now();
        call(i).await?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    println!("{name}: median {:.2?}, p99 {:.2?}", times[times.len() / 2], times[times.len() * 99 / 100]);
    Ok(())
}

async fn change(store: &Arc<dyn Store>, players: &[u64], bonus: u64) -> Result<(), Failure> {
    let participants = players.iter().map(|player| Participant { session: SESSION, player: PlayerId(*player) });
    let mut changes = Vec::with_capacity(players.len());
    for (participant, before) in store.players_of(participants.collect()).await? {
        let standing = Some(standing(participant.player.0, bonus)?);
        let row = PlayerRow { version: before.version + 1, standing, ..PlayerRow::default() };
        changes.push(PlayerChange { participant, row });
    }
    let checkpoint = Checkpoint::At(ExtendedSequenceNumber::numbered(1));
    let row =
        ShardRow { checkpoint, progress: ShardProgress::default(), ended: BTreeSet::new(), copies: BTreeMap::new() };
    Ok(store.apply(Changes { players: changes, ..Changes::default() }, &ShardId("log".into()), row).await?)
}

fn standing(player: u64, bonus: u64) -> Result<Standing, Failure> {
    let tuning = Tuning::arcade();
    Ok(Standing {
        player: PlayerId(player),
        nickname: format!("Player {player}").parse()?,
        game: GameId(player),
        result: GameResult { score: (player * 31 % 50_000 + bonus) as u32, lives: 1, shots: (player % 977) as u32 },
        level: 3,
        verdict: Verdict::Verified,
        tuning_name: tuning.name.clone(),
        tuning_hash: tuning.hash(),
        updated_at: Timestamp(0),
        reached_at: Timestamp(0),
    })
}
