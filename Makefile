# Everything that is done with this repository has a target here; .ci/run runs
# the same ones.

GO ?= go
BIN := bin/errgen

# Nested modules: what only tests need, kept away from users of the command.
MODULES := cmd/errgen/scripts gen/bench gen/checks gen/clients gen/failures gen/simulation

# Static tools, pinned, and never in go.mod.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT := mvdan.cc/gofumpt@v0.12.0

.PHONY: help demo build generate test check lint drift fuzz soak bench microbench simulate tidy

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: build ## generate all catalogs and show what came out
	$(BIN) generate
	@echo; echo '--- a package for Go: out/forlena/forlena.go has'
	@sed -n '/^const (/,/^)/p' out/forlena/forlena.go | sed -n '2,31p'; echo '	…'
	@echo; echo '--- a page for people: out/docs/forlena.md has'
	@sed -n '/^| Error/,/^$$/p' out/docs/forlena.md | sed 's/(#[^)]*)//g; s/(README[^)]*)//g' | sed -n '1,7p'
	@echo; echo '--- a real response decodes to'
	@$(BIN) decode spec/catalogs/formfex.yaml cmd/errgen/testdata/burst-limit.http
	@echo; echo 'All pages: out/docs/README.md'

build: ## the command, as bin/errgen
	$(GO) build -o $(BIN) ./cmd/errgen

generate: build ## write out/ from spec/catalogs
	$(BIN) generate
	@cd gen/checks && $(GO) test -run '^TestPackages$$' -update . >/dev/null

test: ## all tests, those of the nested modules too
	$(GO) test ./...
	@for m in $(MODULES); do (cd $$m && echo "$(GO) test -count=1 ./... # $$m" && $(GO) test -count=1 ./...) || exit 1; done

check: test lint drift ## what CI runs

lint: ## vet, staticcheck, gofumpt, catalogs
	$(GO) vet ./...
	GOARCH=386 $(GO) vet ./templates/...
	@for m in $(MODULES); do (cd $$m && $(GO) vet ./...) || exit 1; done
	$(GO) run $(STATICCHECK) ./...
	@files=$$($(GO) run $(GOFUMPT) -l .) && { test -z "$$files" || { echo "gofumpt: $$files" >&2; exit 1; }; }

drift: build ## out/ and go.mod are as they should be
	$(BIN) lint
	$(BIN) generate --check
	$(GO) mod tidy -diff

FUZZTIME ?= 2m
fuzz: ## every fuzz target in turn, FUZZTIME each
	@for m in . $(MODULES); do for p in $$(cd $$m && $(GO) list ./...); do \
	  for f in $$(cd $$m && $(GO) test -list '^Fuzz' $$p | grep ^Fuzz); do \
	    (cd $$m && $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x $$p) || exit 1; \
	  done; done; done

# Bodies that the scanner and encoding/json must agree on, SOAK of them.
SOAK ?= 20000000
soak: ## compare the scanner with encoding/json on many bodies
	$(GO) test -count=1 -timeout 60m -run '^TestMutations$$' -v ./templates/apierr -mutations $(SOAK)

# UPDATE=1 puts the tables into README.md.
bench: ## ratios, measured side by side in one run
	cd gen/bench && $(GO) run . $(if $(UPDATE),-update ../../README.md)

microbench: ## the support package's own benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./templates/apierr

simulate: ## run the simulation of retries, and write its page and plot
	cd gen/simulation && $(GO) test -count=1 -run '^TestPublished$$' -update .

tidy: ## go.mod and go.sum of all modules
	$(GO) mod tidy
	@for m in $(MODULES); do (cd $$m && $(GO) mod tidy) || exit 1; done
