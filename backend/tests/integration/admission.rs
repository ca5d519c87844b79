//! Admission through the API: approval of new players, locked sessions, and players whom a manager removed.

use crate::common::{Api, LIMIT, TestServer, eventually, read_problem};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use shared::{
    api::{OwnSeat, ProblemCode, SeatView, Seated, SessionView, Tokens},
    session::{Admission, Approval},
};

/// An open session of a server.
struct Cup {
    server: TestServer,
    manager: Tokens,
    session: SessionView,
}

impl Cup {
    async fn start(admission: Admission) -> Cup {
        let server = TestServer::start(&[]).await;
        let manager = server.sign_in_manager().await;
        let plan = json!({"name": "Cup", "kind": "multiple_trials", "seats": 2, "admission": admission});
        let session = server.open_session(&manager, plan).await;
        assert_eq!(session.admission, admission);
        Cup { server, manager, session }
    }

    /// Lets a new guest ask for a seat. Returns the guest's token as well.
    async fn join(&self, nickname: &str) -> (Seated, String) {
        let seated = self.server.seat_guest(&self.session, nickname).await;
        let token = seated.player_token.clone().unwrap();
        (seated, token)
    }

    async fn request_ticket(&self, token: &str) -> Response {
        self.server.request_session_ticket(&self.session, token).await
    }

    async fn heartbeat(&self, token: &str) -> Approval {
        let response = self.server.heartbeat(&self.session, Some(token)).await;
        response.error_for_status().unwrap().json::<OwnSeat>().await.unwrap().approval
    }

    async fn moderate(&self, seated: &Seated, change: Value) {
        self.server.moderate(&self.manager, &self.session, seated.player, change).await;
    }

    /// The player's seat as the desk lists it.
    async fn listed(&self, seated: &Seated) -> SeatView {
        let seats = self.server.seats(&self.manager, &self.session).await;
        seats.into_iter().find(|seat| seat.player == seated.player).unwrap()
    }

    /// Waits until the session has these numbers of seated and waiting players.
    async fn wait_for_counts(&self, seated: u32, waiting: u32) {
        let path = format!("/v1/sessions/{}", self.session.session);
        eventually(&format!("{seated} players have seats and {waiting} wait"), async || {
            let view: SessionView = self.server.get(&path).await;
            let counts = (view.seated, view.waiting);
            if counts == (seated, waiting) { Ok(()) } else { Err(format!("{counts:?}")) }
        })
        .await;
    }
}

async fn assert_refused(response: Response, status: StatusCode, code: ProblemCode, words: &str) {
    let (found, problem) = read_problem(response).await;
    assert_eq!((found, problem.code), (status, code), "{}", problem.detail);
    assert!(problem.detail.contains(words), "{}", problem.detail);
}

#[tokio::test]
async fn new_player_waits_until_a_manager_approves() {
    let cup = Cup::start(Admission::Approval).await;
    let (ada, token) = cup.join("Ada").await;
    assert_eq!(ada.approval, Approval::Waiting);
    assert_eq!(cup.heartbeat(&token).await, Approval::Waiting);
    let refused = cup.request_ticket(&token).await;
    assert_refused(refused, StatusCode::FORBIDDEN, ProblemCode::NotApproved, "has not approved you yet").await;
    let listed = cup.listed(&ada).await;
    assert_eq!((listed.approval, listed.present, listed.is_held()), (Approval::Waiting, true, false));
    cup.wait_for_counts(0, 1).await;

    cup.moderate(&ada, json!("approve")).await;
    assert_eq!(cup.heartbeat(&token).await, Approval::Approved);
    assert!(cup.listed(&ada).await.is_held());
    cup.wait_for_counts(1, 0).await;
    let ticket = cup.server.session_ticket(&cup.session, &token).await;
    assert_eq!(ticket.player, ada.player);
    // The page is reloaded, or the connection was lost: one approval is enough.
    let again = cup.server.join(&cup.session, Some(&token), "Ada").await;
    assert_eq!(again.json::<Seated>().await.unwrap().approval, Approval::Approved);
}

