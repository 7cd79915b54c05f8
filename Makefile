# Holdfast. `make run` shows it, `make test` checks it; both set up what they need first.
.DEFAULT_GOAL := help
.PHONY: help setup run test soak fuzz mutations cover mutate bench simulate lint format lock shots screenshots package clean distclean

BIN := .venv/bin
OUT := build/demo
# What `make run` starts when there is a display, and when there is none.
PLAY := play
DEMO := demo --out $(OUT)
# How long `make soak` runs, and the seed with which it begins (empty = where it ended last).
SECONDS := 600
SEED :=
# How many damaged workspaces `make mutations` makes.
COUNT := 10000
# How many processes share the tests; make test JOBS=0 ARGS="-k merge" runs them in one, which can be stopped and looked into.
JOBS := auto
# More for pytest, for instance: make test ARGS="-k merge -x"
ARGS :=
# Where a wrong branch loses somebody's work: all of it is covered.
CORE := desktop/model/*,desktop/sync/merge.py,desktop/sync/outbox.py,desktop/sync/portals/outcome.py

COVERING := tests/unit/model tests/unit/sync tests/unit/handover tests/unit/services/test_school_workspace.py \
	tests/fault/test_keying.py tests/fault/test_web_reading.py tests/unit/services/test_people.py tests/fault/test_people.py \
	tests/unit/services/test_lookup.py tests/contract/portals/test_trs_portal.py tests/property/test_redaction.py \
	tests/unit/services/test_school_keying.py

help:
	@sed -n 's/^## //p' Makefile

## make run     the program: a window on a practice workspace, or without a display the outage story
run: setup
	@BIN=$(BIN) OUT=$(OUT) PLAY="$(PLAY)" DEMO="$(DEMO)" sh .ci/run-program.sh

## make test    the whole test suite
test: setup
	@sh .ci/reader.sh
	@sh .ci/browser.sh
	@$(BIN)/python -m pytest -n $(JOBS) --maxprocesses 4 --dist worksteal $(ARGS)

## make cover   every branch of model, merge, queue and outcome is taken by a test, or it fails
cover: setup
	@$(BIN)/python -m coverage run -m pytest -q $(COVERING)
	@$(BIN)/python -m coverage report --include="$(CORE)" --show-missing --fail-under=100

## make mutate  what a test notices of small changes there, and what it does not (about ten minutes)
mutate: setup
	@rm -rf build/mutation && mkdir -p build/mutation && cp -R desktop resources tests pyproject.toml build/mutation
	@cd build/mutation && ../../$(BIN)/mutmut run --max-children 1 $(ARGS) >run.log || { tail -n 40 run.log; exit 1; }
	@cd build/mutation && ../../$(BIN)/mutmut results --all true | ../../$(BIN)/python tests/mutation/score.py

## make soak    the simulator for SECONDS=600, from where it ended last (or SEED=n); seeds that fail join `make test`
soak: setup
	@$(BIN)/python -m tests.sim.soak --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

## make fuzz    damaged files for every reader, for SECONDS=600 (SEED=n to begin elsewhere)
fuzz: setup
	@$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

## make mutations  COUNT=10000 damaged workspaces and backups: refused, or shown as they were (SEED=n to begin elsewhere)
mutations: setup
	@$(BIN)/python -m tests.fuzz.mutations --count $(COUNT) $(if $(SEED),--seed $(SEED))

## make bench   the numbers of the design, measured here
bench: setup
	@$(BIN)/python -m pytest tests/bench $(ARGS)

## make simulate  the morning after an outage: thousands of offices come back; a table, and docs/morning-after.svg
simulate: setup
	@$(BIN)/python -m tests.bench.morning_after docs/morning-after.svg

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

## make screenshots  docs/guide anew: its pages out of resources/help, its pictures out of a practice workspace
screenshots: setup
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.guide docs/guide

## make package  what is handed out, into dist/: .deb, portable tar, SBOM, checksums; the installers for Windows around a stand-in
package: setup
	@sh .ci/package-tools.sh
	@$(BIN)/python -m installer.build

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
