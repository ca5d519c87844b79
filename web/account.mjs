// Who is signed in at this browser, and requests in that name. The access token is renewed as it wears out.

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
  keep(null);
  // Signed out here in any case.
  await send("DELETE", "/v1/tokens", undefined, token).catch(() => {});
}

/** At most one renewal is under way: a refresh token can be used once. */
let renewal = null;

async function renew() {
  renewal ??= send("POST", "/v1/tokens/refresh", { refresh_token: account.refresh_token })
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
