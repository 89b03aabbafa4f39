#!/usr/bin/env bash
# Sets every require of our own modules, in every module, to a version. Changes only go.mod files.
set -euo pipefail
cd "$(dirname "$0")/.."

tags=$(scripts/tags.sh "${1-}")
version=$1

for module in $(scripts/modules.sh); do
	file=$module/go.mod
	for tag in $tags; do
		path=github.com/stytchkit/stytchkit/${tag%/"$version"}
		if go mod edit -json "$file" | grep -q "\"Path\": \"$path\",$"; then
			go mod edit -require="$path@$version" "$file"
		fi
	done
done
