//! Data of earlier versions: an archive and a data folder that the server of November wrote, and what its API answered.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    archive::query,
    common::{ServerProcess, api::read_problem, files::list_files, process::backend},
};
use backend::engine::stream::{EmbeddedStream, PartitionKey, ShardId, Stream};
use flate2::read::GzDecoder;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{
    api::{Problem, ProblemCode, Tokens},
    record::{GameEnded, Record},
};
use tempfile::TempDir;

fn november(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/golden/november").join(part)
}

/// The data folder of November, unpacked.
fn data_folder() -> TempDir {
    let data = tempfile::tempdir().unwrap();
    for path in list_files(&november("data")) {
        let to = data.path().join(path.with_extension(""));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        let mut packed = GzDecoder::new(File::open(november("data").join(path)).unwrap());
        io::copy(&mut packed, &mut File::create(to).unwrap()).unwrap();
    }
    data
}

#[test]
fn documented_queries_read_the_archive_of_november() {
    let archive = november("archive");
    let minutes = query("busiest-minutes.sql", &archive);
    assert_eq!(minutes.iter().map(|row| row[1].as_u64().unwrap()).sum::<u64>(), 50);
    let players = query("players.sql", &archive);
    let games: Vec<_> = players.iter().map(|row| (row[0].as_str().unwrap(), row[1].as_u64().unwrap())).collect();
    assert_eq!(games.len(), 10);
    assert!(games.contains(&("Ada", 1)) && games.contains(&("Mallory", 1)), "{games:?}");
    let slow = query("slow-browsers.sql", &archive);
    assert_eq!(slow.iter().map(|row| row[1..].to_vec()).collect::<Vec<_>>(), [[json!(33), json!(70)]]);
}

