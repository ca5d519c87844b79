//! Tuning files: `backend check`, the JSON Schema for editors, and a server that watches a file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use crate::common::{
    TestServer, backend, eventually,
    games::{play_out, wait_for_tick},
};
use shared::{api::Ticket, rules::Buttons, tuning::Tuning, verdict::Verdict};

fn presets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets")
}

fn check(file: &Path) -> Output {
    backend().arg("check").arg(file).output().unwrap()
}

#[test]
fn check_accepts_every_preset_and_explains_each_parameter() {
    let entries = fs::read_dir(presets()).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = entries.filter(|file| file.extension().is_some_and(|kind| kind == "toml")).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        let output = check(&file);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
        for (field, _) in Tuning::default().parameters() {
            let line = printed.lines().find(|line| line.starts_with(field.name)).unwrap_or_default();
            assert!(
                !field.about.is_empty() && line.contains(field.about),
                "{} is not explained for {}",
                field.name,
                file.display()
            );
        }
    }
}

#[test]
fn check_prints_each_parameter_with_its_value_and_meaning() {
    let output = check(&presets().join("classic.toml"));
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn check_reports_all_mistakes_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("five.toml");
    fs::write(&file, "name = \"\"\nbombrate = 1\nmarch = \"sideways\"\nshields = 1.5\nwave_heights = [700]\n").unwrap();
    let output = check(&file);
    assert!(!output.status.success());
    let printed = String::from_utf8(output.stderr).unwrap().replace(folder.path().to_str().unwrap(), "[folder]");
    for mistake in ["bombrate", "march", "shields is 1.5", "wave_heights holds 700", "name is \"\""] {
        let line = printed.lines().find(|line| line.contains(mistake));
        assert!(line.is_some_and(|line| line.contains("five.toml: ")), "{mistake} is not reported in\n{printed}");
    }
    insta::assert_snapshot!(printed);
}

#[test]
fn schema_in_the_repository_is_current() {
    let file = presets().join("tuning.schema.json");
    let output = backend().arg("schema").output().unwrap();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &output.stdout).unwrap();
    }
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed == fs::read_to_string(&file).unwrap_or_default(),
        "the schema of tuning files has changed; UPDATE_SCHEMA=1 cargo test -p backend writes presets/tuning.schema.json"
    );
}

/// Asks for tickets until one has the tuning `name`, and returns that ticket.
async fn ticket_with_tuning(server: &TestServer, name: &str) -> Ticket {
    eventually(&format!("a ticket has the tuning {name}"), async || {
        let ticket = server.ticket("Designer").await;
        if ticket.tuning.name == name { Ok(ticket) } else { Err(ticket.tuning.name) }
    })
    .await
}

#[tokio::test]
async fn saved_tuning_applies_to_the_next_game_and_an_invalid_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let short = "bomb_rate = 5\nbomb_min_velocity = 200\nbomb_max_velocity = 300\n";
    fs::write(&file, format!("name = \"before\"\n{short}")).unwrap();
    let server = TestServer::start(&["--watch", "--tuning", file.to_str().unwrap()]).await;
    assert_eq!(server.ticket("Designer").await.tuning.name, "before");

    fs::write(&file, format!("name = \"after\"\nship_speed = 90\n{short}")).unwrap();
    let mut ticket = ticket_with_tuning(&server, "after").await;
    assert_eq!(ticket.tuning_hash, ticket.tuning.hash());

    fs::write(&file, "name = \"invalid\"\nship_speed = 9000\n").unwrap();
    let (events, game) = play_out(&ticket, Buttons::empty());
    let count = events.len() as u32;
    wait_for_tick(&ticket, game.state().tick).await;
    server.send_ok(&mut ticket, 0, events).await;
    let view = server.processed_game(&ticket, count).await;
    assert_eq!((view.verdict, &*view.tuning_name, view.tuning_hash), (Verdict::Verified, "after", ticket.tuning_hash));
    assert_eq!(server.ticket("Designer").await.tuning.name, "after", "the last valid tuning stays");
    // The server takes a valid tuning again, so it has not stopped to watch the file.
    fs::write(&file, format!("name = \"mended\"\n{short}")).unwrap();
    ticket_with_tuning(&server, "mended").await;
}
