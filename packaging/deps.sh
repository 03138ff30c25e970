#!/usr/bin/env bash
# Installs the Debian packages that cgo and GL need and that are not there yet; with the word
# test also those against which the tests run.
set -euo pipefail
need=(gcc libc6-dev pkg-config libgl-dev libgles2-mesa-dev libegl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev
	libgl1-mesa-dri iproute2 xvfb xauth xdotool imagemagick x11-utils poppler-utils)
if [ "${1:-}" = test ]; then
	need+=(baresip-core sip-tester zbar-tools)
	command -v chromium chromium-browser google-chrome >/dev/null || need+=(chromium)
	# A mail server, where there is none that it would replace.
	[ -e /usr/sbin/sendmail ] || need+=(exim4-daemon-light)
fi
missing=()
for p in "${need[@]}"; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
	echo "Punto needs these packages (Debian names): ${missing[*]}" >&2
	exit 1
fi
as=()
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "Run as root, or install first: apt-get install ${missing[*]}" >&2; exit 1; }
	as=(sudo)
fi
echo "Punto: installing what building and testing need, once: ${missing[*]}"
"${as[@]}" apt-get update -qq
"${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
