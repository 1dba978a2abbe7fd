# SPDX-License-Identifier: Apache-2.0
# run -d, ps, logs, exec, stop, start, restart, rename, wait, rm: a container's life.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
ticker='trap "exit 3" TERM; i=0; while :; do i=$((i+1)); echo tick $i; echo err $i >&2; sleep 0.1; done'
status 0 run -d --name web --label a=1 busybox sh -c "$ticker"
grep -qxE '[0-9a-f]{64}' out || fail 'no id'
id=$(cat out)
status 125 run --name web busybox true
complains "Conflict. The container name \"/web\" is already in use by container \"$id\". You have to remove (or rename) that container to be able to reuse that name."
wait_for 5 sh -c 'kist logs web 2>/dev/null | grep -q "tick 3"'
status 0 kist logs --tail 1 web
[ "$(cat out err | wc -l)" = 1 ] || fail '--tail 1 shows more than one line'
status 0 kist logs web
says 'tick 1'
complains 'err 1'
grep -q err out && fail 'stderr came on stdout'
status 0 kist logs -t --since 1h web
grep -qE '^20[0-9-]+T[0-9:.]+Z tick 1$' out || fail 'no time in front'
status 0 kist ps --no-trunc --format '{{.ID}} {{.Names}} {{.State}} {{.Label "a"}} {{.Command}}'
says "$id web running 1 \"sh -c trap"
status 0 kist ps -q --filter label=a=1 --filter name=^we
says "$(echo "$id" | cut -c1-12)"
status 0 kist ps -q --filter label=a=2
[ ! -s out ] || fail 'the filter let it pass'
status 1 kist ps --filter colour=red
complains "invalid filter 'colour'"
status 0 kist exec web echo inside
says inside
status 9 kist exec web sh -c 'exit 9'
echo piped | kist exec -i web cat >out
says piped
status 0 kist exec -e X=y -u user -w /tmp web sh -c 'echo $X $(id -un) $(pwd) $HOME'
says 'y user /tmp /home'
status 127 kist exec web nosuch
complains nosuch
status 126 kist exec web /etc/passwd
status 0 kist exec -d web touch /made
[ ! -s out ] || fail 'exec -d said something'
wait_for 5 kist exec web test -e /made
status 127 kist exec -d web nosuch
complains nosuch
status 0 kist top web
says 'sleep 0.1'
head -1 out | grep -q 'UID .*PID .*CMD' || fail 'no heading'
status 0 kist pause web
status 0 kist ps --format '{{.Status}}'
says '(Paused)'
status 1 kist pause web
complains 'is already paused'
status 0 kist unpause web
status 1 kist unpause web
complains 'is not paused'
status 0 kist rename web www
status 1 kist inspect web
complains 'No such object: web'
status 1 kist rm www
complains 'cannot remove container "/www": container is running: stop the container before removing or force remove'
status 1 kist stop nosuch www
says www
complains 'No such container: nosuch'
status 0 kist inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Running}} {{.State.Pid}}' www
says 'exited 3 false 0'
status 0 kist stop www
status 1 kist kill www
complains "cannot kill container: www: container $id is not running"
status 1 kist exec www true
complains "container $id is not running"
status 0 kist start www
says www
status 0 kist start www
status 0 kist restart -t 5 www
status 0 kist ps -q
says "$(echo "$id" | cut -c1-12)"
(sleep 0.5; kist kill -s TERM www >/dev/null) &
status 0 kist wait www
says 3
wait
kist start -a www >started 2>/dev/null &
starter=$!
wait_for 5 sh -c '[ "$(kist ps -q)" ]'
kist kill www >/dev/null
wait $starter
[ $? = 137 ] || fail 'start -a did not pass on the status'
grep -q 'tick 1' started || fail 'start -a did not pass on the output'
status 0 kist rm www
# one that removes itself is waited for with its own status, or is not there any more; never something else
i=0
while [ $i -lt 30 ]; do
	run -d --rm --name brief busybox sh -c "sleep 0.0$((i % 10)); exit 7" >/dev/null || fail 'run -d --rm'
	said=$(kist wait brief 2>wait.err)
	case $said in
	7) ;;
	*) grep -q 'No such container' wait.err || fail "wait for one that removes itself: $said $(cat wait.err)" ;;
	esac
	wait_for 5 sh -c '[ -z "$(kist ps -aq)" ]'
	i=$((i + 1))
done
status 0 kist rm -f nosuch
complains 'No such container: nosuch'
# -f follows to the end
status 0 run -d --name short busybox sh -c 'for i in 1 2 3; do echo $i; sleep 0.2; done'
status 0 kist logs -f short
[ "$(tr '\n' ' ' <out)" = '1 2 3 ' ] || fail 'not all was followed'
status 0 kist rm short
# bytes that are no text come back as they were
head -c 100000 /dev/urandom >bytes
kist run --net none -i --name binary busybox cat <bytes >out || fail 'bytes through run'
check 'bytes through run' cmp bytes out
kist logs binary >out || fail 'bytes from the log'
check 'bytes from the log' cmp bytes out
status 0 kist container prune -f
says 'Deleted Containers:'
says 'Total reclaimed space:'
nothing_left
