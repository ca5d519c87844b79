//! Data of earlier versions: an archive and a data folder that the server of November wrote, and what its API answered.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use crate::{
    archive::query,
    common::{files::list_files, process::backend},
};
use flate2::read::GzDecoder;
use serde_json::json;
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
