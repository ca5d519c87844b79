//! Restores the order in which the records of a key were appended to the stream.
//!
//! This server archives in order. Firehose does not keep the order across its files, and may deliver a record twice. The
//! records themselves contain their order: the server accepts the batches of a game one after another.

use std::collections::VecDeque;

use shared::{ids::Seq, record::Record, time::Timestamp};

/// A record with the line that contains it.
pub type Line = (Record, Vec<u8>);

/// The key within which records are ordered: the game, or the player if a record belongs to no game.
pub fn key(record: &Record) -> u64 {
    record.game().map_or(record.player().0, |game| game.0)
}

/// Sorts the lines of one key by the time of arrival. If the server's clock was set back, that leaves a gap in the
/// events; then a line without a gap comes first.
pub fn in_order(mut lines: Vec<Line>) -> Vec<Vec<u8>> {
    lines.sort_by_key(|(record, _)| (received_at(record), first_seq(record)));
    let mut waiting = VecDeque::from(lines);
    let mut next_seq = Seq(0);
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let next = waiting.iter().position(|(record, _)| first_seq(record) <= next_seq).unwrap_or_default();
        if let Some((record, line)) = waiting.remove(next) {
            next_seq = next_seq.max(end_seq(&record));
            ordered.push(line);
        }
    }
    ordered
}

/// When the server received a batch or a decision, or found a copy, and a time after all batches for the end of a game.
/// `None` for a ticket, which comes before its game's batches, and for a moderation action, where the highest number
/// counts and the order does not matter.
fn received_at(record: &Record) -> Option<Timestamp> {
    match record {
        Record::Events { received_at, .. } => Some(*received_at),
        Record::GameEnded(_) => Some(Timestamp(u64::MAX)),
        Record::GameModerated(moderation) => Some(moderation.decided_at),
        Record::GameMarked(mark) => Some(mark.marked_at),
        Record::TicketIssued(_) | Record::Moderated(_) => None,
    }
}

/// The number of the first event of a record.
fn first_seq(record: &Record) -> Seq {
    match record {
        Record::Events { batch, .. } => batch.first_seq,
        Record::TicketIssued(_)
        | Record::Moderated(_)
        | Record::GameEnded(_)
        | Record::GameModerated(_)
        | Record::GameMarked(_) => Seq(0),
    }
}

/// The number after the last event of a record.
fn end_seq(record: &Record) -> Seq {
    match record {
        Record::Events { batch, .. } => batch.next_seq(),
        Record::TicketIssued(_)
        | Record::Moderated(_)
        | Record::GameEnded(_)
        | Record::GameModerated(_)
        | Record::GameMarked(_) => Seq(0),
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

    /// The line of a batch.
    fn batch(received_at: u64, first_seq: u32, events: usize) -> Line {
        let events = vec![Event { tick: Tick(0), kind: EventKind::Paused }; events];
        let batch = Batch { schema: SCHEMA_VERSION, first_seq: Seq(first_seq), events };
        let record =
            Record::Events { game: GameId(1), player: PlayerId(1), received_at: Timestamp(received_at), batch };
        let line = record.encode().unwrap();
        (record, line)
    }

    fn bytes(lines: &[Line]) -> Vec<Vec<u8>> {
        lines.iter().map(|(_, line)| line.clone()).collect()
    }

    #[test]
    fn repeated_events_keep_their_order_of_arrival() {
        let lines = [batch(100, 0, 5), batch(200, 5, 5), batch(300, 0, 12), batch(400, 12, 1)];
        assert_eq!(in_order(lines.to_vec()), bytes(&lines));
    }

    #[test]
    fn clock_set_back_leaves_no_gap() {
        let lines = [batch(100, 0, 5), batch(90, 5, 5), batch(95, 10, 5), batch(105, 15, 5)];
        assert_eq!(in_order(lines.to_vec()), bytes(&lines));
    }

    proptest! {
        #[test]
        fn shuffled_and_repeated_lines_are_sorted(swaps: Vec<(Index, Index)>, repeated: Vec<Index>) {
            let lines: Vec<Line> = (0..20).map(|at| batch(u64::from(at) * 1000, at * 3, 3)).collect();
            let mut shuffled = lines.clone();
            shuffled.extend(repeated.iter().map(|index| index.get(&lines).clone()));
            for (one, other) in swaps {
                let (one, other) = (one.index(shuffled.len()), other.index(shuffled.len()));
                shuffled.swap(one, other);
            }
            let mut sorted = in_order(shuffled);
            sorted.dedup();
            prop_assert_eq!(sorted, bytes(&lines));
        }
    }
}
