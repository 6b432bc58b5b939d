# The four commands of the README. A fresh machine needs Python 3.11+, make and a C compiler, nothing else.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
EDITION ?= 1
PORT ?= 3000
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := 1

.PHONY: run test coverage ui bench lint types imports lock clean help

help:  ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.ready  ## the whole pipeline over the demo sources, into data/catalogue.db
	@$(BIN)/catalogue demo run --edition $(EDITION)

ui: $(VENV)/.ready  ## Dagster's web interface on loopback, with the runs that `make run` made
	@$(BIN)/catalogue demo ui --port $(PORT)

test: $(VENV)/.ready-test lint types imports  ## lint, types, import rules and all tests
	@$(BIN)/python -m pytest -n auto --dist loadgroup

coverage: $(VENV)/.ready-test  ## all tests, and which lines they reach (a third slower)
	@$(BIN)/python -m pytest -n auto --dist loadgroup --cov --cov-report=term:skip-covered

bench: $(VENV)/.ready-bench  ## benchmarks (WHAT="feeds register search loading"; SIZES, FORMATS for feeds, REGISTER for register); tables in benchmarks/results/
	@for what in $(or $(WHAT),feeds register search loading); do case $$what in \
	feeds) $(BIN)/python -m benchmarks $(if $(SIZES),--sizes $(SIZES)) $(if $(FORMATS),--formats $(FORMATS));; \
	register) $(BIN)/python -m benchmarks.register $(if $(REGISTER),--size $(REGISTER));; \
	*) $(BIN)/python -m benchmarks.$$what;; esac || exit 1; done

lint: $(VENV)/.ready-test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.ready-test
	@$(BIN)/mypy

imports: $(VENV)/.ready-test
	@$(BIN)/lint-imports

lock: $(VENV)/.ready-test  ## resolve the dependencies anew (needs pip-tools in the environment)
	@for target in build run test bench; do $(MAKE) --no-print-directory lock-$$target; done

COMPILE := $(BIN)/pip-compile --quiet --no-strip-extras --generate-hashes --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
lock-build:
	@$(COMPILE) -o requirements-build.lock requirements-build.in
lock-run:
	@$(COMPILE) -o requirements.lock pyproject.toml
lock-test:
	@$(COMPILE) --extra test -c requirements.lock -o requirements-test.lock pyproject.toml
lock-bench:
	@$(COMPILE) --extra bench -c requirements.lock -c requirements-test.lock -o requirements-bench.lock pyproject.toml

clean:  ## forget the catalogue, the snapshots and Dagster's runs (the data folder)
	@rm -rf data

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed, and none was found on the PATH." >&2; exit 2; }
	@echo "Making $(VENV) with $(PYTHON) ..." >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: $(VENV)/bin/python requirements.lock requirements-build.lock pyproject.toml
	@echo "Installing the locked dependencies (a minute or two, once) ..." >&2
	@$(PIP) --require-hashes -r requirements-build.lock
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready requirements-test.lock
	@echo "Installing the test dependencies ..." >&2
	@$(PIP) --require-hashes -r requirements-test.lock
	@touch $@

$(VENV)/.ready-bench: $(VENV)/.ready-test requirements-bench.lock
	@echo "Installing what the benchmarks compare with ..." >&2
	@$(PIP) --require-hashes -r requirements-bench.lock
	@touch $@
