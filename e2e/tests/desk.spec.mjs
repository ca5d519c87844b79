// The manager's desk during an event: updates keep elements in place, past sessions stay available, and a lost connection
// is shown.

import { FOUR_SECONDS, HARMLESS, expect, signInOnPages, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** Opens the desk with a new session selected. */
async function openSessionAtDesk(page, server, plan) {
  const manager = await server.manager();
  const session = await server.openSession(manager, plan);
  await signInOnPages(page, manager);
  await page.goto(`${server.url}/manage.html`);
  await page.locator("#sessions button", { hasText: plan.name }).click();
  await expect(page.locator("#session-title")).toHaveText(plan.name);
  return { manager, session };
}

test("buttons stay in the page and keep their focus while other players join", async ({ page, server }) => {
  const { session } = await openSessionAtDesk(page, server, {
    name: "Rush",
    kind: "multiple_trials",
    synchronised: true,
  });
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

test("the desk offers the moves that the server allows", async ({ page, server }) => {
  const { manager, session } = await openSessionAtDesk(page, server, {
    name: "Cup",
    kind: { time_constrained: { minutes: 3 } },
    synchronised: true,
  });
  const moves = page.locator("#moves button");
  await expect(moves).toHaveText(["Start games", "Close session"]);
  await server.moveSession(manager, session.session, "start");
  await expect(moves).toHaveText(["Add 5 minutes", "Close session"]);
});

test("a past session shows its final standings", async ({ page, server }) => {
  const { manager, session } = await openSessionAtDesk(page, server, { name: "Monday cup", kind: "multiple_trials" });
  await expect(page.locator("#past")).toBeHidden();
  const { player_token } = await server.join(session, "Ada");
  const ticket = await server.ticket("Ada", { session: session.session, player_token });
  await expect.poll(() => Date.now() - ticket.opened_at).toBeGreaterThan(4000);
  await server.send(ticket, 0, [{ tick: 0, what: { buttons: FOUR_SECONDS } }]);
  await server.moveSession(manager, session.session, "close");
  await expect(page.locator("#session-stage")).toContainText("closed");
  await expect(page.locator("#sessions button")).toHaveCount(0);

  await page.reload();
  await page.locator("#past summary").click();
  await page.locator("#past button", { hasText: "Monday cup" }).click();
  await expect(page.locator("#session-stage")).toContainText("the standings are final");
  await expect(page.locator("#standings bdi")).toHaveText("Ada");
  await expect(page.locator("#games tbody tr")).toHaveCount(1);
});

test("the desk shows a lost connection and reconnects", async ({ page, server }) => {
  const { session } = await openSessionAtDesk(page, server, { name: "Cup", kind: "multiple_trials" });
  await server.join(session, "Ada");
  await expect(page.locator("#players tbody tr")).toHaveCount(1);
  await server.stop();
  await expect(page.locator("#disconnected")).toBeVisible();
  await server.restart();
  await expect(page.locator("#disconnected")).toBeHidden();
  await server.join(session, "Bo");
  await expect(page.locator("#players tbody tr")).toHaveCount(2);
});
