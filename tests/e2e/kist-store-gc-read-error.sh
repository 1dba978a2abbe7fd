# SPDX-License-Identifier: Apache-2.0
# A directory that cannot be read to its end: gc fails, and what a container needs stays.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need strace jq
busybox_layout
tar -C "$LAYOUT" -cf - . | kist-store load >loaded || fail 'load'
reference=$(jq -r .reference <loaded)
id=$(printf '%064d' 1)
status 0 kist-store create "$id" "$reference"
status 0 kist-store untag "$reference"
find "$KIST_ROOT/layers" | sort >before
failures=0
for n in 1 2 3 4 5 6 7 8; do
	traced strace -f -qq -o trace -e trace=getdents64 -e inject=getdents64:error=EIO:when=$n \
		kist-store gc >out 2>err || failures=$((failures + 1))
	find "$KIST_ROOT/layers" | sort >after
	cmp -s before after || fail "gc removed what a container needs when read $n failed"
done
check 'some reads failed' test "$failures" -ge 2
status 0 kist-store rm "$id"
status 0 kist-store gc
