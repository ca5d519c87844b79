// What a designer does: saves a tuning and sees it played, ranked and verified; tries one out at the panel.

import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { BACKEND } from "../server.mjs";
import { DEADLY, HARMLESS, Player, expect, test } from "./fixture.mjs";

test.describe("a saved file", () => {
  test.use({ tuning: HARMLESS });

  test("is played at the next game, verified, and named on the scoreboard", async ({ player, server, browser }) => {
    await player.open();
    await player.start("Ada");
    await expect(player.body).toHaveAttribute("data-tuning", "harmless");
    await server.tune(DEADLY);
    // Running browsers get it with their next ticket, within a second of the saving.
    await expect.poll(async () => (await server.get("/v1/tuning")).name, { timeout: 1000 }).toBe("deadly");
    // By somebody else, whose only game this is.
    const bo = new Player(await (await browser.newContext()).newPage(), server);
    await bo.open();
    await bo.start("Bo");
    await expect(bo.body).toHaveAttribute("data-tuning", "deadly");
    await bo.screen("over", 60_000);
    await expect(bo.body).toHaveAttribute("data-verdict", "verified");
    const { game, tuning_hash } = await bo.game();
    expect(tuning_hash).toMatch(/^[0-9a-f]{16}$/);

    const board = await bo.page.context().newPage();
    await board.goto(`${server.url}/scoreboard.html`);
    const row = board.locator(`#standings [data-game="${game}"]`);
    await expect(row.locator('[data-field="tuning-name"]')).toHaveText("deadly");
    await expect(row.locator('[data-field="tuning-hash"]')).toHaveText(tuning_hash);
    await expect(row.locator('[data-field="state"]')).toHaveText("Verified");
    await bo.page.context().close();
  });

  test("that is bad keeps the last good one", async ({ server }) => {
    await server.tune('name = "bad"\nship_speed = 9000\n');
    await server.tune(HARMLESS.replace("harmless", "mended"));
    await expect.poll(async () => (await server.get("/v1/tuning")).name).toBe("mended");
  });
});

test("the panel changes the game as it is played, and copies out what the server takes", async ({ player }, info) => {
  const { page, server } = player;
  await page.goto(`${server.url}/?tune`);
  // The bot plays at once, and nothing is recorded.
  await player.screen("playing");
  await expect(player.body).toHaveAttribute("data-link", "unrecorded");
  await player.countdown();
  await player.reaches("shots", 1);
  const field = (name) => page.getByRole("slider", { name, exact: true });
  const tick = await player.number("tick");
  await field("ship_speed").fill("300");
  await page.getByLabel("name", { exact: true }).fill("mine");
  await page.getByLabel("name", { exact: true }).press("Tab");
  await expect(player.body).toHaveAttribute("data-tuning", "mine");
  expect(await player.number("tick"), "the game goes on").toBeGreaterThanOrEqual(tick);

  // Another shape of the formation begins anew.
  await page.getByLabel("invader_files, exactly").fill("3");
  await page.getByLabel("invader_files, exactly").press("Tab");
  await expect(player.body).toHaveAttribute("data-phase", "countdown");

  await page.getByLabel("bomb_min_velocity, exactly").fill("500");
  await page.getByLabel("bomb_min_velocity, exactly").press("Tab");
  await expect(page.locator("#tune-problem")).toContainText("must not be above bomb_max_velocity");
  await page.getByLabel("bomb_min_velocity, exactly").fill("80");
  await page.getByLabel("bomb_min_velocity, exactly").press("Tab");
  await expect(page.locator("#tune-problem")).toHaveText("");

  const file = info.outputPath("mine.toml");
  await writeFile(file, await page.locator("#tune-toml").inputValue());
  const said = execFileSync(BACKEND, ["check", file], { encoding: "utf8" });
  expect(said).toMatch(/^mine, hash [0-9a-f]{16}/);
  expect(said).toMatch(/^ship_speed +300 /m);
  expect(said).toMatch(/^invader_files +3 /m);
});
