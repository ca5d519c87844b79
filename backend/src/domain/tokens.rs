//! Tokens that this server signs: game tokens for sending the events of one game, player tokens for guests and accounts,
//! and viewer tokens for big screens.

use std::{
    fmt, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::{
    account::Role,
    ids::{GameId, PlayerId, Seq},
    record::TicketIssued,
    session::{Participant, SessionId},
    time::Timestamp,
};

use crate::{clock::Clock, engine::registry::TicketNumber};

/// The algorithm of tokens that this server signs.
const SELF_ISSUED_ALGORITHM: Algorithm = Algorithm::HS256;
const GAME_AUDIENCE: &str = "alien-attack/game";
const PLAYER_AUDIENCE: &str = "alien-attack/player";
const VIEWER_AUDIENCE: &str = "alien-attack/viewer";
/// The smallest length of a signing secret, in bytes. A shorter one could be guessed.
const MIN_SECRET_BYTES: usize = 32;
/// The lifetime of a game token from the ticket on, in seconds. A browser may be offline for hours before it sends events.
const GAME_TOKEN_SECONDS: u64 = 24 * 60 * 60;
/// The lifetime of a guest's token, in seconds. Each ticket renews it.
const GUEST_TOKEN_SECONDS: u64 = 30 * 24 * 60 * 60;
/// The lifetime of an account's access token, in seconds. It is short because it limits the use of a stolen token.
const ACCESS_TOKEN_SECONDS: u64 = 15 * 60;
/// How long tokens stay valid after their expiry, in seconds, because the clocks of servers and issuers differ.
pub(super) const LEEWAY_SECONDS: u64 = 60;
/// The lifetime of a viewer token, in seconds: a week, so that a big screen outlasts any event.
const VIEWER_TOKEN_SECONDS: u64 = 7 * 24 * 60 * 60;

/// The claims of a verified game token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GameClaims {
    aud: String,
    exp: u64,
    /// The player.
    pub sub: PlayerId,
    /// The game.
    pub game: GameId,
    /// The number of the first event that is not yet durable.
    #[serde(rename = "due")]
    pub next_seq: Seq,
    /// When the game starts. `None` in tokens of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// The session of the game. `None` in tokens of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The ticket that the first ticks of the game use. `None` once they have, in open play, and in tokens of earlier
    /// versions.
    #[serde(rename = "ticket", default, skip_serializing_if = "Option::is_none")]
    pub unused_ticket: Option<TicketNumber>,
}

impl GameClaims {
    /// The participant and the ticket that the first ticks of the game use; `None` if no ticket is to be used.
    pub fn ticket_to_use(&self) -> Option<(Participant, TicketNumber)> {
        Some((Participant { session: self.session?, player: self.sub }, self.unused_ticket?))
    }
}

/// The holder of a verified token, issued by this server or by an external issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The player.
    pub player: PlayerId,
    /// What the player may do.
    pub role: Role,
    /// When the token was signed. An account can revoke all tokens that were signed before an instant.
    pub issued_at: Timestamp,
}

