// Nicknames are strangers' text.

import { HARMLESS, expect, test } from "./fixture.mjs";

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
  await expect(page.locator("tbody b, tbody img")).toHaveCount(0);
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
  await expect(page.locator("main i, main b, main img:not(#qr)")).toHaveCount(0);

  await page.goto(`${server.url}/scoreboard.html?session=${session.session}`);
  await expect(page.locator("#session-name")).toHaveText("<i>Cup</i>");
  const shown = page.locator('tbody [data-field="nickname"]');
  await expect(shown).toHaveCount(names.length);
  expect((await shown.allTextContents()).sort()).toEqual([...names].sort());

  // Four games are drawn beside the standings.
  const drawn = page.locator("#gallery bdi");
  await expect(drawn).toHaveCount(4);
  expect(names).toEqual(expect.arrayContaining(await drawn.allTextContents()));
  await expect(page.locator("#gallery i, #gallery b, #gallery img")).toHaveCount(0);

  const csv = await (await fetch(`${server.url}/v1/standings.csv?session=${session.session}`)).text();
  expect(csv).toContain(",'=1+1,");
  const headers = { authorization: `Bearer ${manager.access_token}` };
  const games = await (await fetch(`${server.url}/v1/sessions/${session.session}/games.csv`, { headers })).text();
  expect(games).toContain(",'=1+1,");

  // The account page shows the name of whoever is signed in.
  const account = await server.post("/v1/accounts", { nickname: "<b>Eve</b>", password: "long enough" });
  await page.addInitScript((tokens) => localStorage.setItem("alien-attack.account", JSON.stringify(tokens)), account);
  await page.goto(`${server.url}/account.html`);
  await expect(page.locator("body")).toContainText("<b>Eve</b>");
  await expect(page.locator("main b")).toHaveCount(0);
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
