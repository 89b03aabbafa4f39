# The modules are those of go.work, and those apart, which need other versions than the workspace has; nothing
# here repeats the list.
MODULES    = $(shell scripts/modules.sh workspace)
APART      = $(shell scripts/modules.sh apart)
OTHERS     = $(filter ./examples ./examples/%,$(MODULES) $(APART))
LIBRARIES  = $(filter-out $(OTHERS),$(MODULES) $(APART))
# What has a target of its own is not tested by make test.
TESTED     = $(filter-out ./examples/bench ./examples/company ./examples/e2e,$(APART))

# The linter's version is in its file name, so that it is built once per version.
LINT_VERSION := v2.15.0
LINT         := .bin/golangci-lint-$(LINT_VERSION)

BENCHSTAT_VERSION := v0.0.0-20260908200009-22c9c6c9d4da
BENCHSTAT         := .bin/benchstat-$(BENCHSTAT_VERSION)

# The packages that the browser tests build pages of.
WEB := examples/e2e/web/node_modules/.package-lock.json

# For one run: make test TESTFLAGS='-count=1 -run Cookie', make bench BENCHFLAGS='-rounds 12',
# make bench BENCHFLAGS='-against /path/to/another/checkout -rounds 4' (before and after, in turns),
# make faults FAULTFLAGS='-demos gin -seed 1 -v', make replicas REPLICAFLAGS='-seed 1 -v', make e2e E2EFLAGS='-run Demos/gin -v'
TESTFLAGS  ?=
BENCHFLAGS ?=
FAULTFLAGS ?=
REPLICAFLAGS ?=
E2EFLAGS   ?=

SHELL := bash
.DEFAULT_GOAL := help

# Package lines and a total from `go test -v`; everything else only of a package that failed.
SUMMARY := awk -f scripts/test-summary.awk

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: ## run the Gin demo on http://127.0.0.1:8080 (the sandbox, unless STYTCH_* is set)
	@go build -o .bin/demo ./examples/gin
	@# At a terminal, in a process group of its own: Ctrl-C is the demo's alone, and make ends as it does, with 0.
	@[ ! -t 0 ] || set -m; .bin/demo; exit $$?

.PHONY: test
test: ## test every module with the race detector; installs Debian's redis-server when there is none
	@scripts/install.sh test redis-server
	@set -o pipefail; failed=0; \
	go test -race -v $(TESTFLAGS) work | $(SUMMARY) || failed=1; \
	for module in $(TESTED); do \
		echo "$$module"; \
		(cd $$module && GOWORK=off go test -race -v $(TESTFLAGS) ./...) | $(SUMMARY) || failed=1; \
	done; exit $$failed

.PHONY: lint
lint: $(LINT) ## lint every module, tests and examples included; silent when clean
	@failed=0; $(LINT) run $(MODULES:%=%/...) || failed=1; \
	for module in $(APART); do (cd $$module && GOWORK=off $(CURDIR)/$(LINT) run) || failed=1; done; exit $$failed

.PHONY: fmt
fmt: $(LINT) ## format every module
	@$(LINT) fmt $(MODULES) $(APART)

.PHONY: tidy
tidy: ## go mod tidy in every module
	@set -e; for module in $(MODULES) $(APART); do (cd $$module && GOWORK=off go mod tidy); done

.PHONY: tidy-check
tidy-check: ## fail, with the difference, when a go.mod or go.sum is not tidy; changes nothing
	@failed=0; for module in $(MODULES) $(APART); do \
		(cd $$module && GOWORK=off go mod tidy -diff) || { echo "$$module: not tidy (run make tidy)"; failed=1; }; \
	done; exit $$failed

