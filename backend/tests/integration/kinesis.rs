//! The server with its events on a Kinesis of a local AWS.

use crate::common::{TestServer, aws::LocalAws, play_out, until_playable};
use shared::{ids::Seq, rules::Buttons, verdict::Verdict};

#[tokio::test]
async fn a_game_is_played_and_verified_and_stands_and_so_it_does_computed_anew() {
    let aws = LocalAws::start();
    aws.stream("events", 2).await;
    let mut server = TestServer::start_on_kinesis(aws.url(), "events");
    let mut ticket = server.ticket("Ada").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    until_playable(&ticket, game.state().tick).await;
    let count = events.len() as u32;
    server.send_ok(&mut ticket, 0, events.clone()).await;
    let view = server.game_at(&ticket, count).await;
    assert_eq!((view.verdict, view.hash), (Verdict::Verified, game.state().hash()));
    let standings = server.standings().await;
    assert_eq!(standings.standings[0].standing.game, ticket.game);

    assert!(server.stop().success());
    std::fs::remove_file(server.data().join("tables.redb")).unwrap();
    server.restart();
    assert_eq!(server.standings().await, standings);
    // What was acknowledged is taken again, and still known to be.
    assert_eq!(server.send_ok(&mut ticket, 0, events).await.next_seq, Seq(count));
}
