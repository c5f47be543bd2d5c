# Two commands do everything: `make run` and `make test`. `make help` lists the others.
PYTHON ?= python3
HOST ?=
PORT ?=
WORKERS ?=
BIN = .venv/bin
# A checkout of somebody else's stays free of root's cached bytecode.
export PYTHONDONTWRITEBYTECODE := $(shell test -O . || echo 1)

.PHONY: help run setup test bench check lock clean python

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: setup ## prepare what is missing, then serve http://127.0.0.1:8000 (PORT=8010 HOST=0.0.0.0 WORKERS=4)
	@exec $(BIN)/biendao serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(if $(WORKERS),--workers $(WORKERS))

setup: python ## prepare what `make run` needs, without starting it
	@$(PYTHON) tools/prepare.py run

test: python ## run all tests in parallel, on the embedded PostgreSQL and a real browser
	@$(PYTHON) tools/prepare.py test
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not bench"

bench: python ## measure the door beside pgbench, badges, and the lists of accreditation
	@$(PYTHON) tools/prepare.py test
	@$(BIN)/python -m pytest tests/bench -m bench -n 0 -s -q

check: python ## lint, format, types, order of the rooms
	@$(PYTHON) tools/prepare.py test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports

lock: ## pin the packages of pyproject.toml anew (needs uv)
	@tools/lock.sh

clean: ## remove what was made here, but never data
	rm -rf .venv service/web/static service/web/frontend/node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis

python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or later is needed, and there is no $(PYTHON)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, and $(PYTHON) is older; try: make PYTHON=python3.11 …")'
