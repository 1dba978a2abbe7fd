# SPDX-License-Identifier: Apache-2.0
# What the monitor keeps of its caller: nothing; and what a container gets of it: no file, directory or socket.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
need python3 flock

load_busybox
# a lock of the caller is free when the caller lets go of it, and a pipe ends
exec 9>lockfile
flock 9
id=$(LISTEN_FDS=1 LISTEN_PID=$$ run -d --name cc busybox sleep 1000) || fail 'run -d'
exec 9>&-
check 'the lock is free' flock -n lockfile true
monitor=$(cat "$KIST_RUN/containers/$id/lock")
if tr '\0' '\n' <"/proc/$monitor/environ" | grep '^LISTEN_'; then fail 'LISTEN_FDS was passed on'; fi
status 0 timeout 20 sh -c '(kist restart -t 0 cc) 8>&1 | cat'
# the same for the script of --plan, in which a shell starts the monitor
kist --plan run -d --net none --name ss busybox sleep 1000 >script || fail '--plan run'
status 0 timeout 20 sh -c '(sh script) 8>&1 | cat'
status 0 kist rm -f ss

# it outlives its container when memory runs out, as far as this machine lets it, and the container has the caller's value
lowest=$(sh -c '{ echo -998 >/proc/self/oom_score_adj; } 2>/dev/null; cat /proc/self/oom_score_adj')
status 0 kist rm -f cc
for caller in 0 300; do
	sh -c "echo $caller >/proc/self/oom_score_adj && exec kist run -d --net none --name cc busybox sleep 1000" >/dev/null ||
		fail "run -d with $caller"
	id=$(kist inspect -f '{{.Id}}' cc)
	score=$(cat "/proc/$(cat "$KIST_RUN/containers/$id/lock")/oom_score_adj")
	[ "$score" = "$lowest" ] || fail "oom_score_adj of the monitor is $score, its caller's $caller, the lowest here $lowest"
	score=$(cat "/proc/$(kist inspect -f '{{.State.Pid}}' cc)/oom_score_adj")
	[ "$score" = $caller ] || [ "$score" = 0 ] || fail "oom_score_adj of the container is $score"
	status 0 kist rm -f cc
done

# the file on stdin is nothing that the container can open anew
printf 'precious\n' >script.sh
chmod 0600 script.sh
kist run --rm --net none -i busybox sh -c 'echo OWNED >/proc/self/fd/0' <script.sh
[ "$(cat script.sh)" = precious ] || fail 'run -i: the file on stdin was written'
kist create -i --net none --name cc busybox sh -c 'cat; echo OWNED >/proc/self/fd/0' >/dev/null || fail create
[ "$(kist start -ai cc <script.sh)" = precious ] || fail 'start -ai does not read'
[ "$(cat script.sh)" = precious ] || fail 'start -i: the file on stdin was written'
status 0 kist rm -f cc
# a directory would be the way to the whole host
status 125 sh -c 'kist run --rm --net none -i busybox ls /proc/self/fd/0/ </etc'
complains 'cannot read stdin: it is a directory'
python3 - <<'END' || fail 'a socket was handed over'
import socket, subprocess
a, b = socket.socketpair()
p = subprocess.Popen(["kist", "run", "--rm", "--net", "none", "-i", "busybox", "sh", "-c",
    "cat; for fd in 0 1 2; do readlink /proc/self/fd/$fd; done"], stdin=b, stdout=b, stderr=b)
b.close(); a.sendall(b"sent\n"); a.shutdown(socket.SHUT_WR)
got = b""
while (part := a.recv(4096)): got += part
assert p.wait() == 0 and got.startswith(b"sent\n") and b"socket" not in got, got
END
# ends: of stdin while the container goes on, and of the container while stdin goes on
[ "$(printf abc | kist run --rm --net none -i busybox sh -c 'cat; sleep 0.2; echo late')" = abclate ] || fail 'half closed'
mkfifo open
exec 8<>open
status 0 timeout 20 kist run --rm --net none -i busybox true <open
exec 8<&-
[ "$(yes | kist run --rm --net none -i busybox head -n 3 | wc -l)" = 3 ] || fail 'more stdin than is read'
nothing_left
