//! Watches the scoreboard as a viewer does, and measures how long a bot's points take to show there.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use shared::{api::Standings, ids::GameId, session::SessionId};

/// The pause before the watcher connects again.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// Scores of bots, and how long they took to show on the scoreboard.
#[derive(Debug, Default)]
pub struct ScoreboardWatcher(Mutex<Scores>);

#[derive(Debug, Default)]
struct Scores {
    /// Scores that the scoreboard does not show yet, by game, each with the time when the bot reached it.
    pending: HashMap<GameId, Vec<(u32, Instant)>>,
    /// Scores that the scoreboard shows.
    shown: HashMap<GameId, u32>,
    delays: Vec<Duration>,
}

impl ScoreboardWatcher {
    /// Notes that a game has reached a score at that time.
    pub fn score_reached(&self, game: GameId, score: u32, at: Instant) {
        self.scores(|scores| scores.pending.entry(game).or_default().push((score, at)));
    }

    /// Takes the measured delays. Points count only if the scoreboard already showed their game before.
    pub fn take_delays(&self) -> Vec<Duration> {
        self.scores(|scores| mem::take(&mut scores.delays))
    }

    /// Watches the scoreboard of a session, or of open play. Never completes.
    pub async fn watch(&self, url: &str, session: Option<SessionId>) {
        let query = session.map(|session| format!("?session={session}")).unwrap_or_default();
        loop {
            // Errors need no report here: the bots count them.
            let _ = self.receive(&format!("{url}/v1/live{query}")).await;
            tokio::time::sleep(RECONNECT_DELAY).await;
        }
    }

    /// Receives live updates until the connection ends.
    async fn receive(&self, url: &str) -> Result<(), reqwest::Error> {
        let mut response = reqwest::Client::new().get(url).send().await?.error_for_status()?;
        let mut text = Vec::new();
        while let Some(bytes) = response.chunk().await? {
            text.extend_from_slice(&bytes);
            while let Some(end) = text.windows(2).position(|end| end == b"\n\n") {
                let update: Vec<u8> = text.drain(..end + 2).collect();
                self.take_update(&update, Instant::now());
            }
        }
        Ok(())
    }

    /// Takes a live update. Ignores updates of other things than standings.
    fn take_update(&self, update: &[u8], now: Instant) {
        let data = update.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"data: "));
        if let Some(Ok(standings)) = data.map(serde_json::from_slice::<Standings>) {
            self.scores(|scores| scores.show(&standings, now));
        }
    }

    fn scores<T>(&self, act: impl FnOnce(&mut Scores) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Scores {
    fn show(&mut self, standings: &Standings, now: Instant) {
        let scores = standings.standings.iter().map(|ranked| (ranked.standing.game, ranked.standing.result.score));
        let before = mem::replace(&mut self.shown, scores.collect());
        for (game, score) in &self.shown {
            let Some(pending) = self.pending.get_mut(game) else { continue };
            let newly_shown = pending.extract_if(.., |(reached, _)| *reached <= *score);
            // A game that was not shown before may have been outside the shown ranks, so its delay is unknown.
            let delays = newly_shown.filter(|(reached, _)| before.get(game).is_some_and(|before| reached > before));
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

    /// A live update of a scoreboard with one game, as the server sends it.
    fn update(score: u32) -> Vec<u8> {
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
            reached_at: Timestamp(0),
        };
        let standings = vec![Ranked { rank: 1, standing, newest: None }];
        let standings = Standings { players: 1, standings, next: None };
        format!("event: standings\ndata: {}\n\n", serde_json::to_string(&standings).unwrap()).into_bytes()
    }

    #[test]
    fn delays_are_measured_from_the_point_to_the_update_once_the_game_is_on_the_scoreboard() {
        let (watcher, start) = (ScoreboardWatcher::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        for (score, seconds) in [(10, 1), (20, 2), (30, 3), (40, 9)] {
            watcher.score_reached(GameId(1), score, after(seconds));
        }
        watcher.take_update(&update(10), after(4));
        watcher.take_update(b"event: seats\ndata: {}\n\n", after(4));
        assert!(watcher.take_delays().is_empty(), "the first update of a game has no delay");
        watcher.take_update(&update(30), after(5));
        assert_eq!(watcher.take_delays(), [Duration::from_secs(3), Duration::from_secs(2)]);
        watcher.take_update(&update(30), after(6));
        assert!(watcher.take_delays().is_empty());
    }
}
