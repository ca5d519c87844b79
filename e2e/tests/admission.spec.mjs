// Admission: a manager decides at the desk who can join, and the game's page shows a waiting player what happens.

import { HARMLESS, Player, expect, expectAccessible, signInOnPages, takeScreenshot, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

const PLAN = { name: "Friday cup", kind: "multiple_trials", admission: "approval" };

/** Opens the desk in the test's page, with the session selected. */
async function openSessionAtDesk(page, server, plan) {
  const manager = await server.manager();
  const session = await server.openSession(manager, plan);
  await signInOnPages(page, manager);
  await page.goto(`${server.url}/manage.html`);
  await page.locator("#sessions button", { hasText: plan.name }).click();
  await expect(page.locator("#session-title")).toHaveText(plan.name);
  return session;
}

test("a waiting player gets in without pressing anything when the manager approves", async ({
  browser,
  page,
  server,
}, testInfo) => {
  const session = await openSessionAtDesk(page, server, { ...PLAN, synchronised: true });
  const context = await browser.newContext();
  const ada = new Player(await context.newPage(), server);
  await ada.openSession(`${server.url}/?join=${session.code}`);
  await ada.enterNickname("Ada");
  await ada.waitForScreen("lobby");
  await expect(ada.body).toHaveAttribute("data-seat", "waiting");
  await expect(ada.page.locator("#announcer")).toContainText("Waiting for the organiser's approval");
  await takeScreenshot(ada.page, "lobby-waiting", testInfo);

  await page.bringToFront();
  const row = page.locator("#players tbody tr", { hasText: "Ada" });
  await expect(row).toContainText("waits for approval");
  await expect(page.locator("#waiting-count")).toHaveText("1 player waits for approval.");
  await expect(page.locator("#session-stage")).toContainText("0 seats taken");
  await expectAccessible(page, "desk with a waiting player");
  await row.getByRole("button", { name: "Approve" }).click();
  await expect(page.locator("#waiting-count")).toHaveText("");
  await expect(page.locator("#approve-all")).toBeHidden();

  await expect(ada.body).toHaveAttribute("data-seat", "held");
  await expect(ada.body).toHaveAttribute("data-screen", "lobby");
  await expect(row).toContainText("present");
  await page.getByRole("button", { name: "Start games" }).click();
  await ada.page.bringToFront();
  await ada.waitForScreen("playing");
  await context.close();
});

test("in a running session an approved player's game starts by itself, and a refused player is told why", async ({
  browser,
  page,
  server,
}) => {
  const session = await openSessionAtDesk(page, server, PLAN);
  const contexts = [];
  const join = async (nickname) => {
    const context = await browser.newContext({ viewport: { width: 640, height: 480 } });
    contexts.push(context);
    const player = new Player(await context.newPage(), server);
    await player.openSession(`${server.url}/?join=${session.code}`);
    await player.enterNickname(nickname);
    await player.waitForScreen("lobby");
    return player;
  };
  const ada = await join("Ada");
  const mallory = await join("Mallory");

  await page.bringToFront();
  const players = page.locator("#players tbody tr");
  await expect(players).toHaveCount(2);
  page.once("dialog", (dialog) => dialog.accept("not invited"));
  await players.filter({ hasText: "Mallory" }).getByRole("button", { name: "Refuse" }).click();
  await expect(players.filter({ hasText: "Mallory" })).toContainText("removed: not invited");
  await players.filter({ hasText: "Ada" }).getByRole("button", { name: "Approve" }).click();

  await mallory.page.bringToFront();
  await mallory.waitForScreen("title");
  await expect(mallory.page.locator("#announcer")).toContainText("not invited");
  await ada.page.bringToFront();
  await ada.waitForScreen("playing");
  await expect(ada.body).toHaveAttribute("data-game", /^[0-9a-f]{16}$/);
  for (const context of contexts) {
    await context.close();
  }
});

test("the manager approves one player after another by the keyboard, and all others at once", async ({
  page,
  server,
}) => {
  const session = await openSessionAtDesk(page, server, PLAN);
  for (const nickname of ["Ada", "Bo", "Cy", "Di"]) {
    await server.join(session, nickname);
  }
  const approve = page.locator("#players tbody").getByRole("button", { name: "Approve" });
  await expect(approve).toHaveCount(4);
  await approve.first().focus();
  for (const left of [3, 2]) {
    await page.keyboard.press("Enter");
    await expect(approve).toHaveCount(left);
    await expect(approve.first()).toBeFocused();
  }
  await page.getByRole("button", { name: "Approve all (2)" }).click();
  await expect(approve).toHaveCount(0);
  await expect(page.locator("#waiting-count")).toHaveText("");
  await expect(page.locator("#problem")).toHaveText("");
});

test("the manager changes who can join", async ({ page, server }) => {
  const session = await openSessionAtDesk(page, server, { ...PLAN, admission: "open" });
  const choices = page.locator("#admission").getByRole("button");
  const pressed = async () => choices.evaluateAll((buttons) => buttons.map((button) => button.ariaPressed));
  await expect.poll(pressed).toEqual(["true", "false", "false"]);
  await page.getByRole("button", { name: "No new players (locked)" }).press("Enter");
  await expect.poll(pressed).toEqual(["false", "false", "true"]);
  await expect(page.getByRole("button", { name: "No new players (locked)" })).toBeFocused();
  await expect(server.join(session, "Late")).rejects.toThrow("this session is locked");
  await page.getByRole("button", { name: "New players after approval" }).click();
  await expect.poll(pressed).toEqual(["false", "true", "false"]);
  expect((await server.join(session, "Late")).approval).toBe("waiting");

  const form = page.locator("#new-session");
  await form.getByLabel("Name").fill("Monday cup");
  await form.getByLabel("Who can join").selectOption("New players after approval");
  await form.getByRole("button", { name: "Create session" }).click();
  await expect(page.locator("#session-title")).toHaveText("Monday cup");
  await expect.poll(pressed).toEqual(["false", "true", "false"]);
});
