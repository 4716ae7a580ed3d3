# Comarca. `make help` lists what there is.
#
# The environment lies in .venv; stamp files in it are named after the lock they were made from, so
# nothing is installed twice and a changed lock is noticed.

VENV ?= .venv
BIN := $(VENV)/bin
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The newest Python that is wanted, works and can make environments.
CAN := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python; do \
	if $$python -c '$(CAN)' >/dev/null 2>&1; then echo $$python; break; fi; done)

RUNTIME_LOCKS := requirements/runtime.lock requirements/build.lock
DEV_LOCKS := requirements/dev.lock
mark = $(shell cat $(1) pyproject.toml | cksum | cut -d' ' -f1)
RUNTIME := $(VENV)/.runtime-$(call mark,$(RUNTIME_LOCKS))
DEV := $(VENV)/.dev-$(call mark,$(DEV_LOCKS))

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
INSTALL := $(PIP) install --require-hashes --no-deps --only-binary :all:
INSTALL_COMARCA := $(PIP) install --no-deps --no-build-isolation --editable .

# Two threads on shared cores make linear algebra many times slower.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

REGION ?= oaxaca
OUT ?= oaxaca-plan

.PHONY: help
help: ## list what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

.PHONY: plan
plan: $(RUNTIME) ## plan the Oaxaca example and say where the report is
	@test -d $(REGION) || $(BIN)/comarca examples oaxaca $(REGION)
	@$(BIN)/comarca plan $(REGION) -o $(OUT)
	@echo "The report is $(abspath $(OUT))/report.html"

.PHONY: test
test: $(DEV) ## the tests that need seconds and no browser
	@$(BIN)/pytest -m "not slow and not browser" $(PYTEST)

.PHONY: test-all
test-all: $(DEV) ## every test, the slow ones and those that need Chromium too
	@$(BIN)/pytest $(PYTEST)

.PHONY: test-docs
test-docs: $(DEV) ## run the code that the README, the tutorial and the how-to pages show
	@$(BIN)/pytest README.md docs $(PYTEST)

.PHONY: check
check: lint types test ## lint, import directions, types and tests

.PHONY: lint
lint: $(DEV) ## ruff, its formatter, and the directions of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

.PHONY: types
types: $(DEV) ## mypy, strict
	@$(BIN)/mypy

.PHONY: docs
docs: $(DEV) ## build the documentation in docs/_build/html; a warning is an error
	@$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --builder html docs docs/_build/html
	@echo "The documentation is $(abspath docs/_build/html)/index.html"

.PHONY: bench
bench: $(DEV) ## run every benchmark and print its figures
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file; done

.PHONY: lock
lock: $(DEV) ## choose the newest versions of all dependencies afresh (needs the package index)
	@tools/lock-dependencies $(BIN)/python

.PHONY: changelog
changelog: $(DEV) ## show what the next release's changelog will say
	@$(BIN)/towncrier build --draft --version next

.PHONY: clean
clean: ## remove the environment and everything built
	rm -rf $(VENV) docs/_build docs/reference/generated dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Comarca needs Python 3.11 or newer, able to make environments (venv and ensurepip)." >&2; \
		echo "Found: $$(python3 --version 2>&1 || true)" >&2; \
		echo "On Debian or Ubuntu: apt install python3 python3-venv. Elsewhere, name one: make plan PYTHON=/path/to/python3.12" >&2; \
		exit 1; fi
	@"$(PYTHON)" -c '$(CAN)' || { echo "$(PYTHON) is not Python 3.11 or newer with venv and ensurepip." >&2; exit 1; }
	@echo "Making the environment in $(VENV) with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv $(VENV)

$(RUNTIME): | $(BIN)/python
	@echo "Installing what Comarca needs: a few hundred MB, this once"
	@$(INSTALL) $(foreach lock,$(RUNTIME_LOCKS),--requirement $(lock))
	@$(INSTALL_COMARCA)
	@rm -f $(VENV)/.runtime-* && touch $@

$(DEV): | $(BIN)/python
	@echo "Installing what Comarca and its tests need: a few hundred MB, this once"
	@$(INSTALL) $(foreach lock,$(DEV_LOCKS),--requirement $(lock))
	@$(INSTALL_COMARCA)
	@rm -f $(VENV)/.dev-* $(VENV)/.runtime-* && touch $@ $(RUNTIME)
