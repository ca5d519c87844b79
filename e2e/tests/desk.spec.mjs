// The manager's desk during an event: updates keep elements in place, past sessions stay available, and a lost connection
// is shown.

import {
  FOUR_SECONDS,
  HARMLESS,
  SINGLE_TICKS,
  expect,
  expectAccessible,
  signInOnPages,
  takeScreenshot,
  test,
} from "./fixture.mjs";

test.use({ tuning: HARMLESS });

const PHONE = { width: 360, height: 740 };
const LAPTOP = { width: 1280, height: 800 };
const PROJECTOR = { width: 1920, height: 1080 };

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

test("a removed player is readmitted", async ({ page, server }) => {
  const { session } = await openSessionAtDesk(page, server, { name: "Cup", kind: "multiple_trials" });
  await server.join(session, "Ada");
  const row = page.locator("#players tbody tr");
  page.on("dialog", (dialog) => dialog.accept("plays for somebody else"));
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(row).toContainText("removed: plays for somebody else");
  await row.getByRole("button", { name: "Readmit" }).click();
  await expect(row).not.toContainText("removed");
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

test("a manager reads how a marked game was played, unranks it with a reason, and ranks it again", async ({
  page,
  server,
}, testInfo) => {
  const { session } = await openSessionAtDesk(page, server, { name: "Cup", kind: "multiple_trials" });
  const play = async (nickname, buttons, millis) => {
    const { player_token } = await server.join(session, nickname);
    const ticket = await server.ticket(nickname, { session: session.session, player_token });
    await expect.poll(() => Date.now() - ticket.opened_at).toBeGreaterThan(millis);
    await server.send(ticket, 0, [{ tick: 0, what: { buttons } }]);
    return ticket.game;
  };
  await play("Grace", FOUR_SECONDS, 4000);
  const game = await play("Mallory", SINGLE_TICKS, 6000);
  const row = (nickname) => page.locator("#games tbody tr", { hasText: nickname });
  const marks = (nickname) => row(nickname).locator('[data-field="marks"]');
  await expect(marks("Grace")).toHaveText("none");
  await expect(marks("Mallory")).toHaveText(/^[1-9] marks?$/);
  await expect(page.locator("#games-summary")).toContainText("0 unranked. 1 of 2 checked games marked.");
  const standings = page.locator("#standings bdi");
  await expect(standings.filter({ hasText: "Mallory" })).toHaveCount(1);

  const opener = row("Mallory").getByRole("button");
  const dialog = page.getByRole("dialog", { name: "Game of Mallory" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(dialog.locator("#game-marks")).toContainText("presses of fire were shorter than 1/30 s");
  await expect(dialog.locator("#time-figures")).toContainText("of real time");
  await expect(dialog.getByRole("row", { name: "Holds of one tick" })).toContainText("100 %");
  await expect(dialog.getByRole("link", { name: "Watch replay" })).toHaveAttribute("href", `/?watch=${game}`);
  await expectAccessible(page, "details of a game");
  for (const [name, viewport] of Object.entries({
    "desk-game-phone": PHONE,
    "desk-game": LAPTOP,
    projector: PROJECTOR,
  })) {
    await page.setViewportSize(viewport);
    const fits = (box) => box.scrollWidth <= box.clientWidth && box.getBoundingClientRect().right <= innerWidth;
    expect(await dialog.evaluate(fits), name).toBe(true);
    if (viewport !== PROJECTOR) {
      await takeScreenshot(page, name, testInfo);
    }
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();

  await page.keyboard.press("Enter");
  await dialog.getByLabel("Reason").fill("played by a program");
  const unrank = dialog.getByRole("button", { name: "Unrank game" });
  const decisions = `**/v1/games/${game}`;
  await page.route(decisions, (route) => (route.request().method() === "PATCH" ? route.abort() : route.fallback()));
  await unrank.click();
  await expect(dialog.getByRole("alert")).toHaveText(/^The server cannot be reached/);
  await page.unroute(decisions);
  await unrank.click();
  await expect(dialog).toContainText("Unranked: played by a program Unranked by you on");
  await expect(dialog.getByRole("alert")).toBeEmpty();
  await expect(standings).toHaveText(["Grace"]);
  await expect(row("Mallory")).toContainText("unranked: played by a program");
  await expect(page.locator("#games-summary")).toContainText("1 unranked");

  await dialog.getByRole("button", { name: "Rank game", exact: true }).click();
  await expect(dialog).toContainText("This game ranks. Ranked by you on");
  await expect(unrank).toBeVisible();
  await expect(standings.filter({ hasText: "Mallory" })).toHaveCount(1);
  await expect(row("Mallory")).not.toContainText("unranked");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(opener).toBeFocused();
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
