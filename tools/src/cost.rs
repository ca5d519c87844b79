//! `tools cost`: estimates what a gathering of players consumes and costs on AWS, next to the design of AWS's Alien Attack
//! workshop ("the original") on the same assumptions.
//!
//! The consumption of a player's second was measured, see docs/figures.md. The prices are of the month that `PRICES_OF` names.

use std::fmt;

use clap::Args;

/// Region and month of the prices: dollars, on demand, without free tiers and taxes.
const PRICES_OF: &str = "us-east-1, 2025-06";
const MILLION: f64 = 1e6;
const SECONDS_PER_HOUR: f64 = 3600.0;
/// API Gateway: a REST request.
const REQUEST_PRICE: f64 = 3.50 / MILLION;
/// Kinesis: an hour of a shard.
const SHARD_HOUR_PRICE: f64 = 0.015;
/// Kinesis: 25 KB put as one record.
const PUT_UNIT_PRICE: f64 = 0.014 / MILLION;
/// DynamoDB: a write unit, 1 KB.
const WRITE_UNIT_PRICE: f64 = 0.625 / MILLION;
/// DynamoDB: a read unit, 4 KB.
const READ_UNIT_PRICE: f64 = 0.125 / MILLION;
/// Lambda: an invocation.
const INVOCATION_PRICE: f64 = 0.20 / MILLION;
/// Lambda: a second with 1 GB of memory.
const GB_SECOND_PRICE: f64 = 0.000_016_67;
/// Fargate: an hour of half a processor with 1 GB of memory.
const SERVER_HOUR_PRICE: f64 = 0.04048 / 2.0 + 0.004_445;
/// An hour of a load balancer.
const BALANCER_HOUR_PRICE: f64 = 0.0225;
/// An hour of a capacity unit of a load balancer.
const BALANCER_UNIT_HOUR_PRICE: f64 = 0.008;

/// Maximum throughput of a shard, bytes per second.
const SHARD_BYTES: f64 = 1e6;
/// Maximum throughput of a shard, records per second.
const SHARD_RECORDS: f64 = 1_000.0;
/// Bytes of a put unit.
const PUT_BYTES: f64 = 25_000.0;
/// The server collects appends for this long before it puts them as one record, seconds.
const APPEND_DELAY: f64 = 0.025;
/// Players per server. Measured: 1,000 players used 0.22 of a processor, replays included.
const PLAYERS_PER_SERVER: f64 = 2_000.0;
/// Consumption of the Lambda function for a player's second, GB seconds: three times the measured processor time of server
/// and replay together, because an invocation also waits for the tables.
const REPLAY_GB_SECONDS: f64 = 0.000_7;
/// Connections per capacity unit of a load balancer.
const CONNECTIONS_PER_UNIT: f64 = 3_000.0;

/// The original: seconds from one request of a player to the next.
const ORIGINAL_INTERVAL: f64 = 0.3;
/// The original: bytes on the stream per request.
const ORIGINAL_BYTES: f64 = 200.0;
/// The original: records per invocation of its function.
const ORIGINAL_RECORDS: f64 = 100.0;
/// The original: seconds per invocation.
const ORIGINAL_SECONDS: f64 = 0.1;
/// The original: memory of its function, GB.
const ORIGINAL_GB: f64 = 0.125;
/// The original: bytes per player on its scoreboard, which is one DynamoDB item.
const ORIGINAL_SCOREBOARD_BYTES: f64 = 120.0;
/// Maximum size of a DynamoDB item, bytes. The original supports some 3,300 players.
const MAX_ITEM_BYTES: f64 = 400_000.0;

/// Measured consumption of a player's second.
struct Consumption {
    /// The flush interval of the measurement, seconds.
    flush_interval: u16,
    /// Events. Nearly each is a batch of its own.
    events: f64,
    /// Bytes on the stream.
    bytes: f64,
    /// Calls to DynamoDB.
    calls: f64,
    /// Write units of DynamoDB.
    write_units: f64,
    /// Read units of DynamoDB.
    read_units: f64,
}

/// Measurements by ascending flush interval.
const MEASURED: [Consumption; 3] = [
    Consumption { flush_interval: 0, events: 1.06, bytes: 266.0, calls: 4.12, write_units: 3.80, read_units: 1.92 },
    Consumption { flush_interval: 10, events: 1.06, bytes: 260.0, calls: 0.261, write_units: 0.234, read_units: 0.108 },
    Consumption { flush_interval: 30, events: 1.06, bytes: 261.0, calls: 0.123, write_units: 0.122, read_units: 0.054 },
];

