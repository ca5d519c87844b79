// A user pool at a local AWS's Cognito, which forgets everything when it ends.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PROGRAM = process.env.ALIEN_LOCAL_AWS ? join(process.env.ALIEN_LOCAL_AWS, "ministack") : "ministack";
const PASSWORD = "Not-a-secret-1";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

export class UserPool {
  /** Starts a local AWS with a user pool whose groups are Managers and Players, and a client that has no page to come back to yet. */
  static async start() {
    const pool = new UserPool();
    const port = await freePort();
    pool.url = `http://127.0.0.1:${port}`;
    pool.state = await mkdtemp(join(tmpdir(), "alien-attack-aws-"));
    const env = { ...process.env, GATEWAY_PORT: String(port), STATE_DIR: pool.state };
    pool.process = spawn(PROGRAM, [], { stdio: "ignore", env });
    pool.exited = once(pool.process, "exit");
    await pool.ready();
    ({
      UserPool: { Id: pool.id },
    } = await pool.call("CreateUserPool", { PoolName: "aliens" }));
    for (const GroupName of ["Managers", "Players"]) {
      await pool.call("CreateGroup", { GroupName });
    }
    ({
      UserPoolClient: { ClientId: pool.client },
    } = await pool.call("CreateUserPoolClient", { ClientName: "game" }));
    return pool;
  }

  async ready() {
    for (const started = Date.now(); Date.now() - started < 60_000; await sleep(100)) {
      if (await fetch(this.url).catch(() => null)) {
        return;
      }
    }
    throw new Error(`${PROGRAM} does not listen`);
  }

  async call(action, body) {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
    };
    const request = { method: "POST", headers, body: JSON.stringify({ UserPoolId: this.id, ...body }) };
    const answer = await fetch(this.url, request);
    if (!answer.ok) {
      throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  }

  /** What a server is told to have its accounts here. */
  async flags() {
    const discovery = `${this.url}/${this.id}/.well-known/openid-configuration`;
    const { issuer } = await (await fetch(discovery)).json();
    return ["--oidc-issuer", issuer, "--oidc-client", this.client, "--oidc-discovery", discovery];
  }

  /** Lets browsers come back to that page. */
  async comeBackTo(page) {
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

  /** Somebody new in a group; the answer is the password. */
  async user(name, group, nickname) {
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
