// The manager's desk. Names are strangers' text: they are only ever set as textContent.

import { ask, askWithText, goAndSignIn, signIn, signOut, signedIn, signsInElsewhere } from "/account.mjs";
import { element, make, minutes, say, showEach } from "/dom.mjs";
import { listen } from "/live.mjs";
import { loadFlow } from "/manage-flow.mjs";
import { offerFiles, showGames } from "/manage-games.mjs";

/** Which moves a session takes at each stage, with their words. */
const MOVES = {
  planned: [["open", "Open"]],
  lobby: [
    ["start", "Start"],
    ["close", "Close"],
  ],
  running: [
    ["extend", "Five minutes more"],
    ["close", "Close"],
  ],
  closing: [["extend", "Five minutes more"]],
  closed: [["reopen", "Open again"]],
};
const STAGES = {
  planned: "not open yet",
  lobby: "players wait for the start",
  running: "running",
  closing: "closing: games that run still count",
  closed: "closed: the standings are final",
};
const EXTENSION = 5;
/** Sessions that are not shown move, too: they are asked for so often, in milliseconds. */
const LIST_EVERY = 5000;

let sessions = [];
let chosen = null;
let stopListening = null;
/** Whether accounts are kept elsewhere; null until that is known. */
let elsewhere = null;
/** How far the server's clock is ahead of this browser's, in milliseconds. */
let ahead = 0;
/** What will be loaded in a moment. */
const waiting = new Map();

/** Says what went wrong, in place of what was said before. */
async function attempt(work) {
  try {
    element("problem").textContent = "";
    return await work();
  } catch (error) {
    element("problem").textContent = error.message;
    if (error.status === 401) {
      show();
    }
    return undefined;
  }
}

/** What is tried again by itself needs no words. */
async function attemptQuietly(work) {
  try {
    await work();
  } catch (error) {
    if (error.status === 401) {
      show();
    }
  }
}

/** Does it in a moment: however much comes until then, once. */
function soon(what, work) {
  if (!waiting.has(what)) {
    waiting.set(
      what,
      setTimeout(() => {
        waiting.delete(what);
        work();
      }, 1000),
    );
  }
}

function show() {
  const who = signedIn();
  const manages = who?.role === "manager";
  element("sign-in").hidden = manages || elsewhere !== false;
  element("elsewhere").hidden = manages || elsewhere !== true;
  element("desk").hidden = !manages;
  element("who").hidden = who === null;
  element("who-name").textContent = who?.nickname ?? "";
  if (who !== null && !manages) {
    element("problem").textContent = "This desk is for managers.";
  }
}

async function load() {
  const sent = Date.now();
  const { now } = await ask("GET", "/v1/clock");
  ahead = now - (sent + Date.now()) / 2;
  ({ sessions } = await ask("GET", "/v1/sessions"));
  list();
}

function list() {
  const entries = sessions.map(({ session, name, stage, settled_at }) => {
    const words = stage === "closed" ? `ended ${new Date(settled_at).toLocaleString()}` : STAGES[stage];
    return { session, name, words, isPast: stage === "closed", isChosen: session === chosen };
  });
  const past = entries.filter(({ isPast }) => isPast);
  showEach(
    element("sessions"),
    entries.filter(({ isPast }) => !isPast),
    sessionEntry,
  );
  showEach(element("past-sessions"), past, sessionEntry);
  element("past").hidden = past.length === 0;
}

function sessionEntry({ session, name, words, isChosen }) {
  const button = make("button", { type: "button", onclick: () => choose(session) });
  button.append(make("strong", { textContent: name }), make("span", { textContent: ` ${words}` }));
  button.setAttribute("aria-pressed", String(isChosen));
  return make("li", {}, button);
}

function choose(id) {
  chosen = id;
  stopListening?.();
  const takers = {
    session: showSession,
    seats: () => soon("players", () => attempt(loadPlayers)),
    standings: (standings) => {
      showStandings(standings);
      soon("games", () => attemptQuietly(() => showGames(chosen)));
    },
  };
  stopListening = listen(`/v1/live?session=${id}`, takers, (isLost) => {
    element("lost").hidden = !isLost;
  });
  const session = sessions.find((session) => session.session === id);
  showSession(session);
  attempt(loadPlayers);
  attempt(() => showGames(id));
}

function showSession(session) {
  sessions = sessions.map((other) => (other.session === session.session ? session : other));
  list();
  element("session").hidden = false;
  element("session").dataset.stage = session.stage;
  element("session-title").textContent = session.name;
  showStage();
  const moves = MOVES[session.stage].map(([move, textContent]) => ({ id: session.session, move, textContent }));
  showEach(element("moves"), moves, ({ id, move, textContent }) =>
    make("button", { type: "button", textContent, onclick: () => attempt(() => act(id, move)) }),
  );
  const link = `${location.origin}/?join=${session.code}`;
  Object.assign(element("join-link"), { textContent: link, href: link });
  element("join-code").textContent = session.code;
  element("qr").src = `/v1/codes/${session.code}/qr.svg`;
  element("qr").alt = `QR code of ${link}`;
  element("big-screen").href = `/scoreboard.html?session=${session.session}`;
  element("export-csv").href = `/v1/standings.csv?session=${session.session}`;
  offerFiles(session.session, attempt);
}