#[tokio::test]
async fn waiting_players_do_not_fill_the_session() {
    let cup = Cup::start(Admission::Approval).await;
    for nickname in ["A stranger", "Another one", "A third one"] {
        assert_eq!(cup.join(nickname).await.0.approval, Approval::Waiting);
    }
    for nickname in ["Ada", "Bo"] {
        let (seated, token) = cup.join(nickname).await;
        cup.moderate(&seated, json!("approve")).await;
        assert_eq!(cup.heartbeat(&token).await, Approval::Approved);
    }
    cup.wait_for_counts(2, 3).await;
    // The third approved player waits for a free seat like everyone else.
    let (cy, token) = cup.join("Cy").await;
    cup.moderate(&cy, json!("approve")).await;
    let refused = cup.server.heartbeat(&cup.session, Some(&token)).await;
    assert_refused(refused, StatusCode::CONFLICT, ProblemCode::SeatsTaken, "all seats are taken").await;
}

#[tokio::test]
async fn names_of_waiting_players_are_not_public() {
    let cup = Cup::start(Admission::Approval).await;
    cup.join("Rude name").await;
    let (ada, token) = cup.join("Ada").await;
    cup.moderate(&ada, json!("approve")).await;
    cup.heartbeat(&token).await;
    let seen = read_live_updates(&cup.server, &cup.session, "Ada").await;
    assert!(!seen.contains("Rude name"), "{seen}");
}

/// Reads the live updates of a session until they contain `text`.
async fn read_live_updates(server: &Api, session: &SessionView, text: &str) -> String {
    let address = format!("{}/v1/live?session={}", server.url, session.session);
    let mut updates = server.client.get(address).send().await.unwrap();
    let mut seen = String::new();
    let read = async {
        while !seen.contains(text) {
            let chunk = updates.chunk().await.unwrap().expect("the live updates ended");
            seen.push_str(&String::from_utf8_lossy(&chunk));
        }
    };
    tokio::time::timeout(LIMIT, read).await.expect("no update came");
    seen
}

#[tokio::test]
async fn locked_session_refuses_new_players_and_keeps_the_others() {
    let cup = Cup::start(Admission::Open).await;
    let (_, token) = cup.join("Ada").await;
    let locked = cup.server.set_admission(&cup.manager, &cup.session, Admission::Locked).await;
    assert_eq!((locked.admission, locked.stage), (Admission::Locked, cup.session.stage));
    let refused = cup.server.join(&cup.session, None, "Bo").await;
    assert_refused(refused, StatusCode::CONFLICT, ProblemCode::Locked, "this session is locked; ask the organiser")
        .await;
    assert_eq!(cup.heartbeat(&token).await, Approval::Approved);
    assert_eq!(cup.server.join(&cup.session, Some(&token), "Ada").await.status(), StatusCode::OK);
    cup.server.session_ticket(&cup.session, &token).await;
    cup.server.set_admission(&cup.manager, &cup.session, Admission::Open).await;
    cup.join("Bo").await;
}

#[tokio::test]
async fn removed_guest_comes_back_as_a_new_guest_only_while_all_may_join() {
    let cup = Cup::start(Admission::Open).await;
    let (mallory, token) = cup.join("Mallory").await;
    cup.moderate(&mallory, json!({"remove": "was rude"})).await;
    let refused = cup.server.join(&cup.session, Some(&token), "Mallory").await;
    assert_refused(refused, StatusCode::FORBIDDEN, ProblemCode::Removed, "was rude").await;
    // A new guest is a new player: an open session cannot know better.
    let (second, token) = cup.join("Mallory 2").await;
    assert_eq!(second.approval, Approval::Approved);
    cup.server.session_ticket(&cup.session, &token).await;
    cup.moderate(&second, json!({"remove": "was rude again"})).await;

    cup.server.set_admission(&cup.manager, &cup.session, Admission::Approval).await;
    let (third, token) = cup.join("Mallory 3").await;
    assert_eq!(third.approval, Approval::Waiting);
    cup.moderate(&third, json!({"remove": "not again"})).await;
    let refused = cup.server.heartbeat(&cup.session, Some(&token)).await;
    assert_refused(refused, StatusCode::FORBIDDEN, ProblemCode::Removed, "not again").await;
    // Only a manager lets a removed player in again, by the same player token.
    cup.moderate(&mallory, json!("readmit")).await;
    assert_eq!(cup.listed(&mallory).await.approval, Approval::Approved);
}

#[tokio::test]
async fn waiting_players_get_in_once_all_may_join() {
    let cup = Cup::start(Admission::Approval).await;
    let (ada, token) = cup.join("Ada").await;
    cup.server.set_admission(&cup.manager, &cup.session, Admission::Open).await;
    assert_eq!(cup.heartbeat(&token).await, Approval::Approved);
    assert!(cup.listed(&ada).await.is_held());
}
