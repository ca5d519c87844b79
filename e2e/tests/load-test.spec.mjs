// A session with bots, as a manager rehearses an event: the load test fills the seats, and desk and big screen show
// the games.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { expect, openBigScreen, openDesk, takeScreenshot, test } from "./fixture.mjs";

const TOOLS = process.env.ALIEN_TOOLS ?? resolve(import.meta.dirname, "../../target/debug/tools");
const NICKNAMES = ["Ada", "Grace", "Edsger", "Barbara", "Donald", "Hedy", "Alan", "Radia", "Niklaus", "Margaret"];
const LAPTOP = { width: 1280, height: 800 };
/**
 * With reduced motion, since a screenshot must not show rows halfway to their ranks.
 * @type {import("@playwright/test").BrowserContextOptions}
 */
const PROJECTOR = { viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" };

/** Starts the bots in the session with a join code. */
function startBots(server, code) {
  const bots = ["--players", String(NICKNAMES.length), "--nicknames", NICKNAMES.join(","), "--seed", "7"];
  const test = ["load", "--url", server.url, "--join", code, "--seconds", "240"];
  return spawn(TOOLS, [...test, ...bots], { stdio: ["ignore", "ignore", "inherit"] });
}

test("bots of the load test fill a session, and desk and big screen show their games", async ({
  browser,
  page,
  server,
}, testInfo) => {
  test.setTimeout(300_000);
  const manager = await server.manager();
  const plan = { name: "Friday cup", kind: { time_constrained: { minutes: 10 } }, seats: NICKNAMES.length };
  const session = await server.openSession(manager, plan);
  const bots = startBots(server, session.code);
  const ended = once(bots, "exit");

  await page.setViewportSize(LAPTOP);
  await openDesk(page, server);
  await page.getByRole("button", { name: "Friday cup" }).click();
  await expect(page.locator("#players tbody tr")).toHaveCount(NICKNAMES.length);

  const screen = await (await browser.newContext(PROJECTOR)).newPage();
  await openBigScreen(page, screen);
  const standings = async () => (await server.get(`/v1/standings?session=${session.session}`)).standings;
  await expect.poll(async () => (await standings())[0]?.run.score ?? 0, { timeout: 120_000 }).toBeGreaterThan(500);
  await expect(screen.locator("body")).toContainText("Grace");
  await takeScreenshot(screen, "big-screen", testInfo);
  await screen.close();

  await page.bringToFront();
  await expect(page.locator("#event-rate")).not.toHaveText("0");
  await takeScreenshot(page, "desk", testInfo, { fullPage: true });

  bots.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
});
