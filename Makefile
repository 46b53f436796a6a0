# Weerwoord. `make run` and `make test` are all you need; `make help` lists the rest.
PYTHON := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3

.DEFAULT_GOAL := help
.PHONY: help setup run test test-slow test-services train shell evaluate cross-validate bench coverage-of-data lint format clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 20

setup: ## make the virtual environment and the Dutch pipeline (once)
	@sh tools/setup.sh

run: setup ## train when needed, then serve the practice page until Ctrl-C
	@$(PYTHON) -W ignore -m weerwoord.runtime.training
	@$(PYTHON) -W ignore -m weerwoord serve

test: train ## set up, train when needed, run all fast tests
	@$(PYTHON) -m pytest -q tests

test-slow: train ## run the tests that take a minute or more, such as Rasa's own commands beside ours
	@$(PYTHON) -m pytest -q -m slow tests

test-services: train ## what breaks, at full length, against PostgreSQL and Redis (half an hour; WEERWOORD_TEST_MINUTES=10)
	@WEERWOORD_TEST_LONG=1 $(PYTHON) -m pytest -q -s tests/services

train: setup ## train the assistant, unless nothing changed
	@$(PYTHON) -W ignore -m weerwoord.runtime.training

shell: train ## have the same conversation in the terminal
	@$(PYTHON) -W ignore -m weerwoord.runtime.shell

evaluate: train ## measure the judge on labelled replies (FILE=...), write docs/judge-report.md
	@$(PYTHON) -W ignore -m weerwoord.evaluation $(FILE) $(if $(CURVE),--learning-curve)

cross-validate: setup ## weigh the judge's two models on writers they have not seen (trains five times)
	@$(PYTHON) -W ignore -m weerwoord.evaluation.cross_validation

bench: train ## measure against the bot of `rasa init` and write docs/benchmark.md (half an hour; QUICK=1 leaves the trainings out)
	@$(PYTHON) -W ignore -m weerwoord.bench $(if $(QUICK),--rounds 1 --no-training)

coverage-of-data: setup ## count the training texts: element by voice
	@$(PYTHON) -W ignore -m weerwoord.evaluation.coverage

lint: setup ## check style and types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy weerwoord actions

format: setup ## put the code in the house style
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

clean: ## remove everything that was made here, but keep conversations
	@rm -rf .venv .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis artefacts
	@find models -mindepth 1 ! -name .gitkeep -delete
