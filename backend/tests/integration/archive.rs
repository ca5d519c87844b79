//! The archive: it has every record once, by day, across restarts. Queries read it, and tables are rebuilt from it.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use crate::common::{
    ServerProcess,
    aws::{self, LocalAws, program},
    games::{batch, hold, play_out, wait_for_tick, wait_until},
    process::backend,
    random::Random,
};
use backend::{
    archive::{Archive, ArchivedStream},
    clock::Clock,
    engine::stream::{EmbeddedStream, PartitionKey, ReadStatus, RecordPosition, StoredRecord, Stream, StreamError},
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    api::{SessionGames, SessionView, Standings, Tokens},
    event::{Event, EventKind},
    ids::{GameId, PlayerId},
    record::Record,
    rules::Buttons,
    session::Stage,
    time::{Tick, Timestamp},
};

/// The files of an archive with their lines, ordered by name.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let mut text = String::new();
                GzDecoder::new(File::open(&path).unwrap()).read_to_string(&mut text).unwrap();
                found.push((path, text.lines().map(ToOwned::to_owned).collect()));
            }
        }
    }
    found.sort();
    found
}

fn lines(folder: &Path) -> Vec<String> {
    files(folder).into_iter().flat_map(|(_, lines)| lines).collect()
}

/// The numbers of tickets and batches, and of ends of games. The processor appends an end after it replayed the game, which
/// may be at the next start.
fn count_records(folder: &Path) -> (usize, usize) {
    let (ends, others): (Vec<_>, Vec<_>) =
        lines(folder).into_iter().partition(|line| line.contains("\"record\":\"ended\""));
    (others.len(), ends.len())
}

#[tokio::test]
async fn records_are_archived_once_by_day_across_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let (events, archived) = (folder.path().join("events"), folder.path().join("archive"));
    let stream: Arc<dyn Stream> = Arc::new(EmbeddedStream::open(&events).unwrap());
    // Records of two days, with an invalid record between them.
    let record = |at: u64, number: u32| json!({"record": "events", "received_at": at, "number": number}).to_string();
    let (monday, tuesday) = (1_795_478_400_000, 1_795_564_800_000);
    for (at, number) in [(monday, 0), (monday + 1, 1), (tuesday, 2), (tuesday + 1, 3)] {
        stream.append(PartitionKey(1), record(at, number).into_bytes()).await.unwrap();
        if number == 1 {
            stream.append(PartitionKey(1), b"invalid".to_vec()).await.unwrap();
        }
    }
    let mut archive = Archive::open(Arc::clone(&stream), archived.clone(), Clock::system()).unwrap();
    archive.catch_up().await.unwrap();
    archive.catch_up().await.unwrap();
    let found = files(&archived);
    let days: Vec<_> = found.iter().map(|(path, _)| path.parent().unwrap().strip_prefix(&archived).unwrap()).collect();
    assert_eq!(days, [Path::new("year=2026/month=11/day=24"), Path::new("year=2026/month=11/day=25")]);
    assert_eq!(found[0].1, [record(monday, 0), record(monday + 1, 1)]);
    assert_eq!(found[1].1, [record(tuesday, 2), record(tuesday + 1, 3)]);

    // Another process continues after the last file.
    stream.append(PartitionKey(1), record(tuesday + 2, 4).into_bytes()).await.unwrap();
    let mut reopened = Archive::open(stream, archived.clone(), Clock::system()).unwrap();
    reopened.catch_up().await.unwrap();
    let found = files(&archived);
    assert_eq!(found.len(), 3);
    assert_eq!(found[2].1, [record(tuesday + 2, 4)]);
}

