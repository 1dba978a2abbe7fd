# SPDX-License-Identifier: Apache-2.0
# kist exec: what the caller has open never reaches the container, nothing secret is an argument.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
need python3

load_busybox
run -d --name web busybox sleep 1000 >/dev/null || fail 'run -d'

# the caller's files, with rights that their descriptors do not have
printf 'precious\n' >script.sh
chmod 0600 script.sh
kist exec -i web sh -c 'echo OWNED >/proc/self/fd/0' <script.sh
[ "$(cat script.sh)" = precious ] || fail 'the file on stdin was written'
printf 'older lines\n' >all.log
chmod 0600 all.log
kist exec web sh -c 'timeout 1 cat </proc/self/fd/1 >/tmp/stolen; : >/proc/self/fd/1; echo out' >>all.log
grep -qx 'older lines' all.log || fail 'the file on stdout was emptied'
status 0 kist exec web cat /tmp/stolen
if grep -q older out; then fail 'the file on stdout was read'; fi
status 0 kist exec web sh -c 'for fd in 0 1 2; do readlink /proc/self/fd/$fd; done' 2>>all.log
[ "$(grep -c pipe out)" = 2 ] || fail 'stdout and stderr are no pipes'
status 1 sh -c 'kist exec -i web ls /proc/self/fd/0/ </etc'
complains 'it is a directory'
# a socket (inetd, ssh) is not handed over
python3 - <<'END' || fail 'a socket was handed over'
import socket, subprocess
a, b = socket.socketpair()
p = subprocess.Popen(["kist", "exec", "-i", "web", "sh", "-c",
    "cat; for fd in 0 1 2; do readlink /proc/self/fd/$fd; done"], stdin=b, stdout=b, stderr=b)
b.close(); a.sendall(b"sent\n"); a.shutdown(socket.SHUT_WR)
got = b""
while (part := a.recv(4096)): got += part
assert p.wait() == 0 and got.startswith(b"sent\n") and b"socket" not in got, got
END

# the terminal at which it was typed, while it runs and after it
cat >typed.py <<'END'
import fcntl, os, pty, struct
pid, fd = pty.fork()
if pid == 0:
    os.execvp("kist", ["kist", "exec", "web", "sh", "-c",
        'exec 5<&1; (trap "" HUP; exec sleep 300 <&5) & for fd in 0 1 2; do readlink /proc/self/fd/$fd; done; : </dev/tty'])
terminal = "/dev/pts/%d" % struct.unpack("I", fcntl.ioctl(fd, 0x80045430, b"...."))[0] # TIOCGPTN
got = b""
while True:
    try: part = os.read(fd, 4096)
    except OSError: break
    if not part: break
    got += part
assert b"pipe" in got and b"/dev/pts" not in got, got
assert b"/dev/tty" in got, got # cannot be opened: there is none
os.waitpid(pid, 0)
for p in os.listdir("/proc"):
    if p.isdigit() and int(p) != os.getpid():
        try:
            for f in os.listdir(f"/proc/{p}/fd"):
                assert os.readlink(f"/proc/{p}/fd/{f}") != terminal, p
        except (FileNotFoundError, PermissionError): pass
END
status 0 timeout 20 python3 typed.py

# with -t its own terminal, which has a size from the start; keys, status
cat >terminal.py <<'END'
import fcntl, os, pty, struct, sys, termios
for _ in range(10):
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 77, 0, 0))
        os.execvp("kist", ["kist", "exec", "-it", "web", "sh", "-c", "stty size; read a; echo got $a; exit 6"])
    os.write(fd, b"hello\n")
    got = b""
    while True:
        try: part = os.read(fd, 4096)
        except OSError: break
        if not part: break
        got += part
    assert b"33 77" in got and b"got hello" in got, got
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 6
END
run -d --name new busybox sleep 1000 >/dev/null || fail 'run -d'
status 0 timeout 60 python3 terminal.py
# the detach keys leave the command running
cat >leave.py <<'END'
import os, pty
pid, fd = pty.fork()
if pid == 0:
    os.execvp("kist", ["kist", "exec", "-it", "new", "sh", "-c", "echo ready; sleep 1; touch /went-on"])
got = b""
while b"ready" not in got: got += os.read(fd, 4096)
os.write(fd, b"\x10\x11")
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
END
status 0 timeout 20 python3 leave.py
wait_for 5 kist exec new test -e /went-on

# secrets: on nobody's command line
echo PASSWORD=hunter2 >secrets
SECRET=hunter3 kist exec --env-file secrets -e SECRET new sh -c 'echo $PASSWORD $SECRET; sleep 1' >out &
wait_for 5 grep -q 'hunter2 hunter3' out
if cat /proc/[0-9]*/cmdline | tr '\0' '\n' | grep 'hunte[r]'; then fail 'a secret is an argument'; fi
wait

# what a command leaves behind does not hold the caller up
status 0 timeout 20 kist exec new sh -c 'sleep 1000 & echo over'
says over
# the script that --plan prints does the same
kist --plan exec -i -e A=b new sh -c 'cat; echo $A' >script || fail '--plan exec'
[ "$(echo piped | sh script)" = "$(printf 'piped\nb')" ] || fail 'the script of exec'
kist --plan exec -d -e A=b new sh -c 'echo $A >/made' >script || fail '--plan exec -d'
status 0 sh script
wait_for 5 kist exec new grep -qx b /made
status 0 kist rm -f web
status 0 kist rm -f new
nothing_left
