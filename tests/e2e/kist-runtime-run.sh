# SPDX-License-Identifier: Apache-2.0
# run passes on stdin, stdout, exit status and signals, and leaves nothing behind.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/runtime-lib.sh"

make_bundle "$T/b" sh -c 'read line; echo "$line from $(hostname)"; echo oops >&2; exit 7'
edit "$T/b" 'c["hostname"] = "chest"'
new_id
echo hello | runtime run -b "$T/b" "$ID" >"$T/out" 2>"$T/err"
[ $? = 7 ] || fail "the exit status is not the container's"
says "hello from chest"
complains oops
no_leftovers

# a program that a signal ends
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "kill -9 $$"]'
# process 1 cannot kill itself with a signal it does not handle: a child can be killed
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "sh -c \"kill -9 \\$\\$\"; exit $?"]'
status 137 runtime run -b "$T/b" "$ID"
no_leftovers

# signals go on to the container
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "trap \"exit 44\" TERM; echo ready; while :; do sleep 0.1; done"]'
kist-runtime --root "$STATE" run -b "$T/b" "$ID" >"$T/out" 2>"$T/err" &
pid=$!
wait_for 5 grep -q ready "$T/out"
kill -TERM $pid
wait $pid
[ $? = 44 ] || fail "SIGTERM did not reach the container"
no_leftovers

# many at once do not disturb each other
edit "$T/b" 'c["process"]["args"] = ["sh", "-c", "exit 5"]'
pids=
for n in 1 2 3 4 5 6; do
	runtime run -b "$T/b" "$ID-$n" 2>>"$T/err" &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid"
	[ $? = 5 ] || fail "one of six at once failed"
done
[ -z "$(runtime list -q)" ] || fail "containers are left: $(runtime list -q)"
