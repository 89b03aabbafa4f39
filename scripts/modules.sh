#!/usr/bin/env bash
# Prints the directory of each module: ./core, ./adapters/gin, … With "apart", those outside go.work, which
# need other versions than the workspace has; with "workspace", the others.
set -euo pipefail
cd "$(dirname "$0")/.."

workspace=$(go work edit -json | sed -n 's|.*"DiskPath": "\(.*\)".*|\1|p')
all=$(find . -name node_modules -prune -o -path './.?*' -prune -o -name go.mod -print | sed 's|/go.mod$||' | sort)
case ${1-} in
"") echo "$all" ;;
workspace) echo "$workspace" ;;
apart) grep -vxF "$workspace" <<<"$all" ;;
*) echo "usage: $0 [apart|workspace]" >&2 && exit 2 ;;
esac
