// Signing in where others keep the accounts: at the page of Amazon Cognito, by an authorization code and PKCE.

import AxeBuilder from "@axe-core/playwright";
import { UserPool } from "../cognito.mjs";
import { Server } from "../server.mjs";
import { expect, test as base } from "./fixture.mjs";

const ACCOUNT = "alien-attack.account";

const test = base.extend({
  pool: async ({}, use) => {
    const pool = await UserPool.start();
    await use(pool);
    await pool.stop();
  },

  server: async ({ pool }, use) => {
    const server = await Server.start(undefined, await pool.flags());
    await pool.comeBackTo(`${server.url}/account.html`);
    await use(server);
    await server.remove();
  },
});

const account = (page) => page.evaluate((key) => JSON.parse(localStorage.getItem(key)), ACCOUNT);

async function signIn(page, name, password) {
  await page.locator("#go-and-sign-in").click();
  await page.waitForURL(/\/oauth2\/authorize/);
  const asked = new URL(page.url()).searchParams;
  expect(asked.get("code_challenge_method")).toBe("S256");
  await page.locator("[name=username]").fill(name);
  await page.locator("[name=password]").fill(password);
  await page.locator("[name=password]").press("Enter");
}

async function isUsableByAll(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
}

test("a manager signs in from the desk, works there, and signs out", async ({ page, pool, server }) => {
  const trouble = [];
  page.on("console", (message) => {
    // Cognito's page has troubles of its own.
    if (message.type() === "error" && message.location().url.startsWith(server.url)) {
      trouble.push(message.text());
    }
  });
  const password = await pool.user("maya", "Managers", "Maya");
  await page.goto(`${server.url}/manage.html`);
  await expect(page.locator("#sign-in")).toBeHidden();
  await isUsableByAll(page);
  await signIn(page, "maya", password);

  await page.waitForURL(`${server.url}/manage.html`);
  await expect(page.locator("#who-name")).toHaveText("Maya");
  await page.locator("#new-session").getByLabel("Name").fill("Cup");
  await page.locator("#new-session").getByRole("button").click();
  await expect(page.locator("#session-title")).toHaveText("Cup");

  await page.locator("#sign-out").click();
  await page.waitForURL(`${server.url}/account.html`);
  await expect(page.locator("#go-and-sign-in")).toBeVisible();
  expect(await account(page)).toBeNull();
  expect(trouble).toEqual([]);
});

test("a player has the name that Cognito knows, stays signed in, and finds the desk closed", async ({
  page,
  pool,
  server,
}) => {
  const password = await pool.user("ada", "Players", "Ada");
  await page.goto(`${server.url}/account.html`);
  await signIn(page, "ada", password);
  await expect(page.locator("#nickname")).toHaveText("Ada");
  await expect(page.locator("#account-name")).toHaveText("ada");
  await expect(page.locator("#change-password")).toBeHidden();
  await isUsableByAll(page);

  // As if the access token were worn out: it is renewed at the issuer. Of a player, since the local Cognito forgets groups then.
  const before = await account(page);
  await page.evaluate(
    ([key, worn]) => localStorage.setItem(key, JSON.stringify(worn)),
    [ACCOUNT, { ...before, access_token: "worn out", expires_at: 0 }],
  );
  await page.reload();
  await expect.poll(async () => (await account(page)).expires_at).toBeGreaterThan(Date.now());
  const { player, nickname, access_token } = await account(page);
  expect([player, nickname]).toEqual([before.player, "Ada"]);
  const ticket = await server.post("/v1/games", { nickname: "Ada" }, access_token);
  expect(ticket.player).toBe(player);
  // What a page says of itself is for show: the server reads the token.
  await page.evaluate(
    ([key, role]) => localStorage.setItem(key, JSON.stringify({ ...JSON.parse(localStorage.getItem(key)), role })),
    [ACCOUNT, "manager"],
  );
  await page.goto(`${server.url}/manage.html`);
  await page.locator("#new-session").getByLabel("Name").fill("Cup");
  await page.locator("#new-session").getByRole("button").click();
  await expect(page.locator("#problem")).toHaveText("this is for managers");
});

test("an answer that this browser did not ask for signs nobody in", async ({ page, server }) => {
  await page.goto(`${server.url}/account.html?code=stolen&state=made-up`);
  await expect(page.locator("#problem")).toHaveText("This sign-in was not begun here. Please try again.");
  expect(page.url()).toBe(`${server.url}/account.html`);
  expect(await account(page)).toBeNull();
});
