//! HTTP: parses requests, calls the domain, and maps results to responses.

mod caller;
mod csv;
mod extract;
mod labels;
mod layers;
mod pages;
mod problem;
mod qr;
mod request_id;
mod request_log;
mod routes;

use std::{path::Path, sync::Arc};

use axum::{Json, Router, extract::DefaultBodyLimit, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use shared::event::MAX_BATCH_BYTES;
use tokio::sync::watch;
use utoipa::openapi;

use crate::{
    clock::Clock,
    domain::{
        dead_letters::DeadLetterQueue,
        games::Games,
        identity::{Identity, SignInLimits},
        ingest::Ingest,
        live_updates::LiveUpdates,
        moderation::Moderation,
        processor::Progress,
        processor_status::ProcessorStatus,
        seats::Seats,
        sessions::Sessions,
        standings::Scoreboard,
        tickets::Tickets,
        viewers::Viewers,
    },
};

pub use caller::Peer;
pub use problem::ApiError;

/// The services that handlers call.
pub struct App {
    /// The time.
    pub clock: Clock,
    /// Identifies callers.
    pub identity: Arc<Identity>,
    /// Limits attempts to sign in.
    pub sign_in_limits: Arc<SignInLimits>,
    /// The number of trusted proxies that append to `X-Forwarded-For`.
    pub proxies: u8,
    /// Creates, reads and moves sessions.
    pub sessions: Arc<Sessions>,
    /// Gives players seats.
    pub seats: Arc<Seats>,
    /// Applies moderation actions.
    pub moderation: Moderation,
    /// Issues tickets.
    pub tickets: Tickets,
    /// Accepts events.
    pub ingest: Ingest,
    /// Reads games.
    pub games: Games,
    /// Issues and verifies viewer tokens.
    pub viewers: Viewers,
    /// Reads standings.
    pub scoreboard: Arc<Scoreboard>,
    /// Sends snapshots to viewers.
    pub live_updates: Arc<LiveUpdates>,
    /// Reads the progress of all processors.
    pub processor_status: ProcessorStatus,
    /// Lists and retries dead letters.
    pub dead_letters: DeadLetterQueue,
    /// The progress of this server's processor.
    pub progress: watch::Receiver<Progress>,
    /// Becomes `true` when the server stops.
    pub stopping: watch::Receiver<bool>,
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
}

/// The state of the router.
pub type AppState = Arc<App>;

/// Returns the OpenAPI document of the API.
pub fn document() -> openapi::OpenApi {
    routes::routes().into_openapi()
}

/// Returns the router of the API and, if given, of the pages in the folder `web`.
pub fn router(app: AppState, web: Option<&Path>) -> Router {
    let (routes, document) = routes::routes().split_for_parts();
    let routes = routes
        .route("/openapi.json", get(async move || Json(document)))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(MAX_BATCH_BYTES));
    let routes = match web {
        Some(web) => routes.fallback_service(pages::serve(web, Arc::clone(&app.identity))),
        None => routes.fallback(problem::not_found),
    };
    layers::add(routes).with_state(app)
}
