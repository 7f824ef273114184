# make setup · make run · make test · make test-postgresql · make provenance · make lint · make bench · make bench-web · make e2e-model · make vendor · make clean
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready
VENDOR := assistant/web/widget/vendor

.PHONY: setup run test test-postgresql provenance lint bench bench-web e2e-model vendor clean

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
KEEPING := store handoff web/api web/staff web/test_app.py web/test_browser.py web/widget/test_answers.py web/widget/test_history.py \
	web/widget/test_person.py test_engine.py test_batch.py
test-postgresql: $(READY)
	$(BIN)/pytest -n 2 --dist loadgroup --database postgresql $(addprefix tests/,$(KEEPING))

# every number of every answer to every case, where make test reads a third of them
provenance: $(READY)
	$(BIN)/pytest -n 2 --every-case tests/test_provenance.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/assistant check

bench: $(READY)
	$(BIN)/assistant bench

bench-web: $(READY)
	$(BIN)/assistant bench web
	$(BIN)/assistant bench widget

# a local model, 20 cases with and without it: make e2e-model GGUF=/path/to/model.gguf [LLAMA_SERVER=…] [SMALL=1]
LLAMA_SERVER ?= llama-server
e2e-model: $(READY)
	@test -n "$(GGUF)" || { echo '请给出模型文件：make e2e-model GGUF=/path/to/model.gguf'; exit 2; }
	$(BIN)/python -m assistant.local_model "$(GGUF)" --program "$(LLAMA_SERVER)" $(if $(SMALL),--small)

# the two pinned libraries of the widget; their sums stand beside them
vendor:
	set -e; kept=$$(mktemp -d); trap 'rm -rf "$$kept"' EXIT; \
	npm pack --silent --pack-destination "$$kept" marked@12.0.2 dompurify@3.5.0; \
	tar xzOf "$$kept/marked-12.0.2.tgz" package/marked.min.js > $(VENDOR)/marked.min.js; \
	tar xzOf "$$kept/marked-12.0.2.tgz" package/LICENSE.md > $(VENDOR)/LICENSE-marked.md; \
	tar xzOf "$$kept/dompurify-3.5.0.tgz" package/dist/purify.min.js > $(VENDOR)/purify.min.js
	cd $(VENDOR) && sha256sum -c SHA256SUMS

clean:
	rm -rf .venv .index .data build *.egg-info .mypy_cache .ruff_cache .hypothesis