.PHONY: standalone
standalone: ## without go.work, as a user has it: test each library module, build the examples
	@scripts/install.sh standalone redis-server
	@set -o pipefail; failed=0; \
	for module in $(LIBRARIES); do \
		echo "$$module"; \
		(cd $$module && GOWORK=off go test -v $(TESTFLAGS) ./...) | $(SUMMARY) || failed=1; \
	done; \
	for module in $(OTHERS); do \
		echo "$$module (build)"; \
		(cd $$module && GOWORK=off go build -o /dev/null ./...) || failed=1; \
	done; exit $$failed

.PHONY: bench
bench: $(BENCHSTAT) ## measure the kit beside what it replaces, some 8 minutes; writes examples/bench/RESULTS.md
	@cd examples/bench && GOWORK=off go run ./report -benchstat '$(CURDIR)/$(BENCHSTAT)' $(BENCHFLAGS)

.PHONY: faults
faults: ## each demo under load and attack while Stytch goes wrong, without the race detector: some 8 minutes
	@go run ./examples/internal/faults $(FAULTFLAGS)

.PHONY: faults-short
faults-short: ## the same in some seconds for each demo
	@go run ./examples/internal/faults -short $(FAULTFLAGS)

.PHONY: replicas
replicas: ## three replicas of the demo over a redis-server that goes wrong: some 2 minutes
	@scripts/install.sh replicas redis-server
	@go run ./examples/internal/replicas $(REPLICAFLAGS)

.PHONY: replicas-short
replicas-short: ## the same in half a minute
	@scripts/install.sh replicas-short redis-server
	@go run ./examples/internal/replicas -short $(REPLICAFLAGS)

.PHONY: e2e
e2e: ## each demo in a real browser, all by the same tests; installs Debian's chromium, nodejs, npm, prometheus and redis-server when there are none
	@scripts/install.sh e2e chromium node=nodejs npm prometheus redis-server
	@$(MAKE) --no-print-directory $(WEB)
	@cd examples/e2e && GOWORK=off go test -count=1 -timeout 15m $(E2EFLAGS) ./...

.PHONY: company
company: ## the adapters beside other people's middleware: gzip, caches, proxies, timeouts, WebSockets
	@set -o pipefail; cd examples/company && GOWORK=off go test -race -v $(TESTFLAGS) ./... | awk -f ../../scripts/test-summary.awk
	@set -o pipefail; cd examples/company && GOWORK=off go test -v -run 'Timeout' $(TESTFLAGS) ./... | awk -f ../../scripts/test-summary.awk

.PHONY: release-check
release-check: ## dry run of a release: make release-check VERSION=v0.1.0; changes nothing
	@scripts/release-check.sh "$$VERSION"

CI_STEPS := lint test standalone company tidy-check faults-short replicas-short e2e

.PHONY: ci
ci: ## what CI runs: lint, test, standalone, company, tidy-check, faults-short, replicas-short, e2e; every step runs, then a summary
	@failed=0; summary=; start=$$SECONDS; \
	for step in $(CI_STEPS); do \
		echo "== make $$step"; begun=$$SECONDS; \
		if $(MAKE) --no-print-directory $$step; then result=ok; else result=FAILED; failed=1; fi; \
		summary+=$$(printf '%-14s %-6s %4ds' $$step $$result $$((SECONDS - begun)))$$'\n'; \
	done; \
	echo "== summary"; printf '%s' "$$summary"; printf '%-14s %-6s %4ds\n' all "$$([ $$failed = 0 ] && echo ok || echo FAILED)" $$((SECONDS - start)); \
	exit $$failed

$(LINT):
	@echo "building golangci-lint $(LINT_VERSION), once: takes some minutes" >&2
	@GOBIN='$(CURDIR)/.bin' go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv .bin/golangci-lint $@

$(WEB): examples/e2e/web/package-lock.json
	@cd examples/e2e/web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BENCHSTAT):
	@GOBIN='$(CURDIR)/.bin' go install golang.org/x/perf/cmd/benchstat@$(BENCHSTAT_VERSION)
	@mv .bin/benchstat $@
