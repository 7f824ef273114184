# make setup · make run · make test · make test-postgresql · make lint · make bench · make clean
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup run test test-postgresql lint bench clean

setup: $(READY)

$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "需要 Python 3.11，可用 make PYTHON=/path/to/python3.11 指定 (Python 3.11 is needed)")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e '.[dev]'
	@touch $(READY)

run: $(READY)
	$(BIN)/assistant serve

test: lint
	$(BIN)/pytest -n 2 --dist loadgroup

# what keeps something, with PostgreSQL behind it; needs its programs (apt install postgresql)
test-postgresql: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup --database postgresql $(wildcard tests/store tests/web tests/handoff tests/test_engine.py tests/test_batch.py)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/assistant check

bench: $(READY)
	$(BIN)/assistant bench

clean:
	rm -rf .venv .index .data build *.egg-info .mypy_cache .ruff_cache .hypothesis
