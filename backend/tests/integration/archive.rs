//! The archive: everything once, by day, across restarts; and what can be asked of it.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use crate::common::{
    TestServer,
    aws::{self, LocalAws, program},
    batch, hold, play_out, until, until_playable,
};
use backend::{
    archive::{Archive, ArchivedStream},
    engine::stream::{EmbeddedStream, PartitionKey, ReadStatus, RecordPosition, StoredRecord, Stream, StreamError},
};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use reqwest::Method;
use serde_json::{Value, json};
use shared::{
    api::{Seated, SessionGames, SessionView, Standings, Ticket, Tokens},
    event::{Event, EventKind},
    ids::{GameId, PlayerId},
    record::Record,
    rules::Buttons,
    session::Stage,
    time::{Tick, Timestamp},
};

/// The archive's files with their lines, in the order of their names.
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

#[tokio::test]
async fn everything_is_archived_once_by_day_and_goes_on_where_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (events, archived) = (folder.path().join("events"), folder.path().join("archive"));
    let stream: Arc<dyn Stream> = Arc::new(EmbeddedStream::open(&events).unwrap());
    // Two days, and what is no record between them.
    let record = |at: u64, number: u32| json!({"record": "events", "received_at": at, "number": number}).to_string();
    let (monday, tuesday) = (1_795_478_400_000, 1_795_564_800_000);
    for (at, number) in [(monday, 0), (monday + 1, 1), (tuesday, 2), (tuesday + 1, 3)] {
        stream.append(PartitionKey(1), record(at, number).into_bytes()).await.unwrap();
        if number == 1 {
            stream.append(PartitionKey(1), b"poison".to_vec()).await.unwrap();
        }
    }
    let mut archive = Archive::open(Arc::clone(&stream), archived.clone()).unwrap();
    archive.catch_up().await.unwrap();
    archive.catch_up().await.unwrap();
    let found = files(&archived);
    let days: Vec<_> = found.iter().map(|(path, _)| path.parent().unwrap().strip_prefix(&archived).unwrap()).collect();
    assert_eq!(days, [Path::new("year=2026/month=11/day=24"), Path::new("year=2026/month=11/day=25")]);
    assert_eq!(found[0].1, [record(monday, 0), record(monday + 1, 1)]);
    assert_eq!(found[1].1, [record(tuesday, 2), record(tuesday + 1, 3)]);

    // Another process goes on from the names of the files.
    stream.append(PartitionKey(1), record(tuesday + 2, 4).into_bytes()).await.unwrap();
    let mut again = Archive::open(stream, archived.clone()).unwrap();
    again.catch_up().await.unwrap();
    let found = files(&archived);
    assert_eq!(found.len(), 3);
    assert_eq!(found[2].1, [record(tuesday + 2, 4)]);
}

/// The answer to one of the documented questions, by DuckDB.
fn ask(question: &str, archive: &Path) -> Vec<Vec<Value>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut python = Command::new(program("python3"));
    python.arg(manifest.join("tests/ask.py")).arg(manifest.join("../docs/questions").join(question)).arg(archive);
    let output = python.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_server_archives_what_is_played_and_the_archive_answers_the_documented_questions() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    let mut server = TestServer::start_short_with(&["--archive", archive.to_str().unwrap()]);
    let mut ada = server.ticket("Ada").await;
    let (events, game) = play_out(&ada, Buttons::FIRE);
    until_playable(&ada, game.state().tick).await;
    let count = events.len() as u32;
    server.send_ok(&mut ada, 0, events).await;
    server.game_at(&ada, count).await;
    assert!(server.stop().success());
    assert_eq!(lines(&archive).len(), 2, "a ticket and a batch");

    server.restart();
    let mut bo = server.ticket("Bo").await;
    let frames = Event { tick: Tick(0), kind: EventKind::Frames { count: 60, p50_ms: 16, p95_ms: 33, max_ms: 70 } };
    server.send_ok(&mut bo, 0, vec![frames, hold(0, Buttons::empty(), 1)]).await;
    server.game_at(&bo, 2).await;
    assert!(server.stop().success());
    assert_eq!(lines(&archive).len(), 4);

    let minutes = ask("busiest-minutes.sql", &archive);
    let sum = |column: usize| minutes.iter().map(|row| row[column].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum(1), sum(2)), (2, u64::from(count) + 2));
    let players = ask("players.sql", &archive);
    assert_eq!(
        players.iter().map(|row| (&row[0], &row[1])).collect::<Vec<_>>(),
        [(&json!("Ada"), &json!(1)), (&json!("Bo"), &json!(1)),]
    );
    assert!(players[0][2].as_u64().unwrap() >= game.state().tick.millis() / 1000);
    assert_eq!(ask("slow-browsers.sql", &archive), [[json!(bo.game), json!(33), json!(70)]]);
}

