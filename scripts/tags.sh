#!/usr/bin/env bash
# Prints the tags of a release, one per library module (all but the examples): core/v0.1.0, adapters/gin/v0.1.0, …
# Refuses what is no version that these module paths can have.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1-}
if ! [[ $version =~ ^v[01]\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?$ ]]; then
	echo "$0: VERSION is \"$version\" (want v0.1.0, or v0.1.0-rc.1; not v2 or later, which needs other module paths)" >&2
	exit 2
fi

scripts/modules.sh | while read -r module; do
	case $module in ./examples | ./examples/*) ;; *) echo "${module#./}/$version" ;; esac
done
