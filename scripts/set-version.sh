#!/usr/bin/env bash
# Sets every require of our own modules, in every module of go.work, to a version. Changes only go.mod files.
set -euo pipefail
cd "$(dirname "$0")/.."

tags=$(scripts/tags.sh "${1-}")
version=$1

for file in $(go work edit -json | sed -n 's|.*"DiskPath": "\(.*\)".*|\1/go.mod|p'); do
	for tag in $tags; do
		path=github.com/stytchkit/stytchkit/${tag%/"$version"}
		if go mod edit -json "$file" | grep -q "\"Path\": \"$path\",$"; then
			go mod edit -require="$path@$version" "$file"
		fi
	done
done
