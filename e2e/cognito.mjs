// A user pool of a local Cognito, which keeps nothing after it ends.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = process.env.ALIEN_LOCAL_AWS ? join(process.env.ALIEN_LOCAL_AWS, "ministack") : "ministack";
const PASSWORD = "Not-a-secret-1";
const START_TIMEOUT = 60_000;
export class UserPool {
  constructor() {
    this.url = "";
    this.state = "";
    this.id = "";
    this.client = "";
  }

  /** Starts a local AWS with a user pool, its groups Managers and Players, and a client without callback addresses. */
  static async start() {
    const pool = new UserPool();
    pool.state = await mkdtemp(join(tmpdir(), "alien-attack-aws-"));
    await pool.spawn();
    const { UserPool: created } = await pool.call("CreateUserPool", { PoolName: "aliens" });
    pool.id = created.Id;
    for (const GroupName of ["Managers", "Players"]) {
      await pool.call("CreateGroup", { GroupName });
    }
    const { UserPoolClient: client } = await pool.call("CreateUserPoolClient", { ClientName: "game" });
    pool.client = client.ClientId;
    return pool;
  }

  /** Starts the program on a free port and reads its address from its log. */
  async spawn() {
    const env = { ...process.env, GATEWAY_PORT: "0", STATE_DIR: this.state };
    this.process = spawn(PROGRAM, [], { stdio: ["ignore", "ignore", "pipe"], env });
    this.exited = once(this.process, "exit");
    const log = createInterface({ input: this.process.stderr, signal: AbortSignal.timeout(START_TIMEOUT) });
    for await (const line of log) {
      const found = line.match(/Running on http:\/\/[^:]+:(\d+)/);
      if (found) {
        this.url = `http://127.0.0.1:${found[1]}`;
        // The program stops if nobody reads its log.
        this.process.stderr.resume();
        return;
      }
    }
    this.process.kill("SIGKILL");
    throw new Error(`${PROGRAM} did not listen within ${START_TIMEOUT / 1000} s. Run it by hand to see why.`);
  }

  /**
   * Calls an action of Cognito's API for this pool.
   * @param {string} action
   * @param {Record<string, unknown>} body
   */
  async call(action, body) {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
    };
    const request = { method: "POST", headers, body: JSON.stringify({ UserPoolId: this.id || undefined, ...body }) };
    const response = await fetch(this.url, request);
    if (!response.ok) {
      throw new Error(`${action}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  }

  /** The server's flags for this pool as the issuer. */
  async flags() {
    const discovery = `${this.url}/${this.id}/.well-known/openid-configuration`;
    const { issuer } = await (await fetch(discovery)).json();
    return ["--oidc-issuer", issuer, "--oidc-client", this.client, "--oidc-discovery", discovery];
  }

  /**
   * Allows the issuer to redirect browsers to a page.
   * @param {string} page
   */
  async allowCallback(page) {
    await this.call("UpdateUserPoolClient", {
      ClientId: this.client,
      CallbackURLs: [page],
      LogoutURLs: [page],
      AllowedOAuthFlows: ["code"],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ["openid", "profile"],
      SupportedIdentityProviders: ["COGNITO"],
    });
  }

  /**
   * Creates a user in a group and returns the password.
   * @param {string} name
   * @param {string} group
   * @param {string} nickname
   */
  async createUser(name, group, nickname) {
    const attributes = [{ Name: "nickname", Value: nickname }];
    await this.call("AdminCreateUser", { Username: name, UserAttributes: attributes });
    await this.call("AdminSetUserPassword", { Username: name, Password: PASSWORD, Permanent: true });
    await this.call("AdminAddUserToGroup", { Username: name, GroupName: group });
    return PASSWORD;
  }

  async stop() {
    this.process.kill("SIGKILL");
    await this.exited;
    await rm(this.state, { recursive: true, force: true });
  }
}
