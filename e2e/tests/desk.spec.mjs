// The manager's desk while an event goes on around it: what is under the pointer stays, what is past is found, and a lost
// connection is said.

import { HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** Four seconds of play, base64 of a button log. */
const PLAYED = Buffer.from([0x98, 0x0b, 0xdc, 0x03]).toString("base64").replace(/=+$/, "");

/** The desk, with a session of that plan chosen. */
async function desk(page, server, plan) {
  const manager = await server.manager();
  const session = await server.openSession(manager, plan);
  await page.addInitScript((tokens) => localStorage.setItem("alien-attack.account", JSON.stringify(tokens)), manager);
  await page.goto(`${server.url}/manage.html`);
  await page.locator("#sessions button", { hasText: plan.name }).click();
  await expect(page.locator("#session-title")).toHaveText(plan.name);
  return { manager, session };
}

test("a button is still there when others come in between", async ({ page, server }) => {
  const { session } = await desk(page, server, { name: "Rush", kind: "multiple_trials", synchronised: true });
  await server.join(session, "Ada");
  const players = page.locator("#players tbody tr");
  await expect(players).toHaveCount(1);
  const buttons = await Promise.all(
    [page.locator("#moves button"), players.getByRole("button"), page.locator("#sessions button")].map((found) =>
      found.first().elementHandle(),
    ),
  );
  await buttons[1].focus();
  for (const nickname of ["Bo", "Cy", "Di"]) {
    await server.join(session, nickname);
  }
  await expect(players).toHaveCount(4);
  await expect(page.locator("#session-stage")).toContainText("4 seats taken");
  for (const button of buttons) {
    expect(await button.evaluate((button) => button.isConnected)).toBe(true);
  }
  expect(await buttons[1].evaluate((button) => button === document.activeElement)).toBe(true);
});

test("a past session is found with its final standings", async ({ page, server }) => {
  const { manager, session } = await desk(page, server, { name: "Monday cup", kind: "multiple_trials" });
  await expect(page.locator("#past")).toBeHidden();
  const { player_token } = await server.join(session, "Ada");
  const ticket = await server.ticket("Ada", { session: session.session, player_token });
  await expect.poll(() => Date.now() - ticket.opened_at).toBeGreaterThan(4000);
  await server.send(ticket, 0, [{ tick: 0, what: { buttons: PLAYED } }]);
  await server.post(`/v1/sessions/${session.session}/moves`, { move: "close" }, manager.access_token);
  await expect(page.locator("#session-stage")).toContainText("closed");
  await expect(page.locator("#sessions button")).toHaveCount(0);

  await page.reload();
  await page.locator("#past summary").click();
  await page.locator("#past button", { hasText: "Monday cup" }).click();
  await expect(page.locator("#session-stage")).toContainText("the standings are final");
  await expect(page.locator("#standings bdi")).toHaveText("Ada");
  await expect(page.locator("#games tbody tr")).toHaveCount(1);
});

test("a lost connection is said, and mends itself", async ({ page, server }) => {
  const { session } = await desk(page, server, { name: "Cup", kind: "multiple_trials" });
  await server.join(session, "Ada");
  await expect(page.locator("#players tbody tr")).toHaveCount(1);
  await server.stop();
  await expect(page.locator("#lost")).toBeVisible();
  await server.restart();
  await expect(page.locator("#lost")).toBeHidden();
  await server.join(session, "Bo");
  await expect(page.locator("#players tbody tr")).toHaveCount(2);
});