/// Options of the estimate.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Number of players at the same time
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub players: u32,
    /// Duration of the event in hours
    #[arg(long, value_name = "HOURS", default_value_t = 1.0)]
    pub hours: f64,
    /// Flush interval of the processor in seconds, as in `backend serve --flush-interval`. The estimate uses the nearest
    /// measurement that is not longer: 0, 10 or 30
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub flush_interval: u16,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    label: &'static str,
    amount: f64,
    /// Dollars per unit.
    price: f64,
}

impl Line {
    fn dollars(&self) -> f64 {
        self.amount * self.price
    }
}

/// The traffic of a design.
#[derive(Debug, Clone)]
struct Traffic {
    events: f64,
    /// Bytes on the stream.
    bytes: f64,
    /// Records on the stream.
    records: f64,
    /// Calls to all services.
    calls: f64,
}

/// Traffic and bill of a design.
type Design = (Traffic, Vec<Line>);

/// The estimates for this game and for the original.
#[derive(Debug, Clone)]
pub struct Estimate {
    options: Options,
    ours: Design,
    original: Design,
}

impl Estimate {
    /// Estimates the cost of the event that `options` describe.
    pub fn new(options: Options) -> Estimate {
        Estimate { ours: estimate_ours(&options), original: estimate_original(&options), options }
    }

    /// The cost of the original divided by the cost of this game.
    pub fn ratio(&self) -> f64 {
        total(&self.original.1) / total(&self.ours.1)
    }

    fn player_hours(&self) -> f64 {
        f64::from(self.options.players) * self.options.hours
    }
}

/// Dollars of a bill.
fn total(bill: &[Line]) -> f64 {
    bill.iter().map(Line::dollars).sum()
}

fn estimate_ours(Options { players, hours, flush_interval }: &Options) -> Design {
    let players = f64::from(*players);
    let seconds = hours * SECONDS_PER_HOUR;
    let player_seconds = seconds * players;
    let used = MEASURED.iter().rev().find(|measured| measured.flush_interval <= *flush_interval);
    let used = used.unwrap_or(&MEASURED[0]);
    let bytes_per_second = players * used.bytes;
    let shards = (bytes_per_second / SHARD_BYTES).ceil();
    // Each shard gets a record whenever the server puts its collected appends.
    let records = shards / APPEND_DELAY * seconds;
    let put_units = records * (bytes_per_second / shards * APPEND_DELAY / PUT_BYTES).ceil();
    let invocations = shards * seconds / f64::from(*flush_interval).max(1.0);
    let traffic = Traffic {
        events: used.events * player_seconds,
        bytes: used.bytes * player_seconds,
        records,
        calls: records + invocations + used.calls * player_seconds,
    };
    let servers = (players / PLAYERS_PER_SERVER).ceil().max(2.0);
    let balancer_units = (players / CONNECTIONS_PER_UNIT).ceil();
    let bill = vec![
        Line { label: "Kinesis: shard hours", amount: shards * hours, price: SHARD_HOUR_PRICE },
        Line { label: "Kinesis: put units", amount: put_units, price: PUT_UNIT_PRICE },
        Line { label: "DynamoDB: write units", amount: used.write_units * player_seconds, price: WRITE_UNIT_PRICE },
        Line { label: "DynamoDB: read units", amount: used.read_units * player_seconds, price: READ_UNIT_PRICE },
        Line { label: "Lambda: invocations", amount: invocations, price: INVOCATION_PRICE },
        Line { label: "Lambda: GB seconds", amount: REPLAY_GB_SECONDS * player_seconds, price: GB_SECOND_PRICE },
        Line { label: "servers: hours", amount: servers * hours, price: SERVER_HOUR_PRICE },
        Line { label: "load balancer: hours", amount: *hours, price: BALANCER_HOUR_PRICE },
        Line { label: "load balancer: unit hours", amount: balancer_units * hours, price: BALANCER_UNIT_HOUR_PRICE },
    ];
    (traffic, bill)
}

