// A game on the stack that infra/ deploys to a local AWS: events on Kinesis, the processor on Lambda, tables in DynamoDB.

import { readFileSync } from "node:fs";
import { Server } from "../server.mjs";
import { DEADLY, Player, expect, test } from "./fixture.mjs";

/** A file with the outputs of the deployed stack. `cargo xtask test` deploys the stack and sets it. */
const FILE = process.env.ALIEN_STACK;

test("the Lambda function verifies a game, which appears on the scoreboard", async ({ page }) => {
  test.skip(FILE === undefined, "no stack is deployed: ALIEN_STACK is not set");
  test.setTimeout(180_000);
  const [stack] = Object.values(JSON.parse(readFileSync(FILE, "utf8")));
  const flags = ["--kinesis", stack.Stream, "--dynamodb", stack.Prefix, "--no-process"];
  const server = await Server.start(DEADLY, flags);
  try {
    const player = new Player(page, server);
    await player.open();
    await player.start("Cloud");
    await player.waitForScreen("over", 90_000);
    await expect(player.body).toHaveAttribute("data-verdict", "verified", { timeout: 60_000 });
    const game = await player.game();
    expect(game.hash).toBe((await player.state()).hash);

    const board = await page.context().newPage();
    await board.goto(`${server.url}/scoreboard.html`);
    const row = board.locator(`#standings [data-game="${game.game}"]`);
    await expect(row.locator('[data-field="nickname"]')).toHaveText("Cloud");
    await expect(row.locator('[data-field="score"]')).toHaveText(String(game.run.score));
  } finally {
    await server.remove();
  }
});
