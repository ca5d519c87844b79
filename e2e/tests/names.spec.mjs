// Names from other people show as text on every page and screen.

import { DEADLY, HARMLESS, expect, signInOnPages, test } from "./fixture.mjs";

test.use({ tuning: HARMLESS });

const HOSTILE = ["<b>x</b>", "<img src=x onerror>", "👾👾", "אלוף", "\"';--", "&lt;&#x41;"];

/** Elements that the names would create if they were read as HTML, and images other than a QR code. */
const INJECTED = "body i, body b, body img:not(#qr, #session-qr)";

test("hostile nicknames show as text on the scoreboard", async ({ page, server }) => {
  for (const name of HOSTILE) {
    expect(await server.ticket(name)).toHaveProperty("game");
  }
  await page.goto(`${server.url}/scoreboard.html`);
  const names = page.locator('tbody [data-field="nickname"]');
  await expect(names).toHaveCount(HOSTILE.length);
  expect((await names.allTextContents()).sort()).toEqual([...HOSTILE].sort());
  await expect(page.locator(INJECTED)).toHaveCount(0);
});

test("hostile names show as text on the desk, the big screen, the account page and in exports", async ({
  page,
  server,
}) => {
  const manager = await server.manager();
  const session = await server.openSession(manager, { name: "<i>Cup</i>", kind: "multiple_trials" });
  // A spreadsheet would read the last name as a formula.
  const names = [...HOSTILE, "=1+1"];
  for (const name of names) {
    const seated = await server.join(session, name);
    await server.ticket(name, { session: session.session, player_token: seated.player_token });
  }
  await signInOnPages(page, manager);
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
  await expect(page.locator(INJECTED)).toHaveCount(0);

  await page.goto(`${server.url}/scoreboard.html?session=${session.session}`);
  await expect(page.locator("#session-name")).toHaveText("<i>Cup</i>");
  const shown = page.locator('tbody [data-field="nickname"]');
  await expect(shown).toHaveCount(names.length);
  expect((await shown.allTextContents()).sort()).toEqual([...names].sort());

  // The gallery shows four games.
  const drawn = page.locator("#gallery bdi");
  await expect(drawn).toHaveCount(4);
  expect(names).toEqual(expect.arrayContaining(await drawn.allTextContents()));
  await expect(page.locator(INJECTED)).toHaveCount(0);

  const csv = await (await server.request(`/v1/standings.csv?session=${session.session}`)).text();
  expect(csv).toContain(",'=1+1,");
  const headers = { authorization: `Bearer ${manager.access_token}` };
  const games = await (await server.request(`/v1/sessions/${session.session}/games.csv`, { headers })).text();
  expect(games).toContain(",'=1+1,");

  // The account page shows the account's nickname and the open sessions.
  const account = await server.post("/v1/accounts", { nickname: "<b>Eve</b>", password: "long enough" });
  await signInOnPages(page, account);
  await page.goto(`${server.url}/account.html`);
  await expect(page.locator("#nickname")).toHaveText("<b>Eve</b>");
  await expect(page.locator("#sessions a")).toHaveText("<i>Cup</i>");
  await expect(page.locator(INJECTED)).toHaveCount(0);
});

test.describe("in the game", () => {
  test.use({ tuning: DEADLY });

  /** The game draws names on its canvas, so they create no elements. The fixture notices images that fail to load. */
  const expectNoInjection = async (player) => {
    await player.waitForFrame();
    await expect(player.page.locator(INJECTED)).toHaveCount(0);
  };

  test("hostile names are drawn on every screen without effect", async ({ player, server }, testInfo) => {
    const { page } = player;
    const check = async (name) => {
      await expectNoInjection(player);
      await page.screenshot({ path: testInfo.outputPath(`${name}.png`) });
    };
    const manager = await server.manager();
    const plan = { name: "<i>Cup</i> of <img src=x onerror=alert(1)>", kind: "multiple_trials", synchronised: true };
    const session = await server.openSession(manager, plan);
    const seats = await Promise.all(HOSTILE.map((name) => server.join(session, name)));
    await player.openSession(`${server.url}/?join=${session.code}`);
    await player.enterNickname("<b>Eve</b>");
    await player.waitForScreen("lobby");
    await check("lobby");

    // The standings beside the game show the other players.
    await server.moveSession(manager, session.session, "start");
    const { session: id } = session;
    await Promise.all(seats.map(({ player_token }) => server.ticket("Player", { session: id, player_token })));
    await player.waitForScreen("playing");
    await player.waitForCountdown();
    await check("playing");
    await player.waitForScreen("over", 60_000);
    await expect(player.body).toHaveAttribute("data-rank", /./);
    await check("over");
    await page.locator("#watch").click();
    await player.waitForScreen("watching");
    await check("watching");

    // The title screen shows the best players alternately with other content.
    await page.goto(`${server.url}/?join=${session.code}`);
    await player.waitForScreen("title");
    await page.waitForTimeout(10_000);
    await check("title");
    await page.keyboard.press("KeyN");
    await expect(page.locator("#nickname-input")).toHaveValue("<b>Eve</b>");
    await expectNoInjection(player);
  });
});

test.describe("a rejected nickname", () => {
  // The browser logs the server's error response.
  test.use({ errorsExpected: true });

  test("shows the reason in the dialog", async ({ player }) => {
    await player.open();
    await player.page.keyboard.press("Space");
    const input = player.page.locator("#nickname-input");
    await input.fill("abc\u202edef");
    await player.page.keyboard.press("Enter");
    await expect(player.page.locator("#nickname-problem")).toContainText("U+202E");
    await input.fill("<b>bold</b>");
    await player.page.keyboard.press("Enter");
    await player.waitForScreen("playing");
    expect((await player.server.get("/v1/standings")).standings[0].nickname).toBe("<b>bold</b>");
  });
});
