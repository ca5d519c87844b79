//! The game and the other pages as static files, with cache headers and a content security policy. If a file has a `.br` or
//! `.gz` beside it, the compressed file is served.

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

use super::problem::ApiError;
use crate::domain::identity::Identity;

/// Serves the files in the folder `web`. The pages may fetch tokens from the external issuer of `identity`, if any.
pub fn serve(web: &Path, identity: Arc<Identity>) -> Router {
    let files = ServeDir::new(web).precompressed_br().precompressed_gzip();
    // Read once: the server must be restarted after the pages are built again.
    let index = fs::read_to_string(web.join("index.html")).unwrap_or_default();
    let scripts = script_hashes(&index);
    // Built for each response, because the origin of an external issuer is unknown until the issuer is reached.
    let headers = middleware::from_fn(move |request, next| {
        let policy = policy(&scripts, identity.token_origin().as_deref());
        add_headers(policy, request, next)
    });
    Router::new().fallback_service(files).layer(headers)
}

/// Returns the content security policy: pages load only from this server, run only the inline script that starts the game,
/// and also connect to the origin of the external issuer.
fn policy(scripts: &str, token_origin: Option<&str>) -> HeaderValue {
    let connect = token_origin.map(|origin| format!("connect-src 'self' {origin}; ")).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{scripts}; {connect}img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// Returns the hashes of the inline scripts of a page, as sources of a policy.
fn script_hashes(html: &str) -> String {
    let hash = |script: &str| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes())));
    inline_scripts(html).map(hash).collect()
}

/// Returns the inline scripts of a page.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices("<script").filter_map(|(at, _)| {
        let (attributes, rest) = html[at..].split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains(" src=")).then_some(script)
    })
}

/// Adds the cache header and the policy to a page. A missing page becomes a problem.
async fn add_headers(policy: HeaderValue, request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return ApiError::NotFound("such page").into_response();
    }
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Returns whether a file's name contains a hash of its content, as Trunk names it: `-` and 16 hexadecimal digits, an
/// optional `_bg`, and the extension. Such a file never changes.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches("_bg");
    stem.rsplit_once('-').is_some_and(|(_, hash)| hash.len() >= 15 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policy_names_inline_scripts_by_their_hash() {
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
    fn pages_connect_to_this_server_and_to_the_issuer_only() {
        let policy = |origin| policy("", origin).to_str().unwrap().to_owned();
        assert!(!policy(None).contains("connect-src"), "without an issuer, the default applies");
        assert!(policy(Some("https://id.example")).contains("; connect-src 'self' https://id.example; "));
    }

    #[test]
    fn only_file_names_with_a_hash_are_cached_for_ever() {
        assert!(is_hashed("/game-1f3a9c0d2b4e6f78_bg.wasm"));
        assert!(is_hashed("/style-1f3a9c0d2b4e6f78.css"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/game-loader.mjs"));
        assert!(!is_hashed("/"));
    }
}