#[tokio::test]
async fn tickets_are_archived_by_the_day_on_which_they_were_issued() {
    let folder = tempfile::tempdir().unwrap();
    let archived = folder.path().join("archive");
    let stream: Arc<dyn Stream> = Arc::new(EmbeddedStream::open(&folder.path().join("events")).unwrap());
    let monday = 1_795_478_400_000_u64;
    for record in [json!({"record": "opened", "opened_at": monday}), json!({"record": "ended", "ended_at": monday})] {
        stream.append(PartitionKey(1), record.to_string().into_bytes()).await.unwrap();
    }
    Archive::open(stream, archived.clone(), Clock::system()).unwrap().catch_up().await.unwrap();
    let [(file, lines)] = &files(&archived)[..] else { panic!("one day has one file") };
    assert!(file.starts_with(archived.join("year=2026/month=11/day=24")), "{file:?}");
    assert_eq!(lines.len(), 2);
}

/// Runs one of the documented queries with DuckDB, and returns the rows.
pub fn query(file: &str, archive: &Path) -> Vec<Vec<Value>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(program("python3"));
    python.arg(manifest.join("tests/query_archive.py")).arg(manifest.join("../docs/questions").join(file)).arg(archive);
    let output = python.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn documented_queries_read_the_archive_of_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    let mut server = ServerProcess::start_short(&["--archive", archive.to_str().unwrap()]).await;
    let mut ada = server.ticket("Ada").await;
    let (events, game) = play_out(&ada, Buttons::FIRE);
    wait_for_tick(&ada, game.state().tick).await;
    let count = events.len() as u32;
    server.send_ok(&mut ada, 0, events).await;
    server.processed_game(&ada, count).await;
    assert!(server.stop().await.success());
    assert_eq!(count_records(&archive).0, 2, "a ticket and a batch");

    server.restart().await;
    let mut bo = server.ticket("Bo").await;
    let frames = Event { tick: Tick(0), kind: EventKind::Frames { count: 60, p50_ms: 16, p95_ms: 33, max_ms: 70 } };
    server.send_ok(&mut bo, 0, vec![frames, hold(0, Buttons::empty(), 1)]).await;
    server.processed_game(&bo, 2).await;
    assert!(server.stop().await.success());
    assert_eq!(count_records(&archive), (4, 1));

    let minutes = query("busiest-minutes.sql", &archive);
    let sum = |column: usize| minutes.iter().map(|row| row[column].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum(1), sum(2)), (2, u64::from(count) + 2));
    let players = query("players.sql", &archive);
    assert_eq!(
        players.iter().map(|row| (&row[0], &row[1])).collect::<Vec<_>>(),
        [(&json!("Ada"), &json!(1)), (&json!("Bo"), &json!(1)),]
    );
    assert!(players[0][2].as_u64().unwrap() >= game.state().tick.millis() / 1000);
    assert_eq!(query("slow-browsers.sql", &archive), [[json!(bo.game), json!(33), json!(70)]]);
}

fn rebuild(server: &ServerProcess, archive: Option<&Path>) -> Output {
    let mut command = backend();
    command.args(["rebuild", "--data"]).arg(server.data());
    if let Some(archive) = archive {
        command.arg("--from-archive").arg(archive);
    }
    command.output().unwrap()
}

#[tokio::test]
async fn tables_are_rebuilt_from_the_stream() {
    let mut server = ServerProcess::start_short(&[]).await;
    let mut ticket = server.ticket("Ada").await;
    wait_for_tick(&ticket, Tick(60)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    server.processed_game(&ticket, 1).await;
    let before = server.standings().await;
    // `rebuild` refuses to run beside a server.
    assert!(!rebuild(&server, None).status.success());
    assert!(server.stop().await.success());
    let tables = server.data().join("tables.redb");
    fs::write(&tables, b"").unwrap();
    let output = rebuild(&server, None);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.ends_with("events processed: 1\n"), "{printed}");
    server.restart().await;
    assert_eq!(server.standings().await, before);
}

