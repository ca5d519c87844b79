// What pages may run and load, as the server says it, too (backend/src/http/pages.rs): what is ours alone.

import { createHash } from "node:crypto";

/** `html` is the page with a script of its own, which the policy names by its hash; tokens come from `login`. */
export function pagePolicy(html: string, login: string): string {
  const scripts = inlineScripts(html).map(
    (script) => ` 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [
    "default-src 'self'",
    `script-src 'self' 'wasm-unsafe-eval'${scripts.join("")}`,
    `connect-src 'self' ${login}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)]
    .filter(([, attributes]) => !attributes?.includes(" src="))
    .map(([, , script]) => script ?? "");
}
