// A real server with a data folder of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "..");
export const BACKEND = process.env.ALIEN_BACKEND ?? join(ROOT, "target/debug/backend");
const WEB = process.env.ALIEN_WEB ?? join(ROOT, "dist");

/** The first manager's. */
export const MANAGER_PASSWORD = "a manager's password";

export class Server {
  /** Starts a server whose games are played by a tuning, given as TOML; without it by preset arcade. */
  static async start(tuning, flags = []) {
    const server = new Server();
    server.data = await mkdtemp(join(tmpdir(), "alien-attack-"));
    server.arguments = ["serve", "--web", WEB, "--data", server.data, ...flags];
    if (tuning !== undefined) {
      server.tuning = join(server.data, "tuning.toml");
      await server.tune(tuning);
      server.arguments.push("--tuning", server.tuning, "--watch");
    }
    await server.spawn(0);
    return server;
  }

  async spawn(port) {
    this.process = spawn(BACKEND, [...this.arguments, "--port", String(port)], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, RUST_LOG: "error", ALIEN_MANAGER_PASSWORD: MANAGER_PASSWORD },
    });
    this.exited = once(this.process, "exit");
    for await (const line of createInterface({ input: this.process.stdout })) {
      const found = line.match(/^Open (http:\S+)$/);
      if (found) {
        this.url = found[1];
        return;
      }
    }
    throw new Error(`${BACKEND} did not start`);
  }

  /** Saves another tuning, as a designer does. */
  async tune(toml) {
    await writeFile(this.tuning, toml);
  }

  /** Starts it again where it was, after a stop. */
  async restart() {
    await this.spawn(new URL(this.url).port);
  }

  async stop(signal = "SIGTERM") {
    this.process.kill(signal);
    await this.exited;
  }

  async remove() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.stop("SIGKILL");
    }
    await rm(this.data, { recursive: true });
  }

  /** What the API answers, as JSON. */
  async get(path) {
    const answer = await fetch(this.url + path);
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  }

  /** What the API answers to a body, as JSON. */
  async post(path, body, token) {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(this.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  }

  /** A ticket, for a new player unless more is said. */
  async ticket(nickname, more = {}) {
    return this.post("/v1/games", { nickname, ...more });
  }

  /** The first manager's tokens. */
  async manager() {
    return this.post("/v1/tokens", { name: "manager", password: MANAGER_PASSWORD });
  }

  /** A session of that plan, opened. */
  async openSession(manager, plan) {
    const { session } = await this.post("/v1/sessions", plan, manager.access_token);
    return this.post(`/v1/sessions/${session}/moves`, { move: "open" }, manager.access_token);
  }

  /** A guest's seat in a session. */
  async join({ session }, nickname) {
    return this.post(`/v1/sessions/${session}/seats`, { nickname });
  }

  /** Sends events of a ticket's game, and keeps the token for the next ones in the ticket. */
  async send(ticket, first_seq, events) {
    const answer = await fetch(`${this.url}/v1/games/${ticket.game}/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${ticket.game_token}` },
      body: JSON.stringify({ schema: 1, first_seq, events }),
    });
    if (!answer.ok) {
      throw new Error(`${answer.status} ${await answer.text()}`);
    }
    const ack = await answer.json();
    ticket.game_token = ack.game_token;
    return ack;
  }
}
