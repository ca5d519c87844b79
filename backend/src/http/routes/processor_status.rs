//! The status of the processors, for managers.

use axum::{Json, extract::State};
use shared::api::{FlowView, Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, caller::Manager, problem::ApiError};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get_processor_status))
}

/// Returns the counters of processed events, for managers. The difference of two responses gives rates.
#[utoipa::path(get, path = "/v1/flow", responses((status = 200, body = FlowView), (status = 403, body = Problem)))]
async fn get_processor_status(State(app): State<AppState>, _: Manager) -> Result<Json<FlowView>, ApiError> {
    Ok(Json(app.processor_status.view().await?))
}
