# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Bytes arrive unchanged, slow readers hold the container back, closed ones do not end it.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/monitor.sh"

# stdin is copied; random bytes come back, and are in the log
SIZE=${KIST_TEST_STREAM_MB:-64}
bundle '["cat"]'
head -c 3000000 /dev/urandom >"$T/random"
i=0
while [ $i -lt $((SIZE / 3)) ]; do cat "$T/random"; i=$((i + 1)); done >"$T/input"
monitor --interactive <"$T/input" >"$T/output"
cmp "$T/output" "$T/input" || fail "bytes have changed"
check "the log holds the same bytes" python3 - "$T/log.json" "$T/input" <<'END'
import base64, json, sys
want = open(sys.argv[2], "rb")
for line in open(sys.argv[1]):
    r = json.loads(line)
    got = base64.b64decode(r["log64"]) if "log64" in r else r["log"].encode()
    assert got == want.read(len(got))
assert not want.read(1)
END
rm "$T/input" "$T/output" "$T/log.json"

# without --interactive stdin is empty
echo no | monitor >"$T/out" || fail "cat without stdin"
is "$(wc -c <"$T/out")" 0

# a slow reader: the container waits, nothing is lost
bundle '["sh", "-c", "yes 0123456789abcdef | head -n 200000; echo done > /tmp/done"]'
mkfifo "$T/slow"
become_monitor >"$T/slow" &
exec 8<"$T/slow"
sleep 1
[ ! -e "$T/bundle/rootfs/tmp/done" ] || fail "the container was not held back"
# signals and the log's other stream are served meanwhile; then everything arrives
is "$(cat <&8 | cksum)" "$(yes 0123456789abcdef | head -n 200000 | cksum)"
wait $!
is $? 0
exec 8<&-
rm "$T/log.json"

# a reader that goes away: the container runs to its end, the log is whole
bundle '["sh", "-c", "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done; exit 4"]'
{ monitor; echo $? >"$T/status"; } | head -n 1 >/dev/null
is "$(cat "$T/status")" 4
is "$(logged stdout | wc -l)" 3000
rm "$T/log.json"

# a reader that is blocked while the container is killed: output up to the kill is kept for it
bundle '["sh", "-c", "yes | head -c 30000; sleep 60"]'
mkfifo "$T/late"
exec 8<>"$T/late"
start_monitor --interactive </dev/null >"$T/late"
exec 9<"$T/late" 8<&-
wait_for 5 sh -c '[ "$(jq -j .log "$1" | wc -c)" = 30000 ]' - "$T/log.json"
kill -KILL "$(jq .pid "$T/ready")"
is "$(cat <&9 | wc -c)" 30000
exec 9<&-
wait "$MONITOR"
is $? 137

# somebody outside the container holds its output open after its end: that does not hold us up
rm -f "$T/log.json" "$T/exit.json"
bundle '["sh", "-c", "echo started; sleep 60"]'
start_monitor --interactive </dev/null >"$T/out"
wait_for 5 grep -q started "$T/out"
pid=$(jq .pid "$T/ready")
exec 7>"/proc/$pid/fd/1"
kill -KILL "$pid"
wait_for 8 grep -q exit_code "$T/exit.json"
wait "$MONITOR"
is $? 137
exec 7>&-

# closed and full descriptors
bundle '["sh", "-c", "echo hello; exit 5"]'
(monitor >&- 2>&-)
is $? 5
(monitor >/dev/full 2>/dev/full)
is $? 5

# a log on a full disk: the container runs on, the log has whole records only
mkdir "$T/small"
mount -t tmpfs -o size=64k tmpfs "$T/small"
on_exit "umount $T/small"
bundle '["sh", "-c", "yes 0123456789abcdef | head -n 20000; exit 6"]'
kist-monitor --id "$ID" --bundle "$T/bundle" --runtime-root "$T/state" --run-dir "$RUN_DIR" \
	--log "$T/small/log.json" --exit-file "$T/exit.json" --runtime "$RUNTIME" >"$T/out" 2>"$T/err"
is $? 6
is "$(wc -l <"$T/out")" 20000
complains "output is dropped"
check "each line of the log is a document" jq -s length "$T/small/log.json"
nothing_left
