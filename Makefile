# Each target does its own set-up; a second run only does what is new.
PY := .venv/bin/python
# real servers and a real browser on a busy machine: a second try, and the summary names who needed it
PYTEST := $(PY) -m pytest --reruns 1 -rsR
.PHONY: setup setup-dev demo serve test lint bench quality models soak fuzz messages clean

setup:
	@./setup run

setup-dev:
	@./setup dev

demo: setup
	@$(PY) -m groundswell demo $(ARGS)

serve: setup
	@$(PY) -m groundswell serve $(ARGS)

lint: setup-dev
	$(PY) -m ruff check groundswell tests benchmarks tools
	$(PY) -m ruff format --check groundswell tests benchmarks tools
	$(PY) -m mypy groundswell
	.venv/bin/lint-imports

test: setup-dev messages lint
	$(PYTEST) -n 2 --dist loadgroup -m "not soak"

messages: setup-dev
	@$(PY) -c 'from pathlib import Path; from tools.build_messages import compile_catalogues; compile_catalogues(Path("groundswell"))'

bench: setup-dev
	$(PY) -m benchmarks $(ARGS)

quality: setup-dev
	$(PY) -m benchmarks.quality $(ARGS)

# The models that ship, from the development data beside the checkout and what lies in tools/.
models: setup-dev
	$(PY) -m tools.train_tone --data $${GROUNDSWELL_SHARED:-../shared}/data
	$(PY) -m tools.train_meaning --data $${GROUNDSWELL_SHARED:-../shared}/data
	$(PY) -m tools.train_stories --data $${GROUNDSWELL_SHARED:-../shared}/data
	$(PY) -m tools.train_body --data $${GROUNDSWELL_SHARED:-../shared}/data/pages --rounds 0 --write
	$(PY) -m tools.train_pace $${GROUNDSWELL_SHARED:-../shared}/data/cascades/train.jsonl.gz

# readers of pages, feeds, dates and queries, and the judge, on broken input, an hour each (ARGS="pages --minutes 5")
fuzz: setup-dev
	$(PY) -m tools.fuzz $(ARGS)

soak: setup-dev messages
	$(PYTEST) -n 2 --dist loadgroup -m soak -rsRP

# everything that set-up, tests and tools made here; homes with data lie elsewhere and stay
clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache .setup.log
	find groundswell tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} +
	find groundswell -name '*.mo' -delete
