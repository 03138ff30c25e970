#!/usr/bin/env bash
# Every test, package by package so that two cores are enough; ends with the counts of go test.
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
go vet -tags migrated_fynedo ./... || exit 1
go test -tags migrated_fynedo -p 2 -timeout 15m -json ./... >"$log"
rc=$?
go run ./packaging/counts <"$log" || rc=1
exit $rc
