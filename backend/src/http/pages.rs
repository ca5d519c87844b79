//! The game and the other pages as files: precompressed where there is a `.br` or `.gz` beside them, and allowed to run
//! and load what is ours alone; and to fetch tokens where accounts are kept, if that is elsewhere.

use std::{fs, path::Path, sync::Arc};

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
use crate::domain::identity::Identity;

/// Serves the files below `web`, whose pages fetch tokens where `identity` says.
pub fn serve(web: &Path, identity: Arc<Identity>) -> Router {
    let files = ServeDir::new(web).precompressed_br().precompressed_gzip();
    // Read once: who changes the pages starts the server anew.
    let start = fs::read_to_string(web.join("index.html")).unwrap_or_default();
    let scripts = script_hashes(&start);
    // Put together for each answer: where tokens are fetched may be known only once an issuer has been reached.
    let finish = middleware::from_fn(move |request, next| {
        let policy = policy(&scripts, identity.token_origin().as_deref());
        finish(policy, request, next)
    });
    Router::new().fallback_service(files).layer(finish)
}

/// What pages may run and load: what comes from here, of scripts inside a page only the one that starts the game, and
/// tokens from where they are issued.
fn policy(scripts: &str, tokens: Option<&str>) -> HeaderValue {
    let connect = tokens.map(|origin| format!("connect-src 'self' {origin}; ")).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; {connect}img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// The hashes by which a policy names the scripts that stand in a page.
fn script_hashes(html: &str) -> String {
    let hash = |script: &str| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())));
    inline_scripts(html).map(hash).collect()
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
        let scripts = script_hashes("<script src=\"/a.js\"></script><script type=\"module\">go()</script>");
        let policy = policy(&scripts, None).to_str().unwrap().to_owned();
        // echo -n 'go()' | openssl dgst -sha256 -binary | base64
        assert!(
            policy.contains("'wasm-unsafe-eval' 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw=';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"));
    }

    #[test]
    fn pages_fetch_from_here_and_from_where_tokens_are_issued_alone() {
        let policy = |tokens| policy("", tokens).to_str().unwrap().to_owned();
        assert!(!policy(None).contains("connect-src"), "what is not named is as the default is");
        assert!(policy(Some("https://id.example")).contains("; connect-src 'self' https://id.example; "));
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
