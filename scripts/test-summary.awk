# Reads `go test -v`; prints a line per package with the number of cases that passed (subtests included), what was skipped and why, and a total.
# Of a failed package it shows what the tests wrote that did not pass. The exit status is 1 when a package failed, or when nothing ran.

/^=== (RUN|CONT|NAME) / { name = $3; next }
/^=== PAUSE /           { next }
/^ *--- PASS: /         { passed++; delete wrote[$3]; next }
/^ *--- SKIP: /         { skipped++; skips = skips "\t" $3 "\n" wrote[$3]; delete wrote[$3]; next }
/^ *--- FAIL: /         { failed++; name = $3 }

/^ok  \t/ {
	print $0 "\t" passed + 0 " passed" (skipped ? ", " skipped " skipped:" : "")
	printf "%s", skips
	finish()
	next
}

# go test closes a failed package with this line.
/^FAIL\t/ {
	for (i = 1; i <= names; i++) printf "%s", wrote[order[i]]
	print
	broken++
	finish()
	next
}

/^(PASS|FAIL)$/ || /\[no test files\]$/ { next }

{
	if (!(name in listed)) { listed[name]; order[++names] = name }
	wrote[name] = wrote[name] $0 "\n"
}

END {
	for (i = 1; i <= names; i++) printf "%s", wrote[order[i]]
	finish()
	printf "%d passed, %d failed, %d skipped", passes, failures, skippings
	print broken ? "; packages that FAILED: " broken : passes ? "" : ": NOTHING RAN"
	exit !(passes && !broken)
}

function finish() {
	passes += passed; failures += failed; skippings += skipped
	passed = failed = skipped = names = 0
	name = skips = ""
	split("", wrote); split("", order); split("", listed)
}
