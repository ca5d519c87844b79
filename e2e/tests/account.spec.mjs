// An account: made, used to play in a session that is not for guests, and signed out of.

import AxeBuilder from "@axe-core/playwright";
import { HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

test("whoever has an account plays where guests may not, in that name, after a reload, too", async ({ player }) => {
  const { page, server } = player;
  const manager = await server.manager();
  const plan = { name: "Members' cup", kind: "multiple_trials", guests: false };
  const session = await server.openSession(manager, plan);

  await page.goto(`${server.url}/account.html`);
  await expect(page.locator("#sessions a")).toHaveText("Members' cup");
  const form = page.locator("#register");
  await form.getByLabel("Nickname").fill("Ada");
  await form.getByLabel("Password").fill("a player's password");
  await form.getByRole("button").click();
  await expect(page.locator("#nickname")).toHaveText("Ada");
  await expect(page.locator("#account-name")).toHaveText(/^ada-\d{4}$/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  await page.locator("#sessions a").click();
  await player.screen("title");
  await expect(player.body).toHaveAttribute("data-stage", "running");
  await player.start("Ada");
  await expect(player.body).toHaveAttribute("data-seat", "held");
  await player.countdown();
  await page.reload();
  await player.screen("title");
  await expect(player.body).toHaveAttribute("data-stage", "running");
  await player.start();
  const { seats } = await (
    await fetch(`${server.url}/v1/sessions/${session.session}/seats`, {
      headers: { authorization: `Bearer ${manager.access_token}` },
    })
  ).json();
  expect(seats.map(({ nickname, role, trials }) => [nickname, role, trials])).toEqual([["Ada", "player", 2]]);
});

test("a wrong password says so, and signing out ends what was signed in", async ({ page, server }) => {
  await page.goto(`${server.url}/account.html`);
  const form = page.locator("#sign-in");
  await form.getByLabel("Name").fill("nobody-1");
  await form.getByLabel("Password").fill("surely not this");
  await form.getByRole("button").click();
  await expect(page.locator("#problem")).toHaveText("the name or the password is wrong");
  await page.evaluate(
    (tokens) => {
      localStorage.setItem("alien-attack.account", JSON.stringify(tokens));
    },
    await server.manager(),
  );
  await page.reload();
  await page.locator("#sign-out").click();
  await expect(page.locator("#sign-in")).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem("alien-attack.account"))).toBeNull();
});
