# SPDX-License-Identifier: Apache-2.0
# kistd (M02, M07, M08): its socket, those who hold it up, its sudden death, systemd's activation.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
. "$KIST_SOURCE/tests/e2e/api.sh"
need python3 jq curl
umask 0
start_kistd
load_busybox
sock=$KIST_RUN/kist.sock
ping() { curl -fs -m 5 --unix-socket "$sock" http://kist/_ping; }

# M08: 0660, whatever the umask; nobody else gets in; the trees stay closed
[ "$(stat -c %a "$sock")" = 660 ] || fail "the socket's mode is $(stat -c %a "$sock")"
[ "$(stat -c %a "$KIST_ROOT")" = 700 ] || fail 'ROOT is open'
setpriv --reuid 65534 --regid 65534 --clear-groups curl -fs -m 2 --unix-socket "$sock" http://kist/_ping &&
	fail 'anybody may use the socket'
ping >/dev/null || fail 'no answer'

# every version that is spoken, and those beyond
for minor in $(seq 24 47); do
	curl -fs -m 5 -o version --unix-socket "$sock" "http://kist/v1.$minor/containers/json" || fail "version 1.$minor"
done
for version in 1.23 1.48 2.0 0.9; do
	[ "$(curl -s -m 5 -o version -w '%{http_code}' --unix-socket "$sock" "http://kist/v$version/info")" = 400 ] ||
		fail "version $version"
done
# who is in the group gets in
kistd -H "unix://$T/grouped" -G users &
grouped=$!
wait_for 5 test -S grouped
chmod 711 "$T"
[ "$(stat -c '%a %G' grouped)" = '660 users' ] || fail "the socket is not the group's"
setpriv --reuid 65534 --regid users --clear-groups curl -fs -m 5 --unix-socket "$T/grouped" http://kist/_ping >/dev/null ||
	fail 'the group does not get in'
kill $grouped
wait $grouped || fail 'TERM is no success'
[ ! -e grouped ] || fail 'the socket of a kistd that was ended is left'

# a second one does not take the first one's socket away
status 4 kistd
complains 'listens there already'

# M07: who connects and says nothing, or half a request, holds up nobody
python3 - "$sock" <<'END' &
import socket, sys, time
held = []
for i in range(500):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.send(b"" if i % 2 else b"GET /_ping HTTP/1.1\r\nX: ")
    held.append(s)
open("held", "w").close()
time.sleep(30)
END
slow=$!
wait_for 30 test -e held
ping >/dev/null || fail 'held up by others'
# methods, paths, lengths and bodies of a generator whose seed is known: never more than an answer or an end
python3 - "$sock" <<'END' || fail 'not every request gets an answer, or its end'
import random, socket, sys
r = random.Random(1)
verbs = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "TRACE", "CONNECT", "get", "", "G\0T", "A" * 300]
parts = ["containers", "images", "exec", "json", "create", "..", ".", "", "%2e%2e", "%00", "v1.41", "v1", "x" * 300, "\x1b[2J",
    "start", "logs", "?all=1", "?limit=-1", "?t=99999999999999999999", "_ping", "system", "volumes", "networks", "%"]
bodies = [b"", b"{", b"{}", b"[]", b'{"Image":"busybox"', b"\0" * 100, b"null", b'{"a":' * 100, b'"' + b"x" * 70000 + b'"']
for i in range(300):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(20)
    s.connect(sys.argv[1])
    path = "/" + "/".join(r.choice(parts) for _ in range(r.randrange(5)))
    body = r.choice(bodies)
    length = r.choice([len(body), len(body), 0, -1, 1 << 63, "x"])
    head = "%s %s HTTP/1.%s\r\nHost: k\r\nConnection: close\r\nContent-Length: %s\r\n\r\n" % (r.choice(verbs), path, r.choice("01"), length)
    try:
        s.sendall(head.encode("latin-1") + body)
        s.shutdown(socket.SHUT_WR)
        while s.recv(65536): pass
    except (BrokenPipeError, ConnectionResetError): pass
    s.close()
END
ping >/dev/null || fail 'no answer after random requests'
kill "$slow"
wait "$slow" 2>/dev/null

# M02: the containers do not notice when it dies; the next one takes over its place
status 0 kist run -d --name cc --network none busybox sh -c 'i=0; while sleep 0.05; do echo $i; i=$((i + 1)); done'
kill_hard $KISTD
[ -S "$sock" ] || fail 'the socket of a killed kistd is gone'
start_kistd
wait_for 5 ping
curl -fs -m 5 --unix-socket "$sock" http://kist/containers/json | jq -e '.[0].State == "running"' >/dev/null ||
	fail 'the container does not run any more'
sleep 0.3
status 0 kist logs cc
awk '$1 != NR - 1 {exit 1}' "$T/out" || fail 'the log has a gap'
status 0 kist rm -f cc

# commands in a container: made, run without anybody, looked at, sized
status 0 kist run -d --name ee --network none busybox sleep 1000
# METHOD PATH [BODY]: $CODE, and the answer in $T/body
call() {
	CODE=$(curl -s -m 20 -o "$T/body" -w '%{http_code}' --unix-socket "$sock" -X "$1" \
		-H 'Content-Type: application/json' -d "${3:-}" "http://kist$2")
}
gives() {
	want=$1
	shift
	call "$@"
	[ "$CODE" = "$want" ] || { cat "$T/body"; fail "$CODE, expected $want: $*"; }
}
# BODY: a command, $ID
command_of() {
	gives 201 POST /containers/ee/exec "$1"
	ID=$(jq -r .Id <"$T/body")
}
# JQ VALUE: of inspect
shows() {
	gives 200 GET "/exec/$ID/json"
	[ "$(jq -c "$1" <"$T/body")" = "$2" ]
}
command_of '{"Cmd":["sh","-c","until [ -e /end ]; do sleep 0.05; done; exit 7"]}'
shows '[.Running, .ExitCode, .Pid]' '[false,null,0]' || fail 'a command that was not started'
gives 409 POST "/exec/$ID/resize?h=3&w=4"
gives 200 POST "/exec/$ID/start" '{"Detach":true}'
shows '[.Running, .ExitCode, (.Pid > 0)]' '[true,null,true]' || fail 'a command that runs'
grep -q end "/proc/$(jq .Pid <"$T/body")/cmdline" || fail "a command's pid"
gives 409 POST "/exec/$ID/start" '{"Detach":true}'
status 0 kist exec ee touch /end
wait_for 10 shows '[.Running, .ExitCode, .CanRemove, .Pid]' '[false,7,true,0]'
gives 409 POST "/exec/$ID/start" '{"Detach":true}'
command_of '{"Cmd":["/no/such"]}'
gives 400 POST "/exec/$ID/start" '{"Detach":true}'
grep -q /no/such "$T/body" || fail 'why a command did not start'
wait_for 10 shows '[.Running, .ExitCode]' '[false,127]'
command_of '{"Tty":true,"Cmd":["sh","-c","until stty size | grep -q \"20 70\"; do sleep 0.05; done; exit 4"]}'
gives 200 POST "/exec/$ID/start" '{"Detach":true,"Tty":true}'
gives 200 POST "/exec/$ID/resize?h=20&w=70"
wait_for 10 shows '[.Running, .ExitCode]' '[false,4]'
# what it leaves behind may write on
command_of '{"Cmd":["sh","-c","(sleep 0.5; echo on; echo on; touch /went-on) & exit 3"]}'
gives 200 POST "/exec/$ID/start" '{"Detach":true}'
wait_for 10 shows .ExitCode 3
wait_for 10 kist exec ee test -e /went-on
gives 404 GET /exec/0123/json
status 0 kist rm -f ee

# it takes its socket away when it ends, and nothing that somebody else has put there
kill $KISTD
wait $KISTD 2>/dev/null
[ ! -e "$sock" ] || fail 'the socket is left'
echo precious >"$T/file"
status 4 kistd -H "unix://$T/file"
[ "$(cat "$T/file")" = precious ] || fail 'a file was replaced'
status 2 kistd -H tcp://127.0.0.1:2375
complains 'only unix sockets'
status 3 kistd -H "unix://$T/s" -G nosuchgroup

# a socket that systemd has made
python3 - "$T/activated" kistd <<'END' &
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen(5)
os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ["LISTEN_FDS"] = "1"
os.environ["LISTEN_PID"] = str(os.getpid())
os.execvp(sys.argv[2], [sys.argv[2]])
END
KISTD=$!
wait_for 5 curl -fs -m 5 --unix-socket "$T/activated" http://kist/_ping
kill $KISTD
wait $KISTD 2>/dev/null
[ -S "$T/activated" ] || fail "systemd's socket was taken away"
nothing_left
