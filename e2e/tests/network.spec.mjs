// Nothing played is lost: through a cut network, a reload and a closed tab.

import { HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS, troubleExpected: true });

/** Seconds that the network is cut. */
const CUT = 20;

test("a network cut for 20 seconds costs nothing, and the player plays on", async ({ player, server, context }) => {
  await player.open();
  await player.start("Ada");
  await player.countdown();
  await player.page.keyboard.down("Space");
  await expect.poll(async () => (await player.game()).tick, { timeout: 30_000 }).toBeGreaterThan(240);

  await context.setOffline(true);
  await expect(player.body).toHaveAttribute("data-link", "down");
  const before = await player.game();
  const tick = await player.number("tick");
  await player.page.waitForTimeout(CUT * 1000);
  const after = await player.game();
  expect(after.next_seq, "the server hears nothing").toBe(before.next_seq);
  expect(await player.number("tick"), "the game goes on").toBeGreaterThan(tick + CUT * 30);

  await context.setOffline(false);
  await expect(player.body).toHaveAttribute("data-link", "up");
  const played = await player.number("tick");
  await expect.poll(async () => (await player.game()).tick, { timeout: 30_000 }).toBeGreaterThanOrEqual(played);
  const game = await player.game();
  expect(game.verdict.status).toBe("live");
  expect(game.run.shots).toBeGreaterThan(before.run.shots);
  expect((await server.get("/v1/standings")).standings[0].run).toEqual(game.run);
});

test("what was played before a reload or with a closed tab arrives on the next visit", async ({ player, context }) => {
  await player.open();
  await player.start("Bo");
  await player.countdown();
  await player.page.keyboard.down("Space");
  await player.reaches("tick", 300);
  await context.setOffline(true);
  await player.reaches("tick", 480);
  const game = await player.body.getAttribute("data-game");
  const played = await player.number("tick");
  // The page is closed while it can reach nobody: only what it has kept is left.
  await player.page.close();
  await context.setOffline(false);

  const next = await context.newPage();
  await next.goto(player.server.url);
  const arrived = async () => (await player.server.get(`/v1/games/${game}`)).tick;
  await expect.poll(arrived, { timeout: 30_000 }).toBeGreaterThanOrEqual(played - 60);
  expect((await player.server.get(`/v1/games/${game}`)).verdict.status).toBe("live");
});

test("leaving the page sends what is pending on the way out", async ({ player }) => {
  await player.open();
  await player.start("Cleo");
  await player.countdown();
  await player.reaches("tick", 300);
  const game = await player.body.getAttribute("data-game");
  const played = await player.number("tick");
  await player.page.goto("about:blank");
  const arrived = async () => (await player.server.get(`/v1/games/${game}`)).tick;
  await expect.poll(arrived, { timeout: 30_000 }).toBeGreaterThanOrEqual(played);
});

test("a server that is killed and comes back loses nothing, and the game goes on", async ({ player, server }) => {
  await player.open();
  await player.start("Dan");
  await player.countdown();
  await player.reaches("tick", 300);
  await server.stop("SIGKILL");
  await expect(player.body).toHaveAttribute("data-link", "down");
  const tick = await player.number("tick");
  await player.reaches("tick", tick + 120);
  await server.restart();
  await expect(player.body).toHaveAttribute("data-link", "up");
  const played = await player.number("tick");
  await expect.poll(async () => (await player.game()).tick, { timeout: 30_000 }).toBeGreaterThanOrEqual(played);
});

test("in the lobby a lost connection is said, and the start is heard all the same", async ({ player, server }) => {
  const manager = await server.manager();
  const plan = { name: "Cup", kind: "multiple_trials", synchronised: true };
  const session = await server.openSession(manager, plan);
  await player.page.goto(`${server.url}/?join=${session.code}`);
  await player.screen("title");
  await expect(player.body).toHaveAttribute("data-stage", /./);
  await player.page.keyboard.press("Space");
  await player.page.locator("#nickname-input").fill("Flo");
  await player.page.keyboard.press("Enter");
  await player.screen("lobby");
  const announcer = player.page.locator("#announcer");
  await server.stop("SIGKILL");
  await expect(announcer).toHaveText("The connection is lost. Trying again.");
  await server.restart();
  await expect(announcer).toHaveText("The connection is back.");
  await server.post(`/v1/sessions/${session.session}/moves`, { move: "start" }, manager.access_token);
  await player.screen("playing");
});

test("without a server the game is played unrecorded, and says so", async ({ player, server }) => {
  await player.open();
  await server.stop();
  await player.page.keyboard.press("Space");
  await player.page.locator("#nickname-input").fill("Eve");
  await player.page.keyboard.press("Enter");
  await player.screen("playing");
  await expect(player.body).toHaveAttribute("data-link", "unrecorded");
});
