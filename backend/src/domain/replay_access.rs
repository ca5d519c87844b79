//! Which part of a game's replay a reader gets.
//!
//! A button log is secret while someone could gain by it: another player could send the buttons of a running game as
//! their own. So only the player, managers and viewers get all of them; the public is some seconds behind. Where all games
//! of a session have the same seed, another player could also play them later, so the public gets none before the session
//! is settled. Before the games start, nobody gets a replay, because it contains the seed.

use shared::{
    account::Role,
    record::TicketIssued,
    session::{SessionId, Stage},
    time::{TICKS_PER_SECOND, Tick, Timestamp},
    verdict::Verdict,
};

use super::tokens::Principal;
use crate::engine::{registry::Session, store::GameRow};

/// A verified token that a request for a replay may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayToken {
    /// The token of a guest or an account.
    Player(Principal),
    /// The viewer token of a session.
    Viewer(SessionId),
}

/// Who reads the replay of a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayReader {
    /// The player of the game.
    Player,
    /// Any manager.
    Manager,
    /// A big screen of the game's session.
    Viewer,
    /// Everyone else.
    Public,
}

impl ReplayReader {
    /// The reader with this token, or without one, of a game with this ticket.
    pub fn new(token: Option<ReplayToken>, ticket: &TicketIssued) -> ReplayReader {
        match token {
            Some(ReplayToken::Player(principal)) if principal.player == ticket.player => ReplayReader::Player,
            Some(ReplayToken::Player(Principal { role: Role::Manager, .. })) => ReplayReader::Manager,
            Some(ReplayToken::Viewer(session)) if session == ticket.session => ReplayReader::Viewer,
            Some(ReplayToken::Player(_) | ReplayToken::Viewer(_)) | None => ReplayReader::Public,
        }
    }
}

/// How long the button log of a game is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogSecrecy {
    /// The game has a seed of its own: its log is secret for some seconds.
    Delayed,
    /// The game shares a seed that is secret still.
    UntilStart,
    /// The game shares a seed with others of a session that is not settled.
    UntilSettled,
    /// The game shares a seed that no game is played with any more.
    Over,
}

impl LogSecrecy {
    /// The secrecy of a game's log at time `now`. `session` is the game's session; `None` in open play.
    pub fn of(ticket: &TicketIssued, session: Option<&Session>, now: Timestamp) -> LogSecrecy {
        let Some((session, shared)) = session.and_then(|session| session.shared_seed.map(|shared| (session, shared)))
        else {
            return LogSecrecy::Delayed;
        };
        // A session that was opened again has another seed, so the run of the earlier one is settled.
        if shared.seed != ticket.seed {
            return LogSecrecy::Over;
        }
        match (session.revealed_seed(now), session.stage) {
            (None, _) => LogSecrecy::UntilStart,
            (Some(_), Stage::Closed { .. }) => LogSecrecy::Over,
            (Some(_), _) => LogSecrecy::UntilSettled,
        }
    }

    /// Whether the hash of the game's state is secret, too: it would tell whether a copy of the game is right.
    pub fn hides_hash(self) -> bool {
        match self {
            LogSecrecy::UntilStart | LogSecrecy::UntilSettled => true,
            LogSecrecy::Delayed | LogSecrecy::Over => false,
        }
    }
}

/// The part of a replay that a reader gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadablePart {
    /// All processed buttons.
    Whole,
    /// The buttons before a tick of a log that is this many seconds behind its game.
    Delayed {
        /// The first tick that is left out.
        end: Tick,
        /// The delay, in seconds.
        seconds: u16,
    },
}

/// Why a reader gets no part of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// The seed is secret until the games start.
    #[error(
        "the games of this session have not started, and their seed is secret until then; try again after the start"
    )]
    UntilStart,
    /// The log is secret until the session is settled.
    #[error("all games of this session have the same seed, so its replays are public once the session is closed")]
    UntilSettled,
}

/// Decides which part of a game's replay a reader gets. `delay` is the delay for the public, in seconds.
///
/// # Errors
/// If the reader gets nothing.
pub fn readable_part(
    reader: ReplayReader,
    game: &GameRow,
    secrecy: LogSecrecy,
    now: Timestamp,
    delay: u16,
) -> Result<ReadablePart, Withheld> {
    match (secrecy, reader) {
        (LogSecrecy::UntilStart, _) => Err(Withheld::UntilStart),
        (_, ReplayReader::Player | ReplayReader::Manager | ReplayReader::Viewer) => Ok(ReadablePart::Whole),
        (LogSecrecy::Delayed, ReplayReader::Public) => Ok(public_part(game, now, delay)),
        (LogSecrecy::UntilSettled, ReplayReader::Public) => Err(Withheld::UntilSettled),
        (LogSecrecy::Over, ReplayReader::Public) => Ok(ReadablePart::Whole),
    }
}

