// The scoreboard: shows the live standings and moves rows as ranks change.
// Nicknames are strangers' text: they are only ever set as textContent.

import { element, minutes, say } from "/dom.mjs";
import { show as showGallery } from "/gallery.mjs";
import { listen } from "/live.mjs";

/** A live game that has been silent for this long is shown as away, in milliseconds. */
const AWAY_AFTER = 15_000;
/** How long a row takes to move, in milliseconds. */
const MOVE = 600;

const body = element("standings").tBodies[0];
const rows = new Map();
let standings = [];

/** The session that is shown; open play where there is none. */
const sessionId = new URLSearchParams(location.search).get("session");
let session = null;
/** How far the server's clock is ahead of this browser's, in milliseconds. */
let ahead = 0;

const STAGES = {
  planned: "opens soon",
  lobby: "join now: it starts soon",
  running: "running",
  closing: "time is up: the last games are counted",
  closed: "final standings",
};

const play = element("play");
play.textContent = location.host;
play.href = location.origin;

/** What a standing's game is doing: a class, which draws a shape, and a word. */
function stateOf({ verdict, updated_at }) {
  if (verdict.status === "verified") {
    return ["verified", "Verified"];
  }
  return Date.now() - updated_at > AWAY_AFTER ? ["away", "Away"] : ["live", "Live"];
}

function newRow(player) {
  const row = element("row").content.firstElementChild.cloneNode(true);
  row.dataset.player = player;
  rows.set(player, row);
  return row;
}

function fill(row, standing) {
  const field = (name, text) => {
    const cell = row.querySelector(`[data-field="${name}"]`);
    if (cell.textContent !== String(text)) {
      cell.textContent = text;
    }
    return cell;
  };
  const [kind, word] = stateOf(standing);
  field("rank", standing.rank);
  field("nickname", standing.nickname);
  field("score", standing.run.score);
  field("level", standing.level);
  field("lives", standing.run.lives);
  field("shots", standing.run.shots);
  field("tuning-name", standing.tuning_name);
  field("tuning-hash", standing.tuning_hash);
  const state = field("state", word);
  state.dataset.kind = kind;
  state.href = `/?watch=${standing.game}`;
  Object.assign(row.dataset, {
    rank: standing.rank,
    game: standing.game,
    score: standing.run.score,
    verdict: standing.verdict.status,
  });
}

/** Lets rows that have changed places glide there from where they were. */
function glide(before) {
  // The game's own setting, where there is one, else the system's.
  const less = localStorage.getItem("alien-attack.less-motion");
  if (less === "true" || (less === null && matchMedia("(prefers-reduced-motion: reduce)").matches)) {
    return;
  }
  for (const [player, row] of rows) {
    const moved = (before.get(player) ?? row.offsetTop) - row.offsetTop;
    if (moved !== 0) {
      row.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: MOVE, easing: "ease" });
    }
  }
}

function show() {
  const before = new Map([...rows].map(([player, row]) => [player, row.offsetTop]));
  for (const player of rows.keys()) {
    if (!standings.some((standing) => standing.player === player)) {
      rows.get(player).remove();
      rows.delete(player);
    }
  }
  standings.forEach((standing, place) => {
    const row = rows.get(standing.player) ?? newRow(standing.player);
    fill(row, standing);
    if (body.children[place] !== row) {
      body.insertBefore(row, body.children[place] ?? null);
    }
  });
  glide(before);
  element("standings").hidden = standings.length === 0;
  element("empty").hidden = standings.length > 0;
  showGallery(standings);
}

function count(players) {
  say("players", players === 1 ? "1 player" : `${players} players`);
}

function showSession() {
  element("session").hidden = session === null;
  if (session === null) {
    return;
  }
  element("session").dataset.stage = session.stage;
  element("session-name").textContent = session.name;
  element("session-code").textContent = session.code;
  const qr = `/v1/codes/${session.code}/qr.svg`;
  if (element("session-qr").getAttribute("src") !== qr) {
    element("session-qr").src = qr;
    element("session-qr").alt = `QR code to join by: ${location.host}/?join=${session.code}`;
  }
  play.textContent = `${location.host}/?join=${session.code}`;
  play.href = `/?join=${session.code}`;
  showTime();
}

/** The stage, and what is left until the start, or until the end. */
function showTime() {
  if (session === null) {
    return;
  }
  const now = Date.now() + ahead;
  const { stage, starts_at, ends_at } = session;
  const isAhead = stage === "running" && now < starts_at;
  say("session-stage", isAhead ? "get ready: it starts in" : STAGES[stage]);
  const to = isAhead ? starts_at : stage === "running" ? ends_at : null;
  const left = to === null || to === undefined ? null : Math.max(0, Math.ceil((to - now) / 1000));
  say("session-time", left === null ? "" : minutes(left));
}

async function askTheTime() {
  const asked = Date.now();
  const { now } = await fetch("/v1/clock").then((answer) => answer.json());
  ahead = now - (asked + Date.now()) / 2;
}

const takers = {
  session: (now) => {
    session = now;
    showSession();
  },
  standings: (now) => {
    standings = now.standings;
    count(now.players);
    show();
  },
};

listen(sessionId === null ? "/v1/live" : `/v1/live?session=${sessionId}`, takers, (isLost) => {
  element("stale").hidden = !isLost;
});
if (sessionId !== null) {
  askTheTime();
  setInterval(showTime, 250);
}
// A live game grows silent without a word from the server.
setInterval(show, 5000);
