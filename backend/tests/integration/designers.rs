//! What designers do: check a tuning, have an editor complete it, and see a saved one played at the next game.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::common::{TestServer, backend, play_out, until_playable};
use shared::{api::Ticket, rules::Buttons, tuning::Tuning, verdict::Verdict};

fn presets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets")
}

#[test]
fn every_preset_is_checked_and_each_of_its_values_explained() {
    let mut checked = 0;
    for entry in fs::read_dir(presets()).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let output = backend().arg("check").arg(&file).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
        for (field, _) in Tuning::default().parameters() {
            let line = said.lines().find(|line| line.starts_with(field.name)).unwrap_or_default();
            assert!(line.contains(field.about), "{} is not explained by {}", field.name, file.display());
        }
        checked += 1;
    }
    assert!(checked >= 3, "classic, arcade and one of our own");
}

#[test]
fn a_file_with_five_mistakes_has_all_five_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("five.toml");
    fs::write(&file, "name = \"\"\nbombrate = 1\nmarch = \"sideways\"\nshields = 1.5\nwave_heights = [700]\n").unwrap();
    let output = backend().arg("check").arg(&file).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    for mistake in [
        "bombrate: unknown field",
        "march: unknown variant",
        "shields is 1.5",
        "wave_heights holds 700",
        "name is \"\"",
    ] {
        let line = said.lines().find(|line| line.contains(mistake));
        assert!(line.is_some_and(|line| line.contains("five.toml: ")), "{mistake} is not named in\n{said}");
    }
}

#[test]
fn editors_get_the_schema_of_these_very_fields() {
    let file = presets().join("tuning.schema.json");
    let output = backend().arg("schema").output().unwrap();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &output.stdout).unwrap();
    }
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed == fs::read_to_string(&file).unwrap_or_default(),
        "the tuning has changed; UPDATE_SCHEMA=1 cargo test -p backend writes presets/tuning.schema.json anew"
    );
}

/// Tickets until one's tuning is as wanted.
async fn ticket_when(server: &TestServer, wanted: impl Fn(&Tuning) -> bool) -> Ticket {
    let started = Instant::now();
    loop {
        let ticket = server.ticket("Designer").await;
        if wanted(&ticket.tuning) {
            return ticket;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "the saved tuning is not played");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_saved_tuning_is_played_and_verified_at_the_next_game_and_a_bad_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let short = "bomb_rate = 5\nbomb_min_velocity = 200\nbomb_max_velocity = 300\n";
    fs::write(&file, format!("name = \"before\"\n{short}")).unwrap();
    let server = TestServer::start(&["--watch", "--tuning", file.to_str().unwrap()]);
    assert_eq!(server.ticket("Designer").await.tuning.name, "before");

    fs::write(&file, format!("name = \"after\"\nship_speed = 90\n{short}")).unwrap();
    let mut ticket = ticket_when(&server, |tuning| tuning.name == "after").await;
    assert_eq!(ticket.tuning_hash, ticket.tuning.hash());

    fs::write(&file, "name = \"bad\"\nship_speed = 9000\n").unwrap();
    let (events, game) = play_out(&ticket, Buttons::empty());
    let count = events.len() as u32;
    until_playable(&ticket, game.state().tick).await;
    server.send_ok(&mut ticket, 0, events).await;
    let view = server.game_at(&ticket, count).await;
    assert_eq!((view.verdict, &*view.tuning_name, view.tuning_hash), (Verdict::Verified, "after", ticket.tuning_hash));
    assert_eq!(server.ticket("Designer").await.tuning.name, "after", "the last good one stays");
}
