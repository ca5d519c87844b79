//! `backend cost`: what an event takes of AWS and costs there, beside the workshop's original on the same assumptions.
//!
//! What a player's second takes was counted, see docs/figures.md; the prices are below, with their date.

use std::fmt;

use clap::Args;

/// When the prices were looked up, and of which region they are: dollars, on demand, without free tiers and taxes.
const PRICED: &str = "us-east-1, 2025-06";
const MILLION: f64 = 1e6;
/// API Gateway, a REST request.
const REQUEST: f64 = 3.50 / MILLION;
/// Kinesis, a shard's hour.
const SHARD_HOUR: f64 = 0.015;
/// Kinesis, 25 KB put as one record.
const PUT_UNIT: f64 = 0.014 / MILLION;
/// DynamoDB, a unit of writing: 1 KB.
const WRITE_UNIT: f64 = 0.625 / MILLION;
/// DynamoDB, a unit of reading: 4 KB.
const READ_UNIT: f64 = 0.125 / MILLION;
/// Lambda, a call, and a second of one with 1 GB.
const CALL: f64 = 0.20 / MILLION;
const GB_SECOND: f64 = 0.000_016_67;
/// Fargate, an hour of half a processor with 1 GB.
const SERVER_HOUR: f64 = 0.04048 / 2.0 + 0.004_445;
/// A load balancer's hour, and one of a unit of its capacity: 3,000 connections.
const BALANCER_HOUR: f64 = 0.0225;
const BALANCER_UNIT_HOUR: f64 = 0.008;

/// What a shard takes, bytes a second and records a second.
const SHARD_BYTES: f64 = 1e6;
const SHARD_RECORDS: f64 = 1_000.0;
/// Bytes of one unit of a put.
const PUT_BYTES: f64 = 25_000.0;
/// Records of ours that go as one are gathered for so long, seconds.
const LINGER: f64 = 0.025;
/// Players that one such server carries: counted, 1,000 took 0.22 of a processor, replays and all.
const SERVED: f64 = 2_000.0;
/// What a player's second takes of the function that replays it, GB seconds: three times the processor's time that was
/// counted for server and replay together, since a call waits for the tables, too.
const REPLAYED: f64 = 0.000_7;
/// Connections of one unit of a load balancer's capacity.
const BALANCED: f64 = 3_000.0;

/// The original's: seconds from one request of a player to the next, records in one call of its function, seconds and
/// GB of that call, and bytes that a player takes on the board, which is one item.
const ORIGINAL_EVERY: f64 = 0.3;
/// Bytes that it puts on the stream for a request.
const ORIGINAL_BYTES: f64 = 200.0;
const ORIGINAL_BATCH: f64 = 100.0;
const ORIGINAL_CALL_SECONDS: f64 = 0.1;
const ORIGINAL_GB: f64 = 0.125;
const ORIGINAL_BOARD_BYTES: f64 = 120.0;
/// An item of DynamoDB holds no more, bytes: there the original ends, at some 3,300 players, whatever it would cost.
const LARGEST_ITEM: f64 = 400_000.0;

/// What a player's second takes, counted.
struct CountedResult {
    /// Seconds that records are left to gather.
    gather: u16,
    /// Events, in as many batches less a few.
    events: f64,
    /// Bytes put on the stream.
    bytes: f64,
    /// Calls to DynamoDB.
    calls: f64,
    /// Units of DynamoDB's capacity, written.
    written: f64,
    /// The same, read.
    read: f64,
}

const COUNTED: [CountedResult; 3] = [
    CountedResult { gather: 0, events: 1.06, bytes: 266.0, calls: 4.12, written: 3.80, read: 1.92 },
    CountedResult { gather: 10, events: 1.06, bytes: 260.0, calls: 0.261, written: 0.234, read: 0.108 },
    CountedResult { gather: 30, events: 1.06, bytes: 261.0, calls: 0.123, written: 0.122, read: 0.054 },
];

/// What to reckon.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Players at once
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub players: u32,
    /// For how many hours
    #[arg(long, value_name = "H", default_value_t = 1.0)]
    pub hours: f64,
    /// Seconds that the processor lets records gather, as by serve --gather: counted for 0, 10 and 30, and the nearest below
    /// is taken
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub gather: u16,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    what: &'static str,
    amount: f64,
    price: f64,
}

impl Line {
    fn dollars(&self) -> f64 {
        self.amount * self.price
    }
}

/// What passes through a design.
#[derive(Debug, Clone)]
struct Traffic {
    events: f64,
    /// On the stream.
    bytes: f64,
    /// On the stream, as the service counts them.
    records: f64,
    /// To all services.
    calls: f64,
}

/// Both designs' traffic and bills.
#[derive(Debug, Clone)]
pub struct Estimate {
    options: Options,
    ours: (Traffic, Vec<Line>),
    original: (Traffic, Vec<Line>),
}

impl Estimate {
    /// Reckons what `options` ask for.
    pub fn of(options: Options) -> Estimate {
        Estimate { ours: ours(&options), original: original(&options), options }
    }

    fn player_hours(&self) -> f64 {
        f64::from(self.options.players) * self.options.hours
    }

    /// How many times as much as this the original costs.
    pub fn ratio(&self) -> f64 {
        total(&self.original.1) / total(&self.ours.1)
    }
}

fn total(bill: &[Line]) -> f64 {
    bill.iter().map(Line::dollars).sum()
}

