# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A container that cannot be started: the runtime's message, a code, a record, and nothing left.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/monitor.sh"

try() { # STATUS CODE TEXT
	rm -f "$T/exit.json" "$T/log.json"
	status "$1" monitor
	complains "$3"
	nothing_left
	rm -f "$T/exit.json"
	# who is told by the ready line says it to people
	status "$1" monitor --ready-fd 5 5>"$T/ready"
	[ ! -s "$T/err" ] || fail "the message is told twice"
	is "$(jq .code "$T/ready")" "$2"
	check "the ready line has the message" grep -qF "$3" "$T/ready"
	is "$(field exit_code)" "$1"
	check "the record has the message" grep -qF "$3" "$T/exit.json"
	[ ! -s "$T/log.json" ] || fail "the runtime's message is in the container's log"
	nothing_left
}

bundle '["nosuch"]'
try 127 1041 nosuch
bundle '["/etc/passwd"]'
try 126 1042 /etc/passwd
bundle '["true"]' 'c["process"]["terminal"] = True'
rm -f "$T/exit.json"
status 125 monitor # a terminal without --terminal: the runtime refuses
nothing_left
bundle '["nosuch"]' 'c["process"]["terminal"] = True'
status 127 monitor --terminal
complains nosuch
nothing_left

# our own failures: the log is a directory, the runtime is missing
bundle '["true"]'
mkdir "$T/dir"
status 125 kist-monitor --id "$ID" --bundle "$T/bundle" --runtime-root "$T/state" \
	--run-dir "$RUN_DIR" --log "$T/dir" --exit-file "$T/exit.json" --runtime "$RUNTIME"
complains "cannot open the log '$T/dir'"
check "the record says so" grep -q "cannot open the log" "$T/exit.json"
status 125 kist-monitor --id "$ID" --bundle "$T/bundle" --runtime-root "$T/state" \
	--run-dir "$RUN_DIR" --log "$T/log.json" --exit-file "$T/exit.json" --runtime nosuch-runtime \
	--ready-fd 5 5>"$T/ready"
check "the ready line says so" grep -q "cannot find the program 'nosuch-runtime'" "$T/ready"
nothing_left
