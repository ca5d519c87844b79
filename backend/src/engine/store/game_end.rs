//! The end of a game as a record, and rows of games of other rules: their results come from that record, or from the row that
//! a server of those rules wrote.

use shared::{
    record::{EndResult, GameEnded},
    time::Timestamp,
};

use super::{CountedResult, Counting, GameRow, RecordedResult, ResultSource};

impl GameRow {
    /// This row for a server of some rules. It does not replay games of other rules, but keeps their results.
    pub fn for_rules(self, rules_version: u16) -> GameRow {
        if self.ticket.rules_version == rules_version || self.recorded.is_some() {
            return self;
        }
        // A row that was never stored was not replayed.
        let source = if self.version == 0 { ResultSource::Ticket } else { ResultSource::Row };
        let recorded = RecordedResult { source, ..self.replayed_result() };
        let fresh = GameRow::new(self.ticket.clone());
        GameRow { state: fresh.state, recorded: Some(recorded), ..self }
    }

    /// The result for servers that do not replay the game.
    pub fn replayed_result(&self) -> RecordedResult {
        RecordedResult {
            source: ResultSource::Row,
            tick: self.tick(),
            level: self.level(),
            result: self.result(),
            hash: self.hash(),
        }
    }

    /// Whether the row has a result that may be missing on the stream: after a change of the rules it would be lost.
    pub fn has_unrecorded_result(&self) -> bool {
        self.recorded.is_some_and(|recorded| recorded.source == ResultSource::Row)
    }

    /// Takes the result of a game that this server does not replay from the record of its end.
    pub fn record_end(&mut self, ended: &GameEnded) {
        let Some(recorded) = &self.recorded else {
            return;
        };
        let is_newer = match recorded.source {
            ResultSource::Ticket | ResultSource::Row => true,
            ResultSource::End(next_seq) => ended.replaces(self.verdict, next_seq),
        };
        if !is_newer {
            return;
        }
        let EndResult { result, level, verdict, updated_at, .. } = ended.full;
        let source = ResultSource::End(ended.next_seq);
        self.recorded = Some(RecordedResult { source, tick: ended.tick, level, result, hash: ended.hash });
        self.verdict = verdict;
        self.updated_at = updated_at;
        self.next_seq = self.next_seq.max(ended.next_seq);
        self.counted = ended.counted.into();
        self.counting = if ended.late { Counting::Ended } else { Counting::Open };
        self.pace.max_button_lag_millis = ended.max_button_lag_millis;
    }

    /// The record of the game's end.
    pub fn end(&self, ended_at: Timestamp) -> GameEnded {
        let full = EndResult {
            result: self.result(),
            level: self.level(),
            verdict: self.verdict,
            updated_at: self.updated_at,
            reached_at: self.updated_at,
        };
        GameEnded {
            game: self.ticket.game,
            player: self.ticket.player,
            session: self.ticket.session,
            rules_version: self.ticket.rules_version,
            tick: self.tick(),
            hash: self.hash(),
            next_seq: self.next_seq,
            full,
            counted: self.counted.into(),
            max_button_lag_millis: self.pace.max_button_lag_millis,
            late: self.is_late(),
            ended_at,
        }
    }
}

impl From<EndResult> for CountedResult {
    fn from(EndResult { result, level, verdict, updated_at, reached_at }: EndResult) -> CountedResult {
        CountedResult { result, level, verdict, updated_at, reached_at }
    }
}

impl From<CountedResult> for EndResult {
    fn from(CountedResult { result, level, verdict, updated_at, reached_at }: CountedResult) -> EndResult {
        EndResult { result, level, verdict, updated_at, reached_at }
    }
}
