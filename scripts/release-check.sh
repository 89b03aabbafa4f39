#!/usr/bin/env bash
# A dry run of a release, as RELEASING.md describes it: in a temporary repository that is tagged with VERSION,
# builds each module without go.work and replace lines, and a consumer of each adapter. Leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."

tags=$(scripts/tags.sh "${1-}")
version=$1
ours=github.com/stytchkit/stytchkit
for tag in $tags; do
	if git rev-parse -q --verify "refs/tags/$tag" >/dev/null; then
		echo "$0: the tag $tag exists already (a released version is never released again)" >&2
		exit 1
	fi
done

tmp=$(mktemp -d)
leave() {
	status=$?
	chmod -R u+w "$tmp" && rm -rf "$tmp"
	if ((status)); then echo "FAILED: $current" >&2; fi
}
trap leave EXIT
trap 'exit 130' HUP INT TERM # once the command under way has ended

# Below, a subshell that fails ends the script, with the name of its step.
step() {
	current=$*
	echo "== $current"
}

step "a copy of the tree, released as $version"
mkdir "$tmp/tree"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
	if [[ -e $file ]]; then printf '%s\0' "$file"; fi # a tracked file may be deleted
done | tar --null --files-from=- -cf - | tar -C "$tmp/tree" -xf -
(
	cd "$tmp/tree"
	scripts/set-version.sh "$version"
	git init -q
	git add -A
	git -c user.name=release -c user.email=release@localhost -c commit.gpgsign=false commit -qm "Release $version"
	for tag in $tags; do git -c tag.gpgsign=false tag "$tag"; done
)

# Our own modules are fetched from the copy, by their tags; all others from the module cache before anywhere else.
# The module cache of this run is its own; by -trimpath, builds do not depend on where it is.
cache=$(go env GOMODCACHE)/cache/download
proxy=$(go env GOPROXY)
export GOPROXY="file://$cache,$proxy" GOPRIVATE=$ours GONOPROXY=$ours GONOSUMDB=$ours
export GOMODCACHE="$tmp/mod" GOWORK=off GOFLAGS="-mod=mod -modcacherw -buildvcs=false -trimpath"
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.file://$tmp/tree.insteadOf" GIT_CONFIG_VALUE_0="https://$ours"

# quietly COMMAND…: shows what it writes only when it fails.
quietly() { "$@" 2>"$tmp/said" || { cat "$tmp/said" >&2 && return 1; }; }

# alone MODULE: builds it without replace lines.
alone() {
	step "$1 without replace lines"
	mkdir -p "$tmp/alone"
	cp -R "$tmp/tree/$1" "$tmp/alone/module"
	(
		cd "$tmp/alone/module"
		for path in $(go mod edit -json | sed -n "s|.*\"Path\": \"\($ours/[^\"]*\)\".*|\1|p" | sort -u); do
			go mod edit -dropreplace="$path"
		done
		cp go.mod go.mod.released
		quietly go build ./...
		go vet ./...
		cmp go.mod go.mod.released # -mod=mod is for the hashes of our own modules, not for a require that is missing
	)
	rm -rf "$tmp/alone"
}

# program MODULE: the Go program of the README that imports the module, and no other of ours but core.
program() {
	awk -v module="$ours/$1" -v core="$ours/core" -v ours="$ours" '
		/^```go$/ { inside = 1; text = ""; found = other = 0; next }
		/^```$/ && inside {
			inside = 0
			if (found && !other && text ~ /(^|\n)package main\n/) { printf "%s", text; exit }
		}
		!inside { next }
		{ text = text $0 "\n" }
		index($0, "\"" module "\"") { found = 1 }
		index($0, "\"" ours "/") && !index($0, "\"" module "\"") && !index($0, "\"" core) { other = 1 }
	' "$tmp/tree/README.md"
}

# imports MODULE: a program that imports each package that the module has for others.
imports() {
	echo "package main"
	(cd "$tmp/tree/$1" && go list -f '{{if ne .Name "main"}}import _ "{{.ImportPath}}"{{end}}' ./...) | grep -v /internal/
	echo "func main() {}"
}

# consumer MODULE: gets the module as a user does, tidies, and builds the program that the README gives them, or where
# it has none, one that imports the module.
consumer() {
	step "a consumer of $1"
	mkdir -p "$tmp/consumer"
	program "$1" >"$tmp/consumer/main.go"
	if [[ ! -s $tmp/consumer/main.go ]]; then imports "$1" >"$tmp/consumer/main.go"; fi
	cat >"$tmp/consumer/main_test.go" <<-'GO'
		package main

		import (
			"testing"

			"github.com/stytchkit/stytchkit/core/stytchtest"
		)

		func TestStandIn(t *testing.T) { stytchtest.Start(t).AddMember(stytchtest.Member{}).SignIn() }
	GO
	(
		cd "$tmp/consumer"
		go mod init example.com/consumer 2>/dev/null
		cp "$tmp/tree/$1/go.sum" go.sum # what others' modules hash to
		quietly go get "$ours/$1@$version" "$ours/core@$version"
		quietly go mod tidy
		export GOFLAGS="${GOFLAGS/-mod=mod/-mod=readonly}"
		go build -o /dev/null .
		go vet .
		go test ./...
		for own in core "$1"; do
			got=$(go list -m -f '{{.Path}} {{.Version}}{{with .Replace}} replaced{{end}}' "$ours/$own")
			if [[ $got != "$ours/$own $version" ]]; then
				echo "it uses $got" >&2
				exit 1
			fi
		done
	)
	rm -rf "$tmp/consumer"
}

for tag in $tags; do alone "${tag%/"$version"}"; done
alone examples
for tag in $tags; do consumer "${tag%/"$version"}"; done

echo "== $version can be released"
