// The account page: sign in, create an account, change the password, and choose a session.

import {
  changePassword,
  currentAccount,
  finishExternalSignIn,
  onAccountChange,
  register,
  requestAsAccount,
  signIn,
  signOut,
  startExternalSignIn,
  usesExternalIssuer,
} from "/account.mjs";
import { attempt, onSubmit } from "/attempt.mjs";
import { element, make } from "/dom.mjs";

function showAccount() {
  const account = currentAccount();
  element("account").hidden = account === null;
  element("no-account").hidden = account !== null;
  element("nickname").textContent = account?.nickname ?? "";
  element("account-name").textContent = account?.name ?? "";
}

/** Shows the forms for the server's way of signing in. */
async function showSignInMethod() {
  const isExternal = await usesExternalIssuer();
  element("external-sign-in").hidden = !isExternal;
  element("password-sign-in").hidden = isExternal;
  element("change-password").hidden = isExternal;
  element("account-name-hint").hidden = isExternal;
  element("sign-out").textContent = isExternal ? "Sign out" : "Sign out of all devices";
}

async function showSessions() {
  const { sessions } = await requestAsAccount("get", "/v1/sessions", {});
  const open = sessions.filter(({ stage }) => stage === "lobby" || stage === "running");
  const entries = open.map(({ name, code, guests }) => {
    const link = make("a", { href: `/?join=${code}`, textContent: name });
    return make("li", {}, link, guests ? "" : " (account required)");
  });
  element("sessions").replaceChildren(...entries);
  element("no-sessions").hidden = entries.length > 0;
}

onSubmit("sign-in", ({ name = "", password = "" }) => signIn(name, password));
onSubmit("register", ({ nickname = "", password = "" }) => register(nickname, password));
onSubmit("change-password", (fields) => changePassword(fields.current ?? "", fields.new ?? ""));
onSubmit("join", ({ code = "" }) => {
  location.href = `/?join=${encodeURIComponent(code.toUpperCase())}`;
});
element("sign-out").addEventListener("click", () => attempt(signOut));
element("start-external-sign-in").addEventListener("click", () => attempt(startExternalSignIn));

onAccountChange(showAccount);
showAccount();
attempt(async () => {
  try {
    await showSignInMethod();
    await finishExternalSignIn();
  } finally {
    await showSessions();
  }
});
