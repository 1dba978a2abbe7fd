# SPDX-License-Identifier: Apache-2.0
# A program on a terminal of its own, as a person would use it: from terminal import Terminal, size
import fcntl, os, pty, select, signal, struct, sys, termios, time

def size(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

class Terminal:
    def __init__(self, *argv, rows=24, columns=80):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            size(0, rows, columns)
            os.execvp(argv[0], argv)
        self.out = b""
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
