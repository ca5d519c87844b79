// A session's games at the manager's desk, and files of games and standings.

import { ask, askForFile } from "/account.mjs";
import { element, make, showEach } from "/dom.mjs";

/** Rows that are shown; the files have all. */
const SHOWN = 50;

/** Why a game was rejected, in words. */
const REASONS = {
  ahead_of_time: "played faster than time",
  rewritten: "buttons changed afterwards",
  broken_log: "buttons are missing",
  hash_mismatch: "not played by the rules",
  not_over: "called over too soon",
  too_long: "too long",
};

export async function showGames(session) {
  const { games } = await ask("GET", `/v1/sessions/${session}/games`);
  const count = (status) => games.filter(({ verdict }) => verdict.status === status).length;
  element("games-summary").textContent =
    games.length === 0
      ? "Nobody has played yet."
      : `Of the last ${games.length}: ${count("live")} live, ${count("verified")} verified, ${count("rejected")} rejected`;
  element("games").hidden = games.length === 0;
  showEach(element("games").tBodies[0], games.slice(0, SHOWN), row);
}

function row(game) {
  const text = (textContent, className = "") => make("td", { textContent, className });
  return make(
    "tr",
    {},
    text(new Date(game.opened_at).toLocaleTimeString()),
    make("th", { scope: "row" }, make("bdi", { textContent: game.nickname })),
    text(game.run.score),
    text(game.level, "detail"),
    text(`${game.pace_percent} %`, "detail"),
    make("td", {}, make("a", { textContent: state(game), href: `/?watch=${game.game}` })),
  );
}

function state({ verdict, late }) {
  const words = {
    live: "live",
    verified: "verified",
    rejected: `rejected: ${REASONS[verdict.reason?.code] ?? "it does not count"}`,
  };
  return late ? `${words[verdict.status]}, ended too late to count` : words[verdict.status];
}

/** Offers all of a session as files. */
export function offerFiles(session, attempt) {
  const offer = (id, name, make) => {
    element(id).onclick = () => attempt(async () => save(name, await make()));
  };
  const json = async (pages) => new Blob([JSON.stringify(await pages, null, 1)], { type: "application/json" });
  const stretch = (after) => ask("GET", `/v1/standings?top=100&session=${session}&after=${after}`);
  const games = (after) => ask("GET", `/v1/sessions/${session}/games?after=${after}`);
  offer("export-json", `standings-${session}.json`, () => json(all(stretch, "standings")));
  offer("games-csv", `games-${session}.csv`, () => askForFile(`/v1/sessions/${session}/games.csv`));
  offer("games-json", `games-${session}.json`, () => json(all(games, "games")));
}

/** All pages of a list. */
async function all(page, field) {
  const rows = [];
  let after = 0;
  do {
    const answer = await page(after);
    rows.push(...answer[field]);
    after = answer.next ?? null;
  } while (after !== null);
  return rows;
}

function save(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
