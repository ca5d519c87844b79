// A whole event in several browsers: a manager runs a session, players join, start together and play until the time is up.

import { readFile } from "node:fs/promises";
import { HARMLESS, Player, expect, openBigScreen, openDesk, takeScreenshot, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** Small, since three games run at once without a graphics processor. */
const SMALL = { viewport: { width: 640, height: 480 } };
const LAPTOP = { width: 1280, height: 800 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const PROJECTOR = { viewport: { width: 1920, height: 1080 } };

/** Clicks an element that downloads a file, and returns the file's text. */
async function download(page, selector) {
  const exported = page.waitForEvent("download");
  await page.locator(selector).click();
  return readFile(await (await exported).path(), "utf8");
}

/** Records the announcements for screen readers in `window.announced`, since each replaces the previous one. */
function recordAnnouncements() {
  window.announced = [];
  addEventListener("DOMContentLoaded", () => {
    const announcer = document.getElementById("announcer");
    new MutationObserver(() => window.announced.push(announcer.textContent)).observe(announcer, { childList: true });
  });
}

/** The number of bright pixels of a canvas. */
function countBrightPixels(canvas) {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let bright = 0;
  for (let at = 0; at < data.length; at += 4) {
    bright += Number(data[at] + data[at + 1] + data[at + 2] > 100);
  }
  return bright;
}

test("a session with three seats runs from its creation to the exported standings", async ({
  browser,
  page,
  server,
}, testInfo) => {
  test.setTimeout(400_000);
  await openDesk(page, server);
  const form = page.locator("#new-session");
  await form.getByLabel("Name").fill("Friday cup");
  await form.getByLabel("Time limit in minutes").fill("1");
  await form.getByLabel("Seats").fill("3");
  await form.getByRole("button", { name: "Create session" }).click();
  await expect(page.locator("#session-title")).toHaveText("Friday cup");
  await page.getByRole("button", { name: "Open session" }).click();
  await expect(page.locator("#session-stage")).toContainText("players wait for the start");
  await expect(page.locator("#qr")).toBeVisible();
  const address = await page.locator("#join-link").getAttribute("href");

  // Each player has an own browser context.
  const contexts = [];
  const newPage = async (device) => {
    const context = await browser.newContext(device);
    contexts.push(context);
    return context.newPage();
  };
  const join = async (nickname, device) => {
    const player = new Player(await newPage(device), server);
    await player.openSession(address);
    await player.enterNickname(nickname);
    return player;
  };
  const joinLobby = async (nickname, device) => {
    const player = await join(nickname, device);
    await player.waitForScreen("lobby");
    return player;
  };
  const ada = await joinLobby("Ada", SMALL);
  const bo = await joinLobby("Bo", PHONE);
  const cy = await joinLobby("Cy", SMALL);
  await expect(page.locator("#players tbody tr")).toHaveCount(3);
  await ada.page.setViewportSize(LAPTOP);
  await takeScreenshot(ada.page, "lobby", testInfo);
  await ada.page.setViewportSize(SMALL.viewport);
  await takeScreenshot(bo.page, "lobby-phone", testInfo);

  // The fourth player gets a message that all seats are taken, and stays on the title screen.
  const di = await join("Di", PHONE);
  await expect(di.page.locator("#announcer")).toContainText("all seats are taken");
  await di.waitForScreen("title");
  await takeScreenshot(di.page, "seats-taken-phone", testInfo);
  await di.page.close();

  const screen = await newPage(PROJECTOR);
  await openBigScreen(page, screen);
  await expect(screen.locator("#session-name")).toHaveText("Friday cup");

  await page.getByRole("button", { name: "Start games" }).click();
  await ada.page.bringToFront();
  await ada.waitForScreen("playing");
  await ada.page.keyboard.down("Space");
  await bo.page.bringToFront();
  await bo.waitForScreen("playing");
  await ada.waitForNumber("shots", 2);

  // A player reloads during the game and gets the same seat.
  await cy.waitForScreen("playing");
  await cy.page.addInitScript(recordAnnouncements);
  await cy.page.reload();
  await cy.waitForScreen("title");
  await expect(cy.body).toHaveAttribute("data-stage", "running");
  await cy.page.keyboard.press("Space");
  await cy.waitForScreen("playing");
  const late = /^You joined late\. The game started 0:\d\d ago\.$/;
  await expect.poll(() => cy.page.evaluate(() => window.announced)).toContainEqual(expect.stringMatching(late));
  await expect(page.locator("#problem")).toHaveText("");

  // Everyone sees that the manager renames a player.
  page.once("dialog", (dialog) => dialog.accept("Bo the Kind"));
  await page.locator("#players tr", { hasText: "Bo" }).getByRole("button", { name: "Rename" }).click();
  await expect(screen.locator('tbody [data-field="nickname"]', { hasText: "Bo the Kind" })).toBeVisible();

  // The gallery draws the games of the leaders from their button logs.
  await expect(screen.locator("tbody tr")).toHaveCount(3);
  await expect(screen.locator("#session-time")).toHaveText(/^\d:\d\d$/);
  await expect(screen.locator("#gallery figure")).toHaveCount(3);
  await expect(screen.locator("#gallery-delay")).toBeHidden();
  const monitor = screen.locator("#gallery figure", { hasText: "Ada" });
  await expect(monitor.locator('[data-field="score"]')).toHaveText(/^[1-9]\d*$/);
  expect(await monitor.locator("canvas").evaluate(countBrightPixels)).toBeGreaterThan(1000);

  await expect(page.locator("#games tbody tr")).not.toHaveCount(0);
  const size = page.viewportSize();
  await page.setViewportSize(PHONE.viewport);
  await page.evaluate(() => scrollTo(0, 0));
  await takeScreenshot(page, "desk-phone", testInfo);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize(size);

  // The time limit ends the games and closes the standings.
  for (const player of [ada, bo, cy]) {
    await player.page.bringToFront();
    await player.waitForScreen("over", 90_000);
  }
  await expect(ada.body).toHaveAttribute("data-rank", /^[123]$/);
  await expect(page.locator("#session-stage")).toContainText("closed", { timeout: 60_000 });
  await expect(screen.locator("#session-stage")).toHaveText("final standings");
  const lines = (await download(page, "#standings-csv")).trim().split("\n");
  expect(lines[0]).toBe("rank,nickname,score,lives,shots,level,verdict,game,tuning");
  const names = lines.slice(1).map((line) => line.split(",")[1]);
  expect(names.toSorted()).toEqual(["Ada", "Bo the Kind", "Cy"]);
  const shown = await screen.locator('tbody [data-field="nickname"]').allTextContents();
  expect(shown).toEqual(names);
  const games = JSON.parse(await download(page, "#games-json"));
  expect(games).toHaveLength(4);
  expect(games.filter((game) => game.nickname === "Cy")).toHaveLength(2);
  const table = await download(page, "#games-csv");
  expect(table.trim().split("\n")).toHaveLength(5);
  for (const context of contexts) {
    await context.close();
  }
});
