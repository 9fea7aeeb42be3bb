# Everything that these make lies in .local/, which make clean deletes.
PYTHON ?= python3
TOOLS = @$(PYTHON) -m tools

.PHONY: help demo demo-check demo-reset assets test core-tests lint format bench pot stop clean

help:
	@echo "make demo        make the demo if need be and serve it (PORT=8070)"
	@echo "make demo-check  serve the demo, log in as each user, and stop"
	@echo "make demo-reset  forget the demo's database; the next start makes it new"
	@echo "make assets      generate the web client's bundles in the demo again"
	@echo "make test        all tests (ARGS=\"-k hold\" narrows them)"
	@echo "make core-tests  Odoo's own suites, without and with the addons"
	@echo "make lint        check the style; make format mends it"
	@echo "make bench       the figures against plain Odoo"
	@echo "make pot         write the addons' texts for translators"
	@echo "make stop        stop the demo and its PostgreSQL"
	@echo "make clean       delete everything that these made"

demo demo-check demo-reset assets format pot stop clean:
	$(TOOLS) $@

test core-tests lint bench:
	$(TOOLS) $@ $(ARGS)
