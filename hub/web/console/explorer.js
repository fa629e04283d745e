// GraphiQL, from the hub's own files: completion, field help, history.

const ASSETS = "/console/assets/";
const SCRIPTS = ["react.production.min.js", "react-dom.production.min.js", "graphiql.min.js"];
// Where the queries of this browser tab wait for the page to be loaded again.
const KEPT = "baogong.queries";

/** Shows GraphiQL with `first` in its editor. `run(question)` gives the answer; `sdl` is the schema's text. */
export async function mountExplorer({ run, sdl, first }) {
  await loadAssets();
  const { React, ReactDOM, GraphiQL } = window;
  const place = document.getElementById("explorer");
  const root = ReactDOM.createRoot(place);
  // From the SDL and not by introspection: it needs no token, and it alone tells which scopes a field asks for.
  const schema = GraphiQL.GraphQL.buildSchema(sdl);
  const editors = {};
  let generation = 0;

  // GraphiQL hands its editors only to what is drawn inside it; its logo's place is the one that we do not need.
  function Reach() {
    const { queryEditor, variableEditor } = GraphiQL.React.useEditorContext();
    Object.assign(editors, { queryEditor, variableEditor });
    return null;
  }

  function draw() {
    const tabs = recall() ?? [{ query: first.query, variables: pretty(first.variables) }];
    const properties = {
      key: generation,
      schema,
      // GraphiQL prints null as it is; an empty object says that the reason stands above.
      fetcher: async (question) => (await run(question)) ?? {},
      // GraphiQL's own storage would outlive the browser, and opens one more tab with each load.
      storage: null,
      defaultTabs: tabs,
      variables: tabs[0].variables, // which GraphiQL does not take from the first tab, as it does the query
      onTabChange: keep,
      defaultEditorToolsVisibility: "variables",
      // The token is ours to add: a headers editor would invite people to paste tokens into storage.
      isHeadersEditorEnabled: false,
      shouldPersistHeaders: false,
      forcedTheme: "light",
    };
    const logo = React.createElement(GraphiQL.Logo, null, React.createElement(Reach));
    root.render(React.createElement(GraphiQL, properties, logo));
  }

  place.hidden = false;
  draw();

  return {
    show(example) {
      editors.queryEditor?.setValue(example.query);
      editors.variableEditor?.setValue(pretty(example.variables));
    },
    /** Drawn anew, it has forgotten the answers; queries are kept. */
    clear() {
      generation += 1;
      draw();
    },
  };
}

// Queries only: GraphiQL's tabs hold answers too.
function keep({ tabs }) {
  sessionStorage.setItem(KEPT, JSON.stringify(tabs.map(({ query, variables }) => ({ query, variables }))));
}

function recall() {
  return JSON.parse(sessionStorage.getItem(KEPT));
}

function pretty(variables) {
  return JSON.stringify(variables, null, 2);
}

async function loadAssets() {
  const style = document.createElement("link");
  const styled = loaded(style);
  // Before our own style sheet, which adjusts it.
  document.head.prepend(Object.assign(style, { rel: "stylesheet", href: `${ASSETS}graphiql.min.css` }));
  for (const name of SCRIPTS) {
    const script = document.createElement("script");
    const ready = loaded(script);
    document.head.append(Object.assign(script, { src: ASSETS + name }));
    await ready; // each needs the one before it
  }
  await styled;
}

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => reject(new Error("GraphiQL")));
  });
}