impl Principal {
    /// Creates a guest with a random player ID.
    ///
    /// # Errors
    /// If the operating system returns no random number.
    pub fn new_guest(now: Timestamp) -> Result<Principal, getrandom::Error> {
        Ok(Principal { player: PlayerId(getrandom::u64()?), role: Role::Guest, issued_at: now })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct PlayerClaims {
    aud: String,
    exp: u64,
    sub: PlayerId,
    role: Role,
    /// In milliseconds: with seconds, a token signed just before a revocation would look as if signed after it.
    issued_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ViewerClaims {
    aud: String,
    exp: u64,
    session: SessionId,
}

/// The token's signature, audience or claims are invalid, or it is expired or revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("invalid or expired token; sign in again, or request a new ticket with POST /v1/games")]
pub struct InvalidToken;

/// A token cannot be signed.
#[derive(Debug, thiserror::Error)]
#[error("cannot sign a token")]
pub struct SigningError(#[source] jsonwebtoken::errors::Error);

/// Returns whether a token's header names the algorithm of this server's own tokens. The token is not verified. External
/// issuers use other algorithms, with key pairs.
pub fn is_self_issued(token: &str) -> bool {
    decode_header(token).is_ok_and(|header| header.alg == SELF_ISSUED_ALGORITHM)
}

/// The secret that signs tokens, at least 32 bytes. Its `Debug` output hides it from logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Secret(String);

/// The secret is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key must have at least {MIN_SECRET_BYTES} bytes; create one with: openssl rand -hex 32")]
pub struct InvalidSecret;

impl TryFrom<String> for Secret {
    type Error = InvalidSecret;

    fn try_from(text: String) -> Result<Secret, InvalidSecret> {
        if text.len() >= MIN_SECRET_BYTES { Ok(Secret(text)) } else { Err(InvalidSecret) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Signs and verifies tokens.
pub struct TokenKeys {
    signing: EncodingKey,
    verifying: DecodingKey,
    game: Validation,
    player: Validation,
    clock: Clock,
    viewer: Validation,
}

impl TokenKeys {
    /// Reads the key file. If it is missing, creates it with a random key, readable by its owner only.
    ///
    /// # Errors
    /// If the file cannot be read or written, or its content is too short.
    pub fn open(path: &Path, clock: Clock) -> io::Result<TokenKeys> {
        let secret = match fs::read(path) {
            Ok(secret) if secret.len() >= MIN_SECRET_BYTES => secret,
            Ok(_) => {
                let message = format!("{} has fewer than {MIN_SECRET_BYTES} bytes, so it is not a key", path.display());
                return Err(io::Error::other(message));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => create_key_file(path)?,
            Err(error) => return Err(error),
        };
        Ok(TokenKeys::from_bytes(&secret, clock))
    }

    /// Uses a secret that several servers share.
    pub fn shared(Secret(secret): &Secret, clock: Clock) -> TokenKeys {
        TokenKeys::from_bytes(secret.as_bytes(), clock)
    }

    fn from_bytes(secret: &[u8], clock: Clock) -> TokenKeys {
        TokenKeys {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            game: validation_for(GAME_AUDIENCE),
            player: validation_for(PLAYER_AUDIENCE),
            clock,
            viewer: validation_for(VIEWER_AUDIENCE),
        }
    }

    /// Signs the token for sending the events of a new game. `number` is the number of its ticket; `None` in open play.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign_game(&self, ticket: &TicketIssued, number: Option<TicketNumber>) -> Result<String, SigningError> {
        self.sign(&GameClaims {
            aud: GAME_AUDIENCE.to_owned(),
            exp: self.expiry(GAME_TOKEN_SECONDS),
            sub: ticket.player,
            game: ticket.game,
            next_seq: Seq(0),
            started_at: Some(ticket.started_at),
            session: Some(ticket.session),
            unused_ticket: number,
        })
    }

    /// Signs the token for sending the events of the same game from `next_seq` on. Its expiry stays the same.
    ///
    /// # Errors
    /// If signing fails.
    pub fn renew_game(&self, claims: GameClaims, next_seq: Seq) -> Result<String, SigningError> {
        self.sign(&GameClaims { next_seq, ..claims })
    }

    /// Signs the token of a guest or account. Returns it with its expiry.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign_player(&self, principal: Principal) -> Result<(String, Timestamp), SigningError> {
        let exp = self.expiry(lifetime_seconds(principal.role));
        let Principal { player: sub, role, issued_at } = principal;
        let token = self.sign(&PlayerClaims { aud: PLAYER_AUDIENCE.to_owned(), exp, sub, role, issued_at })?;
        Ok((token, Timestamp(exp * 1000)))
    }

    /// Signs the token of a big screen that shows the games of a session. Returns it with its expiry.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign_viewer(&self, session: SessionId) -> Result<(String, Timestamp), SigningError> {
        let exp = self.expiry(VIEWER_TOKEN_SECONDS);
        let token = self.sign(&ViewerClaims { aud: VIEWER_AUDIENCE.to_owned(), exp, session })?;
        Ok((token, Timestamp(exp * 1000)))
    }

    /// Verifies a game token.
    ///
    /// # Errors
    /// If the token is invalid or expired.
    pub fn verify_game(&self, token: &str) -> Result<GameClaims, InvalidToken> {
        let claims: GameClaims = self.verify(token, &self.game)?;
        self.check_expiry(claims.exp, GAME_TOKEN_SECONDS)?;
        Ok(claims)
    }

    /// Verifies the token of a guest or account, except whether it was revoked.
    ///
    /// # Errors
    /// If the token is invalid or expired.
    pub fn verify_player(&self, token: &str) -> Result<Principal, InvalidToken> {
        let PlayerClaims { exp, sub, role, issued_at, .. } = self.verify(token, &self.player)?;
        self.check_expiry(exp, lifetime_seconds(role))?;
        Ok(Principal { player: sub, role, issued_at })
    }

    /// Returns the claim `exp` of a token that is signed now.
    fn expiry(&self, lifetime_seconds: u64) -> u64 {
        self.clock.now().0 / 1000 + lifetime_seconds
    }

    fn check_expiry(&self, exp: u64, lifetime_seconds: u64) -> Result<(), InvalidToken> {
        let millis = |seconds: u64| seconds.saturating_add(LEEWAY_SECONDS).saturating_mul(1000);
        match self.clock.has_expired(Timestamp(millis(exp)), millis(lifetime_seconds)) {
            true => Err(InvalidToken),
            false => Ok(()),
        }
    }

    /// Verifies a viewer token, and returns its session.
    ///
    /// # Errors
    /// If the token is invalid or expired.
    pub fn verify_viewer(&self, token: &str) -> Result<SessionId, InvalidToken> {
        let ViewerClaims { session, exp, .. } = self.verify(token, &self.viewer)?;
        self.check_expiry(exp, VIEWER_TOKEN_SECONDS)?;
        Ok(session)
    }

    fn sign(&self, claims: &impl Serialize) -> Result<String, SigningError> {
        encode(&Header::new(SELF_ISSUED_ALGORITHM), claims, &self.signing).map_err(SigningError)
    }

    fn verify<C: DeserializeOwned>(&self, token: &str, validation: &Validation) -> Result<C, InvalidToken> {
        decode(token, &self.verifying, validation).map(|data| data.claims).map_err(|_| InvalidToken)
    }
}

fn lifetime_seconds(role: Role) -> u64 {
    match role {
        Role::Guest => GUEST_TOKEN_SECONDS,
        Role::Player | Role::Manager => ACCESS_TOKEN_SECONDS,
    }
}

fn validation_for(audience: &str) -> Validation {
    let mut validation = Validation::new(SELF_ISSUED_ALGORITHM);
    // The server compares `exp` with its own clock, not with the machine's.
    validation.validate_exp = false;
    validation.set_audience(&[audience]);
    validation
}

fn create_key_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut secret = vec![0; MIN_SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicU64, Ordering},
        },
        time::Duration,
    };

    use shared::{replay::Seed, rules::RULES_VERSION, tuning::Tuning};

    use super::*;

    fn keys(clock: Clock) -> TokenKeys {
        TokenKeys::from_bytes(&[7; MIN_SECRET_BYTES], clock)
    }

    fn ticket() -> TicketIssued {
        TicketIssued {
            game: GameId(1),
            player: PlayerId(2),
            session: SessionId(3),
            nickname: "Ada".parse().unwrap(),
            seed: Seed(4),
            tuning: Tuning::default(),
            rules_version: RULES_VERSION,
            started_at: Timestamp(5),
            real_time: false,
        }
    }

    #[test]
    fn game_token_of_an_earlier_version_is_valid_without_start_and_ticket() {
        let keys = keys(Clock::system());
        let exp = keys.expiry(60);
        let claims = serde_json::json!({
            "aud": GAME_AUDIENCE, "exp": exp, "sub": PlayerId(2), "game": GameId(1), "due": 9,
        });
        let claims = keys.verify_game(&keys.sign(&claims).unwrap()).unwrap();
        assert_eq!((claims.next_seq, claims.started_at, claims.ticket_to_use()), (Seq(9), None, None));
    }

    #[test]
    fn renewed_game_token_has_the_new_sequence_number_and_the_old_expiry() {
        let keys = keys(Clock::system());
        let token = keys.sign_game(&ticket(), Some(TicketNumber(6))).unwrap();
        let first = keys.verify_game(&token).unwrap();
        let participant = Participant { session: SessionId(3), player: PlayerId(2) };
        assert_eq!(first.ticket_to_use(), Some((participant, TicketNumber(6))));
        assert_eq!(first.started_at, Some(Timestamp(5)));
        assert_eq!(first.next_seq, Seq(0), "no event of a new game is durable");
        let soon = keys.expiry(60);
        let old = GameClaims { exp: soon, ..first };
        let new = keys.verify_game(&keys.renew_game(old, Seq(9)).unwrap()).unwrap();
        assert_eq!((new.exp, new.game, new.sub, new.next_seq), (soon, GameId(1), PlayerId(2), Seq(9)));
    }

    #[test]
    fn tokens_expire_by_the_servers_clock() {
        let seconds = Arc::new(AtomicU64::new(0));
        let steady = Arc::clone(&seconds);
        // The machine's wall clock stands still.
        let clock =
            Clock::new(|| Duration::from_secs(1_000), move || Duration::from_secs(steady.load(Ordering::Relaxed)));
        let keys = keys(clock);
        let game = keys.sign_game(&ticket(), None).unwrap();
        let player =
            |role| keys.sign_player(Principal { player: PlayerId(2), role, issued_at: Timestamp(0) }).unwrap().0;
        let (manager, guest) = (player(Role::Manager), player(Role::Guest));
        let validity = |at| {
            seconds.store(at, Ordering::Relaxed);
            [keys.verify_player(&manager).is_ok(), keys.verify_game(&game).is_ok(), keys.verify_player(&guest).is_ok()]
        };
        assert_eq!(validity(ACCESS_TOKEN_SECONDS + LEEWAY_SECONDS - 1), [true, true, true]);
        assert_eq!(validity(ACCESS_TOKEN_SECONDS + LEEWAY_SECONDS), [false, true, true]);
        assert_eq!(validity(GAME_TOKEN_SECONDS + LEEWAY_SECONDS), [false, false, true]);
        assert_eq!(validity(GUEST_TOKEN_SECONDS + LEEWAY_SECONDS), [false, false, false]);
    }
}
