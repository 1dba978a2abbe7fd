# SPDX-License-Identifier: Apache-2.0
# A container that has passed its stdout on to another one and ended: it has ended, for everybody and every verb.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
mkdir shared
cp "$KIST_BUILD/tests/e2e/pass_stdout" shared/
# twice: by itself at its end, and by force
for verb in wait rm; do
	taker=$(run -d --name taker -v "$T/shared:/s" busybox /s/pass_stdout take /s/socket) || fail 'run taker'
	giver=$(run -d --name giver -v "$T/shared:/s" busybox /s/pass_stdout give /s/socket) || fail 'run giver'
	wait_for 5 grep -q 'somebody else' "$KIST_ROOT/containers/$giver/log.json"
	if [ $verb = rm ]; then
		status 0 timeout 20 kist rm -f giver
	else
		status 0 timeout 20 kist wait giver
		says 0
		status 0 kist ps -a --format '{{.Names}} {{.State}}'
		says 'giver exited'
		status 0 kist logs giver
		says 'my last words'
		lines=$(wc -l <"$KIST_ROOT/containers/$giver/log.json")
		# who goes on writing is told so, and writes into nobody's log
		wait_for 5 grep -q closed "$KIST_ROOT/containers/$taker/log.json"
		[ "$(wc -l <"$KIST_ROOT/containers/$giver/log.json")" = "$lines" ] || fail 'somebody else writes into the log'
		status 0 timeout 20 kist stop giver
		rm shared/socket
		status 0 kist rm -f taker
		taker=$(run -d --name taker -v "$T/shared:/s" busybox /s/pass_stdout take /s/socket) || fail 'run taker'
		status 0 timeout 20 kist start giver
		wait_for 10 sh -c '[ "$(kist inspect -f "{{.State.Status}}" giver)" = exited ]'
		status 0 timeout 20 kist rm giver
	fi
	status 1 kist inspect giver
	status 0 kist rm -f taker
	rm shared/socket
done
# in the foreground, with a pipe as stdout: kist comes back
run -d --name taker -v "$T/shared:/s" busybox /s/pass_stdout take /s/socket >/dev/null || fail 'run taker'
timeout 20 kist run --rm --net none -v "$T/shared:/s" busybox /s/pass_stdout give /s/socket | cat >out
grep -q 'my last words' out || fail 'last words in the foreground'
wait_for 5 sh -c '[ "$(kist ps -aq | wc -l)" = 1 ]'
status 0 kist rm -f taker
nothing_left
