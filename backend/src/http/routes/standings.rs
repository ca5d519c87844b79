//! Standings of a session.

use axum::{extract::State, http::header, response::IntoResponse};
use serde::Deserialize;
use shared::{
    api::{Problem, Standings},
    ids::PlayerId,
    session::{Participant, SessionId},
};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{AppState, csv, extract::Query, problem::ApiError};

/// The most standings in one response.
const MAX_ROWS: u32 = 100;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_standings)).routes(routes!(export_standings))
}

/// The page of the standings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StandingsQuery {
    /// The number of standings, 1 to 100.
    #[serde(default = "default_rows")]
    top: u32,
    /// The number of standings to skip: `next` of the last response.
    #[serde(default)]
    after: u32,
    /// A player, to return the standings around that player's instead.
    around: Option<PlayerId>,
    /// The session. Default: open play.
    session: Option<SessionId>,
}

fn default_rows() -> u32 {
    10
}

/// The standings to export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// The session. Default: open play.
    session: Option<SessionId>,
}

/// Returns all standings of a session as CSV.
#[utoipa::path(get, path = "/v1/standings.csv", params(ExportQuery), responses(
    (status = 200, content_type = "text/csv", body = String),
))]
async fn export_standings(
    State(app): State<AppState>,
    Query(ExportQuery { session }): Query<ExportQuery>,
) -> Result<impl IntoResponse, ApiError> {
    let session = session.unwrap_or(SessionId::OPEN_PLAY);
    let text = csv::standings(&app.scoreboard.all(session).await?)?;
    let disposition = format!("attachment; filename=\"standings-{session}.csv\"");
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, text))
}

/// Returns a page of a session's standings, or the standings around a player.
#[utoipa::path(get, path = "/v1/standings", params(StandingsQuery), responses(
    (status = 200, body = Standings),
    (status = "4XX", body = Problem),
))]
async fn list_standings(
    State(app): State<AppState>,
    Query(query): Query<StandingsQuery>,
) -> Result<axum::Json<Standings>, ApiError> {
    if !(1..=MAX_ROWS).contains(&query.top) {
        return Err(ApiError::BadRequest(format!("top is {}, but must be between 1 and {MAX_ROWS}", query.top)));
    }
    let session = query.session.unwrap_or(SessionId::OPEN_PLAY);
    let standings = match query.around {
        Some(player) => {
            let around = app.scoreboard.around(Participant { session, player }).await?;
            around.ok_or(ApiError::NotFound("standing of this player"))?
        }
        None => app.scoreboard.page(session, query.after as usize, query.top as usize).await?,
    };
    Ok(axum::Json(standings))
}
