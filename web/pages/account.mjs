// The account that is signed in in this browser, and requests with its access token. The accounts are kept by the server or
// by an external OpenID Connect issuer; only this module knows which.

import { ApiError, request, requestFile } from "/api.mjs";
import * as oidc from "/oidc.mjs";
import { KEYS, local } from "/storage.mjs";

/** @import { Account, IdentityView, IssuerTokens, Method, PathWith, RequestOptions, ResponseBody } from "../types.d.ts" */

/** An access token that expires sooner than this is renewed, in milliseconds. */
const MIN_VALIDITY = 120_000;
/** The lifetime of an access token if the issuer does not send it, in seconds. */
const DEFAULT_LIFETIME = 300;

let account = loadAccount();
/** @type {(() => void)[]} */
const listeners = [];

/** The account that is signed in, or null. */
export const currentAccount = () => account;

/**
 * Calls a function whenever the account changes.
 * @param {() => void} listener
 */
export function onAccountChange(listener) {
  listeners.push(listener);
}

/** @returns {Account | null} */
function loadAccount() {
  const saved = /** @type {Account | null} */ (local.load(KEYS.account));
  const isAccount = typeof saved?.access_token === "string" && typeof saved.expires_at === "number";
  return isAccount ? saved : null;
}

/** @param {Account | null} changed */
function setAccount(changed) {
  account = changed;
  if (changed === null) {
    local.remove(KEYS.account);
  } else {
    local.save(KEYS.account, changed);
  }
  listeners.forEach((listener) => listener());
}

/** @type {Promise<IdentityView> | null} */
let identity = null;

/** How to sign in. Requested once; again if the request failed. */
function loadIdentity() {
  identity ??= request("get", "/v1/identity", {}).catch((error) => {
    identity = null;
    throw error;
  });
  return identity;
}

/** Whether an external issuer keeps the accounts. */
export const usesExternalIssuer = async () => (await loadIdentity()).by === "oidc";

/** Goes to the issuer's sign-in page, which redirects back to this page. */
export async function startExternalSignIn() {
  const issuer = await loadIdentity();
  if (issuer.by === "oidc") {
    await oidc.redirectToSignIn(issuer);
  }
}

/** Signs in if the issuer has redirected the browser here, and goes back to the page where the sign-in started. */
export async function finishExternalSignIn() {
  if (!oidc.hasResponse()) {
    return;
  }
  const issuer = await loadIdentity();
  if (issuer.by !== "oidc") {
    throw new Error("This server has no external sign-in. Sign in with an account name and password.");
  }
  const { tokens, returnTo } = await oidc.redeemResponse(issuer);
  setAccount(await makeAccount(tokens));
  const page = new URL(returnTo, location.origin);
  if (page.origin === location.origin && page.pathname !== location.pathname) {
    location.replace(page);
  }
}

/**
 * Makes an account from an issuer's tokens. The server says which player it is and which role it has.
 * @param {IssuerTokens} tokens
 * @param {Account | null} [previous]
 * @returns {Promise<Account>}
 */
async function makeAccount(tokens, previous = null) {
  const { access_token, expires_in = DEFAULT_LIFETIME, refresh_token = previous?.refresh_token, id_token } = tokens;
  const { player, role } = await request("get", "/v1/accounts/mine", { token: access_token });
  const names = id_token ? oidc.readNames(id_token) : {};
  return {
    ...previous,
    ...names,
    player,
    role,
    access_token,
    refresh_token,
    expires_at: Date.now() + 1000 * expires_in,
  };
}

/**
 * @param {string} name
 * @param {string} password
 */
export async function signIn(name, password) {
  setAccount(await request("post", "/v1/tokens", { body: { name, password } }));
}

/**
 * Creates an account and signs it in.
 * @param {string} nickname
 * @param {string} password
 */
export async function register(nickname, password) {
  setAccount(await request("post", "/v1/accounts", { body: { nickname, password } }));
}

/**
 * @param {string} current
 * @param {string} changed
 */
export async function changePassword(current, changed) {
  setAccount(await requestAsAccount("put", "/v1/accounts/mine/password", { body: { old: current, new: changed } }));
}

/** Signs out in this browser, and at the server or the issuer. */
export async function signOut() {
  const token = account?.access_token;
  setAccount(null);
  const issuer = await loadIdentity();
  if (issuer.by === "oidc") {
    oidc.redirectToSignOut(issuer);
  } else {
    // If the server cannot be reached, the tokens stay valid until they expire.
    await request("delete", "/v1/tokens", { token }).catch(() => {});
  }
}

/**
 * The renewal in progress. A refresh token can be used once, so there is at most one renewal at a time.
 * @type {Promise<void> | null}
 */
let renewal = null;

/**
 * The account with new tokens; null if it has to sign in again.
 * @param {Account} expiring
 * @returns {Promise<Account | null>}
 */
async function renewTokens(expiring) {
  const issuer = await loadIdentity();
  const { refresh_token } = expiring;
  if (!refresh_token) {
    return null;
  }
  if (issuer.by !== "oidc") {
    return request("post", "/v1/tokens/refresh", { body: { refresh_token } });
  }
  const tokens = await oidc.refreshTokens(issuer, refresh_token);
  return tokens && makeAccount(tokens, expiring);
}

/** @param {Account} expiring */
async function renewAccount(expiring) {
  try {
    setAccount(await renewTokens(expiring));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      setAccount(null);
    }
    throw error;
  } finally {
    renewal = null;
  }
}

/** An access token that stays valid for a while, or undefined if nobody is signed in. */
async function validToken() {
  if (account && account.expires_at - Date.now() < MIN_VALIDITY) {
    renewal ??= renewAccount(account);
    await renewal;
  }
  return account?.access_token;
}

/**
 * Sends a request with the account's access token, if there is one.
 * @template {Method} M
 * @template {PathWith<M>} P
 * @param {M} method
 * @param {P} template
 * @param {RequestOptions<P, M>} options
 * @returns {Promise<ResponseBody<P, M>>}
 */
export async function requestAsAccount(method, template, options) {
  return request(method, template, { ...options, token: await validToken() });
}

/**
 * Requests a file with the account's access token, if there is one.
 * @param {string} path
 */
export async function requestFileAsAccount(path) {
  return requestFile(path, await validToken());
}

/** Renews the tokens for as long as the page is open. */
export function keepTokensValid() {
  // A failed renewal is tried again the next time.
  const renew = () => validToken().catch(() => {});
  setInterval(renew, MIN_VALIDITY / 2);
  return renew();
}
