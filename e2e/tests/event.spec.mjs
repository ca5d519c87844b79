// A whole event in several browsers: a manager runs it, players scan in, start together, play until the time is up.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MANAGER_PASSWORD } from "../server.mjs";
import { HARMLESS, Player, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** Three games at once are much for a machine without a graphics processor. */
const SMALL = { viewport: { width: 640, height: 480 } };
const LAPTOP = { width: 1280, height: 800 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const PROJECTOR = { viewport: { width: 1920, height: 1080 } };

const KEPT = join(import.meta.dirname, "../../docs/screens");

async function picture(page, name, testInfo, options = {}) {
  const path = process.env.UPDATE_SCREENS ? join(KEPT, `${name}.png`) : testInfo.outputPath(`${name}.png`);
  await page.screenshot({ path, ...options });
}

/** The path of the file that a click brings. */
async function download(page, button) {
  const exported = page.waitForEvent("download");
  await page.locator(button).click();
  return (await exported).path();
}

/** Keeps what is said to screen readers: each is replaced by the next. */
function keepAnnouncements() {
  window.announced = [];
  addEventListener("DOMContentLoaded", () => {
    const announcer = document.getElementById("announcer");
    new MutationObserver(() => window.announced.push(announcer.textContent)).observe(announcer, { childList: true });
  });
}

/** Pixels of a canvas that are not of its background. */
function litPixels(canvas) {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let lit = 0;
  for (let at = 0; at < data.length; at += 4) {
    lit += data[at] + data[at + 1] + data[at + 2] > 100;
  }
  return lit;
}

/** The manager's desk, signed in. */
async function desk(page, server) {
  await page.goto(`${server.url}/manage.html`);
  await page.getByLabel("Name").first().fill("manager");
  await page.getByLabel("Password").fill(MANAGER_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.locator("#desk")).toBeVisible();
}

test("a session with three seats, from its opening to the exported standings", async ({
  browser,
  page,
  server,
}, testInfo) => {
  test.setTimeout(400_000);
  await desk(page, server);
  const form = page.locator("#new-session");
  await form.getByLabel("Name").fill("Friday cup");
  await form.getByLabel("Minutes").fill("1");
  await form.getByLabel("Seats").fill("3");
  await form.getByRole("button").click();
  await expect(page.locator("#session-title")).toHaveText("Friday cup");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.locator("#session-stage")).toContainText("players wait for the start");
  await expect(page.locator("#qr")).toBeVisible();
  const address = await page.locator("#join-link").getAttribute("href");

  // Each player has a browser of their own.
  const contexts = [];
  const newPage = async (device) => {
    const context = await browser.newContext(device);
    contexts.push(context);
    return context.newPage();
  };
  const come = async (nickname, device) => {
    const player = new Player(await newPage(device), server);
    await player.page.goto(address);
    await player.screen("title");
    await expect(player.body).toHaveAttribute("data-stage", /./);
    await player.page.keyboard.press("Space");
    await player.page.locator("#nickname-input").fill(nickname);
    await player.page.keyboard.press("Enter");
    return player;
  };
  const players = [];
  for (const [nickname, device] of [
    ["Ada", SMALL],
    ["Bo", PHONE],
    ["Cy", SMALL],
  ]) {
    const player = await come(nickname, device);
    await player.screen("lobby");
    players.push(player);
  }
  await expect(page.locator("#players tbody tr")).toHaveCount(3);
  const [ada, bo, cy] = players;
  await ada.page.setViewportSize(LAPTOP);
  await picture(ada.page, "lobby", testInfo);
  await ada.page.setViewportSize(SMALL.viewport);
  await picture(bo.page, "lobby-phone", testInfo);

  // The fourth is told that all seats are taken, and stays where it is.
  const di = await come("Di", PHONE);
  await expect(di.page.locator("#announcer")).toContainText("all seats are taken");
  await di.screen("title");
  await picture(di.page, "seats-taken-phone", testInfo);
  await di.page.close();

  const screen = await newPage(PROJECTOR);
  await screen.goto(`${server.url}${await page.locator("#big-screen").getAttribute("href")}`);
  await expect(screen.locator("#session-name")).toHaveText("Friday cup");

  await page.getByRole("button", { name: "Start", exact: true }).click();
  await ada.page.bringToFront();
  await ada.screen("playing");
  await ada.page.keyboard.down("Space");
  await bo.page.bringToFront();
  await bo.screen("playing");
  await ada.reaches("shots", 2);

  // One reloads in the middle, and comes back to its seat.
  await cy.screen("playing");
  await cy.page.addInitScript(keepAnnouncements);
  await cy.page.reload();
  await cy.screen("title");
  await expect(cy.body).toHaveAttribute("data-stage", "running");
  await cy.page.keyboard.press("Space");
  await cy.screen("playing");
  const late = /^You come late: the others began 0:\d\d ago\.$/;
  await expect.poll(() => cy.page.evaluate(() => window.announced)).toContainEqual(expect.stringMatching(late));
  await expect(page.locator("#problem")).toHaveText("");

  // What the manager decides on a player is seen by all.
  page.once("dialog", (dialog) => dialog.accept("Bo the Kind"));
  await page.locator("#players tr", { hasText: "Bo" }).getByRole("button", { name: "Rename" }).click();
  await expect(screen.locator('tbody [data-field="nickname"]', { hasText: "Bo the Kind" })).toBeVisible();

  // The leaders' games are drawn beside the standings, from their buttons.
  await expect(screen.locator("tbody tr")).toHaveCount(3);
  await expect(screen.locator("#session-time")).toHaveText(/^\d:\d\d$/);
  await expect(screen.locator("#gallery figure")).toHaveCount(3);
  const monitor = screen.locator("#gallery figure", { hasText: "Ada" });
  await expect(monitor.locator('[data-field="score"]')).toHaveText(/^[1-9]\d*$/);
  expect(await monitor.locator("canvas").evaluate(litPixels)).toBeGreaterThan(1000);
  await picture(screen, "big-screen", testInfo);

  await expect(page.locator("#games tbody tr")).not.toHaveCount(0);
  await picture(page, "desk", testInfo, { fullPage: true });
  const size = page.viewportSize();
  await page.setViewportSize(PHONE.viewport);
  await page.evaluate(() => scrollTo(0, 0));
  await picture(page, "desk-phone", testInfo);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize(size);

  // The time ends, for the players and for the standings.
  for (const player of players) {
    await player.page.bringToFront();
    await player.screen("over", 90_000);
  }
  await expect(ada.body).toHaveAttribute("data-rank", /^[123]$/);
  await expect(page.locator("#session-stage")).toContainText("closed", { timeout: 60_000 });
  await expect(screen.locator("#session-stage")).toHaveText("final standings");
  const lines = (await readFile(await download(page, "#export-csv"), "utf8")).trim().split("\n");
  expect(lines[0]).toBe("rank,nickname,score,lives,shots,level,verdict,game,tuning");
  const names = lines.slice(1).map((line) => line.split(",")[1]);
  expect(names.toSorted()).toEqual(["Ada", "Bo the Kind", "Cy"]);
  const shown = await screen.locator('tbody [data-field="nickname"]').allTextContents();
  expect(shown).toEqual(names);
  const games = JSON.parse(await readFile(await download(page, "#games-json"), "utf8"));
  expect(games).toHaveLength(4);
  expect(games.filter((game) => game.nickname === "Cy")).toHaveLength(2);
  const table = await readFile(await download(page, "#games-csv"), "utf8");
  expect(table.trim().split("\n")).toHaveLength(5);
  for (const context of contexts) {
    await context.close();
  }
});
