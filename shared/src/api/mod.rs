//! The JSON bodies of HTTP requests and responses, a module per resource.

mod accounts;
mod dead_letters;
mod event_flow;
mod games;
mod identity;
mod problem;
mod seats;
mod sessions;
mod standings;
mod viewers;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

pub use accounts::{CallerView, ChangePassword, NewAccount, Refresh, SignIn, Tokens};
pub use dead_letters::{DeadLetterView, DeadLetters};
pub use event_flow::FlowView;
pub use games::{
    Ack, DecisionView, GameFigures, GameReplay, GameView, MarkView, NewGame, PlayerGames, SessionGames, Ticket,
    TicketSeed,
};
pub use identity::{IdentityView, OidcView};
pub use problem::{Problem, ProblemCode};
pub use seats::{Join, OwnSeat, SeatChange, SeatView, Seated, Seats};
pub use sessions::{ChangeAdmission, SessionView, Sessions};
pub use standings::{Ranked, Standings};
pub use viewers::ViewerToken;

/// Response of `GET /v1/clock`: the server's clock. A browser estimates its clock's offset from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Clock {
    /// The current time.
    pub now: Timestamp,
}
