# SPDX-License-Identifier: Apache-2.0
# A directory whose read fails is an error of what looks into it, never an empty one.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need strace jq
busybox_layout
tar -C "$LAYOUT" -cf - . | kist-store load >loaded || fail 'load'
id=$(printf '%064d' 1)
status 0 kist-store create "$id" "$(jq -r .reference <loaded)"
status 0 kist-store volume create data
traced -o trace true 2>/dev/null || skip 'strace cannot trace here'

# whichever read fails, in the whole of the command or not at all
each_read() {
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		rm -f trace
		traced -f -o trace -e trace=getdents64 -e inject=getdents64:error=EIO:when="$n" \
			"$@" >"$T/out" 2>"$T/err"
		got=$?
		grep -q INJECTED trace || break
		[ "$got" != 0 ] || fail "$*: read $n failed, and nobody noticed"
		[ -s "$T/err" ] || fail "$*: read $n failed without a word"
	done
	[ "$n" -gt 1 ] || fail "$*: no directory is read"
}

each_read kist system df
each_read kist ps -as
each_read kist inspect -s "$id"
each_read kist volume ls
mkdir -p "$KIST_ROOT/networks"
each_read kist network ls
each_read kist-store volume ls
each_read kist-store containers
