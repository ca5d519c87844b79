// The details of one game on the manager's desk: how it was played, and a manager's decision whether it ranks.

import { currentAccount, requestAsAccount } from "/account.mjs";
import { attempt, onSubmit, showProblem } from "/attempt.mjs";
import { showFigures } from "/desk-figures.mjs";
import { areFiguresOutdated, loadFigures } from "/desk-marks.mjs";
import { describeCause, describeVerdict } from "/desk-verdicts.mjs";
import { child, element, setText } from "/dom.mjs";

/** @import { DecisionView, GameView, RankDecision } from "../types.d.ts" */

/** The shown game is requested this often, in milliseconds. */
const REFRESH_INTERVAL = 1000;
/** The id of the element that shows errors. */
const PROBLEM = "game-problem";

const dialog = element("game", HTMLDialogElement);
/**
 * The game that the dialog shows, or showed when it was open.
 * @type {GameView | null}
 */
let shown = null;
/** Runs after the server has applied a decision. */
let onDecision = async () => {};

/**
 * Opens the dialog with a game.
 * @param {GameView} game
 * @param {() => Promise<void>} reload runs after the server has applied a decision
 */
export function openGame(game, reload) {
  onDecision = reload;
  showProblem("", PROBLEM);
  element("unrank", HTMLFormElement).reset();
  setText(element("decision-saved"), "");
  showFigures(null);
  showDecision(null);
  showGame(game);
  dialog.showModal();
  dialog.scrollTop = 0;
  attempt(() => refreshFigures(game), PROBLEM);
}

/** @param {GameView} game */
function showGame(game) {
  shown = game;
  const { nickname, level, opened_at, run } = game;
  setText(child(dialog, "h2 bdi"), nickname);
  setText(element("game-state"), describeVerdict(game));
  const started = new Date(opened_at).toLocaleString();
  setText(element("game-result"), `${run.score} points · level ${level} · ${run.shots} shots · started ${started}`);
  element("game-replay", HTMLAnchorElement).href = `/?watch=${game.game}`;
  showRank(game);
}

/**
 * Shows whether the game ranks, and the forms for decisions that would change this.
 * @param {GameView} game
 */
function showRank({ rank, verdict }) {
  const cause = rank.status === "unranked" ? rank.cause : null;
  const isRejected = verdict.status === "rejected";
  const ranked = isRejected ? "A rejected game never ranks." : "This game ranks.";
  setText(element("game-rank"), cause === null ? ranked : `Unranked: ${describeCause(cause)}`);
  const original = element("game-original", HTMLAnchorElement);
  original.hidden = cause?.code !== "copy";
  original.href = cause?.code === "copy" ? `/?watch=${cause.of}` : "";
  setHidden(element("unrank"), isRejected || cause?.code === "manager");
  setHidden(element("rank"), isRejected || cause === null);
}

/**
 * Shows or hides a form. A hidden form gives its focus to the dialog's first button.
 * @param {HTMLElement} form
 * @param {boolean} isHidden
 */
function setHidden(form, isHidden) {
  form.hidden = isHidden;
  if (isHidden && form.contains(document.activeElement)) {
    element("close-game").focus();
  }
}

/**
 * Shows who took the last decision.
 * @param {DecisionView | null} decision
 */
function showDecision(decision) {
  element("game-decision").hidden = decision === null;
  if (decision !== null) {
    const { decided_by, decided_at } = decision;
    const what = decision.decision === "rank" ? "Ranked" : "Unranked";
    const who = decided_by === currentAccount()?.player ? "you" : `the manager with the ID ${decided_by}`;
    setText(element("game-decision"), `${what} by ${who} on ${new Date(decided_at).toLocaleString()}.`);
  }
}

/** @param {GameView} view */
async function refreshFigures(view) {
  const figures = await loadFigures(view);
  if (shown?.game === view.game) {
    showFigures(figures);
    showDecision(figures.decision ?? null);
  }
}

/** Shows the changes of the game since the last request. */
async function refreshGame() {
  const previous = shown;
  if (previous === null) {
    return;
  }
  const game = await requestAsAccount("get", "/v1/games/{game}", { path: { game: previous.game } });
  if (shown?.game !== game.game) {
    return;
  }
  showGame(game);
  const isDecided = JSON.stringify(game.rank) !== JSON.stringify(previous.rank);
  if (isDecided || areFiguresOutdated(game)) {
    await refreshFigures(game);
  }
  if (isDecided) {
    setText(element("decision-saved"), "");
    await onDecision();
  }
}

/** @param {RankDecision} body */
async function decide(body) {
  if (shown !== null) {
    await requestAsAccount("patch", "/v1/games/{game}", { path: { game: shown.game }, body });
    setText(element("decision-saved"), "The decision is saved. The standings follow within seconds.");
  }
}

onSubmit("unrank", ({ reason = "" }) => decide({ unrank: reason }), PROBLEM);
onSubmit("rank", () => decide("rank"), PROBLEM);
element("close-game").addEventListener("click", () => dialog.close());
setInterval(() => {
  if (dialog.open && !document.hidden) {
    // The next refresh tries again.
    refreshGame().catch(() => {});
  }
}, REFRESH_INTERVAL);
