# One command each. None needs an activated environment: the first one that runs makes .venv and fills it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Named after the directory as well: an environment that was copied with the tree would go on importing the old tree.
TREE := $(shell pwd -P | cksum | cut -d ' ' -f 1)
INSTALLED := $(VENV)/dev-$(TREE)
# The demo and the server need a third of what is installed for tests and checks.
WITH_SERVER := $(or $(wildcard $(INSTALLED)),$(VENV)/server-$(TREE))

.DEFAULT_GOAL := help
# `make -j check generate` must not check files that are half written.
.NOTPARALLEL:
.PHONY: help setup server demo test test-integration test-tools test-docs test-browser test-notebook soak bench test-servers check generate derive snapshot drift changelog release clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

setup: $(INSTALLED)  ## make .venv and install the project with its tools, once

server: $(WITH_SERVER)  ## serve examples/agent for examples/*.py until Ctrl-C; PORT=2025 for another port
	@$(BIN)/python examples/server.py --port $(or $(PORT),2024)

demo: $(WITH_SERVER)  ## stream runs from a real in-memory LangGraph server, sync and async
	@$(BIN)/python examples/demo.py

test: setup  ## run the tests of the client; ARGS="-k stream -x" goes to pytest
	@# By file: the tests of one share what they have started.
	@$(BIN)/python -m pytest --numprocesses 4 --dist loadfile $(ARGS)

test-integration: setup  ## run the examples, `make demo`, `make bench` and `make drift` with real servers, and kill some
	@$(BIN)/python -m pytest --numprocesses 4 --dist loadfile tests/integration $(ARGS)

test-tools: setup  ## test the scripts and the packages, and make changes of the API in copies of the tree
	@$(BIN)/python -m pytest --numprocesses 2 tests/tools tests/packaging tests/rehearsal $(ARGS)

test-docs: setup  ## run every block of Python in README and docs, and the shell of docs/cli.md; look through the built pages
	@$(BIN)/python -m pytest --numprocesses 4 tests/docs $(ARGS)

test-browser: setup  ## test examples/browser_service in Chromium, of Debian's package `chromium`
	@$(BIN)/python -m pytest tests/browser $(ARGS)

test-notebook: setup  ## execute examples/notebook.ipynb
	@$(BIN)/python -m pytest tests/notebook $(ARGS)

soak: setup  ## cut resumable streams of a real server 10,000 times; CUTS=... for another number, HTTP_CLIENT=httpx
	@LANGGRAPH_RUNS_SOAK=$(or $(CUTS),10000) LANGGRAPH_RUNS_SOAK_CLIENT=$(HTTP_CLIENT) $(BIN)/python -m pytest tests/faults/test_exactly_once.py

bench: setup  ## measure speed and memory beside other clients, into docs/benchmarks.md; ARGS="--only decode"
	@$(BIN)/python -m benchmarks $(ARGS)

test-servers: setup  ## run the tests of a real server on several versions; VERSIONS="...", URL=...; WRITE=1 for docs/servers.md
	@$(BIN)/python -m scripts.test_servers $(if $(URL),--url '$(URL)') $(if $(VERSIONS),--versions '$(VERSIONS)') $(if $(WRITE),--write)

.PHONY: docs
docs: setup  ## build the documentation into site/, strictly; ARGS="serve" shows it while you write
	@# The theme would print news of its makers.
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs $(or $(ARGS),build --quiet)

check: setup  ## lint, layout, types, and that nothing generated or derived is out of date
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy
	@# It would look for a newer version of itself on the network.
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/python -m pyright --pythonpath $(BIN)/python
	@# It takes the first python of PATH.
	PATH="$(abspath $(BIN)):$$PATH" PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/python -m pyright --verifytypes langgraph_runs --ignoreexternal
	$(BIN)/python -m openapi_spec_validator openapi.yaml
	$(BIN)/python -m scripts.codegen --check
	$(BIN)/python scripts/derive_sync.py --check

generate: setup  ## generate generated/langgraph_runs_api from openapi.yaml
	@$(BIN)/python -m scripts.codegen

snapshot: setup  ## record the public API, after changing it on purpose
	@$(BIN)/python scripts/public_api.py

derive: setup  ## derive every _sync folder from the _async folder beside it
	@$(BIN)/python scripts/derive_sync.py

DRIFT := $(if $(URL),--url '$(URL)') $(if $(FILE),--file '$(FILE)') $(if $(SERVER),--server '$(SERVER)') $(if $(VERSION),--version '$(VERSION)') $(if $(JSON),--json) $(if $(VERBOSE),--verbose) $(if $(WRITE),--write)

drift: setup  ## show what a server changed; URL=..., VERSION=0.13.8, FILE=... SERVER='PY 0.17', JSON=1, VERBOSE=1, WRITE=1
	@$(BIN)/python -m scripts.drift $(DRIFT)

changelog: setup  ## print the same as lines for CHANGELOG.md
	@$(BIN)/python -m scripts.drift --changelog $(DRIFT)

release: setup  ## build what is to be published into dist/, check it, and say what to do; it uploads nothing
	@rm -rf dist
	@$(BIN)/python -m build --outdir dist . >/dev/null
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python -m check_wheel_contents dist/*.whl
	@$(BIN)/python -m scripts.release dist

clean:  ## remove .venv, caches and built files
	rm -rf $(VENV) .servers build dist site .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED) $(VENV)/server-$(TREE): EXTRA = $(firstword $(subst -, ,$(@F)))
$(INSTALLED) $(VENV)/server-$(TREE): pyproject.toml langgraph_runs/_version.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or newer is needed and '$(PYTHON)' is not that. Name another: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@rm -f $(VENV)/dev-* $(VENV)/server-*
	$(BIN)/python -m pip install --disable-pip-version-check --editable '.[$(EXTRA)]'
	@touch $@
