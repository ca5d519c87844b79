// The verdict on a game in words, and whether the game ranks, on the manager's desk.

/** @import { GameView, RejectionCode, UnrankedCause } from "../types.d.ts" */

/** @type {Record<RejectionCode, string>} */
const REJECTIONS = {
  ahead_of_time: "faster than real time",
  rewritten: "button log changed",
  broken_log: "button log incomplete",
  hash_mismatch: "state differs from the replay",
  not_over: "not over by the rules",
  past_end: "buttons after the end",
  too_long: "longer than the maximum",
};

/** @type {{ [C in UnrankedCause["code"]]: (cause: Extract<UnrankedCause, { code: C }>) => string }} */
const CAUSES = {
  manager: ({ reason }) => reason,
  copy: () => "played like an earlier game of another player",
  lag: ({ millis }) => `buttons arrived ${(millis / 1000).toFixed(0)} s after they were due`,
};

/** @param {GameView} game */
export function describeVerdict({ verdict, rank, late }) {
  if (verdict.status === "rejected") {
    return `rejected: ${REJECTIONS[verdict.reason.code]}`;
  }
  /** @type {string[]} */
  const words = [verdict.status];
  if (rank.status === "unranked") {
    words.push(`unranked: ${describeCause(rank.cause)}`);
  }
  if (late) {
    words.push("partly too late to count");
  }
  return words.join(", ");
}

/** @param {UnrankedCause} cause */
export function describeCause(cause) {
  const describe = /** @type {(cause: UnrankedCause) => string} */ (CAUSES[cause.code]);
  return describe(cause);
}
