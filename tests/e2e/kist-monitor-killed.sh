# SPDX-License-Identifier: Apache-2.0
# kill -9 of the monitor: the next command tells the truth and cleans up.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
id=$(run -d --name web busybox sleep 1000) || fail 'run -d'
inside=$(kist inspect -f '{{.State.Pid}}' web)
kill_hard "$(cat "$KIST_RUN/containers/$id/lock")"
status 0 kist ps -a --format '{{.Names}} {{.Status}}'
says 'web Exited (137)'
status 0 kist inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Error}}' web
says 'exited 137 its monitor was killed'
wait_for 5 sh -c "! kill -0 $inside"
status 0 kist logs web
status 0 kist start web
status 0 kist ps -q
[ -s out ] || fail 'it did not start again'
status 0 kist rm -f web
# with --rm it goes altogether
id=$(run -d --rm busybox sleep 1000) || fail 'run -d --rm'
kill_hard "$(cat "$KIST_RUN/containers/$id/lock")"
status 0 kist ps -aq
[ ! -s out ] || fail 'a container with --rm stayed'
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
