# vsim's commands. Each works from a clean clone with git, make and Python 3.11, 3.12 or 3.13; `make` alone lists them.
# Windows has no make here: the README says which two commands stand in for it.
SHELL := /bin/sh
PY := .venv/bin/python
PYTHON ?=
PYTEST := $(PY) -m pytest
JOBS ?= 2
export PYTHONUTF8 := 1
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE   # compiled once, not at every start

.PHONY: help demo check test prove validation lab datasets docs bench messages lock setup clean
.DEFAULT_GOAL := help

help:             ## list the commands
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1|/' | awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

demo: setup       ## a city beside its twin, a lesson that runs, a class that is graded: build/demo/index.html
	.ci/setup-system jail
	.venv/bin/vsim demo

check: setup      ## the quick lane, under a minute: ruff, mypy, import contracts, fast tests
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PYTEST) -q -n $(JOBS) --dist loadfile -m "not slow and not browser and not prove"

test: setup       ## everything that a change can break, browser included
	.ci/setup-system
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PYTEST) -n $(JOBS) --dist loadfile --durations 25

prove: setup      ## the slow evidence, written to proofs/
	.venv/bin/vsim run calibrate cn_registry
	.venv/bin/vsim run calibrate cn_mobilised --trials 40
	.venv/bin/vsim run calibrate us_cps --trials 40
	.venv/bin/vsim run calibrate uk_cls --trials 45
	.venv/bin/vsim run ensemble cn_mobilised --refit --trials 60
	.venv/bin/vsim run recover cn_registry --out proofs
	.venv/bin/vsim run experiments --out proofs || [ $$? = 1 ]    # 1: an experiment is missed, and is printed so
	$(PY) -m tests.science.truth_coverage
	.venv/bin/vsim run rematch --out proofs
	.venv/bin/vsim run tournament --seeds 1000 --jobs $(JOBS) --out proofs --quiet || [ $$? = 1 ]
	$(PYTEST) -m prove || [ $$? = 5 ]    # 5: there is no test of that lane yet

validation: setup ## every target of vsim/targets.csv beside the simulation, misses included: build/validation/index.html
	.venv/bin/vsim run validate --out build/validation --force

lab: setup        ## build the lessons and open JupyterLab on them, in Chinese where LANG_UI is zh_CN
	.venv/bin/vsim lab

datasets: setup   ## make the published data sets again, byte for byte
	for set in datasets/*/; do .venv/bin/vsim data remake "$$set" || exit 1; done

docs: setup       ## describe the model by the ODD protocol, in both languages: build/docs/odd.md
	.venv/bin/vsim odd --lang en --output build/docs/odd.md --force
	.venv/bin/vsim odd --lang zh_CN --output build/docs/odd.zh_CN.md --force

bench: setup      ## vsim's speed beside its peers', in one run
	$(PY) -m benchmarks

messages: setup   ## collect the messages for translation and compile the catalogues
	$(PY) -m vsim.spec.messages

lock:             ## compile requirements.lock again from pyproject.toml (asks the package index)
	.ci/lock $(PYTHON)

setup:            ## make .venv as requirements.lock says; does nothing when the stamp .venv/.ready says that it is
	@.ci/setup-venv $(PYTHON)

clean:            ## remove what was built here; .venv stays
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find vsim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
