// Suggestions while typing, for every field that names where to ask. Without scripts the form works as it is.
(() => {
  "use strict";
  const PAUSE = 150;

  function prepare(field, number) {
    const list = document.createElement("datalist");
    list.id = `suggestions-${number}`;
    field.after(list);
    field.setAttribute("list", list.id);
    let timer = 0;
    let asked = "";

    async function ask() {
      const query = field.value.trim();
      if (!query || query === asked) return;
      asked = query;
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(query)}`);
      if (!answer.ok || field.value.trim() !== query) return;
      const [, names] = await answer.json();
      list.replaceChildren(...names.map((name) => Object.assign(document.createElement("option"), { value: name })));
    }

    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(prepare);
})();
