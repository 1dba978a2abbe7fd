# SPDX-License-Identifier: Apache-2.0
# --log, --log-format and --debug: errors, warnings and what is done, in runc's forms; nothing of it reaches a container.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" ls /proc/self/fd
new_id
edit "$T/b" 'c["ociVersion"] = "1.99.0"'

# text on stderr without a file, nothing there with one
status 0 runtime --debug run -b "$T/b" "$ID"
grep -qE '^time="[0-9T:.-]+Z" level=debug msg=".*the program runs"$' "$T/err" || fail "no debug line"
grep -q 'level=warning msg="config.json: ociVersion' "$T/err" || fail "no warning"
[ "$(tr '\n' ' ' <"$T/out")" = "0 1 2 3 " ] || fail "descriptors: $(cat "$T/out")"
status 0 runtime run -b "$T/b" "$ID"
[ "$(cat "$T/err")" = "kist-runtime: warning: config.json: ociVersion '1.99.0' is newer than 1.3.0: what it has added is ignored" ] ||
	fail "a warning without options"
status 0 runtime --log-format json run -b "$T/b" "$ID"
python3 -c 'import json, sys; e = json.loads(sys.stdin.read()); assert e["level"] == "warning", e' <"$T/err" || fail "json on stderr"
for format in text json; do
	status 0 runtime --debug --log "$T/log" --log-format $format run -b "$T/b" "$ID"
	[ ! -s "$T/err" ] || fail "stderr beside a log"
	[ "$(tr '\n' ' ' <"$T/out")" = "0 1 2 3 " ] || fail "descriptors: $(cat "$T/out")"
	if [ $format = json ]; then
		python3 - "$T/log" <<-'END' || fail "the log: $(cat "$T/log")"
			import json, sys
			lines = [json.loads(l) for l in open(sys.argv[1])]
			assert {l["level"] for l in lines} == {"debug", "warning"}, lines
			assert all(set(l) == {"level", "msg", "time"} for l in lines), lines
			assert any("is ready" in l["msg"] for l in lines), lines
		END
	else
		[ "$(grep -vc '^time="[^"]*" level=[a-z]* msg=".*"$' "$T/log")" = 0 ] || fail "the log: $(cat "$T/log")"
	fi
	# an error comes last, with its code, and is on stderr all the same
	status 3 runtime --log "$T/log" --log-format $format state nobody
	complains "container 'nobody' does not exist"
	tail -n 1 "$T/log" | grep -q "error.*container 'nobody' does not exist" || fail "no error in the log: $(cat "$T/log")"
	rm "$T/log"
done
# without --debug: warnings and errors
status 0 runtime --log "$T/log" run -b "$T/b" "$ID"
[ "$(grep -c level=warning "$T/log")$(grep -c level=debug "$T/log")" = 10 ] || fail "the log: $(cat "$T/log")"
status 1 runtime --log "$T/log" checkpoint x
tail -n 1 "$T/log" | grep -q "level=error.*'checkpoint' is not supported" || fail "the log: $(cat "$T/log")"
status 3 runtime --log "$T/none/log" run -b "$T/b" "$ID"
complains "cannot open the log '$T/none/log': No such file or directory"
status 2 runtime --log-format xml list

# exec and create, whose processes go into the container
edit "$T/b" 'c["process"]["args"] = ["sleep", "100"]'
status 0 runtime --debug --log "$T/log" create -b "$T/b" "$ID"
status 0 runtime --debug --log "$T/log" start "$ID"
status 0 runtime --debug --log "$T/log" exec "$ID" ls /proc/self/fd
[ "$(tr '\n' ' ' <"$T/out")" = "0 1 2 3 " ] || fail "descriptors of exec: $(cat "$T/out")"
grep -q "level=debug msg=.*in the container's namespaces" "$T/log" || fail "exec says nothing"
status 0 runtime delete --force "$ID"
no_leftovers