/// Writes records as Firehose delivers them: files by day and time without any order, with some records twice, and with
/// invalid records between them.
fn write_as_firehose(lines: &[String], folder: &Path) {
    let mut shuffled: Vec<&String> = lines.iter().chain(lines.iter().step_by(3)).collect();
    Random::new("the order of archived records").shuffle(&mut shuffled);
    let day = folder.join("events/year=2026/month=11/day=24");
    fs::create_dir_all(&day).unwrap();
    for (number, lines) in shuffled.chunks(3).enumerate() {
        let name = format!("alien-attack-events-1-2026-11-24-10-{number:02}-00-0f5b-4f6e{}", [".gz", ""][number % 2]);
        // Firehose compresses records one by one, or not at all.
        let mut file = File::create(day.join(name)).unwrap();
        for line in lines {
            let text = format!("{line}\n\ninvalid\n");
            if number % 3 == 0 {
                file.write_all(text.as_bytes()).unwrap();
            } else {
                let mut member = GzEncoder::new(&mut file, Compression::default());
                member.write_all(text.as_bytes()).unwrap();
                member.finish().unwrap();
            }
        }
    }
}

/// What the API reads from the tables.
#[derive(Debug, PartialEq)]
struct Tables {
    open_play: Standings,
    session: Standings,
    games: SessionGames,
}

impl Tables {
    async fn read(server: &ServerProcess, manager: &Tokens, session: &SessionView) -> Tables {
        let games = format!("/v1/sessions/{}/games", session.session);
        Tables {
            open_play: server.standings().await,
            session: server.get(&format!("/v1/standings?session={}", session.session)).await,
            games: server.call(Method::GET, &games, Some(&manager.access_token), None).await,
        }
    }
}

