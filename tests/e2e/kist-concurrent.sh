# SPDX-License-Identifier: Apache-2.0
# Many verbs at once on one container: nobody hangs, and in the end the truth is told.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
status 0 kist create --name web --net none busybox sleep 1000
end=$(($(date +%s) + 6))
again() { while [ "$(date +%s)" -lt $end ]; do timeout 30 "$@" >/dev/null 2>&1 || [ $? != 124 ] || echo "hung: $*" >>hung; done; }
for _ in 1 2; do
	again kist start web &
	again kist stop -t 0 web &
	again kist exec web true &
	again kist inspect web &
	again kist ps -a &
	again kist restart -t 0 web &
done
wait
[ ! -e hung ] || fail "$(cat hung)"
status 0 kist restart -t 0 web
status 0 kist ps --format '{{.Names}} {{.State}}'
says 'web running'
status 0 kist exec web true
status 0 kist stop -t 0 web
status 0 kist ps -a --format '{{.Names}} {{.State}}'
says 'web exited'
# the same while it is removed and made anew
status 0 kist rm web
end=$(($(date +%s) + 4))
again kist run -d --name web --net none busybox sleep 1000 &
again kist rm -f web &
for _ in 1 2; do
	again kist exec web true &
	again kist inspect web &
	again kist stop -t 0 web &
done
wait
[ ! -e hung ] || fail "$(cat hung)"
kist rm -f web >/dev/null 2>&1
nothing_left
status 0 kist create --name web --net none busybox sleep 1000
# one name is taken once
for i in 1 2 3 4 5 6; do
	kist create --name one --net none busybox >"id.$i" 2>/dev/null &
done
wait
[ "$(cat id.* | wc -l)" = 1 ] || fail 'not exactly one got the name'
status 0 kist rm one web
# containers beside each other
for i in 1 2 3 4 5 6 7 8; do
	kist run --rm --net none busybox echo "$i" >"out.$i" 2>&1 &
done
wait
for i in 1 2 3 4 5 6 7 8; do
	[ "$(cat "out.$i")" = "$i" ] || fail "container $i: $(cat "out.$i")"
done
nothing_left
