# SPDX-License-Identifier: Apache-2.0
# kist create and kist run, killed at a hundred moments: what is half made is no container. Nothing that is
# listed is broken, the next create has the name, and rm, container prune and gc leave nothing, no anonymous volume
# either.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need python3
load_busybox
cat >kill.py <<'END'
# COUNT COMMAND...: run it COUNT times, and kill it at a moment of its own each time
import subprocess, sys, time
count, command = int(sys.argv[1]), sys.argv[2:]
begin = time.monotonic()
subprocess.run([w.replace("@", "whole") for w in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
whole = time.monotonic() - begin
for i in range(count):
    p = subprocess.Popen([w.replace("@", "x%d" % i) for w in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(whole * i / count)
    p.kill()
    p.wait()
END
volumes() { find "$KIST_ROOT/volumes" -mindepth 1 -maxdepth 1 | wc -l; }
# every container that is listed can be inspected, and has all that a start needs
whole() {
	for id in $(kist ps -aq --no-trunc); do
		kist inspect "$id" >/dev/null || fail "listed, and not to be inspected: $id"
		[ -s "$KIST_ROOT/containers/$id/bundle/config.json" ] || fail "listed without a configuration: $id"
	done
}
status 0 python3 kill.py 50 kist create --name @ -v /bin -v /b busybox true
whole
# a name is free unless its container is listed
for i in 3 20 40; do
	if kist inspect "x$i" >/dev/null 2>&1; then
		status 0 kist start -a "x$i"
		status 0 kist rm -v "x$i"
	fi
	status 0 kist create --name "x$i" busybox true
done
# by its ID one that was never finished can be removed, too
for dir in "$KIST_ROOT"/containers/*; do
	id=${dir##*/}
	kist inspect "$id" >/dev/null 2>&1 && continue
	status 1 kist start "$id"
	complains 'No such container'
	status 0 kist rm "$id"
	[ ! -e "$dir" ] || fail "rm left $id"
	break
done
ids=$(kist ps -aq)
# shellcheck disable=SC2086
status 0 kist rm -v $ids
status 0 kist container prune -f
nothing_left
[ "$(volumes)" = 0 ] || fail "$(volumes) volumes are left by create: $(ls -A "$KIST_ROOT/volumes")"
[ -z "$(ls "$KIST_ROOT/names")" ] || fail 'names are left'

status 0 python3 kill.py 25 kist run --rm --name @ --net none -v /bin busybox true
status 0 python3 kill.py 25 kist run -d --name @ --net none -v /bin busybox true
whole
# what was started comes to its end by itself; what was not is there as created
for id in $(kist ps -q); do
	kist wait "$id" >/dev/null 2>&1
done
# gc takes what was never finished, as container prune does
status 0 kist-store gc
ids=$(kist ps -aq)
# shellcheck disable=SC2086
[ -z "$ids" ] || status 0 kist rm -f -v $ids
nothing_left
[ "$(volumes)" = 0 ] || fail "$(volumes) volumes are left by run"
[ -z "$(ls "$KIST_ROOT/names")" ] || fail 'names are left'
