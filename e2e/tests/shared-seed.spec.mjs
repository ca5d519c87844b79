// A session whose games share a seed: browsers wait for it in the lobby, and nobody else can watch before the session is
// closed.

import { createHash } from "node:crypto";
import { HARMLESS, Player, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

/** Small, since two games run at once without a graphics processor. */
const SMALL = { viewport: { width: 640, height: 480 } };

test("players get the committed seed at the common start, and strangers no replay", async ({
  browser,
  page,
  server,
}) => {
  const manager = await server.manager();
  const plan = { name: "Fair cup", kind: "multiple_trials", synchronised: true, shared_seed: true };
  const session = await server.openSession(manager, plan);
  const { seed_commitment } = session;
  const join = async (nickname) => {
    const context = await browser.newContext(SMALL);
    const player = new Player(await context.newPage(), server);
    await player.openSession(`${server.url}/?join=${session.code}`);
    await player.enterNickname(nickname);
    await player.waitForScreen("lobby");
    return player;
  };
  const players = [await join("Ada"), await join("Bo")];
  await server.moveSession(manager, session.session, "start");
  const seeds = [];
  for (const player of players) {
    await player.page.bringToFront();
    await player.waitForScreen("playing");
    await player.waitForNumber("tick", 60);
    await player.waitForServer(1);
    seeds.push((await player.replay()).seed);
  }

  const { revealed_seed } = await server.get(`/v1/sessions/${session.session}`);
  expect(seeds).toEqual([revealed_seed.seed, revealed_seed.seed]);
  const hashed = Buffer.from(revealed_seed.nonce + revealed_seed.seed, "hex");
  expect(createHash("sha256").update(hashed).digest("hex")).toBe(seed_commitment);

  await page.goto(`${server.url}/?watch=${await players[0].gameId()}`);
  await expect(page.locator("#trouble-text")).toContainText("public once the session is closed");
  for (const player of players) {
    await player.page.context().close();
  }
});
