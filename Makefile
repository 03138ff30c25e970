# The commands of the README. `make run` and `make test` work on a fresh Debian machine with Go and make.
TAGS  := $(shell . packaging/tags.sh && echo "$$tags")
GO    ?= go

.PHONY: run test check bench faults build deps go

run: deps
	bash packaging/run.sh

test: go
	bash packaging/deps.sh test
	bash packaging/test.sh

check: go
	bash packaging/check.sh

bench: go
	$(GO) test -tags "$(TAGS) sqlite" -run '^$$' -bench . ./...

# How sharp the tests are: small faults, planted one at a time. FAULTS="-shard 1/4" plants some of them.
faults: go
	$(GO) run ./packaging/faults -tags "$(TAGS)" $(FAULTS)

build: deps
	@echo "Punto: building (the first time compiles Fyne and its display binding: minutes, once; later seconds)"
	$(GO) build -tags "$(TAGS)" -o bin/ ./cmd/...

deps: go
	bash packaging/deps.sh

go:
	@command -v $(GO) >/dev/null || { echo "Punto needs Go 1.26 or later on the PATH: see https://go.dev/doc/install"; exit 1; }
