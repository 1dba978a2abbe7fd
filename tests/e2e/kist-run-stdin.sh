# SPDX-License-Identifier: Apache-2.0
# run -i: a gigabyte through the container, byte for byte; without -i there is no stdin.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/engine.sh"

need openssl
load_busybox
echo hi | kist run --rm --net none -i busybox cat >out || fail 'run -i'
says hi
echo hi | kist run --rm --net none busybox cat >out || fail 'run without -i'
[ ! -s out ] || fail 'stdin came through without -i'
big() { openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null | head -c 1073741824; }
want=$(big | sha256sum)
got=$(big | kist run --rm --net none -i busybox cat | sha256sum)
[ "$got" = "$want" ] || fail 'a gigabyte came back changed'
got=$(big | kist run --rm --net none -i busybox sha256sum)
[ "$got" = "$want" ] || fail 'a gigabyte arrived changed'
# Who reads its output has gone: kist ends as any program in a pipe, and the container runs on.
timeout 20 sh -c '{ kist run --rm --name unread --net none busybox yes; echo "$?" >status; } | head -1' >out ||
	fail 'the pipe hangs'
says y
[ "$(cat status)" = 141 ] || fail "the status without a reader is $(cat status)"
[ "$(kist inspect -f '{{.State.Status}}' unread)" = running ] || fail 'without a reader it does not run on'
timeout 20 sh -c '{ kist attach --no-stdin unread; echo "$?" >status; } | head -1' >out || fail 'the pipe of attach hangs'
[ "$(cat status)" = 141 ] || fail "attach's status without a reader is $(cat status)"
[ "$(kist inspect -f '{{.State.Status}}' unread)" = running ] || fail 'without a reader of attach it does not run on'
kist rm -f unread >/dev/null
# one that writes nothing more is waited for, and keeps its own status
timeout 20 sh -c '{ kist run --rm --net none busybox sh -c "echo y; sleep 1; exit 3"; echo "$?" >status; } | head -1' >out
[ "$(cat status)" = 3 ] || fail "the status of one that is quiet is $(cat status)"
nothing_left
