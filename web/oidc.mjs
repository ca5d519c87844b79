// Signing in elsewhere, by OpenID Connect: with an authorization code that only the browser which asked for it can exchange
// (PKCE), and a state by which it knows its own question again.

const KEY = "alien-attack.sign-in";
/** Where an issuer sends a browser back to, whichever page it came from; the issuer has to know this address. */
const RETURN = `${location.origin}/account.html`;
const SCOPE = "openid profile";

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** An issuer's address with a question. */
function withQuery(address, fields) {
  const url = new URL(address);
  Object.entries(fields).forEach(([name, value]) => url.searchParams.set(name, value));
  return url.href;
}

/** Leaves for the issuer's page, to come back to this one. */
export async function leave({ authorization_endpoint, client }) {
  if (!crypto.subtle) {
    throw new Error("Signing in needs this page to come by https.");
  }
  const [state, verifier] = [random(), random()];
  sessionStorage.setItem(KEY, JSON.stringify({ state, verifier, back: location.pathname + location.search }));
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  location.href = withQuery(authorization_endpoint, {
    response_type: "code",
    client_id: client,
    redirect_uri: RETURN,
    scope: SCOPE,
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
}

/** Whether the issuer has sent the browser here. */
export const arrives = () => new URLSearchParams(location.search).has("state");

/** The tokens that the issuer gives for what it sent the browser here with, and the page to go back to. */
export async function arrive({ token_endpoint, client }) {
  const answer = new URLSearchParams(location.search);
  const asked = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  // Each can be used once, and neither is to be reloaded or shared.
  sessionStorage.removeItem(KEY);
  history.replaceState(null, "", location.pathname);
  if (asked === null || asked.state !== answer.get("state")) {
    throw new Error("This sign-in was not begun here. Please try again.");
  }
  if (!answer.has("code")) {
    throw new Error(answer.get("error_description") ?? answer.get("error") ?? "Nobody has signed in.");
  }
  const tokens = await exchange(token_endpoint, {
    grant_type: "authorization_code",
    client_id: client,
    code: answer.get("code"),
    redirect_uri: RETURN,
    code_verifier: asked.verifier,
  });
  return { tokens, back: asked.back };
}

/** New tokens for a refresh token. */
export const refresh = ({ token_endpoint, client }, refresh_token) =>
  exchange(token_endpoint, { grant_type: "refresh_token", client_id: client, refresh_token });

/** What a token endpoint answers; null where it says that what it was sent holds no longer. */
async function exchange(endpoint, fields) {
  const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(fields) });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) {
    return said;
  }
  if (said.error === "invalid_grant") {
    return null;
  }
  throw new Error(said.error_description ?? said.error ?? `Signing in failed: the issuer answered ${answer.status}.`);
}

/** Leaves for where the issuer ends its own session, too, if it has such a place. */
export function leaveForGood({ end_session_endpoint, client }) {
  if (end_session_endpoint) {
    // Cognito reads the one address to come back to, others read the other.
    const back = { logout_uri: RETURN, post_logout_redirect_uri: RETURN };
    location.href = withQuery(end_session_endpoint, { client_id: client, ...back });
  }
}

/** What an ID token says of whoever it is, for show: nobody has checked it. */
export function claims(token) {
  const [, body] = token.split(".");
  const bytes = Uint8Array.from(atob(body.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** A nickname made of the first of those claims that has one: what the server allows of it, cut to 20 characters. */
export function nickname(told) {
  const names = [told.nickname, told.preferred_username, told.name, told["cognito:username"]];
  const visible = (name) =>
    name
      .normalize("NFC")
      .replace(/\p{Z}/gu, " ")
      .replace(/\p{C}|[\p{Mn}\p{Me}]{3,}/gu, "");
  const cut = (name) => [...visible(name).trim()].slice(0, 20).join("").trim();
  return (
    names
      .filter((name) => typeof name === "string")
      .map(cut)
      .find((name) => name !== "") ?? "Player"
  );
}
