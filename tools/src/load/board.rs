//! Watches the scoreboard as a viewer does, and tells how long a bot's point takes to show there.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use shared::{api::Standings, ids::GameId, session::SessionId};

/// A connection that breaks off is made anew after this time.
const AGAIN: Duration = Duration::from_secs(1);

/// What bots have scored, and how long it took to show.
#[derive(Debug, Default)]
pub struct Board(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Scores that do not show yet, by game, each with when it was reached.
    reached: HashMap<GameId, Vec<(u32, Instant)>>,
    /// The scores that show.
    shown: HashMap<GameId, u32>,
    delays: Vec<Duration>,
}

impl Board {
    /// A game has reached a score.
    pub fn reached(&self, game: GameId, score: u32, at: Instant) {
        self.seen(|seen| seen.reached.entry(game).or_default().push((score, at)));
    }

    /// How long points took to show, of games that were on the board before and after.
    pub fn delays(&self) -> Vec<Duration> {
        self.seen(|seen| mem::take(&mut seen.delays))
    }

    /// Watches a session, or open play, for ever.
    pub async fn watch(&self, url: &str, session: Option<SessionId>) {
        let session = session.map(|session| format!("?session={session}")).unwrap_or_default();
        loop {
            // The bots tell what is wrong with the server.
            let _ = self.listen(&format!("{url}/v1/live{session}")).await;
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn listen(&self, url: &str) -> Result<(), reqwest::Error> {
        let mut events = reqwest::Client::new().get(url).send().await?.error_for_status()?;
        let mut text = Vec::new();
        while let Some(bytes) = events.chunk().await? {
            text.extend_from_slice(&bytes);
            while let Some(end) = text.windows(2).position(|end| end == b"\n\n") {
                let event: Vec<u8> = text.drain(..end + 2).collect();
                self.show(&event, Instant::now());
            }
        }
        Ok(())
    }

    /// Takes an event of the server's; those that are not standings are left alone.
    fn show(&self, event: &[u8], now: Instant) {
        let data = event.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"data: "));
        if let Some(Ok(board)) = data.map(serde_json::from_slice::<Standings>) {
            self.seen(|seen| seen.show(&board, now));
        }
    }

    fn seen<T>(&self, act: impl FnOnce(&mut Seen) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Seen {
    fn show(&mut self, board: &Standings, now: Instant) {
        let scores = board.standings.iter().map(|ranked| (ranked.standing.game, ranked.standing.result.score));
        let before = mem::replace(&mut self.shown, scores.collect());
        for (game, score) in &self.shown {
            let Some(reached) = self.reached.get_mut(game) else { continue };
            let showing = reached.extract_if(.., |(reached, _)| *reached <= *score);
            // What a game had when it came onto the board may have waited for its place rather than for the way there.
            let delays = showing.filter(|(reached, _)| before.get(game).is_some_and(|before| reached > before));
            self.delays.extend(delays.map(|(_, at)| now.duration_since(at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        api::Ranked,
        ids::PlayerId,
        standing::{GameResult, Standing},
        time::Timestamp,
        tuning::Tuning,
        verdict::Verdict,
    };

    use super::*;

    /// A board with one game, as the server sends it.
    fn event(score: u32) -> Vec<u8> {
        let standing = Standing {
            player: PlayerId(1),
            nickname: "Bot 1".parse().unwrap(),
            game: GameId(1),
            result: GameResult { score, lives: 3, shots: 1 },
            level: 1,
            verdict: Verdict::Live,
            tuning_name: "arcade".to_owned(),
            tuning_hash: Tuning::arcade().hash(),
            updated_at: Timestamp(0),
        };
        let standings = vec![Ranked { rank: 1, standing, newest: None }];
        let board = Standings { players: 1, standings, next: None };
        format!("event: standings\ndata: {}\n\n", serde_json::to_string(&board).unwrap()).into_bytes()
    }

    #[test]
    fn a_point_counts_from_when_it_is_made_until_it_shows_on_a_board_that_has_its_game() {
        let (board, start) = (Board::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        for (score, seconds) in [(10, 1), (20, 2), (30, 3), (40, 9)] {
            board.reached(GameId(1), score, after(seconds));
        }
        board.show(&event(10), after(4));
        board.show(b"event: seats\ndata: {}\n\n", after(4));
        assert!(board.delays().is_empty(), "it had that when it came onto the board");
        board.show(&event(30), after(5));
        assert_eq!(board.delays(), [Duration::from_secs(3), Duration::from_secs(2)]);
        board.show(&event(30), after(6));
        assert!(board.delays().is_empty());
    }
}
