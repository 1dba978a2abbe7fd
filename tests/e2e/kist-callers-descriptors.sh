#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the caller has open (locks, the host's directories, systemd's sockets) reaches neither what kist leaves
# running nor a container, also when LISTEN_FDS says that it is to be handed on.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

base_image
mkdir host
echo secret >host/file

# a lock of the caller's ends with the caller
for word in 'run -d --net none --name c1 busybox sleep 100' 'restart c1' 'start c2'; do
	[ "$word" != 'start c2' ] || check 'a container' kist create --net none --name c2 busybox sleep 100 >/dev/null
	# shellcheck disable=SC2086
	(
		exec 9>lock
		flock 9
		kist $word >/dev/null
	) || fail "kist $word"
	check "kist $word holds no lock" flock -n lock true
done
# and a pipe ends, though the container goes on
check 'a pipe of the caller ends' timeout 30 sh -c '(kist restart -t 0 c1) 8>&1 >/dev/null | cat'

exec 3<host
for words in 'run --rm --net none busybox' 'exec c1'; do
	for variables in LISTEN_FDS=1 'LISTEN_FDS=1 LISTEN_PID=self'; do
		# shellcheck disable=SC2086
		status 1 env $variables kist $words ls /proc/self/fd/3/file
	done
	# shellcheck disable=SC2086
	LISTEN_FDS=1 status 0 kist $words env
	! grep LISTEN out || fail "kist $words hands on what the environment says"
done
dockerfile <<-'END'
	FROM busybox
	RUN ls /proc/self/fd/3/file && exit 9; env | grep LISTEN && exit 9; true
END
for program in kist-build 'kist build'; do
	# shellcheck disable=SC2086
	LISTEN_FDS=1 status 0 $program --no-cache context
done
exec 3<&-
check 'removed' kist rm -f c1 c2 >/dev/null
nothing_left
