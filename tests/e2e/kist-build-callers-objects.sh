#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the caller of a build has open, or has named in LISTEN_FDS, is not there for a RUN; and its
# standard input is not the host's /dev/null.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
base_image
echo secret >"$T/victim"
dockerfile <<'EOF'
FROM busybox
RUN ls -l /proc/self/fd > /fds 2>&1; cat /proc/self/fd/3/victim > /read 2>&1; env > /env; true
EOF
for program in kist-build 'kist build'; do
	for first in 3 4 9; do
		(
			eval "exec $first<\"\$T\""
			LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=x
			export LISTEN_FDS LISTEN_FDNAMES
			[ $first != 4 ] || export LISTEN_PID
			$program --no-cache -t app "$T/context"
		) >"$T/out" 2>"$T/err" || fail "$program with descriptor $first"
		in_image app '! grep -q secret read && ! grep -q LISTEN env && ! grep -qF "$T" fds' ||
			fail "$program, descriptor $first: $(in_image app 'cat fds read env')"
	done
done

# a /dev of our own, so that the machine's stays as it is when this goes wrong
mkdir "$T/dev"
mount -t tmpfs tmpfs "$T/dev"
mknod -m 666 "$T/dev/null" c 1 3
mknod -m 666 "$T/dev/zero" c 1 5
mknod -m 666 "$T/dev/full" c 1 7
mknod -m 666 "$T/dev/random" c 1 8
mknod -m 666 "$T/dev/urandom" c 1 9
mknod -m 666 "$T/dev/tty" c 5 0
mkdir "$T/dev/pts" "$T/dev/shm"
dockerfile <<'EOF'
FROM busybox
RUN chmod 0604 /proc/self/fd/0; chown 1:1 /proc/self/fd/0; for f in /proc/keys /proc/timer_list /proc/kcore; do chmod 0604 $f; done; true
EOF
cat >"$T/inside.sh" <<'EOF'
mount --bind "$T/dev" /dev || exit 99
for program in kist-build 'kist build'; do
	$program --no-cache -t app "$T/context" </dev/zero || exit 98
	[ "$(stat -c %a:%u:%g /dev/null /dev/zero | tr '\n' ' ')" = "666:0:0 666:0:0 " ] || { ls -l /dev; exit 97; }
done
EOF
status 0 unshare --mount --propagation private sh "$T/inside.sh"
umount "$T/dev"
