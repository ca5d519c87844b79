//! The archive: everything once, by day, across restarts; and what can be asked of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use backend::{
    archive::Archive,
    stream::{EmbeddedStream, PartitionKey, Stream},
};
use common::{TestServer, aws::program, hold, play_out, until_playable};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use shared::{
    event::{Event, What},
    rules::Buttons,
    time::Tick,
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
                GzDecoder::new(fs::File::open(&path).unwrap()).read_to_string(&mut text).unwrap();
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
    let ada = server.ticket("Ada").await;
    let (events, game) = play_out(&ada, Buttons::FIRE);
    until_playable(&ada, game.state().tick).await;
    let count = events.len() as u32;
    server.send_ok(&ada, 0, events).await;
    server.game_at(&ada, count).await;
    assert!(server.stop().success());
    assert_eq!(lines(&archive).len(), 2, "a ticket and a batch");

    server.restart();
    let bo = server.ticket("Bo").await;
    let frames = Event { tick: Tick(0), what: What::Frames { count: 60, p50_ms: 16, p95_ms: 33, max_ms: 70 } };
    server.send_ok(&bo, 0, vec![frames, hold(0, Buttons::empty(), 1)]).await;
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

#[tokio::test]
async fn the_tables_are_rebuilt_from_the_stream_alone() {
    let mut server = TestServer::start_short();
    let ticket = server.ticket("Ada").await;
    until_playable(&ticket, Tick(60)).await;
    server.send_ok(&ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    server.game_at(&ticket, 1).await;
    let before = server.standings().await;
    let rebuild = || common::backend().args(["rebuild", "--data"]).arg(server.data()).output().unwrap();
    // Not under a server that runs.
    assert!(!rebuild().status.success());
    assert!(server.stop().success());
    let tables = server.data().join("tables.redb");
    fs::write(&tables, b"").unwrap();
    let output = common::backend().args(["rebuild", "--data"]).arg(server.data()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1 events replayed; the tables are new\n");
    server.restart();
    assert_eq!(server.standings().await, before);
}
