#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Pulls of the same image at once fetch each blob once (P14).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
# a second layer, and a second image that has both the other way round
mkdir -p second
head -c 200000 /dev/urandom >second/more
cp -r "$LAYOUT/blobs" kept
umoci insert --image "$LAYOUT:v1" --tag v2 "$T/second" / >/dev/null 2>&1 || fail 'umoci'
serve slow pace=0.05
pids=
for i in 1 2 3 4 5 6; do
	kist-pull -q "$SERVER/app:v$((i % 2 + 1))" >"$T/out.$i" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid" || fail "a pull failed: $(cat "$T"/out.*)"
done
python3 - "$LOG" "$LAYOUT" <<'END' || fail 'a layer was fetched more than once'
import collections, json, os, sys
count = collections.Counter()
for line in open(sys.argv[1]):
    entry = json.loads(line)
    if entry["method"] == "GET" and "/blobs/" in entry["path"]:
        count[entry["path"].rpartition("/")[2]] += 1
big = [d for d in count if os.path.getsize(f"{sys.argv[2]}/blobs/sha256/{d[7:]}") > 100000]
print(count)
sys.exit(len(big) != 2 or any(count[d] != 1 for d in big))
END
check 'the store is sound' kist-store fsck
check 'both are there' test "$(kist-store ls | wc -l)" = 2
# and while images are removed all the time: who pulls has what it has pulled
serve quick
again() {
	for _ in 1 2 3 4 5 6 7 8; do
		kist-pull -q --root "$T/busy" "$SERVER/app:$1" >/dev/null 2>>"$T/failed"
		kist-store --root "$T/busy" untag "$SERVER/app:$1" >/dev/null 2>&1
		# which says so when it waits for pulls
		kist-store --root "$T/busy" gc >/dev/null 2>&1
	done
}
pids=
for _ in 1 2 3 4; do
	again v1 &
	pids="$pids $!"
	again v2 &
	pids="$pids $!"
done
# shellcheck disable=SC2086
wait $pids
[ ! -s "$T/failed" ] || fail "beside removals: $(sort "$T/failed" | uniq -c | head)"
check 'the busy store is sound' kist-store --root "$T/busy" fsck
status 0 kist-store --root "$T/busy" gc
[ -z "$(find "$T/busy/images/blobs/sha256" "$T/busy/layers" -mindepth 1 2>/dev/null)" ] || fail 'the busy store is not empty'
left=$(find "$KIST_ROOT/images/blobs/sha256" "$KIST_ROOT/layers" -maxdepth 1 -name '.*')
[ -z "$left" ] || fail "left: $left"
