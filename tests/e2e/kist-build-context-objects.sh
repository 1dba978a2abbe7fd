#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is no file in a context connects a RUN with nothing on the host: FIFOs, sockets, devices, with and
# without .dockerignore, for reading and writing.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime python3
base_image
cd "$T/context" || exit 1
mkdir part
echo text >part/file
mkfifo part/fifo
mknod part/device c 1 3
mknod part/disk b 7 0
cat >"$T/listen.py" <<'EOF'
import os, socket, sys
fifo = os.open("part/fifo", os.O_RDWR | os.O_NONBLOCK)
sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sock.bind("part/socket")
sock.setblocking(False)
print("ready", flush=True)
sys.stdin.readline()
for name, read in (("fifo", lambda: os.read(fifo, 100)), ("socket", lambda: sock.recv(100))):
    try:
        print(name, read())
    except BlockingIOError:
        pass
EOF

for ignore in '' 'nothing'; do
	for mount in target=/c target=/c,rw target=/c/part,source=part target=/c/part/fifo,source=part/fifo; do
		rm -f part/socket
		[ -z "$ignore" ] || echo "$ignore" >.dockerignore
		printf 'FROM busybox\nRUN --mount=%s if [ -e /c/part/file ]; then cat /c/part/file; ln -sf /c/part/socket /dev/log; logger leaked; if head -c 1 /c/part/device || head -c 1 /c/part/disk; then exit 1; fi; fi; [ ! -p /c/part/fifo ] || echo leaked 1<>/c/part/fifo\n' "$mount" |
			dockerfile
		mkfifo "$T/go"
		python3 "$T/listen.py" <"$T/go" >"$T/heard" &
		exec 9>"$T/go"
		wait_for 10 grep -q ready "$T/heard"
		if ! kist-build --no-cache -t app "$T/context" >"$T/out" 2>"$T/err"; then
			fail "a build with the mount $mount"
		fi
		echo >&9
		exec 9>&-
		wait $!
		rm "$T/go"
		grep -q leaked "$T/heard" && fail "$mount, .dockerignore '$ignore': $(cat "$T/heard")"
	done
	[ "$(ls part)" = "device
disk
fifo
file
socket" ] || fail "the context was changed: $(ls part)"
done
