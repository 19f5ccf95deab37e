# Needs make and a Python of 3.11 or newer, nothing else: make PYTHON=python3.12 … names another one.
PYTHON ?= python3

BIN := .venv/bin
SCRATCH := $(CURDIR)/var/test
INSTALL := $(PYTHON) config/install.py
CLEARED := env -u DATABASE_URL -u REDIS_URL -u SECRET_KEY -u ALLOWED_HOSTS -u EMAIL_URL -u CLOCK_SHIFT -u DEMO
DEMO_HOUSE := $(CLEARED) DEMO=1 DATA_DIR="$(SCRATCH)"
RANDOM_TEXT := $$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')
REAL_HOUSE := $(CLEARED) DATA_DIR="$(SCRATCH)" SECRET_KEY="$(RANDOM_TEXT)" ALLOWED_HOSTS=foyer.example
TO_SERVE := SECRET_KEY=x POSTGRES_PASSWORD=x ALLOWED_HOSTS=foyer.example EMAIL_URL=smtp://mail.example
TITLE := @printf '\n== %s\n'

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check audit bench lock format clean

help: ## says what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## opens the demo house at http://localhost:8000 (PORT=8001 for another port); Ctrl-C closes it
	@$(PYTHON) config/start.py

test: ## runs all tests, on SQLite and on PostgreSQL
	@$(INSTALL) dev
	$(TITLE) "tests on SQLite"
	@$(DEMO_HOUSE) $(BIN)/python -m pytest -n auto -m "not browser and not races"
	$(TITLE) "tests on PostgreSQL"
	@$(DEMO_HOUSE) $(BIN)/python -m pytest -n auto -p tests.on_postgresql -m "not browser and not races and not pure"
	$(TITLE) "browsers and races, one at a time"
	@$(DEMO_HOUSE) $(BIN)/python -m pytest -m "browser or races"

check: ## does what CI does: every check there is, then all tests with nothing left out
	@$(INSTALL) dev
	@mkdir -p "$(SCRATCH)"
	$(TITLE) "format"
	@$(BIN)/ruff format --check .
	$(TITLE) "lint"
	@$(BIN)/ruff check .
	$(TITLE) "templates"
	@test -z "$$(find shelter intake reporting -name '*.html')" || \
		$(BIN)/djlint shelter intake reporting --lint --quiet
	$(TITLE) "types"
	@$(DEMO_HOUSE) $(BIN)/mypy config shelter intake reporting
	$(TITLE) "who imports whom"
	@$(DEMO_HOUSE) $(BIN)/lint-imports --no-logo
	$(TITLE) "migrations"
	@$(DEMO_HOUSE) $(BIN)/python manage.py makemigrations --check --dry-run
	$(TITLE) "catalogues"
	@NOTHING_LEFT_OUT=1 $(DEMO_HOUSE) $(BIN)/python manage.py check_catalogues
	$(TITLE) "a real house's settings"
	@$(REAL_HOUSE) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(TITLE) "compose file"
	@$(CLEARED) $(TO_SERVE) $(BIN)/docker-compose --env-file /dev/null config --quiet
	$(TITLE) "dependency audit"
	@$(MAKE) --no-print-directory audit
	@NOTHING_LEFT_OUT=1 $(MAKE) --no-print-directory test

# pip-audit ends with the same code for a vulnerability and for a service out of reach: its words tell them apart.
audit:
	@mkdir -p "$(SCRATCH)"
	@$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock --progress-spinner off \
		>"$(SCRATCH)/audit.txt" 2>&1; \
	unasked=$$(grep -c 'could not be audited' "$(SCRATCH)/audit.txt"); \
	if grep -q '^Found [0-9]* known vulnerabilit' "$(SCRATCH)/audit.txt"; then \
		cat "$(SCRATCH)/audit.txt"; exit 1; \
	elif ! grep -q '^No known vulnerabilities' "$(SCRATCH)/audit.txt"; then \
		echo '!!! DEPENDENCIES NOT AUDITED: no answer from a vulnerability service; see var/test/audit.txt'; \
	elif [ "$$unasked" -gt 0 ]; then \
		echo "!!! $$unasked DEPENDENCIES NOT AUDITED: the service does not know them; see var/test/audit.txt"; \
	else \
		echo 'No known vulnerabilities.'; \
	fi

bench: ## measures the house and writes var/bench.json
	@$(INSTALL) dev
	@$(DEMO_HOUSE) $(BIN)/python -m tests.bench

lock: ## makes requirements.lock from pyproject.toml, keeping its versions (UPGRADE=1 takes newer ones)
	@$(INSTALL) lock $(if $(UPGRADE),upgrade)

format: ## puts the code in shape
	@$(INSTALL) dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## removes what can be made again; the demo house in var/ stays
	@rm -rf .venv var/test staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
