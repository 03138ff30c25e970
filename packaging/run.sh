#!/usr/bin/env bash
# Builds Punto and opens the window on a demonstration desk. With no display it
# says so, works the same window under a virtual one, and leaves pictures and the
# month's report in out/.
set -euo pipefail
go build -tags migrated_fynedo -o bin/ ./cmd/punto ./cmd/puntoctl
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	data="${XDG_DATA_HOME:-$HOME/.local/share}/punto-demo"
	[ -d "$data" ] || bin/puntoctl --data "$data" init --demo
	echo "The demonstration is in $data; sign in as ana.soto (agent), cesar.ramos (technician), pedro.lagos (supervisor) or admin, password demostracion."
	exec bin/punto --data "$data"
fi
echo "There is no display here: the window is worked under a virtual one; pictures and the report go to out/."
mkdir -p out
rm -rf out/demo
bin/puntoctl --data out/demo init --demo
go run ./packaging/tour --punto bin/punto --data out/demo --out out
cp out/demo/informes/*.pdf out/
echo "Done: see out/."
