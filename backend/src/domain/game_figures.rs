//! Figures of how a game was played, for managers.

use shared::{
    api::GameFigures,
    hands::{self, HandFigures, PaceFigures},
    time::{TICKS_PER_SECOND, Tick, Timestamp},
};

use crate::engine::store::GameRow;

/// A shorter game has no marks of its time: the first second of a game that starts slowly would be played at a low pace.
const MIN_MARKED_TICKS: Tick = Tick(10 * TICKS_PER_SECOND);

/// The figures of a game with their marks, and the last decision about it. `games` has all games of its player; `hand` is
/// `None` if the game cannot be replayed.
pub fn of(row: &GameRow, games: &[GameRow], hand: Option<HandFigures>) -> GameFigures {
    let pace = pace(row, games);
    let mut marks = hand.as_ref().map(hands::marks).unwrap_or_default();
    if row.tick() >= MIN_MARKED_TICKS {
        marks.extend(hands::pace_marks(&pace));
    }
    let decision = row.moderation.clone().map(Into::into);
    GameFigures { hand, pace, marks: marks.into_iter().map(Into::into).collect(), decision }
}

/// The figures of the time in which a game was played.
fn pace(row: &GameRow, games: &[GameRow]) -> PaceFigures {
    let ticks = u64::from(row.tick().0).max(1);
    PaceFigures {
        pace_percent: row.pace_percent(),
        max_lag_millis: row.pace.max_lag_millis,
        max_button_lag_millis: row.pace.max_button_lag_millis,
        lag_sum_millis: row.pace.lag_sum_millis,
        bulk_percent: (u64::from(row.pace.bulk_ticks) * 100 / ticks).min(100) as u8,
        parallel_games: parallel_games(row, games),
        practice_millis: row.started_at().millis_since(row.ticket.started_at),
    }
}

/// The most games that were played at the same time during this one, this one included. A game without ticks is not played.
fn parallel_games(row: &GameRow, games: &[GameRow]) -> u32 {
    let played: Vec<_> = games.iter().filter(|game| game.tick() > Tick::ZERO).map(time_of).collect();
    let (start, end) = time_of(row);
    let starts = played.iter().map(|(other, _)| *other).filter(|other| (start..end).contains(other));
    let at = |now: Timestamp| played.iter().filter(|(from, until)| (*from..*until).contains(&now)).count();
    starts.map(at).max().unwrap_or_default().max(1) as u32
}

/// When a game was played: from its start to its last event.
fn time_of(row: &GameRow) -> (Timestamp, Timestamp) {
    (row.started_at(), row.updated_at)
}

#[cfg(test)]
mod tests {
    use shared::{
        ids::{GameId, PlayerId},
        record::TicketIssued,
        replay::Seed,
        rules::RULES_VERSION,
        session::SessionId,
        tuning::Tuning,
    };

    use super::*;

    /// A game that was played from one second to another.
    fn game(from: u64, until: u64) -> GameRow {
        let ticket = TicketIssued {
            game: GameId(from),
            player: PlayerId(1),
            session: SessionId::OPEN_PLAY,
            nickname: "Ada".parse().unwrap(),
            seed: Seed(1),
            tuning: Tuning::arcade(),
            rules_version: RULES_VERSION,
            started_at: Timestamp(from * 1000),
            real_time: false,
        };
        let mut row = GameRow::new(ticket);
        row.state.tick = Tick(60 * (until - from) as u32);
        GameRow { updated_at: Timestamp(until * 1000), ..row }
    }

    #[test]
    fn games_at_the_same_time_are_counted() {
        let games = [game(0, 10), game(10, 20), game(12, 15), game(14, 30), game(15, 15)];
        let counts = games.iter().map(|row| pace(row, &games).parallel_games);
        assert_eq!(counts.collect::<Vec<_>>(), [1, 3, 3, 3, 1]);
    }

    #[test]
    fn game_of_few_ticks_has_no_marks_of_its_time() {
        let mut row = game(0, 9);
        row.updated_at = Timestamp(100_000);
        let figures = of(&row, std::slice::from_ref(&row), None);
        assert_eq!((figures.pace.pace_percent, figures.marks), (9, Vec::new()));
    }

    #[test]
    fn slow_game_in_bulk_is_marked_with_reasons() {
        let mut row = game(0, 10);
        row.updated_at = Timestamp(100_000);
        row.pace.bulk_ticks = row.tick().0;
        let figures = of(&row, std::slice::from_ref(&row), None);
        assert_eq!((figures.pace.pace_percent, figures.pace.bulk_percent), (10, 100));
        let reasons: Vec<_> = figures.marks.into_iter().map(|mark| mark.reason).collect();
        assert_eq!(reasons.len(), 2);
        assert!(reasons.iter().any(|reason| reason.contains("10 % of real time")), "{reasons:?}");
    }

    #[test]
    fn game_whose_ticket_was_issued_again_after_a_minute_is_marked() {
        let practised = |seconds: u64| {
            let row = GameRow { restarted_at: Some(Timestamp(seconds * 1000)), ..game(0, 100) };
            let row = GameRow { updated_at: Timestamp((100 + seconds) * 1000), ..row };
            of(&row, std::slice::from_ref(&row), None).marks.iter().any(|mark| mark.reason.contains("practise"))
        };
        assert_eq!([0, 60, 61].map(practised), [false, false, true]);
    }
}
