#!/usr/bin/env bash
# Installs Debian's chromium, as root, when there is no Chromium for the browser tests.
set -euo pipefail

if command -v chromium >/dev/null; then
	exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
	echo "make e2e: there is no chromium in PATH. Install it (Debian: apt-get install chromium, as root) and run make e2e again." >&2
	exit 1
fi
echo "installing chromium" >&2
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
