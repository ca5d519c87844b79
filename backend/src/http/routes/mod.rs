//! The routes of the API, one module for each resource.

mod accounts;
mod clock;
mod dead_letters;
mod events;
mod games;
mod health;
mod identity;
mod live;
mod processor_status;
mod seats;
mod sessions;
mod standings;
mod tokens;
mod tuning;
mod viewers;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use super::AppState;

#[derive(OpenApi)]
#[openapi(info(
    title = "Alien Attack",
    description = "Tickets, events, games and standings. Every response with a status of 400 or above has a `Problem` as its body."
))]
struct Api;

/// Returns all routes of the API with their OpenAPI description.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Api::openapi())
        .merge(accounts::routes())
        .merge(clock::routes())
        .merge(dead_letters::routes())
        .merge(events::routes())
        .merge(games::routes())
        .merge(health::routes())
        .merge(identity::routes())
        .merge(live::routes())
        .merge(processor_status::routes())
        .merge(seats::routes())
        .merge(sessions::routes())
        .merge(standings::routes())
        .merge(tokens::routes())
        .merge(tuning::routes())
        .merge(viewers::routes())
}
