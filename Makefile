# Holdfast. `make run` shows it, `make test` checks it; both set up what they need first.
.DEFAULT_GOAL := help
.PHONY: help setup run test bench lint format lock shots clean distclean

BIN := .venv/bin
OUT := build/demo
# What `make run` starts when there is a display, and when there is none.
PLAY := play
DEMO := demo --out $(OUT)
# More for pytest, for instance: make test ARGS="-k merge -x"
ARGS :=

help:
	@sed -n 's/^## //p' Makefile

## make run     the program: a window on a practice workspace, or without a display the outage story
run: setup
	@BIN=$(BIN) OUT=$(OUT) PLAY="$(PLAY)" DEMO="$(DEMO)" sh .ci/run-program.sh

## make test    the whole test suite
test: setup
	@$(BIN)/python -m pytest $(ARGS)

## make bench   the numbers of the design, measured here
bench: setup
	@$(BIN)/python -m pytest tests/bench $(ARGS)

## make lint    ruff, mypy, import contracts
lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

## make format  put the source into its usual shape
format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

## make shots   pictures of every screen into build/shots, to look at
shots: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/holdfast demo --out build/shots

## make lock    requirements*.txt anew from requirements*.in
lock:
	@sh .ci/lock.sh

setup:
	@sh .ci/setup.sh

## make clean   remove what was built; .venv stays
clean:
	rm -rf build dist .benchmarks .hypothesis .import_linter_cache .ruff_cache holdfast.egg-info
	find desktop tests -name __pycache__ -type d -prune -exec rm -rf {} +

## make distclean   remove .venv too
distclean: clean
	rm -rf .venv
