#!/usr/bin/env bash
# Installs what a target runs beside Go, from Debian as root, where it is not there yet:
# install.sh TARGET COMMAND[=PACKAGE]…
set -euo pipefail

target=$1
shift
missing=()
for want in "$@"; do
	command -v "${want%%=*}" >/dev/null || missing+=("${want#*=}")
done
if ((${#missing[@]} == 0)); then
	exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
	echo "make $target: missing: ${missing[*]}. Install them (Debian: apt-get install ${missing[*]}, as root) and run make $target again." >&2
	exit 1
fi
echo "installing ${missing[*]}" >&2
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
