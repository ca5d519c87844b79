// The content security policy of the pages. It allows what the server's policy in backend/src/http/pages.rs allows.

import { createHash } from "node:crypto";

/** Returns the policy. It allows the inline scripts of `html` by their hashes, and requests to `login` for tokens. */
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
