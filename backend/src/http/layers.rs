//! The layers around all routes: request ID, log, metrics, security headers and time limit.

use std::time::{Duration, Instant};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{
    request_id::{PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

use super::{
    labels,
    problem::ApiError,
    request_id::{self, RandomRequestId},
    request_log,
};

/// The time limit for reading a request and starting its response. The body of a response, such as live updates, may take
/// longer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Adds the layers to all routes. The last layer is the outermost.
pub fn add<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    let set_header = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let log = TraceLayer::new_for_http()
        .make_span_with(request_log::span)
        .on_request(())
        .on_response(|response: &Response<_>, latency, span: &_| request_log::log_response(response, latency, span))
        .on_failure(());
    routes
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        .layer(middleware::map_response(set_timeout_problem))
        .layer(set_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set_header(header::REFERRER_POLICY, "no-referrer"))
        .layer(middleware::from_fn(record_duration))
        .layer(log)
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(RandomRequestId))
        .layer(middleware::map_request(request_id::remove_unusable))
}

/// Gives the empty response of [`TimeoutLayer`] the body of a problem.
async fn set_timeout_problem(response: Response) -> Response {
    if response.status() == StatusCode::REQUEST_TIMEOUT { ApiError::TooSlow.into_response() } else { response }
}

async fn record_duration(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, route) = (labels::method(&request), labels::route(&request).to_owned());
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    metrics::histogram!("alien_http_request_seconds", "method" => method, "route" => route, "status" => status)
        .record(started.elapsed().as_secs_f64());
    response
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        io::{Read, Seek},
        sync::Arc,
    };

    use axum::{body::Body, routing::get};
    use hyper::service::Service;
    use hyper_util::service::TowerToHyperService;
    use tokio::sync::Mutex;
    use tracing_subscriber::filter::LevelFilter;

    use super::*;

    /// Held while a test sends requests: a request in another thread, without a log, could disable these log lines for the
    /// whole process at the moment at which the log begins.
    static REQUESTS: Mutex<()> = Mutex::const_new(());

    /// Sends a request with an `x-request-id` and a token to a router with the layers.
    async fn send(path: &str, id: &str) -> Response {
        let routes = Router::new().route("/v1/games/{game}", get(async || "game"));
        let service = TowerToHyperService::new(add::<()>(routes));
        let request = Request::builder().uri(path).header("x-request-id", id).header("authorization", "Bearer secret");
        service.call(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn usable_request_id_is_returned_and_others_are_replaced() {
        let _requests = REQUESTS.lock().await;
        assert_eq!(send("/v1/games/7", "abc-1").await.headers()["x-request-id"], "abc-1");
        let response = send("/v1/games/7", "not usable").await;
        let id = response.headers()["x-request-id"].to_str().unwrap();
        assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    }

    #[tokio::test]
    async fn request_log_has_route_and_game_and_no_token() {
        let _requests = REQUESTS.lock().await;
        let mut file = tempfile::tempfile().unwrap();
        let writer: Arc<File> = Arc::new(file.try_clone().unwrap());
        let subscriber =
            tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false).with_writer(writer);
        let guard = tracing::subscriber::set_default(subscriber.finish());
        send("/v1/games/00c0ffee00c0ffee?name=Ada", "abc-1").await;
        send("/page.html", "abc-2").await;
        drop(guard);
        let mut log = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut log).unwrap();
        let lines: Vec<&str> = log.lines().filter(|line| line.contains("status=")).collect();
        let [game, page] = lines[..] else { panic!("{log}") };
        let expected = r#"request{id="abc-1" method="GET" route="/v1/games/{game}" game=00c0ffee00c0ffee}"#;
        assert!(game.contains("INFO") && game.contains(expected) && game.contains("status=200"), "{game}");
        assert!(page.contains("DEBUG") && page.contains(r#"route="page""#) && page.contains("status=404"), "{page}");
        assert!(!log.contains("secret") && !log.contains("Ada"), "{log}");
    }
}
