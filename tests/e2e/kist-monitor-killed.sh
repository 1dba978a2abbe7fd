# SPDX-License-Identifier: Apache-2.0
# kill -9 of the monitor: who looks is told the truth and changes nothing; who changes something
# tidies up first.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox

# killed NAME ARG...: a container whose monitor was killed; $id, $inside is its process
killed() {
	name=$1
	shift
	id=$(run -d --name "$name" "$@" busybox sleep 1000) || fail 'run -d'
	inside=$(kist inspect -f '{{.State.Pid}}' "$name")
	kill_hard "$(cat "$KIST_RUN/containers/$id/lock")"
}
state() {
	for tree in "$KIST_ROOT" "$KIST_RUN"; do
		find "$tree" -printf '%P %y %m %i %T@\n' | sort
	done
}
# looks COMMAND...: it starts nothing, writes nothing below ROOT and RUN, and the process is alive
looks() {
	state >before
	traced -f -o trace -e trace=execve,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,kill,pidfd_send_signal \
		"$@" >out 2>err || fail "failed: $*"
	state >after
	cmp -s before after || { diff before after; fail "it changed something: $*"; }
	grep -E 'kist-|unlink|rename|mkdir|kill' trace | grep -v 'execve(.*bin/kist"' | grep -vE 'ENOENT|EEXIST' | grep . &&
		fail "it did something: $*"
	kill -0 "$inside" 2>/dev/null || fail "the container's process is gone after: $*"
}
for options in '' --rm; do
	# shellcheck disable=SC2086
	killed web $options
	looks kist ps -a --format '{{.Names}} {{.Status}}'
	says 'web Exited (137)'
	looks kist inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' web
	says 'exited 137 its monitor was killed'
	looks kist logs web
	looks kist system df
	looks kist info
	for verb in stop 'rm -f' start restart; do
		# shellcheck disable=SC2086
		looks kist --plan $verb web
		says 'delete --force'
		says 'kist-store settle'
	done
	[ "$(kist inspect -f '{{.State.StartedAt}}' web)" != 0001-01-01T00:00:00Z ] || fail 'its start was forgotten'
	# shellcheck disable=SC2086
	killed_by_plan=$(kist --plan stop web | sh 2>err) || fail 'the script of stop'
	[ "$killed_by_plan" = web ] || fail "the script said: $killed_by_plan"
	wait_for 5 sh -c "! kill -0 $inside"
	[ -z "$options" ] || { nothing_left; continue; }
	status 0 kist inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' web
	says 'exited 137 its monitor was killed'
	status 0 kist start web
	status 0 kist ps -q
	[ -s out ] || fail 'it did not start again'
	status 0 kist rm -f web
done
# each of those that change something settles
for verb in stop 'rm -f' rm restart start; do
	killed web
	# shellcheck disable=SC2086
	status 0 kist $verb web
	says web
	wait_for 5 sh -c "! kill -0 $inside"
	case $verb in
	*start) status 0 kist ps -q --filter name=web; [ -s out ] || fail "$verb: it does not run" ;;
	esac
	kist rm -f web >out 2>&1
	nothing_left
done
killed web
status 1 kist exec web true
complains 'is not running'
wait_for 5 sh -c "! kill -0 $inside"
status 0 kist rm web
# with --rm it goes altogether, and there is nothing to start
killed web --rm
status 1 kist start web
complains 'No such container: web'
wait_for 5 sh -c "! kill -0 $inside"
nothing_left
killed web --rm
status 0 kist stop web
says web
nothing_left
# kist itself killed: the container goes on, and is tidied up at its end
kist run --rm --net none --name front busybox sleep 2 &
front=$!
wait_for 5 sh -c '[ "$(kist ps -q)" ]'
kill -9 $front
wait $front 2>/dev/null
status 0 kist ps --format '{{.Names}}'
says front
wait_for 10 sh -c '[ -z "$(kist ps -aq)" ]'
# signals to kist reach the container
kist run --rm --net none --name sig busybox sh -c 'trap "exit 12" USR1; echo ready; while :; do sleep 0.05; done' >ready &
front=$!
wait_for 5 grep -q ready ready
kill -USR1 $front
wait $front
[ $? = 12 ] || fail 'the signal did not reach the container'
nothing_left
