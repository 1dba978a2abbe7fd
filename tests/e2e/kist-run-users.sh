# SPDX-License-Identifier: Apache-2.0
# The groups of a user are the process's, so that what is forbidden to a group is forbidden to it (R12); a passwd
# file that is no file of the image's is never waited for, nor read, by run, create and exec (R13).
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

load_busybox
mkdir -p users/etc users/data
printf 'root:x:0:0::/root:/bin/sh\nworker:x:1234:1234::/:/bin/sh\n' >users/etc/passwd
printf 'root:x:0:\nworker:x:1234:\none:x:3001:worker\ntwo:x:3002:root,worker\nthree:x:3003:worker,x\nother:x:3004:root\n' \
	>users/etc/group
for group in 3001 3002 3003 3004; do
	echo secret >users/data/$group
	chown 0:$group users/data/$group
	chmod 0604 users/data/$group # everybody but the group
done
umoci insert --image "$LAYOUT:busybox" users / >/dev/null 2>&1 || fail 'umoci insert'
tar -C "$LAYOUT" -cf - . | kist load >/dev/null || fail 'kist load'

cat >look <<'END2'
grep ^Groups: /proc/self/status
for f in /data/*; do cat $f >/dev/null 2>&1 && echo "reads $f"; done
true
END2
run -d --name web -v "$T/look:/look:ro" busybox sleep 1000 >/dev/null || fail 'run -d'
for words in "run --rm --net none -v $T/look:/look:ro -u worker busybox" 'exec -u worker web'; do
	# shellcheck disable=SC2086
	status 0 kist $words sh /look
	grep -qx 'Groups:.1234 3001 3002 3003 *' out || fail "$words: the groups are $(grep Groups out)"
	[ "$(grep reads out)" = 'reads /data/3004' ] || fail "$words: what it reads is $(grep reads out)"
done

# the container's own passwd file, as its root can change it: exec looks it up there
for change in 'ln -s /proc/kmsg /etc/passwd' 'mkfifo /etc/passwd' 'mknod /etc/passwd c 1 5' 'mkdir /etc/passwd' \
	'ln -s /proc/1/fd/0 /etc/passwd' 'ln -s /dev/tty /etc/passwd'; do
	status 0 kist exec web sh -c "rm -rf /etc/passwd; $change"
	started=$(date +%s)
	timeout 20 kist exec -u worker web true >out 2>err && fail "after '$change' there was a user"
	[ $? != 124 ] || fail "exec hangs after '$change'"
	[ $(($(date +%s) - started)) -le 5 ] || fail "exec waits after '$change'"
	[ -s err ] || fail "exec says nothing after '$change'"
	status 0 kist exec -u 1:1 web true
done
status 0 kist exec web sh -c 'rm -rf /etc/passwd; dd if=/dev/zero of=/etc/passwd bs=1 count=1 seek=1073741824 2>/dev/null'
timeout 20 kist exec -u worker web true >out 2>err && fail 'a file of a gigabyte was read'
complains 'the limit is'
# the same in an image
kist rm -f web >/dev/null
mkdir -p odd/etc
mkfifo odd/etc/passwd
umoci insert --image "$LAYOUT:busybox" --tag odd odd / >/dev/null 2>&1 || fail 'umoci insert'
tar -C "$LAYOUT" -cf - . | kist load >/dev/null || fail 'kist load'
timeout 20 kist run --rm --net none -u worker odd true >out 2>err && fail 'a FIFO has users'
complains "'etc/passwd' is not a regular file"
status 0 run --rm -u 1:1 odd true
kist ps -aq | while read -r id; do kist rm -f "$id" >/dev/null; done
nothing_left
