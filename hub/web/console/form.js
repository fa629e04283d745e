// The plain form: a query, its variables, a button and the answer. Works without GraphiQL, and on a phone.

import { HubError } from "./session.js";

/** Shows the form. `run(question)` gives the answer, or null where it has told the reader why there is none. */
export function mountForm({ run, complain }) {
  const form = document.getElementById("plain");
  const result = document.getElementById("result");
  const button = form.querySelector("button");
  const { query, variables } = form.elements;

  async function submit() {
    button.disabled = true;
    result.textContent = "";
    try {
      const answer = await run({ query: query.value, variables: parseVariables(variables.value) });
      result.textContent = answer === null ? "" : JSON.stringify(answer, null, 2);
    } catch (error) {
      complain(error);
    } finally {
      button.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !button.disabled) form.requestSubmit();
  });
  form.hidden = false;

  return {
    show(example) {
      query.value = example.query;
      variables.value = JSON.stringify(example.variables, null, 2);
      result.textContent = "";
    },
    clear() {
      result.textContent = "";
    },
  };
}

function parseVariables(text) {
  try {
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new HubError("变量不是合法的 JSON。", "The variables are not valid JSON.");
  }
}
