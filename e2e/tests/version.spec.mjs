// A page whose version differs from the server's.

import { expect, test } from "./fixture.mjs";

test.use({ errorsExpected: true });

test("an outdated page reloads itself once, and then says what to do", async ({ player }) => {
  const { page } = player;
  const problem = { code: "outdated_client", detail: "this page is outdated; reload the page" };
  const refusal = { status: 409, contentType: "application/problem+json", body: JSON.stringify(problem) };
  await page.route("**/v1/games", (route) => route.fulfill(refusal));
  let loads = 0;
  page.on("load", () => loads++);
  await player.open();
  await player.enterNickname("Ada");
  await expect.poll(() => loads).toBe(2);
  await player.waitForScreen("title");
  await page.keyboard.press("Space");
  await expect(page.locator("#announcer")).toHaveText(problem.detail);
  expect(loads).toBe(2);
});

test("a lost response does not cost the only attempt of a session", async ({ player }) => {
  const { page, server } = player;
  const manager = await server.manager();
  const session = await server.openSession(manager, { name: "Cup", kind: "single_trial" });
  let lostGame = "";
  await page.route(
    "**/v1/games",
    async (route) => {
      ({ game: lostGame } = await (await route.fetch()).json());
      await route.abort();
    },
    { times: 1 },
  );
  await player.openSession(`${server.url}/?join=${session.code}`);
  await player.enterNickname("Ada");
  await expect(page.locator("#announcer")).toHaveText("the server cannot be reached; try again");
  await player.start();
  expect(await player.gameId()).toBe(lostGame);
  await player.waitForServer(60);
});
