// Who is signed in, with a token that is kept in memory only, and questions asked with it.

// A token is renewed when it has this long to go, or a quarter of its life if that is shorter.
const RENEW_BEFORE_SECONDS = 30;

/** What went wrong, as one sentence in Chinese and one in English. */
export class HubError extends Error {
  constructor(zh, en) {
    super(`${zh} ${en}`);
    this.zh = zh;
    this.en = en;
  }
}

/**
 * One sign-in; fires `change` when somebody signs in, out, or is turned away. It is made of a grant:
 * `{id, ask}` and, where signing out has to be told, `leave`. `ask()` fetches the token endpoint's answer.
 */
export class Session extends EventTarget {
  #holder = null; // {id, grant, token, scopes, account, renewAt}
  #renewing = null;

  /** The sign-in itself: another object, or null, once it has ended. */
  get holder() {
    return this.#holder;
  }

  /** Signs in by a grant. Throws HubError. */
  async signIn(grant) {
    this.signOut();
    const holder = { id: grant.id, grant, token: null, scopes: [], account: null, renewAt: 0 };
    await renew(holder);
    this.#hold(holder);
  }

  signOut() {
    const left = this.#holder;
    this.#renewing = null;
    this.#hold(null);
    // whoever signs out is not kept waiting; what cannot be told ends by itself
    left?.grant.leave?.().catch(() => {});
  }

  /** A token that is good for a while yet. Throws HubError where nobody is signed in. */
  async token() {
    const holder = this.#holder;
    if (!holder) throw new HubError("请先登录。", "Please sign in first.");
    if (Date.now() >= holder.renewAt) await this.#renewOnce(holder);
    return holder.token;
  }

  /** Marks a token that the hub refused, so that the next one is new. */
  distrust(token) {
    if (this.#holder?.token === token) this.#holder.renewAt = 0;
  }

  // Questions asked at the same time wait for the same renewal.
  async #renewOnce(holder) {
    this.#renewing ??= renew(holder);
    const renewing = this.#renewing;
    try {
      await renewing;
    } catch (error) {
      const isOver = error.status === 401 || error.code === "invalid_grant";
      if (isOver && this.#holder === holder) this.signOut();
      throw error;
    } finally {
      if (this.#renewing === renewing) this.#renewing = null;
    }
  }

  #hold(holder) {
    this.#holder = holder;
    this.dispatchEvent(new Event("change"));
  }
}

/** The grant of a client: its id and secret, asked with again and again. */
export function clientGrant(id, secret) {
  const headers = { Authorization: `Basic ${basic(id, secret)}` };
  return { id, ask: () => askForToken({ grant_type: "client_credentials" }, headers) };
}

/** The token endpoint's answer. Throws HubError. */
export async function askForToken(parameters, headers = {}) {
  const response = await send("/oauth/token", { method: "POST", headers, body: new URLSearchParams(parameters) });
  const answer = await readJson(response);
  if (!response.ok) throw refusal(response, answer);
  return answer;
}

/** Puts a question to the graph; the answer as GraphQL gives it, `errors` included. Throws HubError. */
export async function ask(session, question) {
  const holder = session.holder;
  let response = await post(await session.token(), question, session);
  if (response.status === 401) response = await post(await session.token(), question, session);
  const answer = await readJson(response);
  if (session.holder !== holder) {
    throw new HubError("登录已变更，这次的结果不再显示。", "The sign-in has changed; this answer is not shown.");
  }
  if (response.status === 401) {
    throw new HubError("令牌未被接受，请重新登录。", "The token was not accepted; please sign in again.");
  }
  if (!response.ok && !Array.isArray(answer.errors)) throw refusal(response, answer);
  return answer;
}

async function post(token, question, session) {
  const response = await send("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify(question),
  });
  if (response.status === 401) session.distrust(token);
  return response;
}

async function renew(holder) {
  const answer = await holder.grant.ask();
  const seconds = answer.expires_in;
  holder.token = answer.access_token;
  holder.scopes = (answer.scope ?? "").split(" ").filter(Boolean);
  holder.account = answer.account ?? null;
  holder.renewAt = Date.now() + (seconds - Math.min(RENEW_BEFORE_SECONDS, seconds / 4)) * 1000;
}

// RFC 6749 §2.3.1: each part is form-encoded before the two are joined.
function basic(id, secret) {
  return btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`);
}

// Without `omit` the browser would answer a 401 with a password box of its own.
export async function send(path, options) {
  try {
    return await fetch(path, { ...options, credentials: "omit", cache: "no-store" });
  } catch {
    throw new HubError("连不上数据枢纽，请检查网络或稍后再试。", "The hub cannot be reached; check the network or try later.");
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new HubError(
      `数据枢纽的答复无法读懂（状态码 ${response.status}）。`,
      `The hub's answer cannot be understood (status ${response.status}).`,
    );
  }
}

// The issuer says why in Chinese (`message`) and in English (`error_description`).
function refusal(response, answer) {
  const error = new HubError(
    answer.message ?? `数据枢纽拒绝了请求（状态码 ${response.status}）。`,
    answer.error_description ?? `The hub refused the request (status ${response.status}).`,
  );
  error.status = response.status;
  error.code = answer.error;
  return error;
}
