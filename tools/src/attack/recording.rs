//! Games that are played without a clock.

use shared::{
    api::Ticket,
    bot::{Bot, Skill},
    event::{Event, EventKind},
    replay::{ButtonLog, Replay, Seed},
    rules::{Buttons, Game, StateHash},
    time::Tick,
    tuning::Tuning,
};

/// What it takes to compute a game.
#[derive(Debug, Clone)]
pub struct KnownGame {
    /// The tuning.
    pub tuning: Tuning,
    /// The seed.
    pub seed: Seed,
}

impl KnownGame {
    /// The game of a ticket; `None` if its seed is secret.
    pub fn of(ticket: &Ticket) -> Option<KnownGame> {
        Some(KnownGame { tuning: ticket.tuning.clone(), seed: ticket.seed.known()? })
    }

    /// The game before its first tick.
    fn start(&self) -> Game {
        Game::new(self.tuning.clone(), self.seed)
    }
}

/// A game from its first tick on, with the score after each tick.
#[derive(Debug, Clone)]
pub struct Recording {
    game: KnownGame,
    buttons: Vec<Buttons>,
    /// The scores after 0, 1, ... ticks.
    scores: Vec<u32>,
    is_over: bool,
}

impl Recording {
    /// Plays a game for at most `ticks` ticks.
    pub fn play(known: &KnownGame, ticks: u32, mut player: impl FnMut(&Game) -> Buttons) -> Recording {
        let mut game = known.start();
        let (buttons, scores) = (Vec::new(), vec![game.state().score]);
        let mut recording = Recording { game: known.clone(), buttons, scores, is_over: false };
        while !game.is_over() && game.state().tick.0 < ticks {
            let buttons = player(&game);
            game.step(buttons);
            recording.buttons.push(buttons);
            recording.scores.push(game.state().score);
        }
        recording.is_over = game.is_over();
        recording
    }

    /// A bot's game.
    pub fn bot(game: &KnownGame, ticks: u32, seed: u64) -> Recording {
        let mut bot = Bot::with_skill(seed, Skill::EXPERT);
        Recording::play(game, ticks, |game| bot.buttons(game))
    }

    /// A game in which no button is pressed.
    pub fn idle(game: &KnownGame, ticks: u32) -> Recording {
        Recording::play(game, ticks, |_| Buttons::empty())
    }

    /// The buttons of a log in a game, up to its end.
    pub fn of_log(game: &KnownGame, log: &ButtonLog) -> Recording {
        let mut buttons = log.iter();
        Recording::play(game, log.ticks(), |_| buttons.next().unwrap_or_default())
    }

    /// A replay as it was played.
    pub fn of_replay(replay: &Replay) -> Recording {
        let game = KnownGame { tuning: replay.tuning.clone(), seed: replay.seed };
        Recording::of_log(&game, &replay.log)
    }

    /// Of the games of as many bots, the one with the largest value.
    pub fn best_bot<V: Ord>(game: &KnownGame, ticks: u32, bots: u64, value: impl Fn(&Recording) -> V) -> Recording {
        let recordings = (1..=bots).map(|seed| Recording::bot(game, ticks, seed));
        recordings.max_by_key(value).unwrap_or_else(|| Recording::bot(game, ticks, 0))
    }

    /// Ticks played.
    pub fn ticks(&self) -> u32 {
        self.buttons.len() as u32
    }

    /// Whether the game is over.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// The score at the end.
    pub fn score(&self) -> u32 {
        self.score_at(Tick(self.ticks()))
    }

    /// The score after a tick, or at the end.
    pub fn score_at(&self, tick: Tick) -> u32 {
        self.scores[self.scores.len().min(tick.0 as usize + 1) - 1]
    }

    /// The hash of the state after a tick, or at the end.
    pub fn hash_at(&self, tick: Tick) -> StateHash {
        let mut game = self.game.start();
        for buttons in self.buttons.iter().take(tick.0 as usize) {
            game.step(*buttons);
        }
        game.state().hash()
    }

    /// The event with the buttons of the ticks from `from` to `until`; `None` if the game has none of them.
    pub fn event(&self, from: u32, until: u32) -> Option<Event> {
        let until = until.min(self.ticks());
        let buttons = self.buttons.get(from as usize..until as usize)?;
        (!buttons.is_empty()).then(|| buttons_event(from, buttons.iter().copied().collect()))
    }

    /// The event with all buttons.
    pub fn whole(&self) -> Event {
        buttons_event(0, self.buttons.iter().copied().collect())
    }

    /// The event with the hash of the state after a tick.
    pub fn hash_event(&self, tick: u32) -> Event {
        Event { tick: Tick(tick), kind: EventKind::Hash(self.hash_at(Tick(tick))) }
    }
}

/// An event with buttons.
pub fn buttons_event(tick: u32, log: ButtonLog) -> Event {
    Event { tick: Tick(tick), kind: EventKind::Buttons(log) }
}
