//! Static files: compression, cache headers, and paths that try to leave the folder.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
};

use crate::common::{LIMIT, TestServer, read_problem};
use reqwest::{Method, StatusCode, header};
use shared::api::ProblemCode;

#[tokio::test]
async fn pages_are_served_compressed_with_their_types_and_cache_headers() {
    let web = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(web.path().join(name), content).unwrap();
    write("index.html", "<!doctype html>");
    write("game-0123456789abcdef_bg.wasm", "plain");
    write("game-0123456789abcdef_bg.wasm.br", "as brotli");
    write("game-0123456789abcdef_bg.wasm.gz", "as gzip");
    let server = TestServer::start(&["--web", web.path().to_str().unwrap()]).await;
    let get = |path: &str, encoding: &'static str| {
        server.client.get(format!("{}{path}", server.url)).header(header::ACCEPT_ENCODING, encoding).send()
    };
    for (encoding, content) in [("br, gzip", "as brotli"), ("gzip", "as gzip"), ("identity", "plain")] {
        let response = get("/game-0123456789abcdef_bg.wasm", encoding).await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/wasm");
        assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(response.text().await.unwrap(), content);
    }
    let page = get("/", "br").await.unwrap();
    assert_eq!(
        (&page.headers()["content-type"], &page.headers()["cache-control"]),
        (&"text/html".parse().unwrap(), &"no-cache".parse().unwrap())
    );
    let (status, problem) = read_problem(server.request(Method::GET, "/missing.js", None, None).await).await;
    assert_eq!((status, problem.code), (StatusCode::NOT_FOUND, ProblemCode::NotFound));
}

/// The content of a file next to the folder of the pages.
const SECRET: &str = "outside of the folder";

/// Paths to that file, in several encodings. `FOLDER` stands for the absolute path of the folder that
/// contains both, without its first slash.
const TRAVERSALS: [&str; 14] = [
    "/../secret.txt",
    "/pages/../../secret.txt",
    "/./../secret.txt",
    "/%2e%2e/secret.txt",
    "/%2E%2E/secret.txt",
    "/.%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/%2e%2e%5csecret.txt",
    "/../secret.txt%00.html",
    "//FOLDER/secret.txt",
    "/%2fFOLDER/secret.txt",
];

/// The file that a careless server reads for a path: it decodes the path, takes backslashes for slashes as Windows does,
/// ends the path at a null byte as C does, and joins it to the folder unchecked.
fn join_carelessly(web: &Path, path: &str) -> PathBuf {
    let mut decoded = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.push_str(before);
        decoded.push(char::from(u8::from_str_radix(&after[..2], 16).unwrap()));
        rest = &after[2..];
    }
    decoded.push_str(rest);
    let decoded = decoded.replace('\\', "/");
    let path = decoded.split('\0').next().unwrap();
    web.join(path.strip_prefix('/').unwrap())
}

/// Sends a request for exactly this path, which URL parsers of clients would normalise, and returns the whole response.
fn request_raw(authority: &str, path: &str) -> String {
    let mut socket = TcpStream::connect(authority).unwrap();
    socket.set_read_timeout(Some(LIMIT)).unwrap();
    // In one write, because the server may close the connection after a part of an invalid request.
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).unwrap();
    response
}

#[tokio::test]
async fn paths_that_leave_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web");
    fs::create_dir_all(web.join("pages")).unwrap();
    fs::write(web.join("index.html"), "<!doctype html>").unwrap();
    fs::write(web.join("pages/page.html"), "inside").unwrap();
    fs::write(folder.path().join("secret.txt"), SECRET).unwrap();
    let server = TestServer::start(&["--web", web.to_str().unwrap()]).await;
    assert!(request_raw(server.authority(), "/pages/page.html").ends_with("inside"));
    for path in TRAVERSALS {
        let path = path.replace("FOLDER", folder.path().to_str().unwrap().trim_start_matches('/'));
        let careless = fs::read_to_string(join_carelessly(&web, &path)).unwrap_or_default();
        assert_eq!(careless, SECRET, "{path} does not reach the secret on a careless server and so tests nothing");
        let response = request_raw(server.authority(), &path);
        assert!(!response.contains(SECRET), "{path}: {response}");
        let is_refused = ["HTTP/1.1 400", "HTTP/1.1 404"].iter().any(|status| response.starts_with(status));
        assert!(is_refused, "{path}: {response}");
    }
    // A null byte that is not encoded is not HTTP.
    assert!(request_raw(server.authority(), "/index.html\0").starts_with("HTTP/1.1 400"));
}
