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
# the reader has gone: the container is ended, and nobody hangs
timeout 20 sh -c 'kist run --rm --net none busybox yes | head -1; sleep 1' >out || fail 'the pipe hangs'
says y
nothing_left