/// The log of a running game ends `delay` seconds of play before the tick that the player has reached by now. The row has
/// the time of the last batch only, so the player counts as playing since then without a pause. A game without events
/// for `delay` seconds is public up to its last tick.
fn public_part(game: &GameRow, now: Timestamp, delay: u16) -> ReadablePart {
    let delay_millis = u64::from(delay) * 1000;
    let hidden_millis = delay_millis.saturating_sub(now.millis_since(game.updated_at));
    if hidden_millis == 0 && game.verdict != Verdict::Live {
        return ReadablePart::Whole;
    }
    // At most `u16::MAX` seconds, so the number of ticks fits.
    let hidden_ticks = (hidden_millis * u64::from(TICKS_PER_SECOND)).div_ceil(1000) as u32;
    ReadablePart::Delayed { end: Tick(game.state.tick.0.saturating_sub(hidden_ticks)), seconds: delay }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::{
        ids::{GameId, PlayerId},
        replay::Seed,
        rules::RULES_VERSION,
        seed_commitment::{SeedNonce, SharedSeed},
        session::{JoinCode, Plan},
        tuning::Tuning,
    };

    use super::*;

    const DELAY: u16 = 30;
    const START: Timestamp = Timestamp(1_000_000);
    const OWNER: PlayerId = PlayerId(7);
    const SESSION: SessionId = SessionId(5);

    /// A game whose last batch arrived `millis` after its start and brought it to a tick.
    fn game(tick: u32, millis: u64, verdict: Verdict) -> GameRow {
        let ticket = TicketIssued {
            game: GameId(1),
            player: OWNER,
            session: SESSION,
            nickname: "Ada".parse().unwrap(),
            seed: Seed(1),
            tuning: Tuning::arcade(),
            rules_version: RULES_VERSION,
            started_at: START,
        };
        let mut row = GameRow::new(ticket);
        row.state.tick = Tick(tick);
        GameRow { verdict, updated_at: START.after_millis(millis), ..row }
    }

    /// The part of a game with a seed of its own that a reader gets.
    fn delayed_part(reader: ReplayReader, game: &GameRow, now: Timestamp, delay: u16) -> ReadablePart {
        readable_part(reader, game, LogSecrecy::Delayed, now, delay).unwrap()
    }

    /// The number of ticks that the public gets.
    fn public_ticks(game: &GameRow, now: Timestamp) -> u32 {
        match delayed_part(ReplayReader::Public, game, now, DELAY) {
            ReadablePart::Whole => game.state.tick.0,
            ReadablePart::Delayed { end, seconds } => {
                assert_eq!(seconds, DELAY);
                end.0
            }
        }
    }

    #[test]
    fn only_the_player_managers_and_viewers_of_the_session_get_the_whole_log() {
        let live = game(3600, 60_000, Verdict::Live);
        let now = live.updated_at;
        let player = |player, role| ReplayToken::Player(Principal { player, role, issued_at: START });
        let other = PlayerId(8);
        let readers = [
            (Some(player(OWNER, Role::Guest)), ReplayReader::Player),
            (Some(player(OWNER, Role::Manager)), ReplayReader::Player),
            (Some(player(other, Role::Manager)), ReplayReader::Manager),
            (Some(player(other, Role::Player)), ReplayReader::Public),
            (Some(player(other, Role::Guest)), ReplayReader::Public),
            (Some(ReplayToken::Viewer(SESSION)), ReplayReader::Viewer),
            (Some(ReplayToken::Viewer(SessionId::OPEN_PLAY)), ReplayReader::Public),
            (None, ReplayReader::Public),
        ];
        for (token, expected) in readers {
            let reader = ReplayReader::new(token, &live.ticket);
            assert_eq!(reader, expected, "{token:?}");
            let is_whole = delayed_part(reader, &live, now, DELAY) == ReadablePart::Whole;
            assert_eq!(is_whole, reader != ReplayReader::Public, "{token:?}");
        }
    }

    #[test]
    fn public_log_follows_the_game_to_its_end() {
        let live = game(3600, 60_000, Verdict::Live);
        let after = |game: &GameRow, seconds: u64| game.updated_at.after_millis(seconds * 1000);
        assert_eq!(public_ticks(&live, live.updated_at), 1800);
        assert_eq!(public_ticks(&live, after(&live, 1)), 1860);
        assert_eq!(public_ticks(&live, after(&live, 100)), 3600);
        let over = game(3600, 60_000, Verdict::Verified);
        assert_eq!(public_ticks(&over, after(&over, 29)), 3540);
        assert_eq!(delayed_part(ReplayReader::Public, &over, after(&over, 30), DELAY), ReadablePart::Whole);
        let new = game(60, 1000, Verdict::Live);
        assert_eq!(public_ticks(&new, new.updated_at), 0);
    }

    #[test]
    fn without_a_delay_the_public_gets_all_processed_ticks() {
        let live = game(3600, 60_000, Verdict::Live);
        let all = ReadablePart::Delayed { end: Tick(3600), seconds: 0 };
        assert_eq!(delayed_part(ReplayReader::Public, &live, live.updated_at, 0), all);
    }

    /// The session of [`game`] with a seed that its games share.
    fn session(seed: u64, stage: Stage) -> Session {
        Session {
            id: SESSION,
            code: JoinCode::from_bits(0),
            made_at: Timestamp(0),
            plan: Plan { shared_seed: true, synchronised: true, ..Plan::open_play() },
            stage,
            earlier_runs: vec![(Timestamp(0), START)],
            reopened_at: None,
            shared_seed: Some(SharedSeed { seed: Seed(seed), nonce: SeedNonce([0; 16]) }),
        }
    }

    #[test]
    fn log_with_a_shared_seed_is_secret_until_the_session_is_settled() {
        let ticket = game(3600, 60_000, Verdict::Verified).ticket;
        let now = START.after_millis(1_000_000);
        let running = |starts_at| Stage::Running { starts_at, ends_at: None };
        let closing = Stage::Closing { settles_at: now };
        let closed = Stage::Closed { settled_at: now };
        for (session, expected) in [
            (None, LogSecrecy::Delayed),
            (Some(Session { shared_seed: None, ..session(1, closing) }), LogSecrecy::Delayed),
            (Some(session(1, running(now.after_millis(1)))), LogSecrecy::UntilStart),
            (Some(session(1, running(now))), LogSecrecy::UntilSettled),
            (Some(session(1, closing)), LogSecrecy::UntilSettled),
            (Some(session(1, closed)), LogSecrecy::Over),
            (Some(session(2, running(now))), LogSecrecy::Over),
        ] {
            assert_eq!(LogSecrecy::of(&ticket, session.as_ref(), now), expected, "{session:?}");
        }
    }

    #[test]
    fn nobody_gets_a_secret_seed_and_the_public_no_secret_log() {
        let game = game(3600, 60_000, Verdict::Verified);
        let part = |reader, secrecy| readable_part(reader, &game, secrecy, game.updated_at, 0);
        for reader in [ReplayReader::Player, ReplayReader::Manager, ReplayReader::Viewer, ReplayReader::Public] {
            assert_eq!(part(reader, LogSecrecy::UntilStart), Err(Withheld::UntilStart));
            let is_public = reader == ReplayReader::Public;
            let expected = if is_public { Err(Withheld::UntilSettled) } else { Ok(ReadablePart::Whole) };
            assert_eq!(part(reader, LogSecrecy::UntilSettled), expected);
            assert_eq!(part(reader, LogSecrecy::Over), Ok(ReadablePart::Whole));
        }
    }

    proptest! {
        /// However late and in however large batches the ticks arrive, each is public only 30 seconds of real time after
        /// it could have been played first. So a copy of the public log is always that far behind.
        #[test]
        fn no_tick_is_public_sooner_than_the_delay_after_it_was_due(
            millis in 0_u64..600_000, pace in 0_u64..=100, waited in 0_u64..60_000, is_over: bool
        ) {
            let tick = (millis * pace / 100 * 60 / 1000) as u32;
            let verdict = if is_over { Verdict::Verified } else { Verdict::Live };
            let game = game(tick, millis, verdict);
            let now = game.updated_at.after_millis(waited);
            let public = public_ticks(&game, now);
            let last_due = START.after_millis(Tick(public).millis());
            prop_assert!(public <= tick);
            prop_assert!(public == 0 || now.millis_since(last_due) >= u64::from(DELAY) * 1000);
            prop_assert!(public_ticks(&game, now.after_millis(500)) >= public, "the log never gets shorter");
            let idle = game.updated_at.after_millis(u64::from(DELAY) * 1000);
            prop_assert_eq!(public_ticks(&game, idle), tick);
        }
    }
}
