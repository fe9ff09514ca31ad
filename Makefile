# Two commands do everything on a machine with Python 3.11 or later, gcc and make:
#   make demo   judge the plans in examples/plans and print the decisions
#   make test   lint, types, import contracts, pages, tests (what .ci/run calls)

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types contracts tests nightly bench data docs docs-law clean

demo: $(VENV)/.installed
	@echo "--- every plan in examples/plans, one line each"
	@$(BIN)/lowalt check --brief examples/plans || test $$? -eq 1
	@echo
	@echo "--- one of them in full, in both languages"
	@$(BIN)/lowalt check examples/plans/04_*.json || test $$? -eq 1
	@$(BIN)/lowalt check --lang zh examples/plans/04_*.json || test $$? -eq 1
	@echo "Judge your own: $(BIN)/lowalt check PLAN.json   (--lang zh, --format json, --help)"

test: lint types contracts docs tests

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/yamllint --strict src airspace_data tests

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

tests: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

nightly: $(VENV)/.dev
	LOWALT_HYPOTHESIS_PROFILE=nightly $(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

bench: $(VENV)/.dev
	for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

data: $(VENV)/.dev
	$(BIN)/python -m airspace_data.shenzhen.build

docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

docs-law: $(VENV)/.installed
	$(BIN)/python -m lowalt.report.law_coverage docs/law-coverage.md
	$(BIN)/python -m lowalt.report.missions docs/missions.md

$(VENV)/.created:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.installed pyproject.toml
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

clean:
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
