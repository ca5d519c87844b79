//! Strategies with tokens that are not the player's.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use shared::{
    event::{Batch, SCHEMA_VERSION},
    ids::Seq,
    time::{TICKS_PER_SECOND, Tick},
};

use super::{
    answer::Answer,
    arena::Arena,
    attempt::{Attempt, Claim},
    error::AttackError,
    forged_game::ForgedGame,
    recording::Recording,
    strategy::Strategy,
};

/// Ticks that an adversary sends with forged tokens.
const TICKS: u32 = 15 * TICKS_PER_SECOND;
/// Bots of which the best one is chosen.
const BOTS: u64 = 20;
/// An hour in milliseconds.
const HOUR: u64 = 3_600_000;

/// Sends a game of an hour's head start, the events after a gap, and the leader's game, with tokens that it makes
/// itself.
pub async fn forged_tokens(arena: &Arena) -> Result<Attempt, AttackError> {
    let game = arena.game(Strategy::ForgedTokens).await?;
    let recording = recording(&game)?;
    game.wait_for(Tick(recording.ticks())).await;
    let tokens = forge(&game, &leading_game(arena, &game).await?)?;
    let body = batch(&recording);
    let mut answer = game.send_body(None, &body).await;
    for token in tokens {
        answer = answer.or(game.send_body(Some(&token), &body).await);
    }
    let claim = Claim::Points { claimed: recording.score(), deserved: 0 };
    Ok(game.attempt(answer, claim))
}

/// Sends buttons to the leader's game with the own token, which is valid for another game.
pub async fn other_game(arena: &Arena) -> Result<Attempt, AttackError> {
    let game = arena.game(Strategy::OtherGame).await?;
    let recording = recording(&game)?;
    game.wait_for(Tick(recording.ticks())).await;
    let path = format!("/v1/games/{}/events", leading_game(arena, &game).await?);
    let (token, body) = (Some(game.ticket.game_token.as_str()), batch(&recording));
    let answer = Answer::of(&game.client.api.post::<Value>(&path, token, &body).await);
    let claim = Claim::Points { claimed: recording.score(), deserved: 0 };
    Ok(game.attempt(answer, claim))
}

fn recording(game: &ForgedGame) -> Result<Recording, AttackError> {
    let recording = Recording::best_bot(&game.known, TICKS, BOTS, Recording::score);
    if recording.score() > 0 { Ok(recording) } else { Err(AttackError::Control("the log earns nothing")) }
}

fn batch(recording: &Recording) -> Batch {
    Batch { schema: SCHEMA_VERSION, first_seq: Seq(0), events: vec![recording.whole()] }
}

/// The best game of another player.
async fn leading_game(arena: &Arena, game: &ForgedGame) -> Result<String, AttackError> {
    let standings = arena.standings().await?.standings.into_iter().map(|ranked| ranked.standing);
    let mut others = standings.filter(|standing| standing.player != game.ticket.player);
    others.next().map(|leader| leader.game.to_string()).ok_or(AttackError::Control("there is no other player"))
}

/// Tokens that the server has not signed.
fn forge(game: &ForgedGame, leading_game: &str) -> Result<Vec<String>, AttackError> {
    let [header, claims, signature] = game.ticket.game_token.split('.').collect::<Vec<_>>()[..] else {
        return Err(AttackError::Control("the game token is not a JWT"));
    };
    let decoded = URL_SAFE_NO_PAD.decode(claims).ok().and_then(|json| serde_json::from_slice::<Value>(&json).ok());
    let decoded = decoded.ok_or(AttackError::Control("the claims of the game token are not JSON"))?;
    let edited = |name: &str, value: Value| {
        let mut claims = decoded.clone();
        claims[name] = value;
        format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    let unsigned = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"none"}"#);
    let mut tokens = vec![
        String::new(),
        "nonsense".to_owned(),
        format!("{unsigned}.{claims}."),
        format!("{header}.{claims}."),
        format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode([7; 32])),
        edited("due", json!(9)),
        edited("exp", json!(u64::MAX / 2)),
        edited("game", json!(leading_game)),
        edited("started_at", json!(game.ticket.started_at.0.saturating_sub(HOUR))),
        edited("ticket", Value::Null),
    ];
    // The player's token is valid, but not for events.
    tokens.extend(game.client.token.clone());
    Ok(tokens)
}
