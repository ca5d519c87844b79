// Files that the page offers for download.

import { make } from "/dom.mjs";

/** Time after which the browser has read a downloaded file, in milliseconds. */
const DOWNLOAD_TIMEOUT = 60_000;

/**
 * @param {string} name
 * @param {Blob} file
 */
export function downloadFile(name, file) {
  const href = URL.createObjectURL(file);
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), DOWNLOAD_TIMEOUT);
}
