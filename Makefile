# Two commands: `make demo` opens the program on the demo county, `make test` checks everything.
# VENV=folder reuses an environment, PYTHON=path names an interpreter. On Windows: see README.md.

VENV ?= .venv
PYTHON ?= $(shell sh resources/setup/find-python.sh)
WHO ?= worker
HOUSEHOLDS ?= 6000
ARGS ?=

SETUP = "$(PYTHON)" -m resources.setup --venv "$(VENV)"
COMPILE = uv pip compile --no-config --index-url https://pypi.org/simple --no-emit-index-url --universal \
	--python-version 3.11 --generate-hashes --custom-compile-command "make lock" --quiet $(UPGRADE)

.PHONY: setup demo test check package clean distclean lock python

setup: python
	@$(SETUP) setup

demo: python
	@$(SETUP) demo --who "$(WHO)" --households "$(HOUSEHOLDS)"

test: python
	@$(SETUP) test $(ARGS)

check: python
	@$(SETUP) check

# The folder workers get: dist/tiejiaoban (resources/packaging/README.md).
package: python
	@$(SETUP) package

# The main walk on that folder, copied away from here, with keys and a mouse on a screen of its own (Xvfb, xdotool).
walk: setup
	@$(SETUP) run -m pytest -q tests/packaged --packaged dist/tiejiaoban $(ARGS)

# UPGRADE=--upgrade takes the newest releases; without it only what the .in files ask for changes.
lock:
	$(COMPILE) requirements.in -o requirements.lock
	$(COMPILE) -c requirements.lock requirements-dev.in -o requirements-dev.lock
	$(COMPILE) -c requirements.lock resources/packaging/requirements.in -o resources/packaging/requirements.lock
	echo pip | $(COMPILE) - -o resources/setup/pip.lock

# Known faults of the locked packages, asked of the package index; works where that can be reached.
audit:
	uv tool run pip-audit --require-hashes --disable-pip -r requirements.lock
	uv tool run pip-audit --require-hashes --disable-pip -r resources/packaging/requirements.lock

clean:
	rm -rf build dist gallery .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv

python:
	@test -n "$(PYTHON)"
