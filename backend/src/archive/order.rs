//! The order in which records of one key came to the stream, found again.
//!
//! An archive of ours has it, but Firehose promises none across its files, and delivers a record twice at times. The
//! records tell it themselves, whoever wrote the files: the server took the batches of a game one after the other.

use std::collections::VecDeque;

use shared::{ids::Seq, record::Record, time::Timestamp};

/// A record, and the line that it was read from.
pub type Line = (Record, Vec<u8>);

/// What a record's order is found within: its game, or its player where it is on a player.
pub fn key(record: &Record) -> u64 {
    record.game().map_or(record.player().0, |game| game.0)
}

/// The lines of one key in the order of their arrival. A clock that was set back shows as a gap: then what leaves none
/// goes first.
pub fn in_order(mut lines: Vec<Line>) -> Vec<Vec<u8>> {
    lines.sort_by_key(|(record, _)| (arrival(record), first(record)));
    let mut waiting = VecDeque::from(lines);
    let mut due = Seq(0);
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let next = waiting.iter().position(|(record, _)| first(record) <= due).unwrap_or_default();
        if let Some((record, line)) = waiting.remove(next) {
            due = due.max(end(&record));
            ordered.push(line);
        }
    }
    ordered
}

/// A ticket is before all that is played on it. Rulings bear no time: the last by number holds, whenever it comes.
fn arrival(record: &Record) -> Option<Timestamp> {
    match record {
        Record::Events { received_at, .. } => Some(*received_at),
        Record::TicketIssued(_) | Record::Moderated(_) => None,
    }
}

/// The first event of a record.
fn first(record: &Record) -> Seq {
    match record {
        Record::Events { batch, .. } => batch.first_seq,
        Record::TicketIssued(_) | Record::Moderated(_) => Seq(0),
    }
}

/// The event after the last one of a record.
fn end(record: &Record) -> Seq {
    match record {
        Record::Events { batch, .. } => batch.next_seq(),
        Record::TicketIssued(_) | Record::Moderated(_) => Seq(0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index};
    use shared::{
        event::{Batch, Event, EventKind, SCHEMA_VERSION},
        ids::{GameId, PlayerId},
        time::Tick,
    };

    use super::*;

    /// A batch that arrived at that time.
    fn batch(received_at: u64, first_seq: u32, events: usize) -> Line {
        let events = vec![Event { tick: Tick(0), kind: EventKind::Paused }; events];
        let batch = Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events };
        let record =
            Record::Events { game: GameId(1), player: PlayerId(1), received_at: Timestamp(received_at), batch };
        let line = serde_json::to_vec(&record).unwrap();
        (record, line)
    }

    fn texts(lines: &[Line]) -> Vec<Vec<u8>> {
        lines.iter().map(|(_, line)| line.clone()).collect()
    }

    #[test]
    fn what_is_sent_again_stays_where_it_came() {
        let lines = [batch(100, 0, 5), batch(200, 5, 5), batch(300, 0, 12), batch(400, 12, 1)];
        assert_eq!(in_order(lines.to_vec()), texts(&lines));
    }

    #[test]
    fn a_clock_that_was_set_back_leaves_no_gap() {
        let lines = [batch(100, 0, 5), batch(90, 5, 5), batch(95, 10, 5), batch(105, 15, 5)];
        assert_eq!(in_order(lines.to_vec()), texts(&lines));
    }

    proptest! {
        #[test]
        fn shuffled_and_with_some_twice_it_is_the_same(swaps: Vec<(Index, Index)>, twice: Vec<Index>) {
            let lines: Vec<Line> = (0..20).map(|at| batch(u64::from(at) * 1000, at * 3, 3)).collect();
            let mut shuffled = lines.clone();
            shuffled.extend(twice.iter().map(|index| index.get(&lines).clone()));
            for (one, other) in swaps {
                let (one, other) = (one.index(shuffled.len()), other.index(shuffled.len()));
                shuffled.swap(one, other);
            }
            let mut found = in_order(shuffled);
            found.dedup();
            prop_assert_eq!(found, texts(&lines));
        }
    }
}
