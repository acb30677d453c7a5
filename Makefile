# Two commands for a newcomer: `make demo` and `make test`. Each sets up everything that it needs.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
TOOLS := .tools
UV ?= $(TOOLS)/bin/uv
RUN := $(UV) run --locked --no-sync
PARSED := app/trdpgx/knowledge/rules/parsed.json
EXPANDED := app/trdpgx/knowledge/rules/expanded.json
REFERENCE := app/trdpgx/knowledge/reference/parsed.msgpack

help: ## list the recipes
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(TOOLS)/bin/uv: # uv itself, from the package index, in a folder of this checkout
	@echo "fetching uv from the package index, once"
	@$(PYTHON) .ci/bootstrap.py $(TOOLS)

setup: $(UV) ## make the locked environment in .venv
	@test -d .venv || echo "setting up .venv: downloads and compiles about 600 MB of packages, once; up to two minutes"
	@$(UV) sync --locked --quiet --compile-bytecode --python $(PYTHON) $(if $(wildcard app/trdpgx/intake/scan/libscan.so),,--reinstall-package trdpgx)
	@$(RUN) python -m compileall -q app/trdpgx
	@$(MAKE) --silent --no-print-directory $(PARSED) $(EXPANDED) $(REFERENCE)

# The parsed rules and reference, as in the wheel (docs/decisions/0079-start-up.md): a start is slower without them or if they are stale.
$(PARSED): $(wildcard rules/*.yaml rules/*/*.yaml) app/trdpgx/knowledge/rules/parsed.py app/trdpgx/knowledge/yaml_document.py
	@$(RUN) python -c "import pathlib; from trdpgx.knowledge.rules.parsed import write_parsed; write_parsed(pathlib.Path('rules'))"
$(EXPANDED): $(PARSED) $(wildcard reference/*.* reference/*/*.* app/trdpgx/model/*.py app/trdpgx/knowledge/rules/*.py app/trdpgx/knowledge/rules/*/*.py)
	@$(RUN) python -c "import pathlib; from trdpgx.knowledge.rules.expanded import write_expanded; write_expanded(pathlib.Path('rules'))"
