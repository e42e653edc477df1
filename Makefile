# What people run. `make report` and `make test` need nothing but Python 3.11+ and make.
PYTHON ?= python3
CORES ?= $(shell $(PYTHON) -c "import os; print(os.cpu_count() or 1)")
VENV := .venv
BIN := $(VENV)/bin
unexport PYTHONPATH # modules of another place, which some users have
READY := $(VENV)/ready

# All paths are relative, so that the checkout may lie under any name but one with a colon.
ifneq (,$(findstring :,$(CURDIR)))
$(error Python cannot make an environment under a name with a colon, as in $(CURDIR); move the checkout)
endif

.PHONY: help report lint test test-fast lab clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: $(READY) ## run the notebooks that need it and export their reports (HTML and PDF); STRICT=1 refuses unfinished sheets
	@$(if $(STRICT),$(BIN)/python -m helpers check --strict,true)
	@$(BIN)/python -m helpers.running.pipeline --cores "$(CORES)"
	@echo "Reports: begin at reports/index.html; a PDF lies beside each page. Tables: data/processed/"

lint: $(READY) ## style, and the types of the helpers
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m ruff format --check --quiet
	@$(BIN)/python -m mypy

test: lint ## check code, data and notebooks, on all cores
	@$(BIN)/python -m pytest --numprocesses "$(CORES)" --dist worksteal

test-fast: $(READY) ## the tests without those that run notebooks or a browser
	@$(BIN)/python -m pytest --numprocesses "$(CORES)" -m "not slow"

lab: $(READY) ## open JupyterLab in the environment; LABFLAGS are for it, such as --port=8890
	@$(BIN)/python -m jupyterlab --LabApp.default_url=/lab/tree/notebooks/01_transcription.ipynb $(LABFLAGS)

clean: ## remove the reports and the environment, but no data
	rm -rf reports build .snakemake $(VENV) $(VENV).lock

# The environment, from the lock, compiled: some machines forbid Python to write bytecode later. Two makes at once would
# spoil it for each other: who builds holds a lock, which the system frees when the last process of the build has ended.
define ALONE
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_CREAT | os.O_RDWR)
os.set_inheritable(file, True)
try:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another make is at work on the environment; waiting for it to end.", flush=True)
    fcntl.flock(file, fcntl.LOCK_EX)
os.execvp(sys.argv[2], sys.argv[2:])
endef
export ALONE

# The environment finds the modules by their place beside it, so that a copy of the checkout uses its own.
define RELATIVE
import os, pathlib, sysconfig
place = pathlib.Path(sysconfig.get_path("purelib"))
(place / "helpers.pth").write_text(os.path.relpath("src", place) + "\n")
endef
export RELATIVE

ifndef BUILDING
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit('Python 3.11 or later is needed, this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	@$(PYTHON) -c "$$ALONE" $(VENV).lock $(MAKE) --silent --no-print-directory BUILDING=1 $(READY)
else
$(READY): requirements.lock pyproject.toml
	@echo "Making the environment in $(VENV) from requirements.lock: a minute or three, once."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c "$$RELATIVE"
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib src || true # some files of packages are for another Python
	@touch $(READY)
endif