#[tokio::test]
async fn data_folder_of_november_is_refused_and_not_changed() {
    let data = data_folder();
    let before = fs::read(data.path().join("tables.redb")).unwrap();
    for command in ["serve", "rebuild"] {
        let output = backend().args([command, "--data"]).arg(data.path()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(error.contains("has format 1 of an earlier server") && error.contains("backend upgrade"), "{error}");
    }
    assert_eq!(fs::read(data.path().join("tables.redb")).unwrap(), before);
}

fn run(command: &str, data: &Path) -> String {
    let output = backend().args([command, "--data"]).arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Checks that `actual` has all that the server of November answered. Only games that were not verified lose their hash:
/// it is the hash of a state that a server of other rules cannot read.
fn assert_contains(actual: &Value, expected: &Value, path: &str) {
    match expected {
        Value::Object(fields) => {
            let is_unverified = fields.get("verdict").is_some_and(|verdict| verdict["status"] != "verified");
            for (name, value) in fields.iter().filter(|(name, _)| *name != "hash" || !is_unverified) {
                assert_contains(&actual[name], value, &format!("{path}.{name}"));
            }
        }
        Value::Array(values) => {
            assert_eq!(actual.as_array().map(Vec::len), Some(values.len()), "{path}");
            for (index, value) in values.iter().enumerate() {
                assert_contains(&actual[index], value, &format!("{path}[{index}]"));
            }
        }
        value => assert_eq!(actual, value, "{path}"),
    }
}

/// Checks that a server answers as that of November did: sessions, standings, games and accounts.
async fn assert_answers_as_in_november(server: &ServerProcess) {
    let expected: Value = serde_json::from_slice(&fs::read(november("expected.json")).unwrap()).unwrap();
    let manager: Tokens = server.sign_in_manager().await;
    let read =
        async |path: String| -> Value { server.call(Method::GET, &path, Some(&manager.access_token), None).await };
    let session_fields = ["session", "name", "code", "kind", "stage", "seats"];
    for session in expected["sessions"]["sessions"].as_array().unwrap() {
        let id = session["session"].as_str().unwrap();
        let actual = read(format!("/v1/sessions/{id}")).await;
        for field in session_fields.into_iter().filter(|field| session.get(field).is_some()) {
            assert_eq!(actual[field], session[field], "{field}");
        }
        let standings = read(format!("/v1/standings?session={id}&top=100")).await;
        assert_contains(&standings, &expected["standings"][id], "standings");
        assert_contains(&read(format!("/v1/sessions/{id}/games")).await, &expected["games"][id], "games");
    }
    assert_contains(&read("/v1/standings?top=100".to_owned()).await, &expected["open_play"], "open play");
    assert_contains(
        &read("/v1/sessions/0000000000000000/games".to_owned()).await,
        &expected["open_games"],
        "open games",
    );
    assert_eq!(server.dead_letter_count().await, 0);
}

/// The ends of games on the event log of a data folder.
async fn ends(data: &Path) -> Vec<GameEnded> {
    let stream = EmbeddedStream::open(&data.join("events")).unwrap();
    let records = stream.read(&ShardId("log".to_owned()), None, 1_000).await.unwrap().records;
    let decoded = records.iter().map(|record| Record::decode(&record.bytes).unwrap());
    decoded.filter_map(|record| if let Record::GameEnded(end) = record { Some(*end) } else { None }).collect()
}

#[tokio::test]
async fn games_of_november_keep_verdicts_and_standings_after_an_upgrade_and_a_rebuild() {
    let data = data_folder();
    let printed = run("upgrade", data.path());
    assert!(printed.contains("appended to the event log: 10\n") && printed.contains("tables-v8.redb"), "{printed}");
    // It can be repeated.
    assert!(run("upgrade", data.path()).contains("nothing to do"));
    let mut server = ServerProcess::start_in(data, &[], &[]).await;
    assert_answers_as_in_november(&server).await;

    // Games of other rules say that they cannot be replayed.
    let expected: Value = serde_json::from_slice(&fs::read(november("expected.json")).unwrap()).unwrap();
    let game = expected["open_games"]["games"][0]["game"].as_str().unwrap().to_owned();
    let view: Value = server.get(&format!("/v1/games/{game}")).await;
    assert_eq!(view["replayable"], false);
    let response = server.request(Method::GET, &format!("/v1/games/{game}/replay"), None, None).await;
    let (status, Problem { code, detail, .. }) = read_problem(response).await;
    assert_eq!((status, code), (StatusCode::GONE, ProblemCode::NotReplayable));
    assert!(detail.contains("rules version 2"), "{detail}");

    assert!(server.stop().await.success());
    run("rebuild", server.data());
    server.restart().await;
    assert_answers_as_in_november(&server).await;
    assert!(server.stop().await.success());
    assert_eq!(ends(server.data()).await.len(), 10, "one end for each game");
}

#[tokio::test]
async fn upgrade_continues_after_a_kill() {
    // After some ends were appended.
    let data = data_folder();
    run("upgrade", data.path());
    let all = ends(data.path()).await;
    let data = data_folder();
    {
        let stream: Arc<dyn Stream> = Arc::new(EmbeddedStream::open(&data.path().join("events")).unwrap());
        for end in &all[..3] {
            stream.append_record(&Record::GameEnded(Box::new(end.clone()))).await.unwrap();
        }
    }
    assert!(run("upgrade", data.path()).contains("appended to the event log: 7\n"));
    assert_eq!(ends(data.path()).await.len(), 10);
    // After the tables were renamed.
    fs::remove_file(data.path().join("format")).unwrap();
    assert!(run("upgrade", data.path()).contains("appended to the event log: 0\n"));
    assert_eq!(ends(data.path()).await.len(), 10);
    let server = ServerProcess::start_in(data, &[], &[]).await;
    assert_answers_as_in_november(&server).await;
}

#[tokio::test]
async fn upgrade_refuses_a_folder_without_its_results() {
    let refused = |data: &TempDir, words: &str| {
        let output = backend().args(["upgrade", "--data"]).arg(data.path()).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(words), "{error}");
        assert!(!data.path().join("format").exists());
    };
    let data = data_folder();
    fs::remove_file(data.path().join("tables.redb")).unwrap();
    refused(&data, "start the earlier server once");
    // The earlier server was killed before it processed the last record.
    let data = data_folder();
    {
        let stream = EmbeddedStream::open(&data.path().join("events")).unwrap();
        stream.append(PartitionKey(1), b"{}".to_vec()).await.unwrap();
    }
    refused(&data, "not computed from all events");
}
