# Everything from a fresh machine with Python 3.11 or newer and make.
PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin
# Each process would compile all modules anew where the environment forbids it to keep them compiled.
export PYTHONDONTWRITEBYTECODE :=
BACKENDS := backends/torch_vae backends/sklearn backends/onnx backends/torch_module backends/diffusers backends/graph_vae backends/photo_features
CHECKPOINT := checkpoints/digits.safetensors

.PHONY: report test test-oldest lint docs figures bench validity dist clean
.DELETE_ON_ERROR:

report: .venv/installed
	mkdir -p $(dir $(CHECKPOINT))
	$(BIN)/latentot train torch-vae --data digits --latent 8 --option likelihood=gaussian --out $(CHECKPOINT)
	$(BIN)/latentot compare benchmarks/digits.toml --jobs $(JOBS) --out reports/digits

test: .venv/installed
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile

bench: .venv/installed
	$(BIN)/python benchmarks/speed/paths.py
	$(BIN)/python benchmarks/speed/drift.py

# Type-I error and power of the whole test: an hour or so on two cores; what was cut off goes on.
validity: .venv/installed
	$(BIN)/python benchmarks/validity/type_one.py --jobs $(JOBS)
	$(BIN)/python benchmarks/validity/power.py --jobs $(JOBS)

# Sdists and wheels as users get them, in dist/, tried with the newest of what they need: some minutes, and the internet.
# WITH is installed with the backends, such as a torch without CUDA, a tenth as large: make dist WITH=torch==2.13.0+cpu
dist: .venv/installed
	$(BIN)/python benchmarks/wheel_smoke.py $(WITH)

# The core with the oldest that it names, and the newest of what only tests and two backends need; WITH as for dist.
test-oldest: .venv-oldest/installed
	.venv-oldest/bin/pytest --numprocesses $(JOBS) --dist loadfile tests

# What README and docs/ show of the runs in reports/, once these have changed; a picture of the page needs Chromium.
figures: .venv/installed
	$(BIN)/python docs/make_leaderboard.py
	$(BIN)/python docs/make_hero.py
	$(BIN)/python docs/make_page_picture.py

# The site, in site/index.html: every link is checked, and a page opens without a network.
docs: .venv/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo site/index.html

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf .venv .venv-oldest checkpoints dist site

.venv/installed: pyproject.toml $(BACKENDS:=/pyproject.toml) constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("latentot needs Python 3.11 or newer: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev -e . $(BACKENDS:%=-e %)
	touch $@

.venv/docs: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group docs
	touch $@

.venv-oldest/installed: pyproject.toml backends/torch_vae/pyproject.toml backends/sklearn/pyproject.toml constraints-oldest.txt
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --constraint constraints-oldest.txt -e . \
		pytest pytest-xdist hatchling mpmath pyyaml array-api-strict jax lolatents numba $(or $(WITH),torch) \
		-e backends/torch_vae -e backends/sklearn
	touch $@
