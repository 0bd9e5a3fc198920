# `make chat` and `make test` need nothing but Python 3.11-3.13: they make `.venv` themselves.

find_python = for python in python3.13 python3.12 python3.11 python3; do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
			2>/dev/null && echo "$$python" && break; done

install = echo 'Installing into .venv ...' && \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: chat test check bench playground e2e e2e-teams e2e-slack pictures

chat: .venv/.installed ## talk to the bot
	@.venv/bin/flowmend chat $(ARGS) || [ $$? -eq 130 ]

test: .venv/.installed-dev ## run the tests
	.venv/bin/python -m pytest $(ARGS)

check: .venv/.installed-dev ## run the linters, the type checker and the content linter
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/flowmend check

bench: .venv/.installed-dev ## measure speed and memory
	.venv/bin/python -m tests.bench $(ARGS)

playground: .venv/.installed-teams tests/e2e/node_modules/.installed ## try it in Microsoft's Teams client
	@node tests/e2e/playground.mjs

e2e: e2e-teams e2e-slack ## play the stories that need Node: on platforms that nobody here wrote

e2e-teams: .venv/.installed-dev tests/e2e/node_modules/.installed tests/e2e/slack/node_modules/.installed ## those of Teams, in a browser; in one the expert is in Slack
	@rm -rf tests/e2e/artefacts
	cd tests/e2e && node --test --test-concurrency=1 $(ARGS)

e2e-slack: .venv/.installed-dev tests/e2e/slack/node_modules/.installed ## those of Slack
	.venv/bin/python -m pytest -o python_files='check_*.py' tests/e2e/slack $(ARGS)

pictures: e2e-teams ## take the pictures of the README anew
	cp tests/e2e/artefacts/teams-verdict.png tests/e2e/artefacts/teams-korean.png .github/

tests/e2e/node_modules/.installed: tests/e2e/package.json tests/e2e/package-lock.json
	@command -v npm > /dev/null || { echo 'Node 20 or newer is needed, with npm.' >&2; exit 1; }
	@echo 'Installing into tests/e2e/node_modules ...' && npm ci --silent --prefix tests/e2e
	@touch $@

tests/e2e/slack/node_modules/.installed: tests/e2e/slack/package.json tests/e2e/slack/package-lock.json
	@command -v npm > /dev/null || { echo 'Node 20 or newer is needed, with npm.' >&2; exit 1; }
	@echo 'Installing into tests/e2e/slack/node_modules ...' && npm ci --silent --prefix tests/e2e/slack
	@touch $@

.venv/bin/python:
	@python="$$($(find_python))"; \
	if [ -z "$$python" ]; then \
		echo 'Python 3.11, 3.12 or 3.13 is needed, and none was found on the PATH.' >&2; exit 1; \
	fi; \
	"$$python" -m venv .venv || { rm -rf .venv; exit 1; }

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	@$(install) -e .
	@touch $@

.venv/.installed-teams: pyproject.toml constraints.txt | .venv/bin/python
	@$(install) -e '.[teams]'
	@touch .venv/.installed $@

.venv/.installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	@$(install) -e '.[dev]'
	@touch .venv/.installed .venv/.installed-teams $@
