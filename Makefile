# `make run` opens the app, `make test` proves it. Both install what they need into .venv on the first call.

BIN := .venv/bin
PORT ?= 8501

.PHONY: setup gpu run test lint format benchmark lock demo screenshots clean

setup: .venv/ready

# The environment: exactly the locked packages, checked by hash, with this project in editable mode.
.venv/ready: requirements.lock pyproject.toml .ci/get-uv
	@uv="$$(bash .ci/get-uv)" && \
	{ test -x $(BIN)/python || "$$uv" venv --quiet --python '>=3.11' .venv; } && \
	"$$uv" pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock && \
	"$$uv" pip install --quiet --python $(BIN)/python --no-deps --editable . && \
	touch $@

# What an NVIDIA GPU needs besides its driver, where CUDA 12 is not installed.
gpu: setup
	@uv="$$(bash .ci/get-uv)" && \
	"$$uv" pip install --python $(BIN)/python --constraint requirements.lock --editable '.[gpu]'

run: setup
	$(BIN)/alignment serve --port $(PORT)

# The tests start hundreds of processes, which spend most of their start compiling where nothing compiled is kept.
test: setup lint
	@bash .ci/get-chromium
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist worksteal $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: setup
	$(BIN)/python -m tests.benchmarks

# Resolve the dependencies of pyproject.toml anew, for every platform.
lock:
	@uv="$$(bash .ci/get-uv)" && \
	"$$uv" pip compile --quiet --upgrade --universal --python-version 3.11 --extra base-model --extra documents --extra login --extra s3 --extra cluster --group dev \
	    --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock pyproject.toml

# Make the demo episode anew: speak its script with synthetic voices, then align it like any other recording.
demo: setup
	@uv="$$(bash .ci/get-uv)" && "$$uv" run --quiet --script alignment/demo/make_demo.py
	$(BIN)/alignment align alignment/demo/audio.m4a alignment/demo/transcript.txt -o alignment/demo/aligned.json

# The pictures in the documents, of the app as it is now.
screenshots: setup
	@bash .ci/get-chromium
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache
