//! A server whose time passes when the test says so, so that minutes of play take no time.

use std::{ops::Deref, sync::Arc};

use backend::engine::Engines;
use shared::{
    api::{Ack, Clock, Ticket},
    event::Event,
    time::{Tick, Timestamp},
};

use super::{TestServer, games::batch, machine::Machine};

/// The server, with the machine that it runs on.
pub struct ManualTime {
    server: TestServer,
    machine: Machine,
}

impl ManualTime {
    /// Starts a server with an empty data folder.
    pub async fn start() -> ManualTime {
        let (machine, data) = (Machine::new(), Arc::new(tempfile::tempdir().unwrap()));
        let engines = Engines::embedded(data.path()).unwrap();
        let server = TestServer::start_on(&engines, &data, machine.clock(), &[]).await;
        ManualTime { server, machine }
    }

    /// The server's time.
    pub async fn time(&self) -> Timestamp {
        self.server.get::<Clock>("/v1/clock").await.now
    }

    /// Lets time pass until an instant on the server's clock.
    pub async fn pass_until(&self, instant: Timestamp) {
        self.machine.advance(instant.millis_since(self.time().await));
    }

    /// Lets time pass until the game's first `tick` ticks are due.
    pub async fn pass_until_due(&self, ticket: &Ticket, tick: Tick) {
        self.pass_until(tick.due(ticket.started_at)).await;
    }

    /// Lets time pass until the events are due, and sends them. The server must take them. Stores the token for the
    /// next events in the ticket.
    pub async fn play(&self, ticket: &mut Ticket, first_seq: u32, events: Vec<Event>) {
        let batch = batch(first_seq, events);
        self.pass_until_due(ticket, batch.last_tick()).await;
        let response = self.server.send(ticket, &batch).await;
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
        ticket.game_token = response.json::<Ack>().await.unwrap().game_token;
    }

    /// Waits until everything is processed that was sent before.
    pub async fn settle(&self) {
        // All games are on one shard, which is processed in order.
        let marker = self.server.ticket("Marker").await;
        self.server.processed_game(&marker, 0).await;
    }
}

impl Deref for ManualTime {
    type Target = TestServer;

    fn deref(&self) -> &TestServer {
        &self.server
    }
}
