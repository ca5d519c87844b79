//! The adversary's kit against a real server, beside honest games over a bad network.

use shared::hands::HandMark;
use tools::{
    attack::{self, Claim, Outcome, Row, Strategy},
    bad_network::NetworkOptions,
    client::SignInOptions,
    honest,
};

use crate::common::{TestServer, api::MANAGER_PASSWORD, random::Random, setting};

/// Enough for slow motion to be too late, and for the marks of a player who looks ahead.
const ATTACK_SECONDS: u32 = 90;

/// What becomes of each strategy.
fn expected(strategy: Strategy) -> Outcome {
    match strategy {
        // Only the adversary's own play in time counts.
        Strategy::Honest
        | Strategy::Mirror
        | Strategy::SeedShopping
        | Strategy::ThousandTickets
        | Strategy::LateEnd
        | Strategy::OverlappingBatches => Outcome::NoGain,
        Strategy::AllAtOnce
        | Strategy::OldStart
        | Strategy::EarlyStart
        | Strategy::SkippedEvents
        | Strategy::Oversized
        | Strategy::ScoreClaim
        | Strategy::SharedSeed
        | Strategy::ForgedTokens
        | Strategy::OtherGame => Outcome::Refused,
        Strategy::MirrorWithHashes
        | Strategy::PastTheEnd
        | Strategy::Rewritten
        | Strategy::TwoBrowsers
        | Strategy::SkippedTicks
        | Strategy::RepeatedTicks
        | Strategy::HashLie
        | Strategy::OverLie => Outcome::Rejected,
        // A whole game after another one is too late.
        Strategy::Theft
        | Strategy::SecondAccount
        | Strategy::SlowMotion
        | Strategy::HiddenPauses
        | Strategy::LateButtons
        | Strategy::Bulk => Outcome::Unranked,
        Strategy::SlowMotionAtAnyPace
        | Strategy::LookAhead
        | Strategy::LookAheadWithHolds
        | Strategy::LookAheadWithHands => Outcome::Marked,
        // The known gap.
        Strategy::Rehearsal => Outcome::Ranked,
    }
}

/// What is wrong with a row of the report, if anything.
fn wrong(row: &Row) -> Option<String> {
    let judgement = match &row.result {
        Ok(judgement) => judgement,
        Err(error) => return Some(format!("{}: {error}", row.strategy)),
    };
    let counted = judgement.counted;
    let is_right = judgement.outcome == expected(row.strategy)
        && match (judgement.outcome, judgement.claim) {
            (Outcome::Marked, _) => judgement.marks.iter().any(|mark| is_expected(row.strategy, mark)),
            (Outcome::Ranked, Claim::Points { claimed, .. }) => counted == claimed,
            (Outcome::Rejected | Outcome::Unranked, Claim::Points { .. }) => counted == 0,
            (Outcome::Refused | Outcome::NoGain, Claim::Points { deserved, .. }) => counted <= deserved,
            (_, Claim::Games { .. }) => counted == 1,
        };
    (!is_right).then(|| format!("{}: {judgement:?}", row.strategy))
}

/// Whether a mark is the one that the strategy must get.
fn is_expected(strategy: Strategy, mark: &HandMark) -> bool {
    match strategy {
        Strategy::SlowMotionAtAnyPace => matches!(mark, HandMark::Pace { .. }),
        Strategy::LookAhead => matches!(mark, HandMark::SingleTickHolds { .. }),
        Strategy::LookAheadWithHolds => matches!(mark, HandMark::EvenHolds { .. }),
        Strategy::LookAheadWithHands => matches!(mark, HandMark::RocketHits { .. }),
        _ => false,
    }
}

/// `ALIEN_HONEST_GAMES` sets the number of honest games, `ALIEN_HONEST_SECONDS` their mean length.
#[tokio::test(flavor = "multi_thread")]
async fn no_forged_score_ranks_and_no_honest_game_over_a_bad_network_is_held_back() {
    // A short delay helps adversaries who copy.
    let server = TestServer::start(&["--replay-delay", "5"]).await;
    let sign_in =
        SignInOptions { manager: "manager".parse().unwrap(), manager_password: MANAGER_PASSWORD.parse().unwrap() };
    let seed = Random::new("the adversary's kit").number();
    let attack = attack::Options { url: server.url.clone(), sign_in: sign_in.clone(), seconds: ATTACK_SECONDS, seed };
    let games = setting("ALIEN_HONEST_GAMES", 20);
    let honest = honest::Options {
        url: server.url.clone(),
        sign_in,
        games,
        at_once: 200,
        seconds: setting("ALIEN_HONEST_SECONDS", 40),
        seed,
        network: NetworkOptions::BAD,
    };
    let (attacked, played) = tokio::join!(attack::run(&attack), honest::run(&honest));
    let (attacked, played) = (attacked.unwrap(), played.unwrap());
    println!("{attacked}\n\n{played}");

    let wrong: Vec<String> = attacked.rows.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let held_back: Vec<String> = played.held_back().map(|game| game.outcome.to_string()).collect();
    assert_eq!((played.games.len() as u32, held_back), (games, vec![]));
}
