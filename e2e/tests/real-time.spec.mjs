// In a real-time session the player is told of a lag while it happens, and the clock of the game runs on in a pause.

import { HARMLESS, expect, openDesk, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS, errorsExpected: true });

/** The largest lag with which a game ranks, in seconds, and a third of it, from which on the lag is shown. */
const LIMIT = 60;
const SHOWN = LIMIT / 3;
/** The duration of a pause in seconds. */
const PAUSE = 5;

/** Starts a game of a session with that plan on the page. */
async function startGame(player, server, plan) {
  const session = await server.openSession(await server.manager(), plan);
  await player.openSession(`${server.url}/?join=${session.code}`);
  await player.start("Ada");
  await player.waitForCountdown();
}

/** Pauses the game. Returns the ticks that the game has then played. */
async function pauseGame(player) {
  await player.page.keyboard.press("KeyP");
  await player.waitForScreen("paused");
  return player.number("tick");
}

/** Resumes the game. Returns the ticks that it has then played: its first frame plays what a pause has missed. */
async function resumeGame(player) {
  await player.page.keyboard.press("KeyP");
  await player.waitForScreen("playing");
  return player.number("tick");
}

test("a lag is shown while it happens, and a game with too large a lag does not rank", async ({
  player,
  server,
  context,
}) => {
  test.setTimeout(240_000);
  await startGame(player, server, { name: "Prizes", kind: "multiple_trials", real_time: true });
  await player.page.keyboard.down("Space");
  await expect.poll(async () => (await player.game()).tick, { timeout: 30_000 }).toBeGreaterThan(240);
  await expect(player.body).toHaveAttribute("data-lag", "none");
  expect((await player.game()).rank.status).toBe("ranked");

  await context.setOffline(true);
  await expect(player.body).toHaveAttribute("data-lag", "late", { timeout: (SHOWN + 10) * 1000 });
  await expect(player.body).toHaveAttribute("data-lag", "too-late", { timeout: LIMIT * 1000 });
  await context.setOffline(false);
  await expect(player.body).toHaveAttribute("data-link", "up", { timeout: 30_000 });
  await player.waitForServer(await player.number("tick"));
  const { rank } = await player.game();
  expect(rank).toMatchObject({ status: "unranked", cause: { code: "lag" } });
  expect(rank.cause.millis).toBeGreaterThan(LIMIT * 1000);
  await expect(player.body, "the game does not rank any more").toHaveAttribute("data-lag", "too-late");
});

test("in a real-time session the clock of a game runs on in a pause, without a lag", async ({ player, server }) => {
  await startGame(player, server, { name: "Prizes", kind: "multiple_trials", real_time: true });
  await player.page.keyboard.down("Space");
  await player.waitForTicks(60);
  await player.page.keyboard.up("Space");
  const tick = await pauseGame(player);
  await expect(player.page.locator("#announcer")).toHaveText("Paused. The clock of the game runs on.");
  await player.page.waitForTimeout(PAUSE * 1000);
  expect(await resumeGame(player)).toBeGreaterThan(tick + PAUSE * 60);
  await player.waitForServer(await player.number("tick"));
  const game = await player.game();
  expect(game.rank.status).toBe("ranked");
  expect(game.pace_percent).toBeGreaterThan(80);
});

test("in other sessions a game stands still in a pause", async ({ player, server }) => {
  await startGame(player, server, { name: "Cup", kind: "multiple_trials" });
  const tick = await pauseGame(player);
  await player.page.waitForTimeout(PAUSE * 1000);
  expect(await resumeGame(player)).toBeLessThan(tick + PAUSE * 60);
  await expect(player.body).not.toHaveAttribute("data-lag", /./);
});

test("a manager creates a real-time session at the desk", async ({ page, server }) => {
  const form = page.locator("#new-session");
  await openDesk(page, server);
  await form.getByLabel("Name").fill("Prizes");
  await form.getByLabel("Real time").check();
  await form.getByRole("button", { name: "Create session" }).click();
  await expect(page.locator("#session-stage")).toContainText("real time");
});
