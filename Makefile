# The front door. Every target is one small program in tools/; what it says to people, it says in German.
# PYTHON=… chooses another Python, PORT=… another port.

.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

export PORT ONLY UPGRADE WHOLE
# Compiled modules halve the time of every start.
unexport PYTHONDONTWRITEBYTECODE
# What people read may carry umlauts, whatever the terminal's locale.
export PYTHONUTF8 := 1

define tool
@exec "$(PYTHON)" -m tools.$(1)
endef

.PHONY: help setup demo run test check format bench docs pin sbom clean fresh python

help: ## diese Übersicht
	@echo "Allmende – Marktplatz und Kompetenzzentrum für smarte Städte und Regionen"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: python ## alles einrichten, Beispieldaten laden, Webserver und Arbeiter starten (http://localhost:8000)
	$(call tool,demo)

test: python ## alle Tests: auf SQLite mit Browser, die Pakete auch auf PostgreSQL (WHOLE=1: die Seiten auch)
	$(call tool,test)

check: python ## alle Prüfungen: Regeln, Typen, Ordnung der Pakete, Vorlagen, Lizenzen, Migrationen
	$(call tool,check)

run: python ## Webserver und Arbeiter mit den Einstellungen der Umgebung (Betrieb)
	$(call tool,serve)

setup: python ## nur einrichten: Umgebung, Pakete, Gestaltung, Schriften
	$(call tool,setup)

format: setup ## Code in die vereinbarte Form bringen
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

bench: python ## Messungen aus benchmarks/ (ONLY="name …" wählt aus)
	$(call tool,bench)

docs: python ## Dokumentation auflisten und ihre Verweise prüfen
	$(call tool,docs)

pin: setup ## Versionen und Prüfsummen neu festhalten (UPGRADE=1: die neuesten)
	$(call tool,pin)

sbom: setup ## Stückliste aller Bestandteile schreiben (CycloneDX, var/sbom.cdx.json)
	$(call tool,sbom)

fresh: python ## die Datenbank der Demo wegwerfen; die nächste Demo beginnt von vorn
	$(call tool,fresh)

clean: ## wegwerfen, was sich wieder herstellen lässt; die Datenbank bleibt
	@rm -rf .venv node_modules var/test var/check var/fonts var/node var/static var/log var/stamps/venv \
		var/stamps/requirements var/stamps/front-end var/stamps/fonts var/stamps/static \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@echo "Aufgeräumt. Die Datenbank in var/ ist noch da."

python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || { \
		echo "Allmende braucht Python 3.11 oder neuer. Geben Sie ein: sudo apt-get install python3 python3-venv"; \
		echo "Liegt ein neueres woanders, nennen Sie es: make PYTHON=/pfad/zu/python3.12 demo"; exit 1; }

.DEFAULT:
	@echo "„make $@“ gibt es nicht. Es gibt:"
	@$(MAKE) help | sed 1,2d
	@exit 2
