# Medvirk: `make run` starts it, `make test` tests it. Both install what they need into .venv, without root.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
ARGS ?=
NEEDS := Needs Python 3.11 or later with venv. Debian/Ubuntu: sudo apt install git make python3 python3-venv. macOS: brew install git make python
CATALOGUES := $(wildcard survey/translations/*/LC_MESSAGES/messages.po)

.PHONY: help setup run test attack bench golden lighthouse lint lock messages
help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.run  ## .venv with the locked packages and the medvirk command

.venv/.python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "$(NEEDS)"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

# --no-deps: the lock file is complete, and leaves out the voices of other systems that pyttsx3 asks for.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
.venv/.run: .venv/.python requirements.lock pyproject.toml $(CATALOGUES)
	@echo "Installing Medvirk into .venv (a minute the first time) …"
	@[ .venv/.packages -nt requirements.lock ] || $(INSTALL) --require-hashes -r requirements.lock
	@touch .venv/.packages
	@$(INSTALL) --no-build-isolation --editable .
	@$(BIN)/pybabel --quiet compile --directory survey/translations
	@touch $@

.venv/.test: .venv/.run requirements-dev.lock
	@echo "Installing what the tests need …"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/.run  ## the product with its demo on http://127.0.0.1:8000
	@PORT=$(PORT) $(BIN)/medvirk run

test: .venv/.test lint  ## everything that must be true
	@$(BIN)/pytest -n 2 --dist worksteal tests $(ARGS)

attack: .venv/.test  ## the attacks alone
	@$(BIN)/pytest tests/attacks $(ARGS)

bench: .venv/.test  ## speed, as ratios to a bare route in the same run
	@$(BIN)/python -m tests.load $(ARGS)

golden: .venv/.test  # after a change of words or structure: what a screen reader meets, written anew; review the difference
	@GOLDEN=write $(BIN)/pytest -n0 tests/browser/test_transcript.py tests/browser/test_reports.py::test_who_hears_a_chart_is_told_what_was_reviewed tests/rules/test_accessibility.py

lighthouse: .venv/.test  ## what Lighthouse says of the respondents' pages; needs Node 20 or later
	@mkdir -p .venv/lighthouse && cp tests/load/lighthouse/package*.json .venv/lighthouse
	@PUPPETEER_SKIP_DOWNLOAD=1 npm ci --prefix .venv/lighthouse --silent --no-audit --no-fund
	@$(BIN)/python -m tests.load lighthouse painting $(ARGS)

lint: .venv/.test
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && $(BIN)/mypy

lock:  # needs uv; run after changing dependencies
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

messages: .venv/.run  # after changing a text for staff or mail: collect the texts, then translate them in survey/translations
	@$(BIN)/pybabel --quiet extract --keywords worded --mapping babel.cfg --no-location --sort-output --output .venv/messages.pot survey reports
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap --input-file .venv/messages.pot --output-dir survey/translations
