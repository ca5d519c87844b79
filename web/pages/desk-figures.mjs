// The figures of how a game was played, in the details of a game on the manager's desk.

import { child, element, make, updateList } from "/dom.mjs";

/** @import { ButtonFigures, GameFigures, HandFigures, PaceFigures } from "../types.d.ts" */

/** A tick is 1/60 s. */
const TICKS_PER_SECOND = 60;
/** The figures have the most presses of a window of this length, in seconds. */
const WINDOW = 10;
/** Longer holds count as this long, in ticks. */
const LONGEST_HOLD = 32;

/**
 * A figure with its unit, and a note.
 * @typedef {{ name: string, value: string, note: string }} Figure
 */

/** @param {GameFigures | null} figures null until they are known */
export function showFigures(figures) {
  element("game-figures").hidden = figures === null;
  element("no-figures").hidden = figures !== null;
  if (figures !== null) {
    const { hand = null, pace, marks } = figures;
    showMarks(marks.map(({ reason }) => reason));
    updateList(element("time-figures"), timeFigures(pace), makeFigure);
    showHand(hand);
  }
}

/** @param {string[]} reasons */
function showMarks(reasons) {
  element("no-marks").hidden = reasons.length > 0;
  updateList(element("game-marks"), reasons, (reason) => make("li", { textContent: reason }));
}

/** @param {HandFigures | null} hand null for a game that the server cannot replay */
function showHand(hand) {
  element("no-hand").hidden = hand !== null;
  element("hand").hidden = hand === null;
  if (hand !== null) {
    updateList(element("hand-figures"), handFigures(hand), makeFigure);
    updateList(child(element("button-figures"), "tbody"), buttonRows(hand), makeRow);
  }
}

/**
 * @param {PaceFigures} pace
 * @returns {Figure[]}
 */
function timeFigures(pace) {
  const { pace_percent, max_lag_millis, max_button_lag_millis, lag_sum_millis } = pace;
  const { bulk_percent, parallel_games, practice_millis } = pace;
  return [
    { name: "Pace", value: `${pace_percent} % of real time`, note: "Pauses and slow devices lower it." },
    {
      name: "Largest lag",
      value: seconds(max_lag_millis),
      note: "Time from when a batch was due until it arrived.",
    },
    {
      name: "Largest lag of a button",
      value: seconds(max_button_lag_millis),
      note: "In a real-time session a game with too large a one does not rank.",
    },
    {
      name: "Sum of lags",
      value: seconds(lag_sum_millis),
      note: "Time for which the game stood still or fell behind.",
    },
    {
      name: "In bulk",
      value: `${bulk_percent} % of the game`,
      note: "Arrived in batches of more than 5 seconds of play. A browser sends each second.",
    },
    {
      name: "Games at once",
      value: String(parallel_games),
      note: "Most games that the player played at the same time.",
    },
    {
      name: "Time to practise",
      value: seconds(practice_millis),
      note: "From the first start of the game's ticket to the last. The player knew the seed.",
    },
  ];
}

/**
 * @param {HandFigures} hand
 * @returns {Figure[]}
 */
function handFigures(hand) {
  const { ticks, left, right, fire, peak_presses, changes, consecutive_changes, moves, single_tick_moves } = hand;
  const { rockets, rocket_hits } = hand;
  const presses = left.presses + right.presses + fire.presses;
  return [
    {
      name: "Play with input",
      value: seconds((1000 * ticks) / TICKS_PER_SECOND),
      note: "Countdowns and the time between two ships are left out.",
    },
    {
      name: "Presses a second",
      value: `${perSecond(presses, ticks)} on average, ${peak(peak_presses, ticks)} at most`,
      note: `All buttons. The maximum is an average over ${WINDOW} seconds.`,
    },
    {
      name: "Changes of direction",
      value: `${moves}, ${percent(single_tick_moves, moves)} of them for a single tick`,
      note: "A single tick is 1/60 s.",
    },
    {
      name: "Changes of buttons",
      value: `${changes}, ${percent(consecutive_changes, changes)} of them in consecutive ticks`,
      note: "Decisions that follow each other after 1/60 s.",
    },
    {
      name: "Rockets",
      value: `${rockets}, ${percent(rocket_hits, rockets)} of them hit`,
      note: "Invaders and the mystery ship are hits.",
    },
  ];
}

/**
 * The rows of the table: a name, and a value for each button.
 * @param {HandFigures} hand
 */
function buttonRows({ ticks, left, right, fire }) {
  /** @type {[string, (button: ButtonFigures) => string][]} */
  const figures = [
    ["Presses", ({ presses }) => String(presses)],
    ["Presses a second", ({ presses }) => perSecond(presses, ticks)],
    [`Most presses a second over ${WINDOW} s`, ({ peak_presses }) => peak(peak_presses, ticks)],
    ["Shortest hold in ms", ({ shortest_hold }) => holdLength(shortest_hold)],
    ["Median hold in ms", ({ median_hold }) => holdLength(median_hold)],
    ["Holds of one tick", ({ single_tick_holds, holds }) => percent(single_tick_holds, holds)],
    ["Holds of one or two ticks", ({ short_holds, holds }) => percent(short_holds, holds)],
    ["Most frequent hold in ms", ({ even_hold_ticks }) => holdLength(even_hold_ticks)],
    ["Holds of exactly that length", ({ even_holds, holds }) => percent(even_holds, holds)],
    ["Most presses in a row at equal distances", ({ even_presses }) => String(even_presses)],
  ];
  return figures.map(([name, format]) => [name, ...[left, right, fire].map(format)]);
}

/** @param {Figure} figure */
const makeFigure = ({ name, value, note }) =>
  make(
    "div",
    {},
    make("dt", { textContent: name }),
    make("dd", { textContent: value }),
    make("dd", { className: "note", textContent: note }),
  );

/** @param {string[]} cells */
const makeRow = ([name = "", ...values]) =>
  make(
    "tr",
    {},
    make("th", { scope: "row", textContent: name }),
    ...values.map((value) => make("td", { textContent: value })),
  );

/** @param {number} millis */
const seconds = (millis) => `${(millis / 1000).toFixed(1)} s`;

/**
 * The most presses a second; none for a game that is shorter than a window.
 * @param {number} presses of a window
 * @param {number} ticks
 */
const peak = (presses, ticks) => (ticks < WINDOW * TICKS_PER_SECOND ? "–" : (presses / WINDOW).toFixed(1));

/**
 * @param {number} presses
 * @param {number} ticks
 */
const perSecond = (presses, ticks) => ((presses * TICKS_PER_SECOND) / Math.max(1, ticks)).toFixed(1);

/**
 * @param {number} part
 * @param {number} whole
 */
const percent = (part, whole) => (whole === 0 ? "0 %" : `${Math.floor((100 * part) / whole)} %`);

/** @param {number} ticks */
function holdLength(ticks) {
  if (ticks === 0) {
    return "–";
  }
  const millis = Math.round((1000 * ticks) / TICKS_PER_SECOND);
  return ticks < LONGEST_HOLD ? String(millis) : `≥ ${millis}`;
}