fn estimate_original(Options { players, hours, .. }: &Options) -> Design {
    let players = f64::from(*players);
    let requests = hours * SECONDS_PER_HOUR * players / ORIGINAL_INTERVAL;
    let shards = (players / ORIGINAL_INTERVAL / SHARD_RECORDS).ceil();
    let invocations = requests / ORIGINAL_RECORDS;
    let scoreboard = (players * ORIGINAL_SCOREBOARD_BYTES).min(MAX_ITEM_BYTES);
    let traffic = Traffic {
        events: requests,
        bytes: requests * ORIGINAL_BYTES,
        records: requests,
        // Each request is a call to the gateway and a put. Each invocation reads and writes the scoreboard.
        calls: 2.0 * requests + 3.0 * invocations,
    };
    let gb_seconds = invocations * ORIGINAL_SECONDS * ORIGINAL_GB;
    let bill = vec![
        Line { label: "API Gateway: requests", amount: requests, price: REQUEST_PRICE },
        Line { label: "Kinesis: shard hours", amount: shards * hours, price: SHARD_HOUR_PRICE },
        Line { label: "Kinesis: put units", amount: requests, price: PUT_UNIT_PRICE },
        Line { label: "Lambda: invocations", amount: invocations, price: INVOCATION_PRICE },
        Line { label: "Lambda: GB seconds", amount: gb_seconds, price: GB_SECOND_PRICE },
        Line {
            label: "DynamoDB: write units",
            amount: invocations * (scoreboard / 1_000.0).ceil(),
            price: WRITE_UNIT_PRICE,
        },
        Line {
            label: "DynamoDB: read units",
            amount: invocations * (scoreboard / 4_000.0).ceil(),
            price: READ_UNIT_PRICE,
        },
    ];
    (traffic, bill)
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Options { players, hours, flush_interval } = &self.options;
        writeln!(f, "{players} players for {hours} hours; prices of {PRICES_OF} in dollars\n")?;
        self.fmt_design(f, &format!("Alien Attack with a flush interval of {flush_interval} s"), &self.ours)?;
        let original = "The original: a request every 300 ms, the whole scoreboard written for each batch";
        self.fmt_design(f, original, &self.original)?;
        if f64::from(*players) * ORIGINAL_SCOREBOARD_BYTES > MAX_ITEM_BYTES {
            writeln!(
                f,
                "The original does not support so many players: its scoreboard is one DynamoDB item of at most 400 KB."
            )?;
        }
        writeln!(f, "The original costs {:.0} times as much.", self.ratio())
    }
}

impl Estimate {
    fn fmt_design(&self, f: &mut fmt::Formatter<'_>, title: &str, (traffic, bill): &Design) -> fmt::Result {
        writeln!(f, "{title}")?;
        let Traffic { events, bytes, records, calls } = traffic;
        for (label, amount) in [("events", events), ("bytes", bytes), ("records", records), ("calls", calls)] {
            writeln!(f, "  {label:<26} {amount:>16.0}")?;
        }
        for line in bill {
            writeln!(f, "  {:<26} {:>16.0} {:>12.4}", line.label, line.amount, line.dollars())?;
        }
        let per_thousand = total(bill) * 1_000.0 / self.player_hours();
        writeln!(f, "  {:<26} {:>16} {:>12.4}", "total", "", total(bill))?;
        writeln!(f, "  {:<26} {:>16} {:>12.4}\n", "per 1,000 player-hours", "", per_thousand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(players: u32, hours: f64, flush_interval: u16) -> Estimate {
        Estimate::new(Options { players, hours, flush_interval })
    }

    #[test]
    fn requests_and_shards_of_the_original_match_its_design() {
        let (_, original) = estimate(1_000, 1.0, 10).original;
        assert_eq!((original[0].amount, original[0].dollars().round()), (12e6, 42.0));
        assert_eq!(original[1].amount, 4.0, "shards");
    }

    #[test]
    fn cost_grows_with_players_and_hours_and_falls_with_the_flush_interval() {
        let dollars = |players, hours, flush_interval| total(&estimate(players, hours, flush_interval).ours.1);
        assert!(dollars(2_000, 1.0, 10) > dollars(1_000, 1.0, 10));
        assert!((dollars(1_000, 2.0, 10) / dollars(1_000, 1.0, 10) - 2.0).abs() < 1e-9);
        assert!(dollars(1_000, 1.0, 30) < dollars(1_000, 1.0, 29) && dollars(1_000, 1.0, 10) < dollars(1_000, 1.0, 0));
    }
}
