//! The data folder: a server refuses a folder that has lost a part or that another version wrote, says why and what to do,
//! and changes nothing in it.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::common::{
    ServerProcess,
    files::copy_folder,
    games::{hold, wait_for_tick},
    process::backend,
};
use shared::{api::Standings, rules::Buttons, time::Tick};
use tempfile::TempDir;

/// A data folder in which Ada has played for a second, and the standings of its server.
async fn played_folder() -> (TempDir, Standings) {
    let mut server = ServerProcess::start(&[]).await;
    let mut ticket = server.ticket("Ada").await;
    wait_for_tick(&ticket, Tick(60)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    server.processed_game(&ticket, 1).await;
    let standings = server.standings().await;
    assert!(server.stop().await.success());
    (copy_folder(server.data()), standings)
}

/// Runs a command that must fail on a data folder, and returns its error. It must not create, delete or replace a part.
fn error_of(command: &mut Command, data: &Path) -> String {
    let before = parts(data);
    let output = command.arg("--data").arg(data).output().unwrap();
    assert!(!output.status.success());
    assert!(parts(data) == before, "a part of the data folder was created, deleted or replaced");
    String::from_utf8(output.stderr).unwrap()
}

/// The files and folders in a data folder, and the content of the registry.
fn parts(data: &Path) -> (BTreeSet<OsString>, Option<Vec<u8>>) {
    let names = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    (names, fs::read(data.join("registry.redb")).ok())
}

fn serve_error(data: &Path) -> String {
    error_of(backend().args(["serve", "--port", "0"]), data)
}

fn journal(data: &Path) -> PathBuf {
    let events = fs::read_dir(data.join("events")).unwrap().map(|entry| entry.unwrap().path());
    events.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "jnl")).unwrap()
}

/// Writes the version of the format into a file of tables.
fn set_format(file: &Path, format: u64) {
    let database = redb::Database::create(file).unwrap();
    let transaction = database.begin_write().unwrap();
    let versions = redb::TableDefinition::<(), u64>::new("version");
    transaction.open_table(versions).unwrap().insert((), format).unwrap();
    transaction.commit().unwrap();
}

#[tokio::test]
async fn a_folder_that_lost_a_part_is_refused_and_says_why() {
    let (whole, _) = played_folder().await;
    let refused = |lose: &dyn Fn(&Path), words: &[&str]| {
        let data = copy_folder(whole.path());
        lose(data.path());
        let error = serve_error(data.path());
        assert!(words.iter().all(|words| error.contains(words)), "{words:?} are not in: {error}");
    };
    let remove_log = |data: &Path| fs::remove_dir_all(data.join("events")).unwrap();
    let remove_tables = |data: &Path| fs::remove_file(data.join("tables.redb")).unwrap();
    let restore = "restore it from a copy";
    refused(
        &|data| fs::write(data.join("registry.redb"), b"").unwrap(),
        &["registry.redb is missing or empty", restore],
    );
    refused(
        &|data| fs::remove_file(data.join("registry.redb")).unwrap(),
        &["registry.redb is missing or empty", restore],
    );
    refused(&|data| fs::remove_file(journal(data)).unwrap(), &["events has no journal", "from a copy"]);
    refused(&|data| fs::write(journal(data), b"").unwrap(), &["ends before record 1", "from a copy"]);
    refused(&remove_log, &["ends before record 1", "rebuild --from-archive"]);
    refused(
        &|data| {
            remove_log(data);
            remove_tables(data);
        },
        &["events is missing", "rebuild --from-archive"],
    );
    refused(&|data| fs::remove_file(data.join("key")).unwrap(), &["key", "is missing", "ALIEN_KEY", restore]);
}

#[tokio::test]
async fn a_folder_of_another_version_is_refused_with_the_way() {
    let (data, _) = played_folder().await;
    fs::write(data.path().join("format"), "9\n").unwrap();
    let error = serve_error(data.path());
    assert!(error.contains("format 9") && error.contains("update this server"), "{error}");
    let error = error_of(backend().arg("rebuild"), data.path());
    assert!(error.contains("format 9"), "{error}");
    fs::remove_file(data.path().join("format")).unwrap();
    let error = serve_error(data.path());
    assert!(error.contains("format 1") && error.contains("backend upgrade --data"), "{error}");
}

#[tokio::test]
async fn tables_of_another_version_are_refused_and_rebuilt() {
    let (data, standings) = played_folder().await;
    set_format(&data.path().join("tables.redb"), 99);
    let error = serve_error(data.path());
    assert!(error.contains("has format 99") && error.contains("backend rebuild --data"), "{error}");
    assert!(backend().args(["rebuild", "--data"]).arg(data.path()).output().unwrap().status.success());
    let server = ServerProcess::start_in(data, &[], &[]).await;
    assert_eq!(server.standings().await, standings);
}

#[tokio::test]
async fn registry_of_a_newer_version_is_refused() {
    let (data, standings) = played_folder().await;
    let registry = data.path().join("registry.redb");
    set_format(&registry, 99);
    // Reading the format changes bytes of the file, but no row.
    let mut serve = backend();
    let output = serve.args(["serve", "--port", "0", "--data"]).arg(data.path()).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(error.contains("registry has format 99") && error.contains("update this server"), "{error}");
    set_format(&registry, 2);
    let server = ServerProcess::start_in(data, &[], &[]).await;
    assert_eq!(server.standings().await, standings);
}

#[tokio::test]
async fn missing_tables_are_computed_again() {
    let (data, standings) = played_folder().await;
    for lose in [|tables: &Path| fs::remove_file(tables), |tables: &Path| fs::write(tables, b"")] {
        let data = copy_folder(data.path());
        lose(&data.path().join("tables.redb")).unwrap();
        let server = ServerProcess::start_in(data, &[], &[]).await;
        assert_eq!(server.standings().await, standings);
    }
}

#[tokio::test]
async fn lost_parts_are_created_on_request() {
    let (data, standings) = played_folder().await;
    for part in ["registry.redb", "key"] {
        let data = copy_folder(data.path());
        fs::remove_file(data.path().join(part)).unwrap();
        let mut server = ServerProcess::start_in(data, &["--create-missing"], &[]).await;
        assert_eq!(server.standings().await, standings);
        assert!(server.stop().await.success());
    }
}
