// The leaders' games beside the standings, each replayed from its buttons by the game's own rules.
// Nicknames are strangers' text: they are only ever set as textContent.

/** Games that are shown at once. */
const MOST = 4;
/** From one question for what the players have done since to the next, milliseconds. */
const ASK_EVERY = 1000;
/** How long a game stays after its end, milliseconds. */
const LINGER = 4000;

const gallery = document.getElementById("gallery");
/** There is no room for it on a phone, so there it is not even loaded. */
const wide = matchMedia("(min-width: 64rem)");
/** The games that are shown, by their ids, in the order of their coming. */
const monitors = new Map();
let loading = null;

/** Shows the best of the live games. */
export async function show(standings, isLive) {
  const leaders = wide.matches ? standings.filter(isLive).slice(0, MOST) : [];
  if (leaders.length > 0) {
    loading ??= load();
  }
  const Monitor = await loading;
  if (!Monitor) {
    return;
  }
  for (const [game, shown] of monitors) {
    const standing = standings.find((standing) => standing.game === game);
    const stays = leaders.some((leader) => leader.game === game) || performance.now() < shown.until;
    if (!stays && standing && isLive(standing)) {
      remove(game);
    }
    name(shown, standing);
  }
  for (const { game, ...standing } of leaders) {
    if (!monitors.has(game) && monitors.size < MOST) {
      await add(game, standing, Monitor);
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

async function add(game, standing, Monitor) {
  const figure = document.getElementById("monitor").content.firstElementChild.cloneNode(true);
  figure.dataset.game = game;
  const shown = { figure, monitor: null, until: Infinity };
  monitors.set(game, shown);
  name(shown, standing);
  gallery.append(figure);
  try {
    shown.monitor = new Monitor(figure.querySelector("canvas"), await replay(game));
  } catch (error) {
    console.warn(`Game ${game} cannot be shown:`, error);
    remove(game);
  }
}

function remove(game) {
  const { figure, monitor } = monitors.get(game);
  monitors.delete(game);
  figure.remove();
  monitor?.free();
}

function name({ figure }, standing) {
  if (standing) {
    figure.querySelector('[data-field="rank"]').textContent = standing.rank;
    figure.querySelector('[data-field="nickname"]').textContent = standing.nickname;
  }
}

/** Asks what the players have done since. */
async function ask() {
  for (const [game, shown] of monitors) {
    if (shown.until < performance.now()) {
      remove(game);
    } else if (shown.monitor !== null && !document.hidden) {
      // A question that is not answered is asked again.
      const now = await replay(game).catch(() => null);
      if (now !== null && monitors.has(game)) {
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
      if (shown.until === Infinity && shown.monitor.isOver()) {
        shown.until = now + LINGER;
      }
    }
  }
  requestAnimationFrame(draw);
}
