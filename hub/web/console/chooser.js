// Examples by department, and what of the chosen one the caller's token does not open.

// So many fields are named for each scope that is missing; the rest is counted.
const NAMED = 4;

/** Offers examples. `show(example)` puts one into the bench; `session` says what the token opens. */
export function mountChooser({ departments, examples, session, show }) {
  const byDepartment = document.getElementById("departments");
  const list = document.getElementById("examples");
  const note = document.getElementById("needs");

  function fill() {
    const fitting = examples.filter((one) => one.departments.includes(byDepartment.value));
    list.replaceChildren(
      new Option("请选择… Choose…", ""),
      ...fitting.map(({ name, title_zh, title_en }) => new Option(`${title_zh} ${title_en}`, name)),
    );
    tell();
  }

  function chosen() {
    return examples.find((one) => one.name === list.value);
  }

  function tell() {
    const example = chosen();
    note.hidden = example === undefined;
    if (example === undefined) return;
    const scopes = session.holder?.scopes ?? null;
    const missing = scopes === null ? needed(example) : needed(example, scopes);
    note.className = scopes !== null && missing.size > 0 ? "needs closed" : "needs";
    note.replaceChildren(...sentence(scopes, missing), who(example));
  }

  byDepartment.replaceChildren(...departments.map(({ key, zh, en }) => new Option(`${zh} ${en}`, key)));
  byDepartment.addEventListener("change", fill);
  list.addEventListener("change", () => {
    const example = chosen();
    if (example !== undefined) show(example);
    tell();
  });
  session.addEventListener("change", tell);
  fill();
}

/** Fields by the scopes they need; of those only that `scopes` do not open. */
function needed(example, scopes = []) {
  const found = new Map();
  for (const [field, groups] of Object.entries(example.needs)) {
    if (groups.some((group) => group.every((scope) => scopes.includes(scope)))) continue;
    const words = groups.map((group) => group.filter((scope) => !scopes.includes(scope)).join(" + ")).join(" / ");
    found.set(words, [...(found.get(words) ?? []), field]);
  }
  return found;
}

function sentence(scopes, missing) {
  if (missing.size === 0) return bilingual("您的令牌可读本例的全部字段。", "Your token opens every field of this example.");
  if (scopes === null) {
    return [...bilingual("本例需要的权限：", "Scopes that this example needs: "), ...codes(missing.keys())];
  }
  const lead = bilingual("您的令牌打不开本例的这些字段，查询会被拒绝：", "Your token does not open these fields; the query would be refused:");
  return [...lead, ...[...missing].map(([scope, fields]) => line(scope, fields))];
}

function line(scope, fields) {
  const item = document.createElement("span");
  item.className = "missing";
  const rest = fields.length > NAMED ? `… (${fields.length})` : "";
  item.append(...codes([scope]), ` ${fields.slice(0, NAMED).join(", ")} ${rest}`);
  return item;
}

function who({ sha256 }) {
  const line = document.createElement("span");
  line.className = "document";
  line.append(...bilingual("可信文档", "Trusted document"), " ", ...codes([`sha256:${sha256}`]));
  return line;
}

function codes(words) {
  return [...words].map((word) => Object.assign(document.createElement("code"), { textContent: word }));
}

function bilingual(zh, en) {
  return [`${zh} `, Object.assign(document.createElement("span"), { lang: "en", textContent: `${en} ` })];
}