$(REFERENCE): $(wildcard reference/*.* reference/*/*.* app/trdpgx/model/*.py app/trdpgx/knowledge/reference/*.py)
	@$(RUN) python -c "from trdpgx.knowledge.reference.library import load_reference; \
		from trdpgx.knowledge.reference.parsed import write_parsed_reference; write_parsed_reference(load_reference())"

demo: setup ## start the service, post the example genome, print the report's summary, stop
	@$(RUN) python examples/demo.py

lint: setup ## ruff, mypy --strict, import-linter
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) lint-imports --no-cache

# How many processes run the tests.
JOBS ?= 2
FAST := tests/model tests/report tests/reasoning tests/knowledge tests/calling tests/golden/test_golden.py
fast: setup ## lint, import rules and the tests that need no server: under a minute
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) lint-imports --no-cache
	@$(RUN) pytest -n $(JOBS) --dist loadfile -m "not slow and not server" $(FAST)

# Tests in a browser are in make browser: its event loop disturbs other tests in the same process.
# Tests that need other programs (nginx, Redis, Dask), kill workers, measure their time, or search all objects of their process are in
# make services.
SERVICES := tests/deploy tests/cohort/test_scheduler.py tests/http/test_admission.py tests/http/test_lifecycle.py \
	tests/security/test_canary_access.py tests/security/test_killed.py \
	tests/security/test_reachable.py tests/security/test_soak.py tests/security/test_steady.py tests/security/test_timing.py
unit: setup ## the tests, without those in a browser and with other services
	@$(RUN) pytest -n $(JOBS) --dist loadfile --ignore=tests/browser $(addprefix --ignore=,$(SERVICES))

test: lint unit ## lint, types, import rules, and the tests

services: setup ## tests with nginx, Redis and a Dask cluster, and of workers that are killed under load
	@$(RUN) pytest -n $(JOBS) --dist loadfile $(SERVICES)

check: test services browser formats clients audit statistics soak-short ## what CI runs: make test, real services, pages in a browser, formats by published profiles, load with faults, then genomes with published diplotypes and short fuzzing
	@if [ -e $(FOLDER)/truth.tsv ]; then $(RUN) python -m validation.concordance $(FOLDER); else echo "skipped: no truth.tsv in $(FOLDER)"; fi
	@$(MAKE) --no-print-directory fuzz SECONDS=5

browser: setup ## look at pages in Debian's Chromium: axe-core, policies, requests, print (skipped without chromium)
	@if command -v chromium >/dev/null; then $(UV) sync --locked --quiet --group browser && $(RUN) pytest tests/browser; \
	else echo "skipped: no chromium here (apt-get install chromium)"; fi

formats: setup ## check the FHIR Bundles of golden reports and of a cohort by profiles (skipped where npm cannot fetch the guide)
	@$(UV) sync --locked --quiet --group formats && COHORT=$(FOLDER)/1kgp_cohort3202_GRCh38.vcf.gz $(RUN) pytest tests/fhir

clients: setup ## check the description of the service with generators of clients, a linter and requests made from it (about 3 minutes)
	@$(RUN) python -m validation.clients

statistics: setup ## simulate cohorts with and without planted effects, and check intervals and p values
	@$(RUN) python -m validation.association

sbom: setup ## list the parts of the program and their licences in dist/ (CycloneDX, TSV)
	@$(RUN) python -m validation.supply sbom dist

audit: setup ## ask PyPI for known vulnerabilities of the locked packages (skipped where it cannot be reached)
	@$(RUN) python -m validation.supply audit

soak: setup ## the tests of tests/security with many more rounds (hours)
	@SOAK=1 $(RUN) pytest tests/security tests/intake/test_engines.py -o log_cli=true --log-cli-level=INFO

soak-short: setup ## 200 clients, most of them hostile, and every fault once or twice (about a minute; skipped without redis-server)
	@SOAK_SECONDS=30 $(RUN) pytest tests/security/test_soak_faults.py -o log_cli=true --log-cli-level=INFO

# TARGETS are names of tests/security/fuzz_targets.py; FOUND keeps inputs that reached new code, from which the next run starts.
TARGETS ?= sniff inflate scan validator bcf bcf_record form outside pipeline
SECONDS ?= 300
FOUND ?= /tmp/trdpgx-fuzz
fuzz: setup ## fuzz intake with atheris, guided by coverage (make fuzz TARGETS=validator SECONDS=60)
	@$(RUN) python -m tests.security.fuzz $(TARGETS) --seconds $(SECONDS) --keep $(FOUND)

# FOLDER holds genomes with published diplotypes (truth.tsv) and the cohort; they are not part of this repository.
FOLDER ?= ../shared/real
validate: setup ## every pair of alleles against brute force; published truth and a cohort (make validate FOLDER=...)
	@$(RUN) python -m validation.pairs
	@if [ -e $(FOLDER)/truth.tsv ]; then $(RUN) python -m validation.concordance $(FOLDER); else echo "no truth.tsv in $(FOLDER)"; fi
	@set -e; for cohort in $(wildcard $(FOLDER)/*cohort*.vcf.gz); do $(RUN) python -m validation.frequencies --check $$cohort; done

integrations: setup ## run and lint integrations/, each tool in an environment of its own
	@UV="$(abspath $(UV))" $(RUN) pytest integrations

format: setup ## format the code with ruff
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

golden: setup ## rewrite the golden reports and that of the README (CONTRIBUTING.md states when); make golden CASES="poor open" for some
	@$(RUN) python -m tests.golden.cases $(CASES)
	@$(RUN) python tests/docs/test_readme.py

benchmark: setup ## measure, as ratios side by side in one run
	@$(RUN) python -m performance
	@$(RUN) python -m performance.intake
	@$(RUN) python -m performance.calling

.PHONY: help setup demo lint fast unit test services check clients statistics soak-short sbom audit browser integrations formats golden soak fuzz validate format benchmark
