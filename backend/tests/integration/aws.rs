//! A server with the AWS engines, on a local AWS.

use crate::common::{
    ServerProcess,
    aws::LocalAws,
    games::{play_out, wait_for_tick},
};
use shared::{ids::Seq, rules::Buttons, verdict::Verdict};

#[tokio::test]
async fn game_is_verified_and_its_standing_is_the_same_when_recomputed() {
    let aws = LocalAws::start().await;
    let mut server = ServerProcess::start_on_aws(aws.url(), &[]).await;
    let mut ticket = server.ticket("Ada").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    wait_for_tick(&ticket, game.state().tick).await;
    let count = events.len() as u32;
    server.send_ok(&mut ticket, 0, events.clone()).await;
    let view = server.processed_game(&ticket, count).await;
    assert_eq!((view.verdict, view.hash), (Verdict::Verified, Some(game.state().hash())));
    let standings = server.standings().await;
    assert_eq!(standings.standings[0].standing.game, ticket.game);

    assert!(server.stop().await.success());
    let tables = aws_sdk_dynamodb::Client::new(&aws.config());
    tables.delete_table().table_name("shared-tables").send().await.unwrap();
    server.restart().await;
    let recomputed = server.processed_game(&ticket, count).await;
    assert_eq!((recomputed.verdict, recomputed.hash), (view.verdict, view.hash));
    assert_eq!(server.standings().await, standings);
    // The server acknowledges events again that it acknowledged before.
    assert_eq!(server.send_ok(&mut ticket, 0, events).await.next_seq, Seq(count));
}
