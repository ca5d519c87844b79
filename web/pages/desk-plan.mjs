// The form for a new session on the manager's desk.

import { requestAsAccount } from "/account.mjs";

/** @import { Admission, Plan } from "../types.d.ts" */

/**
 * Reads a session plan from the form's fields. The server parses the tuning.
 * @param {Record<string, string>} fields
 * @returns {Promise<Plan>}
 */
export async function readPlan(fields) {
  const { name = "", kind, minutes, seats, admission, opens_at, closes_at, tuning = "" } = fields;
  return {
    name,
    kind: readKind(kind, Number(minutes)),
    seats: seats ? Number(seats) : null,
    synchronised: "synchronised" in fields,
    shared_seed: "shared_seed" in fields,
    guests: "guests" in fields,
    admission: /** @type {Admission} */ (admission),
    real_time: "real_time" in fields,
    opens_at: readInstant(opens_at),
    closes_at: readInstant(closes_at),
    ...(tuning.trim() !== "" && { tuning: await requestAsAccount("post", "/v1/tuning", { text: tuning }) }),
  };
}

/**
 * @param {string | undefined} kind
 * @param {number} minutes
 * @returns {Plan["kind"]}
 */
function readKind(kind, minutes) {
  if (kind === "single_trial" || kind === "multiple_trials") {
    return kind;
  }
  return { time_constrained: { minutes } };
}

/**
 * Milliseconds since 1970 of a date and time in the browser's time zone; null if the field is empty.
 * @param {string | undefined} text
 */
function readInstant(text) {
  return text ? new Date(text).getTime() : null;
}
