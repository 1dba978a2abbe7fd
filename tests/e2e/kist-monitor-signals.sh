# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Signals go to the container; kill -9 of the monitor frees the lock; out of memory is told.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/monitor.sh"

bundle '["sh", "-c", "for s in TERM INT QUIT HUP USR1 USR2; do trap \"echo $s\" $s; done; echo ready; while ! [ -e /tmp/end ]; do sleep 0.1; done; exit 8"]'
become_monitor >"$T/out" &
wait_for 5 grep -q ready "$T/out"
for s in TERM INT QUIT HUP USR1 USR2; do
	kill -$s $!
	wait_for 5 grep -qx $s "$T/out"
done
touch "$T/bundle/rootfs/tmp/end"
wait $!
is $? 8
rm "$T/bundle/rootfs/tmp/end"
nothing_left

# killed monitor: lock free, no record; "delete --force" ends the container; the log goes on
rm -f "$T/exit.json" "$T/log.json"
bundle '["sh", "-c", "while :; do echo tick; sleep 0.1; done"]'
start_monitor --detach
wait_for 5 grep -q tick "$T/log.json"
pid=$(jq .pid "$T/ready")
kill -KILL "$MONITOR"
wait "$MONITOR"
check "the lock is free" flock -n "$RUN_DIR/lock" true
[ ! -e "$T/exit.json" ] || fail "a killed monitor wrote a record"
"$RUNTIME" --root "$T/state" delete --force "$ID" || fail "delete --force"
wait_for 5 sh -c '! [ -d /proc/$1 ]' - "$pid"
printf '{"log":"half' >>"$T/log.json"
bundle '["echo", "again"]'
status 0 monitor
check "the log is whole" jq -s length "$T/log.json"
is "$(logged stdout | tail -n 1)" again
nothing_left

# out of memory
if [ -d /sys/fs/cgroup/memory ] || grep -qw memory /sys/fs/cgroup/cgroup.controllers; then
	rm -f "$T/exit.json"
	bundle '["sh", "-c", "x=$(head -c 200000000 /dev/zero | tr \"\\0\" x)"]' \
		'c["linux"]["resources"] = {"memory": {"limit": 20 << 20, "swap": 20 << 20}}'
	status 137 monitor
	is "$(field oom_killed)" true
	bundle '["true"]' 'c["linux"]["resources"] = {"memory": {"limit": 20 << 20}}'
	status 0 monitor
	is "$(field oom_killed)" false
fi
nothing_left
