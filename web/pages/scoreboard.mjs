// The scoreboard: the live standings of a session on the big screen, or of open play.

import { syncClock } from "/clock.mjs";
import { element, setText } from "/dom.mjs";
import { showGallery } from "/gallery.mjs";
import { subscribe } from "/live.mjs";
import { showSession, showTime } from "/scoreboard-session.mjs";
import { showStandings } from "/scoreboard-standings.mjs";

/** @import { Ranked } from "../types.d.ts" */

const TIME_INTERVAL = 250;
/** A live game becomes "away" without an update from the server, so the states are shown again this often. */
const STATE_INTERVAL = 5000;

/** @type {Ranked[]} */
let standings = [];

/** The ID of the session; null for open play. */
const sessionId = new URLSearchParams(location.search).get("session");

function show() {
  showStandings(standings);
  showGallery(standings);
}

/** @param {number} players */
function showPlayers(players) {
  setText(element("players"), players === 1 ? "1 player" : `${players} players`);
}

Object.assign(element("play"), { textContent: location.host, href: location.origin });
/** @type {import("/live.mjs").Handlers} */
const handlers = {
  session: showSession,
  standings: (update) => {
    standings = update.standings;
    showPlayers(update.players);
    show();
  },
};
subscribe(sessionId, handlers, (isConnected) => {
  element("disconnected").hidden = isConnected;
});
if (sessionId !== null) {
  syncClock();
  setInterval(showTime, TIME_INTERVAL);
}
setInterval(show, STATE_INTERVAL);