/// One player plays in open play, and two in a session. One of the two is renamed. Both play on after the session was
/// settled. Returns the session.
async fn play_session(server: &ServerProcess, manager: &Tokens) -> SessionView {
    let session = server.open_session(manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let mut ada = server.ticket("Ada").await;
    let (events, game) = play_out(&ada, Buttons::FIRE);
    let mut tickets = Vec::new();
    for nickname in ["Bo", "Cy"] {
        let seated = server.seat_guest(&session, nickname).await;
        tickets.push(server.session_ticket(&session, seated.player_token.as_deref().unwrap()).await);
    }
    let path = format!("/v1/sessions/{}/seats/{}", session.session, tickets[0].player);
    let rename = json!({"rename": "Bo the Kind"});
    let renamed = server.request(Method::PATCH, &path, Some(&manager.access_token), Some(&rename)).await;
    assert!(renamed.status().is_success());
    wait_for_tick(&ada, game.state().tick).await;
    for (number, event) in (0..).zip(&events) {
        server.send_ok(&mut ada, number, vec![event.clone()]).await;
    }
    // The second batch repeats the first one and adds an event.
    for ticket in &mut tickets {
        server.send_ok(ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
        server.send_ok(ticket, 0, vec![hold(0, Buttons::FIRE, 60), hold(60, Buttons::LEFT, 30)]).await;
    }
    let closing = server.move_session(manager, &session, json!({"move": "close"})).await;
    let Stage::Closing { settles_at } = closing.stage else { panic!("{closing:?}") };
    wait_until(settles_at.after_millis(1)).await;
    for ticket in &mut tickets {
        server.send_ok(ticket, 2, vec![hold(90, Buttons::FIRE, 60)]).await;
        server.processed_game(ticket, 3).await;
    }
    session
}

#[tokio::test]
async fn tables_are_rebuilt_from_the_archive_of_the_server_or_of_firehose() {
    let folder = tempfile::tempdir().unwrap();
    let (by_server, by_firehose) = (folder.path().join("archive"), folder.path().join("delivered"));
    let mut server = ServerProcess::start_short(&["--archive", by_server.to_str().unwrap()]).await;
    let manager = server.sign_in_manager().await;
    let session = play_session(&server, &manager).await;
    let before = Tables::read(&server, &manager, &session).await;
    assert_eq!((before.open_play.standings.len(), before.session.standings.len(), before.games.games.len()), (1, 2, 2));
    assert!(before.games.games.iter().all(|game| game.late));
    assert!(server.stop().await.success());
    write_as_firehose(&lines(&by_server), &by_firehose);

    for archive in [&by_server, &by_firehose] {
        fs::remove_dir_all(server.data().join("events")).unwrap();
        fs::remove_file(server.data().join("tables.redb")).unwrap();
        let output = rebuild(&server, Some(archive));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        server.restart().await;
        assert_eq!(Tables::read(&server, &manager, &session).await, before);
        assert_eq!(server.dead_letter_count().await, 0);
        assert!(server.stop().await.success());
    }

    // A damaged file is reported by its name, and the tables do not change.
    let damaged = by_firehose.join("events/damaged.gz");
    fs::write(&damaged, [0x1f, 0x8b, 0, 0]).unwrap();
    let output = rebuild(&server, Some(&by_firehose));
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains(damaged.to_str().unwrap()));
    server.restart().await;
    assert_eq!(Tables::read(&server, &manager, &session).await, before);
}

#[tokio::test]
async fn tables_on_dynamodb_are_rebuilt_from_the_archive() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    let aws = LocalAws::start().await;
    let mut server = ServerProcess::start_on_aws(aws.url(), &["--archive", archive.to_str().unwrap()]).await;
    let manager = server.sign_in_manager().await;
    let session = play_session(&server, &manager).await;
    let before = Tables::read(&server, &manager, &session).await;
    assert!(server.stop().await.success());

    // Neither the stream nor the tables exist any more.
    aws.kinesis().delete_stream().stream_name("shared").send().await.unwrap();
    let tables = aws_sdk_dynamodb::Client::new(&aws.config());
    tables.delete_table().table_name("shared-tables").send().await.unwrap();
    let mut command = backend();
    command.args(["rebuild", "--from-archive"]).arg(&archive).args(aws::SHARED).arg("--data").arg(folder.path());
    let output = command.envs(aws::variables(aws.url())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    server.restart().await;
    assert_eq!(Tables::read(&server, &manager, &session).await, before);
}

#[tokio::test]
async fn archive_is_a_stream_that_can_only_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, sorting) = (folder.path().join("archive"), folder.path().join("sorting"));
    let line = |game: u64, at: u32| {
        let record = Record::Events {
            game: GameId(game),
            player: PlayerId(game),
            received_at: Timestamp(at.into()),
            batch: batch(at, vec![hold(0, Buttons::FIRE, 1)]),
        };
        serde_json::to_string(&record).unwrap()
    };
    let lines: Vec<String> = (0..10).flat_map(|at| [line(1, at), line(u64::MAX, at)]).collect();
    write_as_firehose(&lines, &archive);
    let stream: Arc<dyn Stream> = Arc::new(ArchivedStream::open(&archive, &sorting).unwrap());
    let [shard] = &stream.shards().await.unwrap()[..] else { panic!("an archive has one shard") };
    let all = stream.read(&shard.id, None, 1_000).await.unwrap();
    assert_eq!(all.status, ReadStatus::ShardEnd);
    let mut texts: Vec<_> = all.records.iter().map(|record| str::from_utf8(&record.bytes).unwrap()).collect();
    texts.dedup();
    assert_eq!(texts, (0..20).map(|at| line([1, u64::MAX][at / 10], at as u32 % 10)).collect::<Vec<_>>());

    // Small batches have the same records, and each record is found at its position.
    let mut read = Vec::new();
    let mut status = ReadStatus::More;
    while status == ReadStatus::More {
        let after = read.last().map(|record: &StoredRecord| record.sequence_number.clone());
        let batch = stream.read(&shard.id, after, 3).await.unwrap();
        assert!(batch.records.len() <= 3);
        read.extend(batch.records);
        status = batch.status;
    }
    assert_eq!(read, all.records);
    for record in &all.records {
        let position = RecordPosition { shard: shard.id.clone(), sequence_number: record.sequence_number.clone() };
        assert_eq!(stream.read_record(&position).await.unwrap().as_ref(), Some(&record.bytes));
    }
    assert!(matches!(stream.append(PartitionKey(1), Vec::new()).await, Err(StreamError::ReadOnly)));
    drop(stream);
    assert!(!sorting.exists());
}
