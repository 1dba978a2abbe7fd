#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The power goes N seconds after a pull has said that it is done (P02): the image is there, and every byte of it. When
# it goes in the middle of a pull, what is there is sound, and the next pull completes.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need mke2fs losetup jq
small_layout
serve fast
truncate -s 64M disk.img
mke2fs -q -t ext4 -F disk.img || fail mke2fs
mkdir disk
mount -o loop disk.img disk 2>err || skip "no ext4 on a loop device here: $(cat err)"
on_exit "umount '$T/disk' 2>/dev/null"
cat >power-off.py <<'END2'
import fcntl, os, struct, sys
# EXT4_IOC_SHUTDOWN, without a flush of the journal: what was not on disk never gets there
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))
END2
power_off() {
	python3 power-off.py disk || skip 'this kernel does not shut file systems down'
	wait_for 10 umount disk # what was killed may still let go of it
	mount -o loop disk.img disk || fail 'mount after the power came back'
}
KIST_ROOT=$T/disk/root
verified() {
	status 0 kist-store fsck
	diff_id=$(kist-store inspect "$SERVER/app:v1" | jq -r '.config.rootfs.diff_ids[0]')
	check "$1: the layer is right" cmp "$KIST_ROOT/layers/${diff_id#sha256:}/fs/noise" small/noise
	[ "$(cat "$KIST_ROOT/layers/${diff_id#sha256:}/fs/etc/hello")" = 'hello from the layer' ] || fail "$1: a file"
}
# after the end, each time in an empty store
for seconds in 0 0 0 0 0 0 0 0 0.3 0.3 1; do
	rm -rf "$KIST_ROOT"
	sync -f disk
	status 0 kist-pull -q "$SERVER/app:v1"
	sleep $seconds
	power_off
	verified "$seconds seconds after the pull"
done
# in the middle
rm -rf "$KIST_ROOT"
sync -f disk
kill "$SERVER_PID"
serve slow pace=0.02
for i in 1 2 3 4 5 6 7 8 9; do
	kist-pull -q "$SERVER/app:v1" >/dev/null 2>&1 &
	pid=$!
	sleep 0.0$i
	python3 power-off.py disk
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	wait_for 10 umount disk # what was killed may still let go of it
	mount -o loop disk.img disk || fail 'mount after the power came back'
	status 0 kist-store ls
	status 0 kist-store fsck
done
status 0 kist-pull -q "$SERVER/app:v1"
verified 'after pulls that were cut off'
