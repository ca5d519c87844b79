// Who is signed in at this browser, and requests in that name. The access token is renewed as it wears out. Who keeps the
// accounts, the server or an issuer elsewhere, is told apart here alone.

import * as oidc from "/oidc.mjs";

const KEY = "alien-attack.account";
/** A token that is worn out sooner than this is renewed, in milliseconds. */
const SPARE = 120_000;

/** An answer that is a refusal: what is wrong, in words. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.code = problem?.code;
  }
}

let account = JSON.parse(localStorage.getItem(KEY) ?? "null");

export const signedIn = () => account;

function keep(tokens) {
  account = tokens;
  if (tokens === null) {
    localStorage.removeItem(KEY);
  } else {
    localStorage.setItem(KEY, JSON.stringify(tokens));
  }
}

async function request(method, path, body, token, type = "application/json") {
  const headers = { accept: "application/json" };
  if (body !== undefined) {
    headers["content-type"] = type;
  }
  if (token) {
    headers.authorization = `Bearer ${token}`;
  }
  const answer = await fetch(path, { method, headers, body: type === "text/plain" ? body : JSON.stringify(body) });
  if (!answer.ok) {
    // What stands in between may answer without a word of ours.
    throw new Refusal(answer.status, await answer.json().catch(() => null));
  }
  return answer;
}

async function send(...what) {
  const text = await (await request(...what)).text();
  return text === "" ? null : JSON.parse(text);
}

let asked = null;

/** How one signs in; asked for once, and again where there was no answer. */
function identity() {
  asked ??= send("GET", "/v1/identity").catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** Whether an issuer elsewhere keeps the accounts. */
export const signsInElsewhere = async () => (await identity()).by === "oidc";

/** Leaves for the issuer's page, to come back to this one. */
export async function goAndSignIn() {
  await oidc.leave(await identity());
}

/** Where the issuer has sent the browser here: signs in, and goes back to the page where that began. */
export async function comeBack() {
  if (!oidc.arrives()) {
    return;
  }
  const { tokens, back } = await oidc.arrive(await identity());
  if (tokens === null) {
    throw new Error("This sign-in took too long. Please try again.");
  }
  keep(await accountOf(tokens));
  const page = new URL(back, location.origin);
  if (page.origin === location.origin && page.pathname !== location.pathname) {
    location.replace(page);
  }
}

/** An account as it is kept here, of an issuer's tokens. Who it is and what it may do, the server says. */
async function accountOf({ access_token, expires_in = 300, refresh_token, id_token }, before = {}) {
  const { player, role } = await send("GET", "/v1/accounts/mine", undefined, access_token);
  const told = id_token ? oidc.claims(id_token) : null;
  const names = told && { name: told["cognito:username"] ?? told.preferred_username, nickname: oidc.nickname(told) };
  const tokens = { access_token, refresh_token: refresh_token ?? before.refresh_token };
  return { ...before, ...names, player, role, ...tokens, expires_at: Date.now() + 1000 * expires_in };
}

export async function signIn(name, password) {
  keep(await send("POST", "/v1/tokens", { name, password }));
  return account;
}

export async function register(nickname, password) {
  keep(await send("POST", "/v1/accounts", { nickname, password }));
  return account;
}

export async function changePassword(from, to) {
  keep(await send("PUT", "/v1/accounts/mine/password", { old: from, new: to }, await token()));
}

export async function signOut() {
  const token = account?.access_token;
  // Signed out here in any case.
  keep(null);
  const way = await identity();
  if (way.by === "oidc") {
    oidc.leaveForGood(way);
  } else {
    await send("DELETE", "/v1/tokens", undefined, token).catch(() => {});
  }
}

/** At most one renewal is under way: a refresh token can be used once. */
let renewal = null;

/** The account with new tokens; null where it has to sign in again. */
async function renewed({ refresh_token, ...before }) {
  const way = await identity();
  if (way.by !== "oidc") {
    return send("POST", "/v1/tokens/refresh", { refresh_token });
  }
  // Not every issuer gives one.
  const tokens = refresh_token ? await oidc.refresh(way, refresh_token) : null;
  return tokens && accountOf(tokens, { ...before, refresh_token });
}

async function renew() {
  renewal ??= renewed(account)
    .then(keep, (error) => {
      if (error instanceof Refusal && error.status === 401) {
        keep(null);
      }
      throw error;
    })
    .finally(() => (renewal = null));
  await renewal;
}

/** A token that holds for a while, of whoever is signed in. */
async function token() {
  if (account && account.expires_at - Date.now() < SPARE) {
    await renew();
  }
  return account?.access_token;
}

/** A request in the name of whoever is signed in. */
export async function ask(method, path, body) {
  return send(method, path, body, await token());
}

/** The same for an answer that is kept as a file. */
export async function askForFile(path) {
  return (await request("GET", path, undefined, await token())).blob();
}

/** The same with a plain text. */
export async function askWithText(method, path, text) {
  return send(method, path, text, await token(), "text/plain");
}

/** Keeps a page's tokens from wearing out, for as long as it is open. */
export function stayFresh() {
  const look = () => token().catch(() => {});
  setInterval(look, SPARE / 2);
  return look();
}
