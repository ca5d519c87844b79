// A server process with its own data folder.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Relay } from "./relay.mjs";

const ROOT = resolve(import.meta.dirname, "..");
export const BACKEND = process.env.ALIEN_BACKEND ?? join(ROOT, "target/debug/backend");
/** The folder with the built pages. */
export const WEB = process.env.ALIEN_WEB ?? join(ROOT, "dist");

/** The password of the first manager. */
export const MANAGER_PASSWORD = "a manager's password";

export class Server {
  /**
   * @param {string} data the data folder
   * @param {string} web the folder with the pages
   */
  constructor(data, web) {
    this.data = data;
    this.relay = new Relay();
    this.arguments = ["serve", "--port", "0", "--web", web, "--data", data];
    this.tuning = join(data, "tuning.toml");
  }

  /**
   * Starts a server.
   * @param {string} [tuning] the tuning as TOML; the preset "arcade" by default
   * @param {string[]} [flags] further flags of `backend serve`
   * @param {string} [web] the folder with the pages; the built ones by default
   */
  static async start(tuning, flags = [], web = WEB) {
    const server = new Server(await mkdtemp(join(tmpdir(), "alien-attack-")), web);
    server.arguments.push(...flags);
    if (tuning !== undefined) {
      await server.saveTuning(tuning);
      server.arguments.push("--tuning", server.tuning, "--watch");
    }
    await server.relay.listen();
    await server.spawn();
    return server;
  }

  /** The address of the server, which stays the same across restarts. */
  get url() {
    return this.relay.url;
  }

  async spawn() {
    this.process = spawn(BACKEND, this.arguments, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, RUST_LOG: "error", ALIEN_MANAGER_PASSWORD: MANAGER_PASSWORD },
    });
    this.exited = once(this.process, "exit");
    for await (const line of createInterface({ input: this.process.stdout })) {
      const found = line.match(/^Open (http:\S+)$/);
      if (found) {
        this.relay.target = Number(new URL(found[1]).port);
        return;
      }
    }
    throw new Error(`${BACKEND} ended without printing its address. Its error output says why.`);
  }

  /**
   * Replaces the tuning file, as a designer does.
   * @param {string} toml
   */
  async saveTuning(toml) {
    await writeFile(this.tuning, toml);
  }

  /** Starts a stopped server again with the same data and address. */
  async restart() {
    await this.spawn();
  }

  /** @param {NodeJS.Signals} signal */
  async stop(signal = "SIGTERM") {
    this.relay.target = null;
    this.process.kill(signal);
    await this.exited;
  }

  /** Stops the server if it runs, and deletes its data. */
  async remove() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.stop("SIGKILL");
    }
    this.relay.close();
    await rm(this.data, { recursive: true });
  }

  /**
   * Requests JSON.
   * @param {string} path
   * @param {string} [token]
   */
  async get(path, token) {
    return (await this.request(path, { headers: bearer(token) })).json();
  }

  /**
   * Posts JSON and returns the response's JSON.
   * @param {string} path
   * @param {unknown} body
   * @param {string} [token]
   */
  async post(path, body, token) {
    const headers = { "content-type": "application/json", ...bearer(token) };
    return (await this.request(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  }

  /** Decides as a manager whether a game ranks. */
  async decideRank(manager, game, decision) {
    const headers = { "content-type": "application/json", ...bearer(manager.access_token) };
    await this.request(`/v1/games/${game}`, { method: "PATCH", headers, body: JSON.stringify(decision) });
  }

  /**
   * Sends a request to the API.
   * @param {string} path
   * @param {RequestInit} [init]
   * @throws {Error} if the response is an error
   */
  async request(path, init) {
    const response = await fetch(this.url + path, init);
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  /** Starts a game and returns its ticket. Without a player token in `more`, the player is new. */
  async ticket(nickname, more = {}) {
    return this.post("/v1/games", { nickname, ...more });
  }

  /** The tokens of the first manager. */
  async manager() {
    return this.post("/v1/tokens", { name: "manager", password: MANAGER_PASSWORD });
  }

  /** Creates a session from a plan and opens it. */
  async openSession(manager, plan) {
    const { session } = await this.post("/v1/sessions", plan, manager.access_token);
    return this.moveSession(manager, session, "open");
  }

  /** Makes a move with a session and returns the session. */
  async moveSession(manager, session, move) {
    return this.post(`/v1/sessions/${session}/moves`, { move }, manager.access_token);
  }

  /** Joins a session as a guest and returns the seat. */
  async join({ session }, nickname) {
    return this.post(`/v1/sessions/${session}/seats`, { nickname });
  }

  /** Sends events of a ticket's game. Saves the token for the next events in the ticket. */
  async send(ticket, first_seq, events) {
    const body = { schema: 1, first_seq, events };
    const ack = await this.post(`/v1/games/${ticket.game}/events`, body, ticket.game_token);
    ticket.game_token = ack.game_token;
    return ack;
  }
}

/** @param {string | undefined} token */
const bearer = (token) => (token === undefined ? {} : { authorization: `Bearer ${token}` });
