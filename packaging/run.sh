#!/usr/bin/env bash
# Builds Punto and opens the window on a demonstration desk. With no display it
# says so, works the same window under a virtual one, and leaves pictures and the
# month's report in out/.
set -euo pipefail
. packaging/tags.sh
echo "Punto: building (the first time compiles Fyne and its display binding: minutes, once; later seconds)"
go build -tags "$tags" -o bin/ ./cmd/punto ./cmd/puntoctl
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	data="${XDG_DATA_HOME:-$HOME/.local/share}/punto-demo"
	if [ ! -d "$data" ]; then
		echo "Punto: making the demonstration, a year of calls and cases, in $data"
		bin/puntoctl --data "$data" init --demo
	fi
	echo "Punto: the demonstration is in $data; sign in as ana.soto (agent), cesar.ramos (technician), pedro.lagos (supervisor) or admin, password demostracion."
	exec bin/punto --data "$data"
fi
echo "Punto: there is no display here: the window is worked under a virtual one; pictures and the report go to out/."
mkdir -p out
rm -rf out/demo
echo "Punto: making the demonstration, a year of calls and cases"
bin/puntoctl --data out/demo init --demo
go run -tags "$tags" ./packaging/tour --punto bin/punto --data out/demo --out out
cp out/demo/informes/*.pdf out/
echo "Done: see out/."
