# Two commands for people: `make run` and `make test`. Everything lives in .venv; versions are pinned in constraints.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
SERVICE ?=
HOME_OF_SERVICE := /var/lib/newsbell

COMPILE := $(BIN)/python -m compileall -q bot handlers store

.PHONY: run install upgrade test check bench bench-quick soak clean

run: $(VENV)/.run
	@$(BIN)/newsbell $(if $(ARGS),$(ARGS),run)

install: $(VENV)/.run
	@$(COMPILE)

# Where a service runs it (SERVICE=newsbell), that one is stopped, upgraded as its own user, and started again.
upgrade:
	@old=$$(git rev-parse --short HEAD); \
	  echo "newsbell: this is $$old; to go back to it: git checkout $$old && make install" >&2
	@git pull --quiet --ff-only
	@$(MAKE) --no-print-directory install
ifeq ($(SERVICE),)
	@$(BIN)/newsbell upgrade
else
	@systemctl stop $(SERVICE)
	@cd $(HOME_OF_SERVICE) && runuser -u newsbell -- $(CURDIR)/$(BIN)/newsbell upgrade || { \
	  echo "newsbell: its database was not upgraded, and $(SERVICE) is stopped: see above, or go back" >&2; exit 1; }
	@systemctl start $(SERVICE)
endif

# Compiled beforehand, as every process that a test starts would compile it again where Python keeps nothing.
test: $(VENV)/.test
	@$(COMPILE)
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@$(MAKE) --no-print-directory test

bench: $(VENV)/.bench
	@$(BIN)/python -m tests.benchmarks $(ARGS)

bench-quick: $(VENV)/.bench
	@$(BIN)/python -m tests.benchmarks --quick $(ARGS)

soak: $(VENV)/.test
	@$(BIN)/python -m tests.soak

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "newsbell needs Python 3.11 or newer: install it, or name one with: make run PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "This Python has no venv support: install it (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "newsbell: installing what it needs into $(VENV) (once) ..." >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable . >&2
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "newsbell: installing what its tests need into $(VENV) (once) ..." >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable '.[test]' >&2
	@touch $@ $(VENV)/.run

$(VENV)/.bench: $(VENV)/.test
	@echo "newsbell: installing what its benchmarks compare it with into $(VENV) (once) ..." >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable '.[bench]' >&2
	@touch $@
