// The server's clock, which decides when sessions start and end.

import { request } from "/api.mjs";

/** How far the server's clock is ahead of this browser's, in milliseconds. */
let offset = 0;

/** Measures the offset of the server's clock. Assumes that the response took half of the round trip. */
export async function syncClock() {
  const sent = Date.now();
  const { now } = await request("get", "/v1/clock", {});
  offset = now - (sent + Date.now()) / 2;
}

/** The server's time in milliseconds since 1970. */
export const serverNow = () => Date.now() + offset;

/**
 * The time until an instant as minutes and seconds; 0:00 if it has passed.
 * @param {number} instant milliseconds since 1970 by the server's clock
 */
export function formatTimeUntil(instant) {
  const seconds = Math.max(0, Math.ceil((instant - serverNow()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
