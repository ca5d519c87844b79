// The stages of a session in words: on the manager's desk, and on the scoreboard.

/** @import { StageName } from "../types.d.ts" */

/** @type {Record<StageName, string>} */
export const MANAGER_STAGES = {
  planned: "not open yet",
  lobby: "lobby: players wait for the start",
  running: "running",
  closing: "closing: running games still count",
  closed: "closed: the standings are final",
};

/** @type {Record<StageName, string>} */
export const SCOREBOARD_STAGES = {
  planned: "opens soon",
  lobby: "join now: starts soon",
  running: "running",
  closing: "time is up: counting the last games",
  closed: "final standings",
};
