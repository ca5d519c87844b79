//! HTTP: the router, and what all requests have in common.

mod accounts;
mod caller;
pub mod csv;
mod event_flow;
mod events;
mod games;
mod guard;
mod health;
mod live;
mod pages;
mod problem;
mod qr;
mod seats;
mod sessions;
mod standings;
mod tunings;

use std::{path::Path, sync::Arc};

use axum::{Json, Router, extract::DefaultBodyLimit, middleware, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use shared::event::MAX_BATCH_BYTES;
use tokio::sync::watch;
use utoipa::{OpenApi, openapi};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{
        event_flow::EventFlow,
        identity::{Identity, SignInLimits},
        ingest::Ingest,
        live::Live,
        processor::Progress,
        sessions::Sessions,
        standings::Scoreboard,
        tickets::Tickets,
        tokens::Keys,
    },
    engine::store::Store,
};

pub use caller::Peer;
pub use problem::ApiError;

/// What handlers work with.
pub struct App {
    /// Verifies tokens.
    pub keys: Arc<Keys>,
    /// Gives out tickets.
    pub tickets: Tickets,
    /// Takes events.
    pub ingest: Ingest,
    /// Reads the scoreboard.
    pub scoreboard: Arc<Scoreboard>,
    /// Reads games.
    pub store: Arc<dyn Store>,
    /// Tells how far the processor is.
    pub progress: watch::Receiver<Progress>,
    /// Shows sessions as they change.
    pub live: Arc<Live>,
    /// Knows who somebody is.
    pub identity: Arc<Identity>,
    /// Counts sign_in_limits.
    pub sign_in_limits: Arc<SignInLimits>,
    /// Proxies of ours in front of the server.
    pub proxies: u8,
    /// Tells of the flow of events.
    pub flow: EventFlow,
    /// Runs sessions.
    pub sessions: Arc<Sessions>,
    /// Turns true as the server stops.
    pub stopping: watch::Receiver<bool>,
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
}

/// The state that axum hands to handlers.
pub type Shared = Arc<App>;

#[derive(OpenApi)]
#[openapi(info(
    title = "Alien Attack",
    description = "Tickets, events, games and standings. Every answer from 400 up has a `Problem` as its body."
))]
struct Api;

/// The API's routes with their description.
fn api() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(games::open))
        .routes(routes!(tunings::show, tunings::check))
        .routes(routes!(games::show))
        .routes(routes!(games::replay))
        .routes(routes!(games::of_player))
        .routes(routes!(games::of_session))
        .routes(routes!(games::export))
        .routes(routes!(events::accept))
        .routes(routes!(accounts::identity))
        .routes(routes!(accounts::register))
        .routes(routes!(accounts::mine))
        .routes(routes!(accounts::change_password))
        .routes(routes!(accounts::sign_in, accounts::sign_out))
        .routes(routes!(accounts::refresh))
        .routes(routes!(sessions::list, sessions::create))
        .routes(routes!(sessions::show))
        .routes(routes!(sessions::find))
        .routes(routes!(sessions::qr))
        .routes(routes!(sessions::act))
        .routes(routes!(sessions::clock))
        .routes(routes!(seats::list, seats::join))
        .routes(routes!(seats::heartbeat, seats::leave))
        .routes(routes!(seats::change))
        .routes(routes!(standings::list))
        .routes(routes!(standings::export))
        .routes(routes!(event_flow::show))
        .routes(routes!(event_flow::dead_letters))
        .routes(routes!(event_flow::retry))
        .routes(routes!(live::watch))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
}

/// The API's OpenAPI document.
pub fn document() -> openapi::OpenApi {
    api().into_openapi()
}

/// Everything that the server answers: the API, and the pages in `web`, if given.
pub fn router(app: Shared, web: Option<&Path>) -> Router {
    let (routes, document) = api().split_for_parts();
    let routes = routes
        .route("/openapi.json", get(async move || Json(document)))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BATCH_BYTES));
    let routes = match web {
        Some(web) => routes.fallback_service(pages::serve(web, Arc::clone(&app.identity))),
        None => routes.fallback(problem::not_found),
    };
    routes.layer(middleware::from_fn(guard::guard)).with_state(app)
}
