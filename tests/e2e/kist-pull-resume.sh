#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A lost connection, a stalled server, an interrupt: bounded, and continued with Range (P05, P06).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
part=$KIST_ROOT/images/blobs/sha256/.part-${LAYER#sha256:}
verified() {
	check 'the store is sound' kist-store fsck
	diff_id=$(kist-store inspect "$SERVER/app:v1" | python3 -c \
		'import json, sys; print(json.load(sys.stdin)["config"]["rootfs"]["diff_ids"][0][7:])')
	check 'the layer is right' cmp "$KIST_ROOT/layers/$diff_id/fs/noise" small/noise
}
fresh() { rm -rf "$KIST_ROOT"; }

# connections that break: the rest is asked for
serve cut cut=100000 times=2
status 0 kist-pull -q "$SERVER/app:v1"
check 'it went on where it was' grep -q '"range": "bytes=100000-"' "$LOG"
verified

# a server that does not know Range sends all of it again
fresh
serve cut2 cut=100000 times=1 range=no
status 0 kist-pull -q "$SERVER/app:v1"
verified

# it always breaks: bounded, and the part stays for the next pull
fresh
serve broken cut=50000
status 1 kist-pull -q "$SERVER/app:v1"
complains 'connection lost'
check 'not for ever' test "$(asked "$LOG" "$LAYER")" -le 12
[ -s "$part" ] || fail 'the part is gone'
have=$(stat -c %s "$part")
serve whole
status 0 kist-pull -q "$SERVER/app:v1"
check 'the next pull continues it' grep -qF "\"range\": \"bytes=$have-\"" "$LOG"
verified

# a part that is rubbish is found out at the end, and the blob fetched anew
fresh
mkdir -p "$(dirname "$part")"
head -c 70000 /dev/zero >"$part"
status 0 kist-pull -q "$SERVER/app:v1"
verified
fresh
mkdir -p "$(dirname "$part")"
head -c 900000 /dev/zero >"$part"
status 0 kist-pull -q "$SERVER/app:v1"
verified
fresh
mkdir -p "$(dirname "$part")"
cp "$LAYOUT/blobs/sha256/${LAYER#sha256:}" "$part"
: >"$LOG"
status 0 kist-pull -q "$SERVER/app:v1"
check 'a part that is whole is not fetched' test "$(asked "$LOG" "$LAYER")" = 0
verified

# nothing comes any more, or next to nothing
fresh
serve stalled stall=60000
started=$(date +%s)
status 1 kist-pull -q --timeout 2 "$SERVER/app:v1"
complains 'no progress for 2 seconds'
check 'soon enough' test $(($(date +%s) - started)) -le 8
check 'the part stays' test "$(stat -c %s "$part")" = 60000
serve dribbling dribble=1
started=$(date +%s)
status 1 kist-pull -q --timeout 3 "$SERVER/app:v1"
complains 'no progress'
check 'dribbling is no progress' test $(($(date +%s) - started)) -le 10

# SIGINT: dies of it, tidies, and keeps the part
fresh
serve slow pace=0.3
python3 - "$SERVER" <<'END' || fail 'kist-pull does not end by SIGINT'
import signal, subprocess, sys, time
p = subprocess.Popen(["kist-pull", "-q", sys.argv[1] + "/app:v1"], stdout=subprocess.DEVNULL)
time.sleep(0.7)
p.send_signal(signal.SIGINT)
sys.exit(p.wait(10) != -signal.SIGINT)
END
[ -s "$part" ] || fail 'the part is gone'
left=$(find "$KIST_ROOT/layers" -mindepth 1)
[ -z "$left" ] || fail "left in layers: $left"
serve whole2
status 0 kist-pull -q "$SERVER/app:v1"
check 'continued' grep -q '"range": "bytes=[1-9]' "$LOG"
verified
