// Sign-in at an external issuer: Amazon Cognito, by an authorization code and PKCE.

import { UserPool } from "../cognito.mjs";
import { Server } from "../server.mjs";
import { test as base, expect, expectAccessible, loadAccount, saveAccount } from "./fixture.mjs";

const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{ pool: UserPool }, {}, { server: Server }>} */ ({
    // Playwright reads the first parameter, so it has to be a pattern.
    // eslint-disable-next-line no-empty-pattern
    pool: async ({}, use) => {
      const pool = await UserPool.start();
      await use(pool);
      await pool.stop();
    },

    server: async ({ pool }, use) => {
      const server = await Server.start(undefined, await pool.flags());
      await pool.allowCallback(`${server.url}/account.html`);
      await use(server);
      await server.remove();
    },
  }),
);

/** Signs in at the issuer's page. */
async function signIn(page, name, password) {
  await page.locator("#start-external-sign-in").click();
  await page.waitForURL(/\/oauth2\/authorize/);
  expect(new URL(page.url()).searchParams.get("code_challenge_method")).toBe("S256");
  await page.locator("[name=username]").fill(name);
  await page.locator("[name=password]").fill(password);
  await page.locator("[name=password]").press("Enter");
}

async function createSession(page) {
  const form = page.locator("#new-session");
  await form.getByLabel("Name").fill("Cup");
  await form.getByRole("button", { name: "Create session" }).click();
}

test("a manager signs in from the desk, creates a session, and signs out", async ({ page, pool, server }) => {
  const errors = [];
  page.on("console", (message) => {
    // Cognito's own page logs errors, too.
    if (message.type() === "error" && message.location().url.startsWith(server.url)) {
      errors.push(message.text());
    }
  });
  const password = await pool.createUser("maya", "Managers", "Maya");
  await page.goto(`${server.url}/manage.html`);
  await expect(page.locator("#start-external-sign-in")).toBeVisible();
  await expect(page.locator("#sign-in")).toBeHidden();
  await expectAccessible(page, "desk, signed out");
  await signIn(page, "maya", password);

  await page.waitForURL(`${server.url}/manage.html`);
  await expect(page.locator("#nickname")).toHaveText("Maya");
  await createSession(page);
  await expect(page.locator("#session-title")).toHaveText("Cup");

  await page.locator("#sign-out").click();
  await page.waitForURL(`${server.url}/account.html`);
  await expect(page.locator("#start-external-sign-in")).toBeVisible();
  expect(await loadAccount(page)).toBeNull();
  expect(errors).toEqual([]);
});

test("a player keeps Cognito's names, stays signed in, and may not create sessions", async ({ page, pool, server }) => {
  const password = await pool.createUser("ada", "Players", "Ada");
  await page.goto(`${server.url}/account.html`);
  await signIn(page, "ada", password);
  await expect(page.locator("#nickname")).toHaveText("Ada");
  await expect(page.locator("#account-name")).toHaveText("ada");
  await expect(page.locator("#change-password")).toBeHidden();
  await expectAccessible(page, "account page, signed in");

  // An expired access token is renewed at the issuer. A player's, since the local Cognito loses the groups on renewal.
  const before = await loadAccount(page);
  await saveAccount(page, { ...before, access_token: "expired", expires_at: 0 });
  await page.reload();
  await expect.poll(async () => (await loadAccount(page)).expires_at).toBeGreaterThan(Date.now());
  const renewed = await loadAccount(page);
  expect([renewed.player, renewed.nickname]).toEqual([before.player, "Ada"]);
  const ticket = await server.post("/v1/games", { nickname: "Ada" }, renewed.access_token);
  expect(ticket.player).toBe(renewed.player);

  // The server reads the role from the token, not from the page.
  await saveAccount(page, { ...renewed, role: "manager" });
  await page.goto(`${server.url}/manage.html`);
  await createSession(page);
  await expect(page.locator("#problem")).toHaveText("only managers may do this; sign in as a manager");
});

test("a response to a sign-in that this browser did not start is rejected", async ({ page, server }) => {
  await page.goto(`${server.url}/account.html?code=stolen&state=made-up`);
  await expect(page.locator("#problem")).toHaveText("This browser did not start this sign-in. Sign in again.");
  expect(page.url()).toBe(`${server.url}/account.html`);
  expect(await loadAccount(page)).toBeNull();
});
