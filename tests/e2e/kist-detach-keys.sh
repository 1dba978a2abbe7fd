# SPDX-License-Identifier: Apache-2.0
# run -it, start -ai and attach are left by the detach keys: kist ends with 0, the container runs on and its
# terminal is there for the next. The first that the program sees of it has the right size. Who leaves by
# being killed leaves, too: nobody reads what is typed afterwards.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need python3
load_busybox
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$KIST_SOURCE/tests/e2e"
# NAME is running or not, and how it ended
state() { kist inspect -f '{{.State.Status}} {{.State.ExitCode}}' "$1"; }
is() { [ "$(state "$1")" = "$2" ]; }

cat >size.py <<'END'
from terminal import Terminal
t = Terminal("kist", "run", "-it", "--name", "cc", "--net", "none", "busybox", "stty", "size", rows=33, columns=99)
t.until(b"33 99")
t.end(0)
END
check 'the size at the first instant' python3 size.py
[ "$(kist inspect -f '{{.HostConfig.ConsoleSize}}' cc)" = '[33 99]' ] || fail 'inspect has another size'
kist rm cc >/dev/null

cat >leave.py <<'END'
import sys
from terminal import Terminal

# what is typed first shows that the program reads; then the keys
def leave(keys, *argv):
    t = Terminal(*argv)
    t.until(b"# ") if argv[1] != "attach" else t.type(b"\r")
    t.type(b"echo $((6 * 7))\r")
    t.until(b"42")
    t.type(keys)
    t.end(0)

keys = eval(sys.argv[1])
leave(keys, *sys.argv[2:])
END
leave() { check "leaving: $*" python3 leave.py "$@"; }

# half of the keys, and then another one, are the container's
leave 'b"\x10x\x08\x10\x11"' kist run -it --name cc --net none busybox sh
is cc 'running 0' || fail "after run: $(state cc)"
leave 'b"\x10\x11"' kist attach cc
leave 'b"\x01q"' kist attach --detach-keys ctrl-a,q cc
is cc 'running 0' || fail "after attach: $(state cc)"
# a new log line, from a container that nobody is attached to
kist stop -t 0 cc >/dev/null
leave 'b"xy"' kist start -ai --detach-keys x,y cc
is cc 'running 0' || fail "after start: $(state cc)"
kist stop -t 0 cc >/dev/null
leave 'b"\x10\x11"' kist start -ai cc
kist rm -f cc >/dev/null

# --rm is done at the container's own end, and not before
leave 'b"\x10\x11"' kist run -it --rm --name cc --net none busybox sh
is cc 'running 0' || fail "--rm: $(state cc)"
cat >end.py <<'END'
from terminal import Terminal
t = Terminal("kist", "attach", "cc")
t.type(b"exit 5\r")
t.end(5)
END
check 'the end after leaving' python3 end.py
wait_for 5 sh -c '! kist inspect cc'

# keys that nobody can type
status 125 run -it --rm --detach-keys ctrl- busybox true
complains 'detach keys'
status 125 kist start -ai --detach-keys aa cc

# killed: the container runs on, and what is typed at the terminal is the shell's
cat >killed.py <<'END'
import os, signal, subprocess
from terminal import Terminal
t = Terminal("sh", "-c", "sh -c 'echo $$ >pid; exec kist run -it --name cc --net none busybox sh'; stty sane; read line; echo got=$line")
t.until(b"# ")
pid = int(open("pid").read())
os.kill(pid, signal.SIGKILL)
t.until(b"Killed")
subprocess.run(["sh", "-c", "until ! ls -l /proc/$(cat $KIST_RUN/containers/*/lock)/fd | grep -q 'pts/[0-9]'; do sleep 0.05; done"], timeout=10)
t.type(b"hello\r")
t.until(b"got=hello")
t.end(0)
END
check 'killed' python3 killed.py
is cc 'running 0' || fail "killed: $(state cc)"
kist rm -f cc >/dev/null
nothing_left
