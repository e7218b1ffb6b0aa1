# Everything sets itself up: .venv and the pinned requirements on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NB ?=
NAME ?=
SEEDS ?= 5
N ?= 60
SEED ?= 0
WORKERS ?=
SCHEDULER ?=
PORT ?= 8000
export OMP_NUM_THREADS := 1
export MPLBACKEND := agg

.PHONY: help book serve slides lab lint test test-fast test-gpu elsewhere mutants new-chapter bench bench-import notebooks challenge-pages dist bundle colab links publish-check test-grader evidence seeds fork clean
help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## */  make \1|/' | column -t -s '|'

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"this course needs Python 3.11 or newer, {sys.executable} is {sys.version.split()[0]}: make PYTHON=python3.11 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "python's venv module is missing: on Debian or Ubuntu, apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

book: $(READY)   ## build the book to _build/html/index.html
	@$(BIN)/python book/_tools/build.py

serve: book      ## the book on http://localhost:8000 (PORT=...)
	@echo "http://localhost:$(PORT)  (stop with Ctrl-C)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

slides: $(READY) ## only the chapters' slides, into _build/html/slides (NB=07 for one)
	$(BIN)/python book/_tools/slides.py $(NB)

lab: $(READY)    ## JupyterLab on the notebooks
	@$(BIN)/jupyter trust notebooks/*.ipynb >/dev/null  # so that stored figures and films are shown
	$(BIN)/jupyter lab notebooks

.PHONY: pdf
pdf: book chromium ## each chapter printed, into dist/pdf (NB=07 for one)
	@$(BIN)/python book/_tools/pdf.py $(NB)

# Pages are looked at in a real browser: Chromium from the system, installed here if we may.
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
.PHONY: chromium
chromium:
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "the page tests need Chromium: apt-get install chromium (as root)"; exit 1; fi
endif

# Students' code runs in a jail, in the tests as for an instructor.
BWRAP := $(shell command -v bwrap)
.PHONY: bubblewrap
bubblewrap:
ifeq ($(BWRAP),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends bubblewrap >/dev/null; \
	else echo "the grader's tests need bubblewrap: apt-get install bubblewrap (as root)"; exit 1; fi
endif

lint: $(READY)   ## ruff (rules and format) and mypy (types of the library)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary

test: $(READY) lint chromium bubblewrap ## lint, unit tests, every notebook with its claims, the book and its pages
	WMLIB_TEST=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout=900 \
	  --durations=12 tests notebooks book/capstone

test-grader: $(READY) bubblewrap ## everything of the challenges: all wrong answers, a class of 200, Dask, kill -9
	WMLIB_TEST=1 WMLIB_GRADER=all $(BIN)/python -m pytest -q -n 2 --dist loadgroup --durations=12 tests/test_challenge*.py tests/test_grad*.py tests/test_jail.py tests/test_spread.py

# The pinned torch may be a build without CUDA: GPU_PYTHON=python3 names the one that sees the card.
GPU_PYTHON ?= $(BIN)/python
test-gpu: $(if $(findstring $(VENV),$(GPU_PYTHON)),$(READY)) ## models, learners and notebooks on a GPU, and what it changes; without one, what can be proven
	WMLIB_TEST=1 $(GPU_PYTHON) -m pytest -q -rs tests/test_gpu.py tests/test_wild_devices.py tests/test_interface.py -k "gpu or device"
	@$(GPU_PYTHON) book/_tools/gpu.py --dreamer
	@! $(GPU_PYTHON) -c "import sys, torch; sys.exit(not torch.cuda.is_available())" || \
	  WMLIB_TEST=1 $(GPU_PYTHON) -m pytest -q -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout=900 notebooks

test-fast: $(READY) lint ## lint and unit tests in under 150 seconds: no notebooks, no pages
	WMLIB_TEST=1 $(BIN)/python -m pytest -q -n 2 -m "not slow" tests

# On x86 these libraries can be told to compute as an older processor does: the last digits change,
# trainings go other ways, and a claim that held only by luck falls.
elsewhere:       ## the tests with another processor's arithmetic
	ATEN_CPU_CAPABILITY=avx2 MKL_CBWR=COMPATIBLE ONEDNN_MAX_CPU_ISA=AVX2 OPENBLAS_CORETYPE=Haswell \
	  $(MAKE) test

new-chapter: $(READY) ## begin a chapter: its room, its notebook, its line of contents (NAME=my_topic)
	@$(BIN)/python book/_tools/new_chapter.py "$(NAME)"

# What the peers need besides goes into an environment of its own, which sees ours.
BENCH := $(VENV)/bench
PEERS ?=
$(BENCH)/.ready: tests/benchmarks/requirements.txt $(READY)
	$(BIN)/python -m venv $(BENCH)
	site='import site; print(site.getsitepackages()[0])'; \
	  echo "import site; site.addsitedir('$$($(BIN)/python -c "$$site")')" > $$($(BENCH)/bin/python -c "$$site")/ours.pth
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $<
	@touch $@

bench: $(if $(PEERS),$(BENCH)/.ready,$(READY)) ## how fast are we, beside others (NAME=planner; PEERS=folder of their checkouts)
	@$(if $(PEERS),$(BENCH)/bin/python,$(BIN)/python) tests/benchmarks $(NAME) $(if $(PEERS),--peers $(PEERS))

bench-import: $(READY) ## seconds until a notebook's first cells have run, chapter by chapter
	@$(BIN)/python book/_tools/bench_import.py $(NB)

mutants: $(READY) ## plant small mistakes in the library: which do the fast tests notice? (N=60 SEED=0)
	$(BIN)/python tests/mutants.py $(N) --seed $(SEED) --files "$(or $(FILES),*)" --only $(ONLY)

notebooks: $(READY) ## run the notebooks again, in place (NB=03 for one)
	$(BIN)/python book/_tools/notebooks.py run $(NB)

# Both are made of many seeds: WORKERS=4 processes side by side, or SCHEDULER=tcp://host:8786, Dask.
SPREAD = $(if $(WORKERS),--workers $(WORKERS)) $(if $(SCHEDULER),--scheduler $(SCHEDULER))

challenge-pages: $(READY) ## write the book's pages of the daily challenges from their sources
	$(BIN)/python book/_tools/challenge_pages.py

dist: $(READY)   ## what is handed out: dist/ with the student's wheel, the starters, instructor.zip
	$(BIN)/python book/_tools/dist.py

bundle: book     ## dist/course.zip: book, notebooks, starters, wheel, what Colab lacks; for a shared folder
	$(BIN)/python book/_tools/bundle.py

# Colab's versions, a stand-in of google.colab, the network cut (FROM=repository: a local clone).
FROM ?= wheel
FREEZE ?=
colab: $(READY) bubblewrap ## the notebooks as Colab runs them (NB="01 06", FROM=repository, FREEZE=file)
	$(BIN)/python book/_tools/colab.py $(NB) --from $(FROM) $(if $(FREEZE),--freeze $(FREEZE))

links: $(READY)  ## ask every address that the book names whether it still answers (needs a network)
	$(BIN)/python book/_tools/links.py

publish-check: $(READY) ## do notebooks, buttons, citation and package agree on address, tag and version?
	$(BIN)/python book/_tools/publish_check.py

evidence: $(READY) ## run the experiments behind the claims and store them (NB=04 for one chapter)
	$(BIN)/python -m wmlib.evidence run $(NB) $(SPREAD)

seeds: $(READY)  ## run whole notebooks with other base seeds (SEEDS=5) and count the claims
	$(BIN)/python book/_tools/notebooks.py seeds $(SEEDS) $(NB) $(SPREAD)

fork: $(READY)   ## stamp your repository's address everywhere (REPO=https://github.com/you/course TAG=v1.0)
	$(BIN)/python book/_tools/fork.py "$(REPO)" $(TAG)

clean:           ## remove what was built (not .venv)
	rm -rf _build
