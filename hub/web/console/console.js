// The query page: signing in, examples, and the form or GraphiQL to ask with.

import { mountChooser } from "./chooser.js";
import { mountExplorer } from "./explorer.js";
import { mountForm } from "./form.js";
import { beginSignIn, returningGrant } from "./person.js";
import { HubError, Session, ask, clientGrant } from "./session.js";

const SDL = "/graphql/schema.graphql";
// GraphiQL sets its panes side by side: on anything narrower the plain form serves better.
const WIDE = "(min-width: 800px)";
// What a newcomer finds in the editor.
const FIRST = "medicine";

const session = new Session();
const signInForm = document.getElementById("sign-in");
const signedOut = document.getElementById("signed-out");
const notice = document.getElementById("notice");

function complain(error) {
  const known = error instanceof HubError;
  notice.querySelector("[data-zh]").textContent = known ? error.zh : "页面出错，请刷新后再试。";
  notice.querySelector("[data-en]").textContent = known ? error.en : "The page failed; please reload it.";
  notice.hidden = false;
  if (!known) console.error(error);
}

async function run(question) {
  notice.hidden = true;
  try {
    return await ask(session, question);
  } catch (error) {
    complain(error);
    return null;
  }
}

async function signIn(grant) {
  notice.hidden = true;
  const buttons = signedOut.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  try {
    await session.signIn(grant);
  } catch (error) {
    complain(error);
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

function showSession() {
  const { holder } = session;
  signedOut.hidden = holder !== null;
  document.getElementById("signed-in").hidden = holder === null;
  document.getElementById("client").textContent = name(holder);
  document.getElementById("reach").textContent = reach(holder?.account);
  document.getElementById("how-many").textContent = holder?.scopes.length ?? "";
  document.getElementById("scopes").replaceChildren(
    ...(holder?.scopes ?? []).map((scope) => Object.assign(document.createElement("li"), { textContent: scope })),
  );
}

function name(holder) {
  const { account, id } = holder ?? {};
  return account ? `${account.display_name} ${account.user_name}` : (id ?? "");
}

// Which rows a person sees; of a client the token says it, and it is asked with `me`.
function reach(account) {
  if (!account) return "";
  const rows = account.region === "000000" ? "全国 the whole country" : (account.region ?? account.organization?.join(" ") ?? "无 none");
  return `${account.organization_name} · 数据范围 Rows: ${rows}`;
}

/** Signs in whoever comes back from the sign-in pages. */
function signInOnReturn() {
  try {
    const grant = returningGrant();
    if (grant !== null) signIn(grant);
  } catch (error) {
    complain(error);
  }
}

/** Signs in by `#client_id=…&client_secret=…`, which leaves the address bar before anything else happens. */
function signInByFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  const id = given.get("client_id");
  const secret = given.get("client_secret");
  if (id === null || secret === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  signIn(clientGrant(id, secret));
}

function listen(bench) {
  signInForm.addEventListener("submit", (event) => {
    event.preventDefault();
    const { client_id: id, client_secret: secret } = signInForm.elements;
    signIn(clientGrant(id.value.trim(), secret.value.trim()));
    secret.value = "";
  });
  document.getElementById("as-person").addEventListener("click", () => beginSignIn().catch(complain));
  document.getElementById("sign-out").addEventListener("click", () => session.signOut());
  session.addEventListener("change", () => {
    showSession();
    if (session.holder === null) bench.clear();
  });
  window.addEventListener("hashchange", signInByFragment);
}

async function read(path) {
  const response = await fetch(path, { credentials: "omit" });
  if (!response.ok) {
    throw new HubError(`读不到 ${path}（状态码 ${response.status}）。`, `${path} cannot be read (status ${response.status}).`);
  }
  return response.text();
}

async function mount(first) {
  const installed = document.documentElement.dataset.graphiql === "true";
  if (installed && matchMedia(WIDE).matches) {
    document.body.classList.add("wide");
    return mountExplorer({ run, sdl: await read(SDL), first });
  }
  document.getElementById("how-to-get").hidden = installed;
  const form = mountForm({ run, complain });
  form.show(first);
  return form;
}

async function start() {
  const { departments, examples } = JSON.parse(await read("/console/examples.json"));
  const bench = await mount(examples.find(({ name }) => name === FIRST));
  mountChooser({ departments, examples, session, show: (example) => bench.show(example) });
  listen(bench);
  signInOnReturn();
  signInByFragment();
}

start().catch(complain);
