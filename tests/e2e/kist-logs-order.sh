# SPDX-License-Identifier: Apache-2.0
# kist logs: what was written to stdout and stderr in turn, each when the one before had been logged, has that order;
# and each stream keeps its own order whatever the other does.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
mkfifo in
kist run -i --name turns --net none busybox sh -c \
	'while read -r to text; do [ "$to" = out ] && echo "$text" || echo "$text" >&2; done' <in >/dev/null 2>&1 &
client=$!
exec 7>in
wait_for 10 kist logs turns
for n in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16; do
	case $n in *[13579]) to=err ;; *) to=out ;; esac
	echo "$to line $n" >&7
	wait_for 10 sh -c "grep -q 'line $n' '$KIST_ROOT'/containers/*/log.json"
done
exec 7>&-
wait $client
kist logs turns >all 2>&1
grep -o '[0-9]*' all | sort -c || fail "the order is: $(tr '\n' ' ' <all)"
[ "$(wc -l <all)" = 16 ] || fail "$(wc -l <all) lines"
kist logs turns 2>/dev/null >out
[ "$(wc -l <out)" = 8 ] || fail 'the streams are not apart'
kist rm turns >/dev/null

# as fast as it can: nothing is lost, and each stream is in order
run --name fast busybox sh -c 'i=0; while [ $i -lt 2000 ]; do echo o$i; echo e$i >&2; i=$((i + 1)); done' >/dev/null 2>&1
kist logs fast 2>err >out
seq -f o%g 0 1999 | cmp - out || fail 'stdout is not in order'
seq -f e%g 0 1999 | cmp - err || fail 'stderr is not in order'
kist rm fast >/dev/null
nothing_left
