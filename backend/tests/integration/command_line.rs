//! The command line of the server: errors at startup, and the API's document.

use std::{fs, path::Path};

use crate::common::{TestServer, backend};

#[tokio::test]
async fn api_document_in_the_repository_is_current_and_is_served() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let output = backend().arg("openapi").output().unwrap();
    assert!(output.status.success());
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(file, &output.stdout).unwrap();
    }
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed == fs::read_to_string(file).unwrap_or_default(),
        "the API has changed; UPDATE_OPENAPI=1 cargo test -p backend writes openapi.json"
    );
    let server = TestServer::start(&[]).await;
    let served: serde_json::Value = server.get("/openapi.json").await;
    assert_eq!(served, serde_json::from_str::<serde_json::Value>(&printed).unwrap());
}

/// Runs `backend serve`, which must fail, and returns what it printed as its error.
fn serve_error(data: &Path, arguments: &[&str]) -> String {
    let output = backend().arg("serve").env("ALIEN_DATA", data).args(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn startup_errors_name_the_cause_and_the_remedy() {
    let server = TestServer::start(&[]).await;
    let (_, used_port) = server.authority().split_once(':').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (data, tuning) = (folder.path().join("data"), folder.path().join("bad.toml"));
    fs::write(&tuning, "bomb_rate = 99\n").unwrap();
    let error = serve_error(&data, &["--port", used_port]);
    assert!(error.contains(used_port) && error.contains("--port"), "{error}");
    let error = serve_error(&data, &["--port", "0", "--web", "/nowhere"]);
    assert!(error.contains("/nowhere") && error.contains("build the game first"), "{error}");
    let error = serve_error(&data, &["--port", "0", "--tuning", tuning.to_str().unwrap()]);
    assert!(error.contains("bad.toml") && error.contains("bomb_rate is 99"), "{error}");
    let error = serve_error(&data, &["--port", "0", "--data", server.data().to_str().unwrap()]);
    assert!(error.contains("--data"), "{error}");
}
