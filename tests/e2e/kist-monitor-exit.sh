# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# The exit status, the exit record, the ready line, the log, the exit command.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/monitor.sh"

bundle '["sh", "-c", "echo out; echo err >&2; exit 7"]'
status 7 monitor --ready-fd 5 5>"$T/ready"
is "$(cat "$T/out")" out
is "$(cat "$T/err")" err
check "a pid is told" jq -e '.pid > 0' "$T/ready"
is "$(field exit_code) $(field signal) $(field oom_killed) '$(field error)'" "7 0 false ''"
is "$(logged stdout) $(logged stderr)" "out err"
check "the times are in order" jq -e ".started_at < .finished_at" "$T/exit.json"
nothing_left

# a second run goes on in the same log; the exit command finds the record and the lock still held
rm "$T/exit.json"
cat >"$T/after" <<'END'
#!/bin/sh
cp "$1" "$2"
flock -n "$3" true && echo free >>"$2" || echo held >>"$2"
END
chmod +x "$T/after"
bundle '["sh", "-c", "kill -9 $$"]' 'ns.pop(0)' # process 1 of a namespace cannot kill itself
status 137 monitor --exit-command "$T/after" --exit-arg "$T/exit.json" --exit-arg "$T/seen" \
	--exit-arg "$RUN_DIR/lock"
is "$(field exit_code) $(field signal)" "137 9"
is "$(jq -s length "$T/log.json")" 2
check "the exit command saw the record" grep -q '"exit_code":137' "$T/seen"
check "the lock was held meanwhile" grep -qx held "$T/seen"
nothing_left

# a failing exit command is a warning, not the container's status
bundle '["true"]'
status 0 monitor --exit-command /bin/false
complains "'false' failed with status 1"

# orphans of the container's process and processes that outlive it in its pid namespace go, too
bundle '["sh", "-c", "(sleep 60 &) ; sleep 60 & exit 3"]'
status 3 timeout 10 kist-monitor --id "$ID" --bundle "$T/bundle" --runtime-root "$T/state" \
	--run-dir "$RUN_DIR" --log "$T/log.json" --exit-file "$T/exit.json" --runtime "$RUNTIME"

# a second monitor for the same container is refused, and does not touch the record
bundle '["sleep", "60"]'
rm -f "$T/exit.json"
start_monitor --detach
status 4 monitor --ready-fd 5 5>"$T/ready2"
complains "has a monitor"
check "the refusal is told" jq -e '.error and .code' "$T/ready2"
[ ! -e "$T/exit.json" ] || fail "the record of a running container was written"
check "it is running" running
kill -TERM "$(cat "$RUN_DIR/lock")" # sleep as process 1 ignores it
sleep 0.2
check "it is still running" running
kill -KILL "$(jq .pid "$T/ready")"
wait "$MONITOR"
is $? 137
nothing_left

# usage
status 2 kist-monitor --id x
complains "--bundle is missing"
