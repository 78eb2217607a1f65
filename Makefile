# Everything here works on a machine with Python 3.11 or newer and make; nothing is installed
# outside this folder, but for the test browser where that is permitted.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONTENT := content
INDEX := build/index
SHARED := ../shared
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
  --fork-strategy fewest

.PHONY: install serve test lint bench lock clean browser cluster cluster-stop

install: $(VENV)/installed

serve: $(INDEX)/CURRENT
	$(BIN)/signpost serve --index $(INDEX)

test: $(VENV)/installed-dev lint browser
	$(BIN)/python -m tests.cluster run $(BIN)/pytest -n 2 --dist loadscope

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Three OpenSearch nodes at 127.0.0.1:9251 to 9253. `make test` has them by itself, where it can.
cluster: $(VENV)/installed-dev
	$(BIN)/python -m tests.cluster start

cluster-stop: $(VENV)/installed-dev
	$(BIN)/python -m tests.cluster stop

bench: $(VENV)/installed-bench
	$(BIN)/python -m bench relevance --judged $(SHARED)/relevance --corpora $(SHARED)/corpora
	$(BIN)/python -m bench related --judged $(SHARED)/relevance --corpora $(SHARED)/corpora
	$(BIN)/python -m bench search --corpus $(SHARED)/corpora/windows-drivers
	$(BIN)/python -m bench build --corpus $(SHARED)/corpora/windows-drivers

$(INDEX)/CURRENT: $(VENV)/installed signpost.toml $(shell find $(CONTENT) index -type f -not -name '*.pyc')
	$(BIN)/signpost build $(CONTENT) --index $(INDEX) --full

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Signpost needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python cannot make an environment. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/installed: $(BIN)/python requirements.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/installed-bench: $(VENV)/installed-dev requirements-bench.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

# The browser tests drive Debian's Chromium. Where it cannot be installed they are skipped.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || \
	  echo "No Chromium: the browser tests will be skipped. On Debian: apt-get install chromium"

# Pins every version with its hashes, for Python 3.11 to 3.14, and names no index.
lock: $(VENV)/installed-dev
	$(BIN)/uv pip compile $(LOCK) pyproject.toml --group build --output-file requirements.txt
	$(BIN)/uv pip compile $(LOCK) --group cluster --constraints requirements.txt \
	  --output-file requirements-opensearch.txt
	$(BIN)/uv pip compile $(LOCK) --group dev --constraints requirements.txt \
	  --constraints requirements-opensearch.txt --output-file requirements-dev.txt
	$(BIN)/uv pip compile $(LOCK) --group bench --constraints requirements.txt \
	  --constraints requirements-dev.txt --output-file requirements-bench.txt

clean:
	rm -rf $(VENV) build
