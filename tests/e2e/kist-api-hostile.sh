# SPDX-License-Identifier: Apache-2.0
# Clients of kistd that vanish, never end, ask for too much, or come in crowds: nobody else notices.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
. "$KIST_SOURCE/tests/e2e/api.sh"
need python3 jq curl
start_kistd
load_busybox
sock=$KIST_RUN/kist.sock
status 0 kist run -d -i --name web --network none busybox sh -c 'echo ready; while sleep 0.1; do echo tick; done'
serving() { cat /proc/[0-9]*/comm 2>/dev/null | grep -cx kist-api; }
none_serve() { [ "$(serving)" = 0 ]; }
some_serve() { ! none_serve; }
lives() {
	status 0 kist inspect -f '{{.State.Running}}' web
	says true
}

# who is killed in the middle of something: no kist-api stays, and the container runs on
vanish() { # SIGN COMMAND...: of the client; it is killed once SIGN succeeds
	sign=$1
	shift
	"$DOCKER" "$@" </dev/null >"$T/got" 2>&1 &
	client=$!
	wait_for 10 some_serve
	wait_for 10 sh -c "$sign"
	kill -9 $client
	wait $client 2>/dev/null
	wait_for 15 none_serve
	lives
}
vanish 'test -s got' logs -f web
vanish 'test -s got' attach --no-stdin --sig-proxy=false web
vanish true wait web
# a command goes on without its client, as docker's does
vanish 'kist exec web test -e /began' exec web sh -c 'touch /began; sleep 2; touch /went-on'
status 0 kist exec web test -e /went-on

cat >hostile.py <<'END'
import json, os, socket, sys, threading
path = sys.argv[1]
def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(60)
    s.connect(path)
    return s
def all_of(s):
    got = b""
    while True:
        try: part = s.recv(65536)
        except ConnectionResetError: break
        if not part: break
        got += part
    return got
def status(got): return got.split(b" ", 2)[1] if got else b""
def ask(text, body=b""):
    s = connect()
    try: s.sendall(text + body)
    except (BrokenPipeError, ConnectionResetError): pass
    return s
def post(url, body):
    return ask(b"POST " + url + b" HTTP/1.1\r\nHost: k\r\nConnection: close\r\nContent-Type: application/json\r\n"
               b"Content-Length: %d\r\n\r\n" % len(body), body)
# a body of a gigabyte is refused before it is sent
s = ask(b"POST /containers/create HTTP/1.1\r\nHost: k\r\nContent-Length: 1073741824\r\n\r\n")
assert status(s.recv(65536)) == b"413"
s.close()
# one that does not say its length is dropped while it comes, and costs nobody memory
def peak():
    sizes = [0]
    for p in os.listdir("/proc"):
        try:
            text = open(f"/proc/{p}/status").read()
            if "Name:\tkist-api\n" in text: sizes.append(int(text.split("VmHWM:")[1].split()[0]))
        except (OSError, IndexError): pass
    return max(sizes)
s = ask(b"POST /containers/create HTTP/1.1\r\nHost: k\r\nTransfer-Encoding: chunked\r\n\r\n")
for i in range(40): s.sendall(b"100000\r\n" + b"x" * (1 << 20) + b"\r\n")
assert 0 < peak() < 80000, peak()
s.sendall(b"0\r\n\r\n")
assert status(s.recv(65536)) == b"413"
s.close()
# documents that grow when they are read
for bomb in (b"[" * (4 << 20), b'{"a":' * 800000, b'{"Image":[' + b"0," * 2000000 + b"0]}"):
    got = all_of(post(b"/containers/create", bomb))
    assert status(got) == b"400", got
# many headers; rubbish behind a request
got = all_of(ask(b"GET /_ping HTTP/1.1\r\nHost: k\r\n" + b"X: y\r\n" * 100000 + b"\r\n"))
assert status(got) in (b"431", b"413", b"400"), got
got = all_of(ask(b"GET /_ping HTTP/1.1\r\nHost: k\r\n\r\n" + b"\1\2 rubbish\r\n\r\n" * 300))
assert status(got) == b"200" and got.count(b"HTTP/1.1 200") == 1, got
# names that are none
for name in (b"..", b"%2e%2e", b"%00", b"a%0a", b"x" * 5000, b"%ff", b"%252e"):
    got = all_of(ask(b"GET /containers/" + name + b"/json HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n"))
    assert status(got) in (b"400", b"404"), (name, got)
# half closed: the input has ended, the output is still wanted
def hijack(url, body=b"{}"):
    s = ask(b"POST " + url + b" HTTP/1.1\r\nHost: k\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body), body)
    got = b""
    while b"\r\n\r\n" not in got: got += s.recv(1)
    assert status(got) == b"101", got
    return s
def make(*cmd):
    got = all_of(post(b"/containers/web/exec", json.dumps(
        {"AttachStdin": True, "AttachStdout": True, "Cmd": cmd}).encode()))
    return b"/exec/" + json.loads(got.split(b"\r\n\r\n", 1)[1])["Id"].encode() + b"/start"
s = hijack(make("sh", "-c", "cat; sleep 0.3; echo late"))
s.sendall(b"typed\n")
s.shutdown(socket.SHUT_WR)
got = all_of(s)
assert b"typed" in got and got.endswith(b"late\n"), got
# gone in the middle, unread output and all; and at once
for _ in range(5):
    s = hijack(make("sh", "-c", "yes | head -n 200000; touch /after"))
    s.recv(100)
    s.close()
    hijack(b"/containers/web/attach?stream=1&stdout=1&stdin=1").close()
    ask(b"GET /containers/web/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: k\r\n\r\n").close()
    ask(b"POST /containers/web/wait HTTP/1.1\r\nHost: k\r\n\r\n").close()
# a crowd at once, each served
results = []
def one():
    got = all_of(ask(b"GET /containers/json HTTP/1.1\r\nHost: k\r\nConnection: close\r\n\r\n"))
    results.append(status(got) == b"200" and b'"/web"' in got)
crowd = [threading.Thread(target=one) for _ in range(50)]
for t in crowd: t.start()
for t in crowd: t.join()
assert results == [True] * 50, results
END
status 0 timeout 120 python3 hostile.py "$sock"
wait_for 20 none_serve
lives
wait_for 10 kist exec web test -e /after

# a pull whose client goes ends, and leaves nothing but what the next one continues
start_registry
push_busybox app:1
python3 - "$sock" "$REGISTRY" <<'END'
import socket, sys
for _ in range(5):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.sendall(b"POST /images/create?fromImage=%s/app&tag=1 HTTP/1.1\r\nHost: k\r\n\r\n" % sys.argv[2].encode())
    s.close()
END
wait_for 20 none_serve
status 0 "$DOCKER" pull "$REGISTRY/app:1"

# kistd is told to end while it serves: those that it serves are served to their end
"$DOCKER" logs -f web >"$T/follow" 2>&1 &
follow=$!
wait_for 10 grep -q tick "$T/follow"
kill "$KISTD"
wait "$KISTD" 2>/dev/null
lines=$(wc -l <"$T/follow")
wait_for 10 sh -c "[ \$(wc -l <'$T/follow') -gt $lines ]"
status 0 kist rm -f web
wait $follow
nothing_left
