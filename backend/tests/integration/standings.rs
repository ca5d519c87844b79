//! The pages of the standings.

use crate::common::{TestServer, games::wait_until};
use shared::api::{Standings, Ticket};

#[tokio::test]
async fn standings_are_read_from_the_top_by_cursor_and_around_a_player() {
    let server = TestServer::start(&[]).await;
    let mut tickets: Vec<Ticket> = Vec::new();
    for number in 0..15 {
        let ticket = server.ticket(&format!("Player {number:02}")).await;
        // Of two games that start in the same millisecond, neither is first.
        wait_until(ticket.started_at.after_millis(2)).await;
        tickets.push(ticket);
    }
    for ticket in &tickets {
        server.processed_game(ticket, 0).await;
    }
    let top: Standings = server.get("/v1/standings?top=4").await;
    let names: Vec<_> = top.standings.iter().map(|row| row.standing.nickname.to_string()).collect();
    assert_eq!(names, ["Player 00", "Player 01", "Player 02", "Player 03"], "of equal results, the first is first");
    assert_eq!((top.players, top.next), (15, Some(4)));
    let rest: Standings = server.get("/v1/standings?top=100&after=4").await;
    assert_eq!((rest.standings.len(), rest.standings[0].rank, rest.next), (11, 5, None));
    let around: Standings = server.get(&format!("/v1/standings?around={}", tickets[8].player)).await;
    let ranks: Vec<_> = around.standings.iter().map(|row| row.rank).collect();
    assert_eq!(ranks, (4..=14).collect::<Vec<_>>());
    assert_eq!(around.standings[5].standing.player, tickets[8].player);
}
