//! The game and the other pages as files: precompressed where there is a `.br` or `.gz` beside them, and allowed to run
//! and load what is ours alone.

use std::{fs, path::Path};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use tower_http::services::ServeDir;

use super::ApiError;

/// Serves the files below `web`.
pub fn serve(web: &Path) -> Router {
    let files = ServeDir::new(web).precompressed_br().precompressed_gzip();
    // Read once: who changes the pages starts the server anew.
    let start = fs::read_to_string(web.join("index.html")).unwrap_or_default();
    let policy = HeaderValue::try_from(policy(&start)).unwrap_or(HeaderValue::from_static("default-src 'self'"));
    let finish = middleware::from_fn(move |request, next| finish(policy.clone(), request, next));
    Router::new().fallback_service(files).layer(finish)
}

/// What pages may run and load: what comes from here, and of scripts inside a page only the one that starts the game.
fn policy(start: &str) -> String {
    let scripts: String = inline_scripts(start)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The scripts that stand in the page itself.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices("<script").filter_map(|(at, _)| {
        let (attributes, rest) = html[at..].split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains(" src=")).then_some(script)
    })
}

/// Says how long a page may be kept and what it may run, and turns a missing one into a problem.
async fn finish(policy: HeaderValue, request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return ApiError::NotFound("such page").into_response();
    }
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Whether a file's name ends in the hash of its content, as Trunk writes it: `-` and 16 hexadecimal digits, then
/// perhaps `_bg`, then the extension. Such a file never changes.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches("_bg");
    stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() >= 15 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_of_the_page_itself_are_named_by_their_hash() {
        let policy = policy("<script src=\"/a.js\"></script><script type=\"module\">go()</script>");
        // echo -n 'go()' | openssl dgst -sha256 -binary | base64
        assert!(
            policy.contains("'wasm-unsafe-eval' 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw=';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn only_files_named_by_their_hash_are_kept_for_ever() {
        assert!(is_hashed("/game-1f3a9c0d2b4e6f78_bg.wasm"));
        assert!(is_hashed("/style-1f3a9c0d2b4e6f78.css"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/game-loader.mjs"));
        assert!(!is_hashed("/"));
    }
}
