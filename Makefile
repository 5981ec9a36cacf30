# `make demo` runs Assay; `make test` tests it. Both first install what is missing.

PYTHON ?= python3
VENV := .venv/bin
SETUP := $(PYTHON) -m stack.setup --stop-with-parent
JOBS ?= 2
TESTS ?= tests
# A dozen programs start here at once; unless Python keeps what it compiled, each compiles all of Django anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo setup test check suite format pins bench

help:
	@echo 'make demo    install, start and supervise all of Assay (PORT=8000 ASSAY_HOME=.assay ASSAY_DEMO_PASSWORD=…)'
	@echo 'make test    install what the tests need, run the checks and the whole suite (JOBS=2 TESTS=tests)'
	@echo 'make check   lint, format, types, import direction, migrations, deployment check, translations'
	@echo 'make suite   the tests alone, installed already'
	@echo 'make setup   install what development needs'
	@echo 'make format  format Python code and sort imports'
	@echo 'make pins    compile requirements*.in into pinned, hashed requirements*.txt'
	@echo 'make bench   measure the pages, write benchmarks/latest.json'

demo:
	@$(SETUP) demo
	@exec $(VENV)/python -m stack demo --stop-with-parent

setup:
	@$(SETUP) test

test: setup
	@failed=0; \
	$(MAKE) --no-print-directory check || failed=1; \
	$(MAKE) --no-print-directory suite || failed=1; \
	exit $$failed

suite:
	@$(VENV)/python -m pytest -n $(JOBS) --dist loadgroup $(TESTS) </dev/null

check:
	@$(VENV)/python -m stack.check

format:
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .

# --no-header: the header would carry the address of the package index.
COMPILE := $(VENV)/uv pip compile --quiet --universal --generate-hashes --no-header
pins:
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-uv.in -o requirements-uv.txt
	$(COMPILE) requirements-node.in -o requirements-node.txt

bench:
	@$(SETUP) test
	@$(VENV)/python -m benchmarks
