//! The game and the scoreboard page as files: precompressed where there is a `.br` or `.gz` beside them.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::services::ServeDir;

use super::ApiError;

/// Serves the files below `web`.
pub fn serve(web: &Path) -> Router {
    let files = ServeDir::new(web).precompressed_br().precompressed_gzip();
    Router::new().fallback_service(files).layer(middleware::from_fn(finish))
}

/// Says how long a page may be kept, and turns a missing one into a problem.
async fn finish(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return ApiError::NotFound("such page").into_response();
    }
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
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
    fn only_files_named_by_their_hash_are_kept_for_ever() {
        assert!(is_hashed("/game-1f3a9c0d2b4e6f78_bg.wasm"));
        assert!(is_hashed("/style-1f3a9c0d2b4e6f78.css"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/game-loader.mjs"));
        assert!(!is_hashed("/"));
    }
}
