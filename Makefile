# What one does with Woodgate. Each target is a script, and may be called again at any time.

.PHONY: run dev test bench screenshots clean help

run: ## Set up what is missing, build, fill a demo database, serve
	@scripts/run.sh

dev: ## Serve, and rebuild on every change
	@scripts/dev.sh

test: ## Everything that CI checks
	@scripts/test.sh

bench: ## Sizes and speed, as recorded in docs/performance.md
	@scripts/bench.sh

screenshots: ## The pictures of the README, taken from the running product
	@scripts/screenshots.sh

clean: ## Remove what was built; data/ stays
	@rm -rf target end2end/test-results end2end/playwright-report

help:
	@sed -n 's/^\([a-z]*\): ## /\1: /p' Makefile
