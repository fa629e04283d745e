// A person's sign-in: authorization code with PKCE, by a visit to the hub's sign-in pages; tokens stay in memory.

import { HubError, askForToken, send } from "./session.js";

const CLIENT = "baogong-page";
// What has to outlive the visit: of use to nobody without the code, and gone once it is read.
const KEPT = "baogong.sign-in";

/** Leaves for the sign-in pages, which come back to this page. Throws HubError. */
export async function beginSignIn() {
  if (!crypto.subtle) {
    throw new HubError("登录需要 https 地址。", "Signing in needs an https address.");
  }
  const verifier = random();
  const state = random();
  const challenge = encode(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))));
  sessionStorage.setItem(KEPT, JSON.stringify({ verifier, state }));
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: CLIENT,
    redirect_uri: redirectUri(),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  location.assign(`/oauth/authorize?${asked}`);
}

/** The grant of somebody who comes back from the sign-in pages; null where nobody does. Throws HubError. */
export function returningGrant() {
  const back = new URLSearchParams(location.search);
  if (!back.has("state") || !(back.has("code") || back.has("error"))) return null;
  // the code leaves the address bar, and what it goes with the storage, before anything else happens
  history.replaceState(null, "", location.pathname + location.hash);
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  sessionStorage.removeItem(KEPT);
  if (back.get("state") !== kept.state || back.get("iss") !== location.origin) {
    throw new HubError("这次登录不是从本页开始的，请重新登录。", "This sign-in did not begin here; please sign in again.");
  }
  if (back.has("error")) {
    throw new HubError("登录未完成：账号没有权限或请求不对。", `Not signed in: ${back.get("error_description") ?? back.get("error")}`);
  }
  return personGrant(back.get("code"), kept.verifier);
}

function personGrant(code, verifier) {
  let refresh = null;
  const next = () =>
    refresh === null
      ? { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri(), client_id: CLIENT }
      : { grant_type: "refresh_token", refresh_token: refresh, client_id: CLIENT };
  return {
    id: CLIENT,
    async ask() {
      const answer = await askForToken(next());
      refresh = answer.refresh_token;
      return answer;
    },
    leave: () =>
      send("/oauth/revoke", {
        method: "POST",
        body: new URLSearchParams({ token: refresh, token_type_hint: "refresh_token", client_id: CLIENT }),
      }),
  };
}

function redirectUri() {
  return `${location.origin}/`;
}

function random() {
  return encode(crypto.getRandomValues(new Uint8Array(32)));
}

function encode(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
