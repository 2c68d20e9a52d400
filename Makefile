# readiness: every command people run, and the same ones that CI runs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Two OpenMP runtimes live in one process (LightGBM's and scikit-learn's); one thread each keeps them apart.
export OMP_NUM_THREADS ?= 1
export MLFLOW_DISABLE_TELEMETRY := true

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

.PHONY: help setup demo test check format lint types contracts serve report bench prove sample lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Make .venv and install the locked libraries (all other targets do this first)
	@./scripts/setup.sh

demo: setup ## The whole road on a simulated CRM: check, train, judge, promote, report, score
	@$(BIN)/readiness demo

test: setup ## The tests, without the slow ones (under five minutes)
	$(PYTEST) tests -m "not slow" --durations=10 --dist loadfile

check: setup format-check lint types contracts ## Format, lint, types, import contracts and every test: what CI runs
	$(PYTEST) --durations=25

format: setup ## Rewrite the code in the house format
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

format-check: setup
	$(BIN)/ruff format --check .

lint: setup ## Lint
	$(BIN)/ruff check .

types: setup ## mypy --strict
	$(BIN)/mypy

contracts: setup ## Which part may import which
	$(BIN)/lint-imports

serve: setup ## Serve the champion on http://127.0.0.1:8000
	$(BIN)/readiness pull && $(BIN)/readiness serve --port 8000

report: setup ## Write the champion's report to out/report.html
	$(BIN)/readiness report --out out/report.html

bench: setup ## Speed and quality beside peers in the same run; figures go to docs/evidence.md
	$(BIN)/python -m benchmarks bench

prove: setup ## Long evidence, resumable, one area at a time: make prove AREA=history (no AREA: all)
	$(BIN)/python -m benchmarks prove $(AREA)

sample: setup ## Make data/sample/ again; the bytes do not change
	$(BIN)/readiness simulate --leads 2000 --seed 1 --out data/sample

lock: setup ## Resolve the dependencies into requirements.lock, keeping what is there (LOCK_FLAGS=--upgrade: anew)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header $(LOCK_FLAGS) -q -o requirements.lock

clean: ## Remove what the commands made, models included
	rm -rf .venv out models/mlflow* models/published models/tuning .pytest_cache .mypy_cache .ruff_cache .hypothesis
