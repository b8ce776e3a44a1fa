# Two commands matter: `make serve` runs the office, `make test` proves it.
# Everything is built from stamps, so what is up to date is not done again.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PYTHON := $(BIN)/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet
NODE := deploy/bin/with-node
RUNTIME := .venv/runtime.stamp
DEV := .venv/dev.stamp
MODULES := editor_client/node_modules/.stamp
NODE_PEERS := tests/bench/peers/node_modules/.stamp
PYTHON_PEERS := .peers/stamp
CLIENT := editor_client/dist/manifest.json
CLIENT_SOURCES := $(shell find editor_client -name node_modules -prune -o -name dist -prune \
	-o -type f ! -name '*.test.ts' -print 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(shell find server -path '*/locale/*' -name '*.po'))
PYTEST := CHROMIUM="$$(deploy/bin/chromium)" deploy/bin/with-node $(PYTHON) -m pytest
TESTS ?= tests
# A file of tests stays in one process, with servers of its own.
WORKERS ?= logical
SIDE_BY_SIDE := -n $(WORKERS) --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

.PHONY: help venv dev build migrate seed serve settings test test-fast check format \
	bench bench-quick contest peers docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

serve: build ## build, migrate, seed the demo office and serve it (PORT, DATA_DIR, DUTHAO_*)
	@exec env DUTHAO_DEMO=$${DUTHAO_DEMO:-1} deploy/bin/serve

test: dev build check ## everything: check, the client's tests, the server's tests
	@$(NODE) npm --prefix editor_client test
	@$(PYTEST) $(SIDE_BY_SIDE) $(TESTS)

test-fast: dev $(CATALOGUES) ## only tests that start no server, browser or Node
	@$(PYTHON) -m pytest -q $(SIDE_BY_SIDE) \
		-m "not (server or browser or node or postgres or redis)" $(TESTS)

check: dev $(MODULES) ## lint, format, types and layers; Python and TypeScript
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo > .import-linter.log 2>&1 \
		|| { cat .import-linter.log; exit 1; }
	@rm -f .import-linter.log
	@$(NODE) npm --prefix editor_client run --silent check
	@$(NODE) npm --prefix editor_client run --silent lint

format: dev $(MODULES) ## rewrite the Python sources in the one format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: dev build peers ## measure everything and write it to docs/performance.md (hours)
	@$(NODE) $(PYTHON) -m tests.bench --write
	@$(NODE) $(PYTHON) -m tests.bench.contest --write
	@$(NODE) $(PYTHON) -m tests.bench.quick --write

contest: dev build peers ## side by side with other Yjs servers (CONTEST="busy --rounds 1")
	@$(NODE) $(PYTHON) -m tests.bench.contest $(CONTEST)

bench-quick: dev build ## has the lead over Hocuspocus shrunk? (under 3 minutes; installs it)
	@$(NODE) $(PYTHON) -m tests.bench.quick

peers: $(NODE_PEERS) $(PYTHON_PEERS) ## install the servers that `make bench` measures against

build: $(RUNTIME) $(CLIENT) $(CATALOGUES) ## install what the server needs, build the client

venv: $(RUNTIME) ## only the virtual environment with the runtime packages

dev: $(DEV) ## the virtual environment with the tools for tests and checks

migrate: $(RUNTIME) ## bring the database up to date
	@$(PYTHON) -m server migrate --verbosity 0

seed: migrate ## make the demo office (again and again, without doubles)
	@$(PYTHON) -m server seed

settings: $(RUNTIME) ## print every setting with its default and meaning
	@$(PYTHON) -m server settings

docs: $(RUNTIME) ## write docs/settings.md and docs/openapi.json from the code
	@$(PYTHON) -m server settings --markdown > docs/settings.md.new
	@mv docs/settings.md.new docs/settings.md
	@$(PYTHON) -m server openapi > docs/openapi.json.new
	@mv docs/openapi.json.new docs/openapi.json

lock: ## resolve the dependencies again (needs uv); hashes, and no address of an index
	@deploy/bin/lock

clean: ## remove what was built; data/ stays
	rm -rf .venv .node .peers editor_client/node_modules editor_client/dist \
		tests/bench/peers/node_modules
	find server -name '*.mo' -delete

$(PYTHON):
	@echo "duthao: making .venv"
	@"$$(deploy/bin/find-python)" -m venv .venv

$(RUNTIME): requirements/runtime.txt | $(PYTHON)
	@echo "duthao: installing the server's packages"
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "duthao: installing the packages for tests"
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(MODULES): editor_client/package-lock.json
	@echo "duthao: installing the client's packages"
	@$(NODE) npm --prefix editor_client ci --no-audit --no-fund --loglevel=error
	@touch $@

$(CLIENT): $(MODULES) $(CLIENT_SOURCES)
	@echo "duthao: building the client"
	@$(NODE) npm --prefix editor_client run --silent build -- --logLevel warn
	@touch $@

# With the Node that runs them, and its headers: a part of theirs is compiled.
$(NODE_PEERS): tests/bench/peers/package-lock.json $(PYTHON_PEERS)
	@echo "duthao: installing the servers of others"
	@PATH="$(CURDIR)/.peers/bin:$$PATH" \
		npm_config_nodedir="$$(.peers/bin/node -p 'process.execPath.replace("/bin/node", "")')" \
		npm --prefix tests/bench/peers ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PYTHON_PEERS): requirements/peers.txt
	@echo "duthao: installing the Python servers of others"
	@"$$(deploy/bin/find-python)" -m venv .peers
	@.peers/bin/python -m pip --disable-pip-version-check --quiet \
		install --require-hashes -r $<
	@touch $@

%.mo: %.po | $(RUNTIME)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
