// A whole event in several browsers: a manager runs it, players scan in, start together, play until the time is up.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MANAGER_PASSWORD } from "../server.mjs";
import { HARMLESS, Player, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

const KEPT = join(import.meta.dirname, "../../docs/screens");

async function picture(page, name, testInfo) {
  const path = process.env.UPDATE_SCREENS ? join(KEPT, `${name}.png`) : testInfo.outputPath(`${name}.png`);
  await page.screenshot({ path });
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
  const come = async (nickname) => {
    const context = await browser.newContext({ viewport: { width: 640, height: 480 } });
    contexts.push(context);
    const player = new Player(await context.newPage(), server);
    await player.page.goto(address);
    await player.screen("title");
    await expect(player.body).toHaveAttribute("data-stage", /./);
    await player.page.keyboard.press("Space");
    await player.page.locator("#nickname-input").fill(nickname);
    await player.page.keyboard.press("Enter");
    return player;
  };
  const players = [];
  for (const nickname of ["Ada", "Bo", "Cy"]) {
    const player = await come(nickname);
    await player.screen("lobby");
    players.push(player);
  }
  await expect(page.locator("#players tbody tr")).toHaveCount(3);
  const [ada, bo, cy] = players;
  await picture(ada.page, "lobby", testInfo);
  await picture(page, "desk", testInfo);

  // The fourth is told that all seats are taken, and stays where it is.
  const late = await come("Di");
  await expect(late.page.locator("#announcer")).toContainText("all seats are taken");
  await late.screen("title");
  await late.page.close();

  const screen = await contexts[0].newPage();
  await screen.setViewportSize({ width: 1920, height: 1080 });
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
  await cy.page.reload();
  await cy.screen("title");
  await expect(cy.body).toHaveAttribute("data-stage", "running");
  await cy.page.keyboard.press("Space");
  await cy.screen("playing");
  await expect(page.locator("#problem")).toHaveText("");

  await expect(screen.locator("tbody tr")).toHaveCount(3);
  await expect(screen.locator("#session-time")).toHaveText(/^\d:\d\d$/);
  await picture(screen, "big-screen", testInfo);

  // The time ends, for the players and for the standings.
  for (const player of players) {
    await player.page.bringToFront();
    await player.screen("over", 90_000);
  }
  await expect(ada.body).toHaveAttribute("data-rank", /^[123]$/);
  await expect(page.locator("#session-stage")).toContainText("closed", { timeout: 60_000 });
  await expect(screen.locator("#session-stage")).toHaveText("final standings");
  const exported = page.waitForEvent("download");
  await page.locator("#export-csv").click();
  const lines = (await readFile(await (await exported).path(), "utf8")).trim().split("\n");
  expect(lines[0]).toBe("rank,nickname,score,lives,shots,level,verdict,game,tuning");
  const names = lines.slice(1).map((line) => line.split(",")[1]);
  expect(names.toSorted()).toEqual(["Ada", "Bo", "Cy"]);
  const shown = await screen.locator('tbody [data-field="nickname"]').allTextContents();
  expect(shown).toEqual(names);
  for (const context of contexts) {
    await context.close();
  }
});
