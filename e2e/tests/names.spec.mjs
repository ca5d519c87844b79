// Nicknames are strangers' text.

import { DEADLY, HARMLESS, expect, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

const HOSTILE = ["<b>x</b>", "<img src=x onerror>", "👾👾", "אלוף", "\"';--", "&lt;&#x41;"];

test("whatever a name holds shows as text on the scoreboard", async ({ page, server }) => {
  for (const name of HOSTILE) {
    expect(await server.ticket(name)).toHaveProperty("game");
  }
  await page.goto(`${server.url}/scoreboard.html`);
  const names = page.locator('tbody [data-field="nickname"]');
  await expect(names).toHaveCount(HOSTILE.length);
  expect((await names.allTextContents()).sort()).toEqual([...HOSTILE].sort());
  await expect(page.locator("body i, body b, body img:not(#session-qr)")).toHaveCount(0);
});

test("and so at the manager's desk, on a session's big screen and in its export", async ({ page, server }) => {
  const manager = await server.manager();
  const session = await server.openSession(manager, { name: "<i>Cup</i>", kind: "multiple_trials" });
  // The last would be a formula in a spreadsheet.
  const names = [...HOSTILE, "=1+1"];
  for (const name of names) {
    const seated = await server.join(session, name);
    await server.ticket(name, { session: session.session, player_token: seated.player_token });
  }
  await page.addInitScript((tokens) => localStorage.setItem("alien-attack.account", JSON.stringify(tokens)), manager);
  await page.goto(`${server.url}/manage.html`);
  await page.locator("#sessions button").click();
  await expect(page.locator("#session-title")).toHaveText("<i>Cup</i>");
  const players = page.locator("#players tbody th");
  await expect(players).toHaveCount(names.length);
  expect((await players.allTextContents()).sort()).toEqual([...names].sort());
  await expect(page.locator("#standings li")).toHaveCount(names.length);
  expect((await page.locator("#standings bdi").allTextContents()).sort()).toEqual([...names].sort());
  await expect(page.locator("#games bdi")).toHaveCount(names.length);
  expect((await page.locator("#games bdi").allTextContents()).sort()).toEqual([...names].sort());
  await expect(page.locator("body i, body b, body img:not(#qr)")).toHaveCount(0);

  await page.goto(`${server.url}/scoreboard.html?session=${session.session}`);
  await expect(page.locator("#session-name")).toHaveText("<i>Cup</i>");
  const shown = page.locator('tbody [data-field="nickname"]');
  await expect(shown).toHaveCount(names.length);
  expect((await shown.allTextContents()).sort()).toEqual([...names].sort());

  // Four games are drawn beside the standings.
  const drawn = page.locator("#gallery bdi");
  await expect(drawn).toHaveCount(4);
  expect(names).toEqual(expect.arrayContaining(await drawn.allTextContents()));
  await expect(page.locator("body i, body b, body img:not(#session-qr)")).toHaveCount(0);

  const csv = await (await fetch(`${server.url}/v1/standings.csv?session=${session.session}`)).text();
  expect(csv).toContain(",'=1+1,");
  const headers = { authorization: `Bearer ${manager.access_token}` };
  const games = await (await fetch(`${server.url}/v1/sessions/${session.session}/games.csv`, { headers })).text();
  expect(games).toContain(",'=1+1,");

  // The account page shows the name of whoever is signed in.
  const account = await server.post("/v1/accounts", { nickname: "<b>Eve</b>", password: "long enough" });
  await page.addInitScript((tokens) => localStorage.setItem("alien-attack.account", JSON.stringify(tokens)), account);
  await page.goto(`${server.url}/account.html`);
  await expect(page.locator("#nickname")).toHaveText("<b>Eve</b>");
  // And those of the sessions that are open.
  await expect(page.locator("#sessions a")).toHaveText("<i>Cup</i>");
  await expect(page.locator("body i, body b, body img")).toHaveCount(0);
});

test.describe("in the game", () => {
  test.use({ tuning: DEADLY });

  /** The game draws names, so that none of them may become a part of the page. Its fixture sees what fails to load. */
  const isUnharmed = async (player) => {
    await player.nextFrame();
    await expect(player.page.locator("body i, body b, body img")).toHaveCount(0);
  };

  test("names are drawn on every screen and do nothing", async ({ player, server }, testInfo) => {
    const { page } = player;
    const look = async (name) => {
      await isUnharmed(player);
      await page.screenshot({ path: testInfo.outputPath(`${name}.png`) });
    };
    const manager = await server.manager();
    const plan = { name: "<i>Cup</i> of <img src=x onerror=alert(1)>", kind: "multiple_trials", synchronised: true };
    const session = await server.openSession(manager, plan);
    const seats = await Promise.all(HOSTILE.map((name) => server.join(session, name)));
    await page.goto(`${server.url}/?join=${session.code}`);
    await player.screen("title");
    await expect(player.body).toHaveAttribute("data-stage", /./);
    await page.keyboard.press("Space");
    await page.locator("#nickname-input").fill("<b>Eve</b>");
    await page.keyboard.press("Enter");
    await player.screen("lobby");
    await look("lobby");

    // The others stand in the standings that are drawn while one plays.
    await server.post(`/v1/sessions/${session.session}/moves`, { move: "start" }, manager.access_token);
    const { session: id } = session;
    await Promise.all(seats.map(({ player_token }) => server.ticket("Whoever", { session: id, player_token })));
    await player.screen("playing");
    await player.countdown();
    await look("playing");
    await player.screen("over", 60_000);
    await expect(player.body).toHaveAttribute("data-rank", /./);
    await look("over");
    await page.locator("#watch").click();
    await player.screen("watching");
    await look("watching");

    // The title shows the best players in turns with other things.
    await page.goto(`${server.url}/?join=${session.code}`);
    await player.screen("title");
    await page.waitForTimeout(10_000);
    await look("title");
    await page.keyboard.press("KeyN");
    await expect(page.locator("#nickname-input")).toHaveValue("<b>Eve</b>");
    await isUnharmed(player);
  });
});

test.describe("a name that is refused", () => {
  // The server refuses it, which the browser logs.
  test.use({ troubleExpected: true });

  test("says why, in the dialog", async ({ player }) => {
    await player.open();
    await player.page.keyboard.press("Space");
    const input = player.page.locator("#nickname-input");
    await input.fill("abc\u202edef");
    await player.page.keyboard.press("Enter");
    await expect(player.page.locator("#nickname-problem")).toContainText("U+202E");
    await input.fill("<b>bold</b>");
    await player.page.keyboard.press("Enter");
    await player.screen("playing");
    expect((await player.server.get("/v1/standings")).standings[0].nickname).toBe("<b>bold</b>");
  });
});