fn ours(Options { players, hours, gather }: &Options) -> (Traffic, Vec<Line>) {
    let players = f64::from(*players);
    let seconds = hours * 3600.0 * players;
    let counted = COUNTED.iter().rev().find(|counted| counted.gather <= *gather).unwrap_or(&COUNTED[0]);
    let bytes_a_second = players * counted.bytes;
    let shards = (bytes_a_second / SHARD_BYTES).ceil();
    // Each shard gets a record each time that what was gathered for it leaves.
    let records = shards / LINGER * hours * 3600.0;
    let units = records * (bytes_a_second / shards * LINGER / PUT_BYTES).ceil();
    let invocations = shards * hours * 3600.0 / f64::from(*gather).max(1.0);
    let traffic = Traffic {
        events: counted.events * seconds,
        bytes: counted.bytes * seconds,
        records,
        calls: records + invocations + counted.calls * seconds,
    };
    let bill = vec![
        Line { what: "Kinesis: shard hours", amount: shards * hours, price: SHARD_HOUR },
        Line { what: "Kinesis: units put", amount: units, price: PUT_UNIT },
        Line { what: "DynamoDB: units written", amount: counted.written * seconds, price: WRITE_UNIT },
        Line { what: "DynamoDB: units read", amount: counted.read * seconds, price: READ_UNIT },
        Line { what: "Lambda: calls", amount: invocations, price: CALL },
        Line { what: "Lambda: GB seconds", amount: REPLAYED * seconds, price: GB_SECOND },
        Line { what: "servers: hours", amount: (players / SERVED).ceil().max(2.0) * hours, price: SERVER_HOUR },
        Line { what: "load balancer: hours", amount: *hours, price: BALANCER_HOUR },
        Line { what: "load balancer: units", amount: (players / BALANCED).ceil() * hours, price: BALANCER_UNIT_HOUR },
    ];
    (traffic, bill)
}

fn original(Options { players, hours, .. }: &Options) -> (Traffic, Vec<Line>) {
    let players = f64::from(*players);
    let requests = hours * 3600.0 * players / ORIGINAL_EVERY;
    let shards = (players / ORIGINAL_EVERY / SHARD_RECORDS).ceil();
    let calls = requests / ORIGINAL_BATCH;
    let board = (players * ORIGINAL_BOARD_BYTES).min(LARGEST_ITEM);
    let traffic = Traffic {
        events: requests,
        bytes: requests * ORIGINAL_BYTES,
        records: requests,
        // The gateway's, its put, and the function's with what it reads and writes.
        calls: 2.0 * requests + 3.0 * calls,
    };
    let bill = vec![
        Line { what: "API Gateway: requests", amount: requests, price: REQUEST },
        Line { what: "Kinesis: shard hours", amount: shards * hours, price: SHARD_HOUR },
        Line { what: "Kinesis: units put", amount: requests, price: PUT_UNIT },
        Line { what: "Lambda: calls", amount: calls, price: CALL },
        Line { what: "Lambda: GB seconds", amount: calls * ORIGINAL_CALL_SECONDS * ORIGINAL_GB, price: GB_SECOND },
        Line { what: "DynamoDB: units written", amount: calls * (board / 1_000.0).ceil(), price: WRITE_UNIT },
        Line { what: "DynamoDB: units read", amount: calls * (board / 4_000.0).ceil(), price: READ_UNIT },
    ];
    (traffic, bill)
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { players, hours, gather } = &self.options;
        writeln!(f, "{players} players for {hours} hours; prices of {PRICED}, in dollars\n")?;
        self.bill(f, &format!("Alien Attack, tables written every {gather} s"), &self.ours)?;
        self.bill(f, "the original: a request each 300 ms, the whole board written for each batch", &self.original)?;
        if f64::from(*players) * ORIGINAL_BOARD_BYTES > LARGEST_ITEM {
            writeln!(f, "So many do not fit on the original's board, which is one item of 400 KB.")?;
        }
        writeln!(f, "The original costs {:.0} times as much.", self.ratio())
    }
}

impl Estimate {
    fn bill(&self, f: &mut fmt::Formatter<'_>, title: &str, (traffic, bill): &(Traffic, Vec<Line>)) -> fmt::Result {
        writeln!(f, "{title}")?;
        let Traffic { events, bytes, records, calls } = traffic;
        for (what, amount) in [("events", events), ("bytes", bytes), ("records", records), ("calls", calls)] {
            writeln!(f, "  {what:<26} {amount:>16.0}")?;
        }
        for line in bill {
            writeln!(f, "  {:<26} {:>16.0} {:>12.4}", line.what, line.amount, line.dollars())?;
        }
        let per_thousand = total(bill) * 1_000.0 / self.player_hours();
        writeln!(f, "  {:<26} {:>16} {:>12.4}", "in all", "", total(bill))?;
        writeln!(f, "  {:<26} {:>16} {:>12.4}\n", "per 1,000 player-hours", "", per_thousand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(players: u32, hours: f64, gather: u16) -> Estimate {
        Estimate::of(Options { players, hours, gather })
    }

    #[test]
    fn the_originals_requests_alone_are_as_the_design_says() {
        let (_, original) = estimate(1_000, 1.0, 10).original;
        assert_eq!((original[0].amount, original[0].dollars().round()), (12e6, 42.0));
        assert_eq!(original[1].amount, 4.0, "shards");
    }

    #[test]
    fn more_players_and_longer_events_cost_more_and_gathering_less() {
        let dollars = |players, hours, gather| total(&estimate(players, hours, gather).ours.1);
        assert!(dollars(2_000, 1.0, 10) > dollars(1_000, 1.0, 10));
        assert!((dollars(1_000, 2.0, 10) / dollars(1_000, 1.0, 10) - 2.0).abs() < 1e-9);
        assert!(dollars(1_000, 1.0, 30) < dollars(1_000, 1.0, 29) && dollars(1_000, 1.0, 10) < dollars(1_000, 1.0, 0));
    }
}
