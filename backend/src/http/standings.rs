//! Reading the scoreboard.

use axum::{extract::State, http::header, response::IntoResponse};
use serde::Deserialize;
use shared::{
    api::{Problem, Standings},
    ids::PlayerId,
    session::{Participant, SessionId},
};
use utoipa::IntoParams;

use super::{
    Shared,
    problem::{ApiError, Query},
};
use crate::http::csv;

/// Rows in one answer, at most.
const MAX_ROWS: u32 = 100;

/// Which stretch of the scoreboard.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct StandingsQuery {
    /// Rows, 1 to 100.
    #[serde(default = "ten")]
    top: u32,
    /// Begin after this many rows: an answer's `next`.
    #[serde(default)]
    after: u32,
    /// The rows around this player instead.
    around: Option<PlayerId>,
    /// The session; open play where none is given.
    session: Option<SessionId>,
}

/// Whose standings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ExportQuery {
    /// The session; open play where none is given.
    session: Option<SessionId>,
}

fn ten() -> u32 {
    10
}

/// A session's standings, whole, as CSV for spreadsheets.
#[utoipa::path(get, path = "/v1/standings.csv", params(ExportQuery), responses(
    (status = 200, content_type = "text/csv", body = String),
))]
pub async fn export(
    State(app): State<Shared>,
    Query(query): Query<ExportQuery>,
) -> Result<impl IntoResponse, ApiError> {
    let session = query.session.unwrap_or(SessionId::OPEN_PLAY);
    let standings = app.scoreboard.stretch(session, 0, usize::MAX).await?;
    let text = csv::standings(&standings).map_err(|error| ApiError::Internal(error.to_string()))?;
    let name = format!("attachment; filename=\"standings-{session}.csv\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)], text))
}

/// A stretch of the scoreboard: the top, from a cursor on, or around a player.
#[utoipa::path(get, path = "/v1/standings", params(StandingsQuery), responses(
    (status = 200, body = Standings),
    (status = "4XX", body = Problem),
))]
pub async fn list(
    State(app): State<Shared>,
    Query(query): Query<StandingsQuery>,
) -> Result<axum::Json<Standings>, ApiError> {
    if !(1..=MAX_ROWS).contains(&query.top) {
        return Err(ApiError::BadRequest(format!("top must be between 1 and {MAX_ROWS}")));
    }
    let session = query.session.unwrap_or(SessionId::OPEN_PLAY);
    let standings = match query.around {
        Some(player) => {
            let around = app.scoreboard.around(Participant { session, player }).await?;
            around.ok_or(ApiError::NotFound("such player"))?
        }
        None => app.scoreboard.stretch(session, query.after as usize, query.top as usize).await?,
    };
    Ok(axum::Json(standings))
}
