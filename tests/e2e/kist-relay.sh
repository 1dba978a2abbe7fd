# SPDX-License-Identifier: Apache-2.0
# kist-relay: bytes, ends, statuses and signals as if it were not there, and no descriptor of ours handed on.
. "$KIST_SOURCE/tests/e2e/lib.sh"
need python3

status 7 kist-relay -- sh -c 'echo out; echo err >&2; exit 7'
says out
complains err
status 143 kist-relay -- sh -c 'kill -TERM $$'
status 2 kist-relay
status 3 kist-relay -- /no/such/program
complains /no/such/program

# bytes through all kinds of streams, and ends
head -c 5000000 /dev/urandom >random
sum=$(cksum <random)
[ "$(kist-relay -i -- cat <random | cksum)" = "$sum" ] || fail 'file to pipe'
# shellcheck disable=SC2002
[ "$(cat random | kist-relay -i -- cat | cksum)" = "$sum" ] || fail 'pipe to pipe'
kist-relay -i -- cat <random >copy
cmp random copy || fail 'file to file'
kist-relay -i -- cat <random >>copy
[ "$(wc -c <copy)" = 10000000 ] || fail 'appending to a file'
python3 - <<'END' || fail 'sockets'
import socket, subprocess
a, b = socket.socketpair()
p = subprocess.Popen(["kist-relay", "-i", "--", "cat"], stdin=b, stdout=b)
b.close()
data = open("random", "rb").read(200000)
a.sendall(data); a.shutdown(socket.SHUT_WR)
got = b""
while (part := a.recv(65536)): got += part
assert got == data and p.wait() == 0
END
# without -i there is nothing to read; an end of stdin does not end the output
[ "$(echo no | kist-relay -- cat | wc -c)" = 0 ] || fail 'stdin without -i'
[ "$(printf abc | kist-relay -i -- sh -c 'cat; sleep 0.2; echo late')" = abclate ] || fail 'a half-closed stream'
# what is not read stays unread by the program that has ended
status 0 sh -c '(sleep 1; echo too late) | kist-relay -i -- true'

# a slow reader loses nothing, one that goes ends the program
[ "$(kist-relay -- sh -c 'yes | head -n 300000' | { sleep 0.5; wc -l; })" = 300000 ] || fail 'a slow reader'
status 0 sh -c 'kist-relay -- sh -c "yes; echo \$? >ended" | head -n 1'
wait_for 5 grep -qx 141 ended
status 1 sh -c 'kist-relay -- echo x >/dev/full'
complains 'No space left'

# what the program leaves behind with its streams open does not hold us up; its last words are there
status 0 timeout 20 kist-relay -- sh -c 'sleep 1000 & echo $! >left; yes last | head -n 10000'
[ "$(wc -l <out)" = 10000 ] || fail 'last words are lost'
status 0 timeout 20 kist-relay -- sh -c '(while :; do echo on; done) & echo $! >noisy; sleep 0.1'
kill "$(cat left)"
wait_for 5 sh -c "! kill -0 $(cat noisy) 2>/dev/null"

# signals
kist-relay -- sh -c 'trap "echo got; exit 9" USR1; echo ready; while :; do sleep 0.05; done' >signals &
relay=$!
wait_for 5 grep -q ready signals
kill -USR1 $relay
wait $relay
[ $? = 9 ] || fail 'a signal'
grep -q got signals || fail 'the last words of a signalled program'

# descriptors: three pipes and what is named; no terminal, no session of ours
exec 5<random 6<random
status 0 kist-relay --fd 6 -- python3 -c '
import os
for n in sorted(int(f) for f in os.listdir("/proc/self/fd")):
    try: print(n, os.readlink(f"/proc/self/fd/{n}").split(":")[0])
    except FileNotFoundError: pass'
says '0 /dev/null'
says '1 pipe'
says '2 pipe'
says "6 $T/random"
if grep -q '^5 ' out; then fail 'a descriptor that nobody named was passed on'; fi
exec 5<&- 6<&-
status 2 kist-relay --fd 77 -- true
complains 77
status 21 sh -c 'kist-relay -i -- ls /proc/self/fd/0/ </ || exit 21'
complains 'it is a directory'

# a terminal of its own: size before the start, keys, its changes, the detach keys
cat >terminal.py <<'END'
import fcntl, os, pty, select, struct, sys, termios, time
def start(*argv):
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 77, 0, 0))
        os.execvp("kist-relay", ["kist-relay", *argv])
    return pid, fd
def until(fd, what, seconds=10, got=b""): # got: what was read before
    end = time.time() + seconds
    while what not in got:
        if not select.select([fd], [], [], max(0, end - time.time()))[0]: sys.exit(f"no {what} in {got}")
        try: part = os.read(fd, 4096)
        except OSError: part = b""
        if not part: sys.exit(f"ended without {what}: {got}")
        got += part
    return got
def status(pid): return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
pid, fd = start("-it", "--", "sh", "-c", "stty size; tty; readlink /proc/$PPID/fd/0; exit 5")
got = until(fd, b"/dev/pts/")
assert b"33 77" in got, got
ours = b"/dev/pts/%d" % struct.unpack("I", fcntl.ioctl(fd, 0x80045430, b"...."))[0] # TIOCGPTN
got = until(fd, ours, got=got)
assert got.count(ours) == 1, got # the program's is another one
assert status(pid) == 5
pid, fd = start("-it", "--", "sh", "-c", "trap 'stty size' WINCH; echo $$ ready; until read a; do :; done; echo got $a; cat")
program = int(until(fd, b"ready").split()[0])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 44, 55, 0, 0))
until(fd, b"44 55")
os.write(fd, b"hello\n")
until(fd, b"got hello")
os.write(fd, b"\x10x") # only the beginning of the keys
until(fd, b"\x10x")
os.write(fd, b"\x10\x11")
assert status(pid) == 0
os.kill(program, 9)
END
status 0 python3 terminal.py
# the program that was left goes on, with somebody who reads what it writes
status 0 python3 - <<'END'
import os, sys
exec(open("terminal.py").read().split("pid, fd = start(")[0])
pid, fd = start("-it", "--detach-keys", "a,b", "--", "sh", "-c", "echo $$; sleep 0.5; yes | head -n 50000; echo over >after")
until(fd, b"\n")
os.write(fd, b"ab")
assert status(pid) == 0
END
wait_for 10 grep -q over after
