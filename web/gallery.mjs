// The leaders' games beside the standings, each replayed from its buttons by the game's own rules.
// Nicknames are strangers' text: they are only ever set as textContent.

/** Games that are shown at once. */
const MOST = 4;
/** From one question for what the players have done since to the next, milliseconds. */
const ASK_EVERY = 1000;
/** How long a game stays after its end, milliseconds. */
const LINGER = 4000;
/** A game of which nothing was heard for so long makes room for another one, milliseconds. */
const SILENT = 15_000;
/** After so long it is tried again. */
const AGAIN = 60_000;

const gallery = document.getElementById("gallery");
/** There is no room for it on a phone, so there it is not even loaded. */
const wide = matchMedia("(min-width: 64rem)");
/** The games that are shown, by their ids, in the order of their coming. */
const monitors = new Map();
/** Games that are over or silent, and when they are tried again. */
const silent = new Map();
let loading = null;

/** Shows what the best players are playing. */
export async function show(standings) {
  const isPlaying = ({ newest }) => newest && !(performance.now() < silent.get(newest));
  const leaders = wide.matches ? standings.filter(isPlaying).slice(0, MOST) : [];
  if (leaders.length > 0) {
    loading ??= load();
  }
  const Monitor = await loading;
  if (!Monitor) {
    return;
  }
  for (const [game, shown] of monitors) {
    const isLeading = leaders.some(({ newest }) => newest === game);
    // What has just ended is shown to its end.
    if (!isLeading && standings.some(({ newest }) => newest === game)) {
      remove(game);
    } else {
      name(shown, standings);
    }
  }
  for (const { newest } of leaders) {
    if (!monitors.has(newest) && monitors.size < MOST) {
      await add(newest, standings, Monitor);
    }
  }
  gallery.hidden = monitors.size === 0;
}

async function load() {
  try {
    const module = await import("/gallery.js");
    await module.default();
    requestAnimationFrame(draw);
    setInterval(ask, ASK_EVERY);
    return module.Monitor;
  } catch (error) {
    // The standings do without.
    console.warn("The leaders' games cannot be shown:", error);
    return null;
  }
}

async function replay(game) {
  const answer = await fetch(`/v1/games/${game}/replay`);
  if (!answer.ok) {
    throw new Error(answer.statusText);
  }
  return answer.text();
}

async function add(game, standings, Monitor) {
  const figure = document.getElementById("monitor").content.firstElementChild.cloneNode(true);
  const player = standings.find(({ newest }) => newest === game).player;
  const shown = { figure, player, monitor: null, told: null, until: performance.now() + SILENT };
  monitors.set(game, shown);
  try {
    shown.monitor = new Monitor(figure.querySelector("canvas"), await replay(game));
  } catch (error) {
    console.warn(`Game ${game} cannot be shown:`, error);
    giveUp(game, AGAIN);
    return;
  }
  if (shown.monitor.isOver()) {
    giveUp(game, Infinity);
    return;
  }
  figure.dataset.game = game;
  name(shown, standings);
  gallery.append(figure);
}

function giveUp(game, millis) {
  silent.set(game, performance.now() + millis);
  remove(game);
}

function remove(game) {
  const { figure, monitor } = monitors.get(game);
  monitors.delete(game);
  figure.remove();
  monitor?.free();
}

/** Says whose game it is; the best stand first. */
function name({ figure, player }, standings) {
  const standing = standings.find((standing) => standing.player === player);
  if (standing) {
    figure.style.order = standing.rank;
    figure.querySelector('[data-field="rank"]').textContent = standing.rank;
    figure.querySelector('[data-field="nickname"]').textContent = standing.nickname;
  }
}

/** Asks what the players have done since. */
async function ask() {
  for (const [game, shown] of monitors) {
    if (shown.until < performance.now()) {
      giveUp(game, shown.monitor?.isOver() ? Infinity : AGAIN);
    } else if (shown.monitor !== null && !document.hidden) {
      // A question that is not answered is asked again.
      const now = await replay(game).catch(() => null);
      if (now !== null && now !== shown.told && monitors.has(game)) {
        Object.assign(shown, { told: now, until: performance.now() + SILENT });
        shown.monitor.grow(now);
      }
    }
  }
  gallery.hidden = monitors.size === 0;
}

let drawn = performance.now();

function draw(now) {
  const passed = Math.min(now - drawn, 250);
  drawn = now;
  for (const shown of monitors.values()) {
    if (shown.monitor !== null) {
      shown.monitor.draw(passed);
      shown.figure.querySelector('[data-field="score"]').textContent = shown.monitor.score();
      if (shown.monitor.isOver()) {
        shown.until = Math.min(shown.until, now + LINGER);
      }
    }
  }
  requestAnimationFrame(draw);
}
