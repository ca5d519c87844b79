// The account page: create an account, play with it, and sign out.

import { HARMLESS, expect, expectAccessible, loadAccount, saveAccount, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

test("an account plays under its nickname in a session without guests, also after a reload", async ({ player }) => {
  const { page, server } = player;
  const manager = await server.manager();
  const plan = { name: "Members' cup", kind: "multiple_trials", guests: false };
  const { session } = await server.openSession(manager, plan);

  await page.goto(`${server.url}/account.html`);
  await expect(page.locator("#sessions a")).toHaveText("Members' cup");
  const form = page.locator("#register");
  await form.getByLabel("Nickname").fill("Ada");
  await form.getByLabel("Password").fill("a player's password");
  await form.getByRole("button", { name: "Create account" }).click();
  await expect(page.locator("#nickname")).toHaveText("Ada");
  await expect(page.locator("#account-name")).toHaveText(/^ada-\d{4}$/);
  await expectAccessible(page, "account page");

  await page.locator("#sessions a").click();
  await player.waitForScreen("title");
  await expect(player.body).toHaveAttribute("data-stage", "running");
  await player.start("Ada");
  await expect(player.body).toHaveAttribute("data-seat", "held");
  await player.waitForCountdown();
  await page.reload();
  await player.waitForScreen("title");
  await expect(player.body).toHaveAttribute("data-stage", "running");
  await player.start();
  const seats = async () => {
    const { seats } = await server.get(`/v1/sessions/${session}/seats`, manager.access_token);
    return seats.map(({ nickname, role, trials }) => [nickname, role, trials]);
  };
  // The second game counts once its first ticks have reached the server.
  await expect.poll(seats).toEqual([["Ada", "player", 2]]);
});

test("a wrong password shows an error, and signing out removes the account", async ({ page, server }) => {
  await page.goto(`${server.url}/account.html`);
  const form = page.locator("#sign-in");
  await form.getByLabel("Account name").fill("nobody-1");
  await form.getByLabel("Password").fill("surely not this");
  await form.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("#problem")).toHaveText("wrong name or password");
  await saveAccount(page, await server.manager());
  await page.reload();
  await page.locator("#sign-out").click();
  await expect(page.locator("#sign-in")).toBeVisible();
  expect(await loadAccount(page)).toBeNull();
});

test("without storage the account page signs in for as long as it is open", async ({ page, server }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("storage is blocked", "SecurityError");
      },
    });
  });
  await page.goto(`${server.url}/account.html`);
  const form = page.locator("#register");
  await form.getByLabel("Nickname").fill("Ada");
  await form.getByLabel("Password").fill("a player's password");
  await form.getByRole("button", { name: "Create account" }).click();
  await expect(page.locator("#nickname")).toHaveText("Ada");
  await page.locator("#sign-out").click();
  await expect(page.locator("#sign-in")).toBeVisible();
});

test("a damaged account in the storage counts as signed out", async ({ page, server }) => {
  await page.goto(`${server.url}/account.html`);
  await saveAccount(page, { nickname: "Ada" });
  await page.reload();
  await expect(page.locator("#sign-in")).toBeVisible();
  await expect(page.locator("#account")).toBeHidden();
});
