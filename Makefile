# Everything from a clean clone, with Rust and Node alone.
#
#   make run     start restante; flags go into ARGS: make run ARGS='--smtp 2525'
#   make test    every check and test: what CI runs
#   make build   the release binary, in target/release/restante

.PHONY: run build test bench image clean format lint test-rust test-ui test-browser browser

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
# One step after the other: cargo and npm use every core by themselves.
.NOTPARALLEL:

# The browser of the UI's tests: the system's, never a downloaded one.
CHROMIUM ?= $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))

ifneq ($(CHROMIUM),)
export CHROMIUM
endif

run:
	cargo run --release -- $(ARGS)

build:
	cargo build --release

test: format lint test-rust test-ui test-browser
	@echo 'make test: every step passed'

format:
	cargo fmt --check

lint:
	cargo clippy --all-targets -- -D warnings

test-rust:
	cargo test

test-ui: ui/node_modules/.package-lock.json
	cd ui && npm run check && npm test

test-browser: build browser ui/node_modules/.package-lock.json
	cd ui && RESTANTE_BIN='$(CURDIR)/target/release/restante' npm run e2e

browser:
	@if [ -n '$(CHROMIUM)' ]; then exit 0; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; \
	else \
	  echo 'The browser tests need Chromium: install it, or say make test CHROMIUM=/path/to/it' >&2; \
	  exit 1; \
	fi

ui/node_modules/.package-lock.json: ui/package-lock.json
	cd ui && npm ci --no-audit --no-fund
	@touch $@

bench:
	cargo bench

image:
	docker build -t restante .

clean:
	cargo clean
	rm -rf ui/dist ui/node_modules ui/test-results ui/playwright-report
