# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Clients of attach.sock: several at once, input, resize, detach, bad frames, one that does not read.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/monitor.sh"

start() {
	rm -f "$T/log.json" "$T/exit.json"
	start_monitor --detach "$@" </dev/null >/dev/null
}
become_attach() { exec kist-attach --run-dir "$RUN_DIR" "$@"; }
attach() { (become_attach "$@"); }

# two clients see the same output; input comes from one; the status arrives
bundle '["sh", "-c", "while read -r line; do echo got $line; echo err $line >&2; done; exit 9"]'
start --interactive
is "$(stat -c %a "$RUN_DIR/attach.sock")" 600
become_attach --no-stdin >"$T/a" 2>"$T/a2" &
a=$!
mkfifo "$T/in"
become_attach --keep-stdin <"$T/in" >"$T/b" 2>"$T/b2" &
b=$!
exec 7>"$T/in"
clients 2
echo one >&7
wait_for 5 grep -q "got one" "$T/b"
wait_for 5 grep -q "err one" "$T/a2"
# a third one comes later: it gets only what comes after; its end of file ends the container's stdin
printf 'two\n' | attach --detach-keys '' >"$T/c" 2>&1
is $? 9
wait $a
is $? 9
wait $b
is $? 9
exec 7>&-
wait "$MONITOR"
is $? 9
is "$(cat "$T/a")" "$(printf 'got one\ngot two')"
is "$(cat "$T/b")" "$(printf 'got one\ngot two')"
is "$(grep -c got "$T/c")" 1
is "$(logged stdout)" "$(printf 'got one\ngot two')"
nothing_left

# without stdin an attached client is told; a client that leaves changes nothing
bundle '["sh", "-c", "sleep 1; echo end"]'
start
status 0 attach </dev/null
says end
wait "$MONITOR"
nothing_left

# raw frames: bad ones end their connection, with the reason, and no other
bundle '["cat"]'
start --interactive
become_attach --no-stdin >"$T/a" &
a=$!
clients 1
python3 - "$RUN_DIR/attach.sock" <<'END' || fail "raw frames"
import os, socket, sys
def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    os.chdir(os.path.dirname(sys.argv[1]))
    s.connect("attach.sock")
    assert s.recv(9) == b"\6\2", "HELLO with stdin and without terminal"
    return s
for bad in (b"\x01x", b"\xff", b"\x04\0\1", b"\0", b"\x05x", b"\0" + b"x" * 65537):
    s = connect()
    s.send(bad)
    got = s.recv(600)
    assert got == b"" or got[0] == 8, got
    assert s.recv(600) == b""
s = connect()
s.send(b"\0" + b"y" * 65536)      # the largest frame
s.send(b"\4\0\5\0\5")             # RESIZE without a terminal: nothing
n = 0
while n < 65536:
    f = s.recv(70000)
    assert f[0] == 1 and set(f[1:]) == {ord("y")}
    n += len(f) - 1
s.send(b"\5")                     # DETACH
assert s.recv(9) == b""
many = []
for i in range(15):
    many.append(connect())
full = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
full.connect("attach.sock")
assert full.recv(100)[0] == 8     # ERROR: too many
s = many[0]
s.send(b"\3")                     # EOF
assert s.recv(9) == b"\7\0"       # EXIT 0
assert s.recv(9) == b""
END
wait $a
is $? 0
is "$(wc -c <"$T/a")" 65536
wait "$MONITOR"
nothing_left

# a client that stops reading holds the container back until it goes; nothing is lost for others
bundle '["sh", "-c", "sleep 0.5; yes 0123456789abcdef | head -n 200000; echo end"]'
start
become_attach --no-stdin >"$T/a" &
a=$!
become_attach --no-stdin >/dev/null &
stopped=$!
clients 2
kill -STOP $stopped
sleep 1.5
[ ! -e "$T/exit.json" ] || fail "the container was not held back"
kill -KILL $stopped
wait $a
is "$(wc -l <"$T/a")" 200001
wait "$MONITOR"
is "$(logged stdout | wc -l)" 200001
nothing_left

# ... and never delays the end of a container that was killed by more than a few seconds
start
become_attach --no-stdin >/dev/null &
stopped=$!
clients 1
kill -STOP $stopped
sleep 1
kill_hard "$(jq .pid "$T/ready")"
# who comes while it ends is told the status, too
[ ! -e "$T/exit.json" ] || fail "it was not held up"
attach --no-stdin >"$T/b"
is $? 137
wait_for 6 test -e "$T/exit.json"
kill -KILL $stopped
wait "$MONITOR"
is $? 137
nothing_left

# nobody there
status 1 attach
complains "cannot attach to '$RUN_DIR': the container is not running"
