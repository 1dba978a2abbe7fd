# SPDX-License-Identifier: Apache-2.0
# run -it on a real terminal: its size and changes of it, Ctrl-C, Ctrl-D, and the mode given back.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need python3
load_busybox
status 125 run -it --rm busybox true </dev/null
complains 'the input device is not a TTY'
cat >talk.py <<'END'
import sys, time
from terminal import Terminal, size

run = ["kist", "run", "-it", "--rm", "--net", "none", "busybox"]
t = Terminal(*run, "sh")
t.until(b"# ")
t.type(b"stty size; tty\r")
t.until(b"24 80")
t.until(b"/dev/pts/0")
size(t.fd, 40, 120)
t.type(b"until stty size | grep 40.12.; do :; done\r")
t.until(b"40 120")
t.type(b"sh -c \"echo be''gun; exec sleep 100\"\r")
t.until(b"begun")
t.type(b"\x03")
t.until(b"# ")
t.type(b"echo after=$?\r")
t.until(b"after=130")
t.type(b"exit 5\r")
t.end(5)
# the script of the same: each key is the container's there, too
t = Terminal("sh", "-c", 'kist --plan run -it --rm --net none busybox sh >script; stty -a >before; sh script; s=$?; stty -a >after; cmp before after && exit $s')
t.until(b"# ")
t.type(b"sleep 100\r")
time.sleep(0.5)
t.type(b"\x03")
t.type(b"echo after=$?\r")
t.until(b"after=130")
t.type(b"exit 6\r")
t.end(6)
# Ctrl-D ends the shell
t = Terminal(*run, "sh")
t.until(b"# ")
t.type(b"\x04")
t.end(0)
# the terminal's mode is the same before and after, also when kist is told to end
for ending in (run + ["true"], ["sh", "-c", "timeout --foreground -s TERM 1 " + " ".join(run) + " sleep 5"],
               run + ["nosuch"]):
    t = Terminal("sh", "-c", 'stty -a >before; "$@"; stty -a >after; cmp before after && echo same', "sh", *ending)
    t.until(b"same", 30)
    t.end(0)
END
check 'a terminal' env PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$KIST_SOURCE/tests/e2e" python3 talk.py
nothing_left
