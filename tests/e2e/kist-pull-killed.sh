#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kist-pull killed at any moment (P01): what reads the store never sees a half, the next pull completes, gc empties.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need jq
small_layout
serve slow pace=0.02
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	kist-pull -q "$SERVER/app:v1" >/dev/null 2>&1 &
	pid=$!
	sleep "0.$(printf %02d $((i * 3)))"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	status 0 kist-store ls
	check "after kill $i the store is sound" kist-store fsck
	[ $i != 8 ] || rm -rf "$KIST_ROOT"
done
status 0 kist-pull -q "$SERVER/app:v1"
check 'the store is sound' kist-store fsck
diff_id=$(kist-store inspect "$SERVER/app:v1" | jq -r '.config.rootfs.diff_ids[0]')
check 'the layer is right' cmp "$KIST_ROOT/layers/${diff_id#sha256:}/fs/noise" small/noise
status 0 kist-store untag "$SERVER/app:v1"
status 0 kist-store gc
left=$(find "$KIST_ROOT/images/blobs/sha256" "$KIST_ROOT/layers" -mindepth 1)
[ -z "$left" ] || fail "left after gc: $left"
