//! The strategies of the adversary's kit.

use std::fmt;

/// A way to a standing that no honest game has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strategy {
    /// No attack: an honest bot, which must rank without a mark.
    Honest,
    /// Sends the leader's public replay as its own game.
    Theft,
    /// Follows the leader's public replay each second and sends the new ticks.
    Mirror,
    /// The same, with the hashes of the leader's states.
    MirrorWithHashes,
    /// Wants the shared seed of a session before the start, and the leader's game of the same seed.
    SharedSeed,
    /// Plays the same log again with another account, in a session whose games share a seed.
    SecondAccount,
    /// Plays at a quarter of real time.
    SlowMotion,
    /// The same in a session in which any pace ranks, with its figure.
    SlowMotionAtAnyPace,
    /// Plays every fourth second, and reports pauses in between.
    HiddenPauses,
    /// Sends its first button more than a minute late.
    LateButtons,
    /// Plays without a clock, and sends the whole game once it is due.
    Bulk,
    /// Sends a whole game at once, long before it is due.
    AllAtOnce,
    /// Asks for tickets until one has an easy seed.
    SeedShopping,
    /// Holds many games and plays all of them at once.
    ThousandTickets,
    /// Plays an earlier start of a game whose ticket was issued again.
    OldStart,
    /// Sends ticks before a common start, and a minute ahead after it.
    EarlyStart,
    /// Plays on after its session has ended.
    LateEnd,
    /// Sends buttons after the end of its game, and never says that the game is over.
    PastTheEnd,
    /// Sends acknowledged ticks again, with better buttons.
    Rewritten,
    /// Sends two versions of the same ticks at the same time.
    TwoBrowsers,
    /// Leaves out events.
    SkippedEvents,
    /// Leaves out ticks.
    SkippedTicks,
    /// Plays the same ticks again in a further event.
    RepeatedTicks,
    /// Sends each batch twice, in the wrong order, and together with earlier ones.
    OverlappingBatches,
    /// Sends batches beyond every limit.
    Oversized,
    /// Reports the hash of a better game's state.
    HashLie,
    /// Reports the end of a game that goes on.
    OverLie,
    /// Writes a score into events and batches.
    ScoreClaim,
    /// Signs tokens itself, and edits valid ones.
    ForgedTokens,
    /// Sends to the leader's game with the token of its own.
    OtherGame,
    /// Knows the future, and presses without regard to hands.
    LookAhead,
    /// Knows the future, and holds each button for at least three ticks.
    LookAheadWithHolds,
    /// Knows the future, and presses as fingers do.
    LookAheadWithHands,
    /// Practises the game of its ticket, and sends the best of many games.
    Rehearsal,
}

impl Strategy {
    /// All strategies.
    pub const ALL: [Strategy; 34] = [
        Strategy::Honest,
        Strategy::Theft,
        Strategy::Mirror,
        Strategy::MirrorWithHashes,
        Strategy::SharedSeed,
        Strategy::SecondAccount,
        Strategy::SlowMotion,
        Strategy::SlowMotionAtAnyPace,
        Strategy::HiddenPauses,
        Strategy::LateButtons,
        Strategy::Bulk,
        Strategy::AllAtOnce,
        Strategy::SeedShopping,
        Strategy::ThousandTickets,
        Strategy::OldStart,
        Strategy::EarlyStart,
        Strategy::LateEnd,
        Strategy::PastTheEnd,
        Strategy::Rewritten,
        Strategy::TwoBrowsers,
        Strategy::SkippedEvents,
        Strategy::SkippedTicks,
        Strategy::RepeatedTicks,
        Strategy::OverlappingBatches,
        Strategy::Oversized,
        Strategy::HashLie,
        Strategy::OverLie,
        Strategy::ScoreClaim,
        Strategy::ForgedTokens,
        Strategy::OtherGame,
        Strategy::LookAhead,
        Strategy::LookAheadWithHolds,
        Strategy::LookAheadWithHands,
        Strategy::Rehearsal,
    ];

    /// The name in the report, which is the player's nickname as well.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Honest => "honest",
            Strategy::Theft => "theft",
            Strategy::Mirror => "mirror",
            Strategy::MirrorWithHashes => "mirror with hashes",
            Strategy::SharedSeed => "shared seed",
            Strategy::SecondAccount => "second account",
            Strategy::SlowMotion => "slow motion",
            Strategy::SlowMotionAtAnyPace => "slow, any pace",
            Strategy::HiddenPauses => "hidden pauses",
            Strategy::LateButtons => "late buttons",
            Strategy::Bulk => "bulk",
            Strategy::AllAtOnce => "all at once",
            Strategy::SeedShopping => "seed shopping",
            Strategy::ThousandTickets => "thousand tickets",
            Strategy::OldStart => "old start",
            Strategy::EarlyStart => "early start",
            Strategy::LateEnd => "late end",
            Strategy::PastTheEnd => "past the end",
            Strategy::Rewritten => "rewritten",
            Strategy::TwoBrowsers => "two browsers",
            Strategy::SkippedEvents => "skipped events",
            Strategy::SkippedTicks => "skipped ticks",
            Strategy::RepeatedTicks => "repeated ticks",
            Strategy::OverlappingBatches => "overlapping batches",
            Strategy::Oversized => "oversized",
            Strategy::HashLie => "hash lie",
            Strategy::OverLie => "over lie",
            Strategy::ScoreClaim => "score claim",
            Strategy::ForgedTokens => "forged tokens",
            Strategy::OtherGame => "other game",
            Strategy::LookAhead => "look-ahead",
            Strategy::LookAheadWithHolds => "look-ahead, holds",
            Strategy::LookAheadWithHands => "look-ahead, hands",
            Strategy::Rehearsal => "rehearsal",
        }
    }

    /// Whether the strategy is a gap that is known and documented: the server neither prevents nor marks it.
    pub fn is_known_gap(self) -> bool {
        self == Strategy::Rehearsal
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
