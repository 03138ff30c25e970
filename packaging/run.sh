#!/usr/bin/env bash
# Builds Punto and shows a desk at work on the command line: a new desk with one case, in out/desk.
set -euo pipefail
go build -o bin/ ./cmd/puntoctl
rm -rf out/desk
mkdir -p out
ctl() { bin/puntoctl --data out/desk "$@"; }
ctl init --name "Mesa de prueba" --zone America/Santiago
number=$(echo '{"Opened":{"Subject":"No imprime la impresora de despacho","Category":"impresoras.cola","Impact":2,"Urgency":2}}' | ctl do OpenCase | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
echo "Case $number is registered. Its clocks:"
ctl clock explain "$number"
ctl report --month "$(date +%Y-%m)" --out out
