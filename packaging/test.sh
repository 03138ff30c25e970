#!/usr/bin/env bash
# Every test, package by package so that two cores are enough; ends with the counts of go test.
set -uo pipefail
. packaging/tags.sh
echo "Punto: compiling the tests (the first time compiles Fyne and its display binding: minutes, once)"
go vet -tags "$tags" ./... || exit 1
echo "Punto: testing, some minutes"
go test -tags "$tags" -p 2 -timeout 45m -json ./... | go run ./packaging/counts
rc=("${PIPESTATUS[@]}")
[ "${rc[0]}" -eq 0 ] && [ "${rc[1]}" -eq 0 ]
