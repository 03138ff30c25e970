#!/usr/bin/env bash
# Format, vet and lint; the linter is installed by its version into bin/.
set -euo pipefail
unformatted=$(gofmt -l app cmd store ui reports packaging sync 2>/dev/null || true)
[ -z "$unformatted" ] || { echo "Not gofmt'ed: $unformatted" >&2; exit 1; }
. packaging/tags.sh
go vet -tags "$tags" ./...
version=v2.15.0
if ! bin/golangci-lint version 2>/dev/null | grep -q "${version#v}"; then
	GOBIN="$PWD/bin" go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
fi
bin/golangci-lint run ./...
