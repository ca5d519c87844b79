// The manager's desk: signs the manager in, lists the sessions, and follows the selected one live.

import {
  currentAccount,
  onAccountChange,
  requestAsAccount,
  signIn,
  signOut,
  startExternalSignIn,
  usesExternalIssuer,
} from "/account.mjs";
import { attempt, onSubmit, showProblem } from "/attempt.mjs";
import { syncClock } from "/clock.mjs";
import { onAdmissionChange } from "/desk-admission.mjs";
import { offerOpenPlayScreen } from "/desk-big-screen.mjs";
import { showGames } from "/desk-games.mjs";
import { readPlan } from "/desk-plan.mjs";
import { showPlayers } from "/desk-players.mjs";
import { showProcessing } from "/desk-processing.mjs";
import { EXTENSION_MINUTES, showSession, showStage } from "/desk-session.mjs";
import { showSessions } from "/desk-sessions.mjs";
import { showStandings } from "/desk-standings.mjs";
import { element } from "/dom.mjs";
import { subscribe } from "/live.mjs";

/** @import { MoveName, SessionView } from "../types.d.ts" */

/** Live updates contain the selected session's standings, but no lists. These are loaded this often, in milliseconds. */
const LIST_INTERVAL = 5000;
const PROCESSING_INTERVAL = 1000;
const STAGE_INTERVAL = 500;
/** Updates within this time cause one request, in milliseconds. */
const RELOAD_DELAY = 1000;

/** @type {SessionView[]} */
let sessions = [];
/**
 * The ID of the selected session.
 * @type {string | null}
 */
let selected = null;
let unsubscribe = () => {};
/**
 * Whether an external issuer keeps the accounts; null until that is known.
 * @type {boolean | null}
 */
let isExternal = null;

const isManager = () => currentAccount()?.role === "manager";

function showAccount() {
  const account = currentAccount();
  element("sign-in").hidden = isManager() || isExternal !== false;
  element("external-sign-in").hidden = isManager() || isExternal !== true;
  element("desk").hidden = !isManager();
  element("account").hidden = account === null;
  element("nickname").textContent = account?.nickname ?? "";
  if (account !== null && !isManager()) {
    showProblem("This page is for managers. Sign in with a manager's account.");
  }
}

/**
 * Runs an action that is repeated later, so its error is not shown.
 * @param {() => Promise<void>} action
 */
const ignoreErrors = (action) => action().catch(() => {});

/** @type {Map<string, number>} */
const timers = new Map();

/**
 * Runs an action after a short delay. Further calls with the same name within the delay have no effect.
 * @param {string} name
 * @param {() => unknown} action
 */
function runSoon(name, action) {
  if (!timers.has(name)) {
    const run = () => {
      timers.delete(name);
      action();
    };
    timers.set(name, setTimeout(run, RELOAD_DELAY));
  }
}

/**
 * Repeats an action while the desk is visible.
 * @param {number} interval milliseconds
 * @param {() => Promise<void>} action
 */
function repeat(interval, action) {
  setInterval(() => {
    if (!element("desk").hidden && !document.hidden) {
      ignoreErrors(action);
    }
  }, interval);
}

async function loadSessions() {
  await syncClock();
  const response = await requestAsAccount("get", "/v1/sessions", {});
  sessions = /** @type {SessionView[]} */ (response.sessions);
  showList();
  offerOpenPlayScreen();
}

const showList = () => showSessions(sessions, selected, selectSession);

/** @param {string} id */
function selectSession(id) {
  selected = id;
  unsubscribe();
  /** @type {import("/live.mjs").Handlers} */
  const handlers = {
    session: (session) => {
      updateSession(session);
      // The updates of seats leave out players who wait; the session has their number.
      reloadPlayers();
    },
    seats: reloadPlayers,
    standings: (standings) => {
      showStandings(standings);
      runSoon("games", () => ignoreErrors(loadGames));
    },
  };
  unsubscribe = subscribe(id, handlers, (isConnected) => {
    element("disconnected").hidden = isConnected;
  });
  const session = sessions.find(({ session }) => session === id);
  if (session) {
    updateSession(session);
  }
  attempt(loadPlayers);
  attempt(loadGames);
}

const reloadPlayers = () => runSoon("players", () => ignoreErrors(loadPlayers));

async function loadPlayers() {
  if (selected !== null) {
    await showPlayers(selected);
  }
}

async function loadGames() {
  if (selected !== null) {
    await showGames(selected);
  }
}

/** @param {SessionView} changed */
function updateSession(changed) {
  sessions = sessions.map((session) => (session.session === changed.session ? changed : session));
  showList();
  if (changed.session === selected) {
    showSession(changed, moveSession);
  }
}

/**
 * @param {string} session
 * @param {MoveName} move
 */
async function moveSession(session, move) {
  const body = move === "extend" ? { move, minutes: EXTENSION_MINUTES } : { move };
  const changed = await requestAsAccount("post", "/v1/sessions/{session}/moves", { path: { session }, body });
  updateSession(/** @type {SessionView} */ (changed));
}

onSubmit("sign-in", async ({ name = "", password = "" }) => {
  await signIn(name, password);
  if (isManager()) {
    await loadSessions();
  }
});

onSubmit("new-session", async (fields) => {
  const created = await requestAsAccount("post", "/v1/sessions", { body: await readPlan(fields) });
  await loadSessions();
  selectSession(created.session);
});

onAdmissionChange(updateSession);
element("sign-out").addEventListener("click", () => {
  unsubscribe();
  attempt(signOut);
});
element("start-external-sign-in").addEventListener("click", () => attempt(startExternalSignIn));

onAccountChange(showAccount);
showAccount();
attempt(async () => {
  isExternal = await usesExternalIssuer();
  showAccount();
});
if (isManager()) {
  attempt(loadSessions);
}
setInterval(() => {
  const session = sessions.find(({ session }) => session === selected);
  if (session) {
    showStage(session);
  }
}, STAGE_INTERVAL);
repeat(PROCESSING_INTERVAL, showProcessing);
repeat(LIST_INTERVAL, loadSessions);
// A decision about a game, or the end of one, does not always change the standings.
repeat(LIST_INTERVAL, loadGames);