/** The stage in words, with what time is left. */
function showStage() {
  const session = sessions.find((session) => session.session === chosen);
  if (!session) {
    return;
  }
  const seats = session.seats === null ? "" : ` of ${session.seats}`;
  const words = [STAGES[session.stage], `${session.seated}${seats} seats taken`];
  if (session.stage === "running" && session.ends_at !== null) {
    const left = Math.max(0, Math.ceil((session.ends_at - Date.now() - ahead) / 1000));
    words.push(`${minutes(left)} left`);
  }
  say("session-stage", words.join(" · "));
  element("seats-taken").hidden = session.seats === null;
  Object.assign(element("seats-taken"), { max: session.seats ?? 1, value: session.seated });
}

async function act(id, move) {
  const body = move === "extend" ? { move, minutes: EXTENSION } : { move };
  showSession(await ask("POST", `/v1/sessions/${id}/moves`, body));
}

async function loadPlayers() {
  const { seats } = await ask("GET", `/v1/sessions/${chosen}/seats`);
  showEach(element("players").tBodies[0], seats, playerRow);
}

function playerRow(seat) {
  const change = (body) =>
    attempt(async () => {
      await ask("PATCH", `/v1/sessions/${chosen}/seats/${seat.player}`, body);
      await loadPlayers();
    });
  const rename = () => {
    const nickname = prompt(`Another name for ${seat.nickname}`, seat.nickname);
    return nickname && change({ rename: nickname });
  };
  const remove = () => {
    const reason = prompt(`Why is ${seat.nickname} removed? The player is told.`);
    return reason && change({ remove: reason });
  };
  const button = (textContent, onclick) => make("button", { type: "button", textContent, onclick });
  const away = seat.present ? "held" : "away";
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, make("bdi", { textContent: seat.nickname })),
    make("td", { textContent: seat.trials }),
    make("td", { textContent: seat.removed ? `removed: ${seat.removed}` : away }),
    make(
      "td",
      {},
      button("Rename", rename),
      seat.removed ? button("Readmit", () => change("readmit")) : button("Remove", remove),
    ),
  );
}

function showStandings({ standings }) {
  const highest = Math.max(1, ...standings.map(({ run }) => run.score));
  const rows = standings.map(({ nickname, run }) => {
    const bar = make("span", { className: "bar" });
    bar.style.setProperty("width", `${(100 * run.score) / highest}%`);
    return make("li", {}, bar, make("bdi", { textContent: nickname }), make("span", { textContent: run.score }));
  });
  element("standings").replaceChildren(...rows);
}

element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, password } = event.target.elements;
  attempt(async () => {
    await signIn(name.value, password.value);
    event.target.reset();
    show();
    await load();
  });
});

element("sign-out").addEventListener("click", () =>
  attempt(async () => {
    await signOut();
    stopListening?.();
    show();
  }),
);

element("new-session").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, kind, minutes, seats, synchronised, guests, opens_at, closes_at, tuning } = event.target.elements;
  const instant = ({ value }) => (value === "" ? null : new Date(value).getTime());
  const plan = {
    name: name.value,
    kind: kind.value === "time_constrained" ? { time_constrained: { minutes: Number(minutes.value) } } : kind.value,
    seats: seats.value === "" ? null : Number(seats.value),
    synchronised: synchronised.checked,
    guests: guests.checked,
    opens_at: instant(opens_at),
    closes_at: instant(closes_at),
  };
  attempt(async () => {
    if (tuning.value.trim() !== "") {
      plan.tuning = await askWithText("POST", "/v1/tuning", tuning.value);
    }
    const made = await ask("POST", "/v1/sessions", plan);
    event.target.reset();
    await load();
    choose(made.session);
  });
});

element("go-and-sign-in").addEventListener("click", () => attempt(goAndSignIn));

show();
attempt(async () => {
  elsewhere = await signsInElsewhere();
  show();
});
if (signedIn()?.role === "manager") {
  attempt(load);
}
setInterval(showStage, 500);

/** Does it now and then while the desk is seen. */
function keepDoing(work, every) {
  setInterval(() => {
    if (!element("desk").hidden && !document.hidden) {
      attemptQuietly(work);
    }
  }, every);
}

keepDoing(() => loadFlow(attempt), 1000);
keepDoing(load, LIST_EVERY);
