# SPDX-License-Identifier: Apache-2.0
# run -it on a real terminal: its size and changes of it, Ctrl-C, Ctrl-D, and the mode given back.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need python3
load_busybox
status 125 run -it --rm busybox true </dev/null
complains 'the input device is not a TTY'
cat >terminal.py <<'END'
import fcntl, os, pty, select, signal, struct, sys, termios, time

def size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

class Terminal:
    def __init__(self, *argv):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)
        self.out = b""
        size(self.fd, 24, 80)
    def until(self, text, seconds=15):
        end = time.time() + seconds
        while text not in self.out:
            if time.time() > end:
                sys.exit("waited in vain for %r in %r" % (text, self.out))
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    data = os.read(self.fd, 65536)
                except OSError:
                    data = b""
                if not data:
                    break
                self.out += data
        if text not in self.out:
            sys.exit("ended without %r: %r" % (text, self.out))
        self.out = self.out.split(text, 1)[1]
    def type(self, text):
        os.write(self.fd, text)
    def end(self, status):
        while True:
            try:
                if not os.read(self.fd, 65536):
                    break
            except OSError:
                break
        got = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if got != status:
            sys.exit("status %d, expected %d" % (got, status))

run = ["kist", "run", "-it", "--rm", "--net", "none", "busybox"]
t = Terminal(*run, "sh")
t.until(b"# ")
t.type(b"stty size; tty\r")
t.until(b"24 80")
t.until(b"/dev/pts/0")
size(t.fd, 40, 120)
time.sleep(0.3)
t.type(b"stty size\r")
t.until(b"40 120")
t.type(b"sleep 100\r")
time.sleep(0.5)
t.type(b"\x03")
t.type(b"echo after=$?\r")
t.until(b"after=130")
t.type(b"exit 5\r")
t.end(5)
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
check 'a terminal' python3 terminal.py
nothing_left
