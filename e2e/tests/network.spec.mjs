// No event of a game is lost through a network failure, a reload, a closed tab or a killed server.

import { HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS, errorsExpected: true });

/** The duration of the network failure in seconds. */
const OUTAGE = 20;

test("a network failure of 20 seconds loses no event, and the game continues", async ({ player, server, context }) => {
  await player.open();
  await player.start("Ada");
  await player.waitForCountdown();
  await player.page.keyboard.down("Space");
  await expect.poll(async () => (await player.game()).tick, { timeout: 30_000 }).toBeGreaterThan(240);

  await context.setOffline(true);
  await expect(player.body).toHaveAttribute("data-link", "down");
  const before = await player.game();
  const tick = await player.number("tick");
  await player.page.waitForTimeout(OUTAGE * 1000);
  const after = await player.game();
  expect(after.next_seq, "the server receives nothing").toBe(before.next_seq);
  expect(await player.number("tick"), "the game continues").toBeGreaterThan(tick + OUTAGE * 30);

  await context.setOffline(false);
  await expect(player.body).toHaveAttribute("data-link", "up");
  await player.waitForServer(await player.number("tick"));
  const game = await player.game();
  expect(game.verdict.status).toBe("live");
  expect(game.run.shots).toBeGreaterThan(before.run.shots);
  expect((await server.get("/v1/standings")).standings[0].run).toEqual(game.run);
});

test("events of a closed tab reach the server on the next visit", async ({ player, context }) => {
  await player.open();
  await player.start("Bo");
  await player.waitForCountdown();
  await player.page.keyboard.down("Space");
  await player.waitForNumber("tick", 300);
  await context.setOffline(true);
  await player.waitForNumber("tick", 480);
  const game = await player.body.getAttribute("data-game");
  const played = await player.number("tick");
  // The page closes without a connection: only the events in its storage are left.
  await player.page.close();
  await context.setOffline(false);

  const next = await context.newPage();
  await next.goto(player.server.url);
  const arrived = async () => (await player.server.get(`/v1/games/${game}`)).tick;
  await expect.poll(arrived, { timeout: 30_000 }).toBeGreaterThanOrEqual(played - 60);
  expect((await player.server.get(`/v1/games/${game}`)).verdict.status).toBe("live");
});

test("leaving the page sends the pending events", async ({ player }) => {
  await player.open();
  await player.start("Cleo");
  await player.waitForCountdown();
  await player.waitForNumber("tick", 300);
  const game = await player.body.getAttribute("data-game");
  const played = await player.number("tick");
  await player.page.goto("about:blank");
  const arrived = async () => (await player.server.get(`/v1/games/${game}`)).tick;
  await expect.poll(arrived, { timeout: 30_000 }).toBeGreaterThanOrEqual(played);
});

test("a killed and restarted server loses no event, and the game continues", async ({ player, server }) => {
  await player.open();
  await player.start("Dan");
  await player.waitForCountdown();
  await player.waitForNumber("tick", 300);
  await server.stop("SIGKILL");
  await expect(player.body).toHaveAttribute("data-link", "down");
  await player.waitForTicks(120);
  await server.restart();
  await expect(player.body).toHaveAttribute("data-link", "up");
  await player.waitForServer(await player.number("tick"));
});

test("the lobby announces a lost connection, reconnects, and receives the start", async ({ player, server }) => {
  const manager = await server.manager();
  const plan = { name: "Cup", kind: "multiple_trials", synchronised: true };
  const session = await server.openSession(manager, plan);
  await player.openSession(`${server.url}/?join=${session.code}`);
  await player.enterNickname("Flo");
  await player.waitForScreen("lobby");
  const announcer = player.page.locator("#announcer");
  await server.stop("SIGKILL");
  await expect(announcer).toHaveText("The connection is lost. Reconnecting.");
  await server.restart();
  await expect(announcer).toHaveText("The connection is back.");
  await server.moveSession(manager, session.session, "start");
  await player.waitForScreen("playing");
});

test("without a server the game runs unrecorded and shows that", async ({ player, server }) => {
  await player.open();
  await server.stop();
  await player.enterNickname("Eve");
  await player.waitForScreen("playing");
  await expect(player.body).toHaveAttribute("data-link", "unrecorded");
});
