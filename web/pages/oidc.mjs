// Sign-in at an external OpenID Connect issuer by the authorization code flow with PKCE. The `state` parameter shows that
// this browser started the sign-in.

import { KEYS, session } from "/storage.mjs";

/** @import { Claims, IssuerTokens, OidcView } from "../types.d.ts" */

/** Where an issuer redirects the browser to. It has to be registered at the issuer. */
const REDIRECT_URI = `${location.origin}/account.html`;
const SCOPE = "openid profile";
const MAX_NICKNAME_CHARS = 20;

/** @param {ArrayBuffer | Uint8Array} bytes */
const toBase64Url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const randomString = () => toBase64Url(crypto.getRandomValues(new Uint8Array(32)));

/**
 * @param {string} address
 * @param {Record<string, string>} parameters
 */
function withQuery(address, parameters) {
  const url = new URL(address);
  Object.entries(parameters).forEach(([name, value]) => url.searchParams.set(name, value));
  return url.href;
}

/**
 * Goes to the issuer's sign-in page.
 * @param {OidcView} issuer
 */
export async function redirectToSignIn({ authorization_endpoint, client }) {
  if (!crypto.subtle) {
    throw new Error("Sign-in needs HTTPS. Open this page with an https:// address.");
  }
  const [state, verifier] = [randomString(), randomString()];
  if (!session.save(KEYS.signIn, { state, verifier, back: location.pathname + location.search })) {
    throw new Error("This browser blocks storage, which sign-in needs. Allow storage for this site and try again.");
  }
  const challenge = toBase64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  location.href = withQuery(authorization_endpoint, {
    response_type: "code",
    client_id: client,
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
}

/** Whether the issuer has redirected the browser here. */
export const hasResponse = () => new URLSearchParams(location.search).has("state");

/**
 * Exchanges the authorization code of the issuer's response for tokens. Also returns the path of the page where the
 * sign-in started.
 * @param {OidcView} issuer
 */
export async function redeemResponse({ token_endpoint, client }) {
  const response = new URLSearchParams(location.search);
  const started = /** @type {{ state: string, verifier: string, back: string } | null} */ (session.load(KEYS.signIn));
  // Both can be used once: a reload or a shared address must not repeat them.
  session.remove(KEYS.signIn);
  history.replaceState(null, "", location.pathname);
  if (!started || started.state !== response.get("state")) {
    throw new Error("This browser did not start this sign-in. Sign in again.");
  }
  const code = response.get("code");
  if (code === null) {
    const reason = response.get("error_description") ?? response.get("error") ?? "the issuer sent no code";
    throw new Error(`Sign-in failed: ${reason}. Sign in again.`);
  }
  const tokens = await exchange(token_endpoint, {
    grant_type: "authorization_code",
    client_id: client,
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: started.verifier,
  });
  if (tokens === null) {
    throw new Error("The sign-in has expired. Sign in again.");
  }
  return { tokens, returnTo: started.back };
}

/**
 * New tokens for a refresh token; null if it is no longer valid.
 * @param {OidcView} issuer
 * @param {string} refresh_token
 */
export const refreshTokens = ({ token_endpoint, client }, refresh_token) =>
  exchange(token_endpoint, { grant_type: "refresh_token", client_id: client, refresh_token });

/**
 * Sends a grant to a token endpoint. Returns null if the grant is not valid or has expired.
 * @param {string} endpoint
 * @param {Record<string, string>} grant
 * @returns {Promise<IssuerTokens | null>}
 */
async function exchange(endpoint, grant) {
  const response = await fetch(endpoint, { method: "POST", body: new URLSearchParams(grant) });
  const body = await response.json().catch(() => ({}));
  if (response.ok) {
    return body;
  }
  if (body.error === "invalid_grant") {
    return null;
  }
  const reason = body.error_description ?? body.error ?? `the issuer responded with status ${response.status}`;
  throw new Error(`Sign-in failed: ${reason}. Try again later.`);
}

/**
 * Goes to the page that ends the issuer's own session, if the issuer has one.
 * @param {OidcView} issuer
 */
export function redirectToSignOut({ end_session_endpoint, client }) {
  if (end_session_endpoint) {
    // Cognito reads logout_uri, the standard says post_logout_redirect_uri.
    const redirect = { logout_uri: REDIRECT_URI, post_logout_redirect_uri: REDIRECT_URI };
    location.href = withQuery(end_session_endpoint, { client_id: client, ...redirect });
  }
}

/**
 * The names in an ID token, for display only: its signature is not verified.
 * @param {string} token
 * @returns {{ name?: string, nickname: string }}
 */
export function readNames(token) {
  const [, payload = ""] = token.split(".");
  const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  /** @type {Claims} */
  const claims = JSON.parse(new TextDecoder().decode(bytes));
  return { name: claims["cognito:username"] ?? claims.preferred_username, nickname: chooseNickname(claims) };
}

/**
 * The first name among the claims that contains visible text, cut to what the server allows.
 * @param {Claims} claims
 */
function chooseNickname(claims) {
  const names = [claims.nickname, claims.preferred_username, claims.name, claims["cognito:username"]];
  return (
    names
      .filter((name) => typeof name === "string")
      .map(cutNickname)
      .find((name) => name !== "") ?? "Player"
  );
}

/** @param {string} name */
function cutNickname(name) {
  const visible = name
    .normalize("NFC")
    .replace(/\p{Z}/gu, " ")
    .replace(/\p{C}|[\p{Mn}\p{Me}]{3,}/gu, "");
  return [...visible.trim()].slice(0, MAX_NICKNAME_CHARS).join("").trim();
}