fn rebuild(server: &TestServer, archive: Option<&Path>) -> Output {
    let mut command = crate::common::backend();
    command.args(["rebuild", "--data"]).arg(server.data());
    if let Some(archive) = archive {
        command.arg("--from-archive").arg(archive);
    }
    command.output().unwrap()
}

#[tokio::test]
async fn the_tables_are_rebuilt_from_the_stream_alone() {
    let mut server = TestServer::start_short();
    let mut ticket = server.ticket("Ada").await;
    until_playable(&ticket, Tick(60)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    server.game_at(&ticket, 1).await;
    let before = server.standings().await;
    // Not under a server that runs.
    assert!(!rebuild(&server, None).status.success());
    assert!(server.stop().success());
    let tables = server.data().join("tables.redb");
    fs::write(&tables, b"").unwrap();
    let output = rebuild(&server, None);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1 events replayed; the tables are new\n");
    server.restart();
    assert_eq!(server.standings().await, before);
}

/// The same records as Firehose might deliver them: in files by day and time that keep no order, some records twice, with
/// what is no record between them.
fn deliver(lines: &[String], folder: &Path) {
    let mut shuffled: Vec<&String> = lines.iter().chain(lines.iter().step_by(3)).collect();
    for last in (1..shuffled.len()).rev() {
        shuffled.swap(last, getrandom::u64().unwrap() as usize % (last + 1));
    }
    let day = folder.join("events/year=2026/month=11/day=24");
    fs::create_dir_all(&day).unwrap();
    for (number, lines) in shuffled.chunks(3).enumerate() {
        let name = format!("alien-attack-events-1-2026-11-24-10-{number:02}-00-0f5b-4f6e{}", [".gz", ""][number % 2]);
        // Each is compressed by itself, as Firehose may do, or not at all.
        let mut file = File::create(day.join(name)).unwrap();
        for line in lines {
            let text = format!("{line}\n\npoison\n");
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

/// What the tables say: the standings and the games of a session, and of open play.
async fn told(server: &TestServer, manager: &Tokens, session: &SessionView) -> (Standings, Standings, SessionGames) {
    let games = format!("/v1/sessions/{}/games", session.session);
    (
        server.standings().await,
        server.get(&format!("/v1/standings?session={}", session.session)).await,
        server.told(Method::GET, &games, Some(&manager.access_token), None).await,
    )
}

/// Two players of a session, one of them renamed, who play on after it was settled, and one of open play.
async fn an_afternoon(server: &TestServer, manager: &Tokens) -> SessionView {
    let session = server.open_session(manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let mut ada = server.ticket("Ada").await;
    let (events, game) = play_out(&ada, Buttons::FIRE);
    let mut played = Vec::new();
    for nickname in ["Bo", "Cy"] {
        let seated: Seated = server.join(&session, None, nickname).await.json().await.unwrap();
        let ticket = server.session_ticket(&session, seated.player_token.as_deref().unwrap()).await;
        played.push(ticket.json::<Ticket>().await.unwrap());
    }
    let rename = format!("/v1/sessions/{}/seats/{}", session.session, played[0].player);
    let body = json!({"rename": "Bo the Kind"});
    server.ask(Method::PATCH, &rename, Some(&manager.access_token), Some(&body)).await.error_for_status().unwrap();
    until_playable(&ada, game.state().tick).await;
    for (number, event) in (0..).zip(&events) {
        server.send_ok(&mut ada, number, vec![event.clone()]).await;
    }
    // The first batch again, with more, and what follows.
    for ticket in &mut played {
        server.send_ok(ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
        server.send_ok(ticket, 0, vec![hold(0, Buttons::FIRE, 60), hold(60, Buttons::LEFT, 30)]).await;
    }
    let closing = server.act(manager, &session, json!({"move": "close"})).await;
    let Stage::Closing { settles_at } = closing.stage else { unreachable!("{closing:?}") };
    until(settles_at.after_millis(1)).await;
    for ticket in &mut played {
        server.send_ok(ticket, 2, vec![hold(90, Buttons::FIRE, 60)]).await;
        server.game_at(ticket, 3).await;
    }
    session
}

#[tokio::test]
async fn the_tables_are_rebuilt_from_the_archive_alone_whoever_wrote_it() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, delivered) = (folder.path().join("archive"), folder.path().join("delivered"));
    let mut server = TestServer::start_short_with(&["--archive", ours.to_str().unwrap()]);
    let manager = server.manager().await;
    let session = an_afternoon(&server, &manager).await;
    let before = told(&server, &manager, &session).await;
    assert_eq!((before.0.standings.len(), before.1.standings.len(), before.2.games.len()), (1, 2, 2));
    assert!(before.2.games.iter().all(|game| game.late));
    assert!(server.stop().success());
    deliver(&lines(&ours), &delivered);

    for archive in [&ours, &delivered] {
        fs::remove_dir_all(server.data().join("events")).unwrap();
        fs::remove_file(server.data().join("tables.redb")).unwrap();
        let output = rebuild(&server, Some(archive));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        server.restart();
        assert_eq!(told(&server, &manager, &session).await, before);
        assert_eq!(server.dead_letters().await, 0);
        assert!(server.stop().success());
    }

    // A file that is damaged is named, and the tables stay.
    let damaged = delivered.join("events/damaged.gz");
    fs::write(&damaged, [0x1f, 0x8b, 0, 0]).unwrap();
    let output = rebuild(&server, Some(&delivered));
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains(damaged.to_str().unwrap()));
    server.restart();
    assert_eq!(told(&server, &manager, &session).await, before);
}

#[tokio::test]
async fn tables_on_dynamodb_are_filled_again_from_the_archive_alone() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    let aws = LocalAws::start();
    let mut server = TestServer::start_on_aws(aws.url(), &["--archive", archive.to_str().unwrap()]);
    let manager = server.manager().await;
    let session = an_afternoon(&server, &manager).await;
    let before = told(&server, &manager, &session).await;
    assert!(server.stop().success());

    // The stream, too, is another one by then.
    aws.kinesis().delete_stream().stream_name("shared").send().await.unwrap();
    let tables = aws_sdk_dynamodb::Client::new(&aws.config());
    tables.delete_table().table_name("shared-tables").send().await.unwrap();
    let mut command = crate::common::backend();
    command.args(["rebuild", "--from-archive"]).arg(&archive).args(aws::SHARED).arg("--data").arg(folder.path());
    let output = command.envs(aws::variables(aws.url())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    server.restart();
    assert_eq!(told(&server, &manager, &session).await, before);
}

#[tokio::test]
async fn an_archive_is_read_as_any_stream_is_and_takes_nothing() {
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
    deliver(&lines, &archive);
    let stream: Arc<dyn Stream> = Arc::new(ArchivedStream::open(&archive, &sorting).unwrap());
    let [shard] = &stream.shards().await.unwrap()[..] else { unreachable!() };
    let all = stream.read(&shard.id, None, 1_000).await.unwrap();
    assert_eq!(all.status, ReadStatus::ShardEnd);
    let mut texts: Vec<_> = all.records.iter().map(|record| str::from_utf8(&record.bytes).unwrap()).collect();
    texts.dedup();
    assert_eq!(texts, (0..20).map(|at| line([1, u64::MAX][at / 10], at as u32 % 10)).collect::<Vec<_>>());

    // However it is cut up, and from any place.
    let mut read = Vec::new();
    let mut status = ReadStatus::More;
    while status == ReadStatus::More {
        let after = read.last().map(|record: &StoredRecord| record.sequence_number.clone());
        let stretch = stream.read(&shard.id, after, 3).await.unwrap();
        assert!(stretch.records.len() <= 3);
        read.extend(stretch.records);
        status = stretch.status;
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
