# Everything one does with Newsstand; `make help` lists it.
# The network is used to set up .venv and, for the browser tests, Debian's packages; never afterwards.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
SEEDS ?= $(or $(NEWSSTAND_SEEDS),seeds)
VENV := .venv
BIN := $(VENV)/bin
AUDIT := tests/audit

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test fuzz test-faults check bench gallery audit format translations lock wheel materials vulnerabilities clean browser

help: ## list what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  PORT=, HOST= and SEEDS= change what 'make run' serves, and where"

run: $(VENV)/run.stamp ## set up and serve SEEDS on http://HOST:PORT/
	@NEWSSTAND_DEVELOPMENT=true NEWSSTAND_SEEDS="$(SEEDS)" $(BIN)/newsstand serve --host "$(HOST)" --port "$(PORT)"

test: $(VENV)/dev.stamp browser ## run every test (ARGS="-k name" chooses)
	@$(BIN)/python -m pytest $(ARGS)

test-faults: $(VENV)/dev.stamp ## ill-treat a server as long as promised, with figures; `make test` tries a little of it
	@FAULTS=full $(BIN)/python -m pytest tests/faults $(ARGS)

fuzz: $(VENV)/fuzz.stamp ## look for inputs that break something, a million of them (INPUTS=)
	@$(BIN)/python -m tests.fuzz $(or $(INPUTS),1000000)

check: $(VENV)/dev.stamp ## check formatting, style, types and who may import whom
	@$(BIN)/ruff format --check --quiet . || { echo "make format mends the formatting"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml webapp deploy
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }
	@echo "formatting, style, types and imports are as they should be"

bench: $(VENV)/bench.stamp ## measure retrieval, answers, start and requests a second; of SETS="folder ...", who answers best
ifdef SETS
	@$(BIN)/python -m benchmarks.quality.run $(SETS)
endif
	@$(BIN)/python -m benchmarks.retrieval
	@$(BIN)/python -m benchmarks.answers --profile
	@$(BIN)/python -m benchmarks.start
	@$(BIN)/python -m benchmarks.http $(SEEDS) $(wildcard $(addsuffix /seeds,$(SETS))) --output benchmarks/results/http.md

gallery: $(VENV)/dev.stamp browser ## photograph every state of every page into docs/gallery
	@$(BIN)/python -m tests.browser.gallery

audit: $(VENV)/dev.stamp browser $(AUDIT)/node_modules/.package-lock.json ## ask the Nu HTML checker and Lighthouse about every page
	@$(BIN)/python -m tests.audit

$(AUDIT)/node_modules/.package-lock.json: $(AUDIT)/package-lock.json
	@for tool in npm java; do command -v $$tool > /dev/null || \
		{ echo "make audit needs $$tool. On Debian and Ubuntu: apt-get install npm default-jre-headless"; exit 1; }; done
	@cd $(AUDIT) && npm ci --silent

format: $(VENV)/dev.stamp ## format the code
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

CATALOGUES := webapp/translations
PYBABEL = $(BIN)/pybabel --quiet

translations: $(VENV)/dev.stamp ## bring the catalogues up to date with the code, and compile them
	@$(PYBABEL) extract --mapping-file pyproject.toml --keywords lazy_gettext --keywords N_ --add-comments i18n: --no-wrap \
		--add-location file --sort-by-file --omit-header --output $(VENV)/messages.pot .
	@$(PYBABEL) update --input-file $(VENV)/messages.pot --output-dir $(CATALOGUES) --no-wrap --ignore-obsolete \
		--no-fuzzy-matching --ignore-pot-creation-date
	@$(BIN)/pybabel compile --statistics --directory $(CATALOGUES)

UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate pyproject.toml --group build

lock: $(VENV)/dev.stamp ## choose the newest versions of everything and write them to requirements/
	@$(UV_COMPILE) --upgrade --output-file requirements/run.lock
	@$(UV_COMPILE) --upgrade --group dev --extra plots --extra postgres --extra redis --extra traces \
		--constraints requirements/run.lock --output-file requirements/dev.lock
	@$(UV_COMPILE) --upgrade --group bench --constraints requirements/dev.lock --output-file requirements/bench.lock
	@$(UV_COMPILE) --upgrade --group fuzz --constraints requirements/dev.lock --output-file requirements/fuzz.lock

wheel: $(VENV)/run.stamp ## build the package into dist/ (COMPILED=yes: faster, for machines of this kind only)
	@COMPILED=$(COMPILED) $(PIP) wheel --no-deps --no-build-isolation --no-index --wheel-dir dist .

materials: $(VENV)/dev.stamp ## list what Newsstand is made of, with licences, in dist/newsstand.cdx.json
	@$(BIN)/python deploy/bill_of_materials.py dist/newsstand.cdx.json

vulnerabilities: $(VENV)/dev.stamp ## ask the advisory service of PyPI about every locked package
	@for lock in requirements/*.lock; do echo "$$lock"; \
		$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r $$lock || exit 1; done

clean: ## remove what was built and installed here; conversations in var/ stay
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What follows sets up. A stamp is newer than what it was made from, so a second run does nothing.

PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet --require-virtualenv

$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Newsstand needs Python 3.11 or newer. Say where it is: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/run.stamp: $(VENV)/made.stamp requirements/run.lock pyproject.toml webapp/retrieval/kernel.c deploy/build_kernel.py
	@echo "Setting up (once) ..."
	@$(PIP) install --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.lock
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

$(VENV)/fuzz.stamp: $(VENV)/dev.stamp requirements/fuzz.lock
	@$(PIP) install --require-hashes -r requirements/fuzz.lock
	@touch $@

$(VENV)/bench.stamp: $(VENV)/run.stamp requirements/bench.lock
	@$(PIP) install --require-hashes -r requirements/bench.lock
	@touch $@

# The browser tests drive Debian's Chromium. Where it may not be installed they are skipped, with one line that says so.
browser:
	@if [ -z "$$CHROMIUM" ] && ! command -v chromium > /dev/null && command -v apt-get > /dev/null; then \
		if [ "$$(id -u)" = 0 ]; then root=; elif sudo -n true 2> /dev/null; then root=sudo; else exit 0; fi; \
		echo "Installing Chromium for the browser tests (once) ..."; \
		{ $$root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$root apt-get install -qq --yes \
			--no-install-recommends chromium fonts-liberation; } > $(VENV)/browser.txt 2>&1 || \
			echo "Chromium could not be installed ($(VENV)/browser.txt says why): browser tests are skipped"; \
	fi
