# SPDX-License-Identifier: Apache-2.0
# When the disk is full, load says so and leaves the store as it was, and usable.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
busybox_layout
tar -C "$LAYOUT" -cf layout.tar .
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar || fail archive.py
mkdir small
mount -t tmpfs -o size=1200k none small
on_exit 'umount "$T/small"'
export KIST_ROOT="$T/small/root"
kist-store load <good.tar >/dev/null || fail 'load of a small image'
kist-store ls >before
find small -type f | sort >files

status 1 kist-store load <layout.tar
complains 'No space left on device'
kist-store ls | cmp - before || fail 'the images have changed'
find small -type f | sort | cmp - files || fail 'something was left'
head -c 3000000 /dev/urandom >random
status 1 kist-store put <random
complains 'No space left on device'
find small -type f | sort | cmp - files || fail 'put left something'
status 0 kist-store fsck
container=$(printf '%064d' 1)
status 0 kist-store create "$container" good:1
status 0 kist-store rm "$container"

# not a byte is left: index.json cannot be replaced, and stays
dd if=/dev/zero of=small/fill bs=4k 2>/dev/null
status 1 kist-store tag good:1 other:1
complains 'No space left on device'
kist-store ls | cmp - before || fail 'the images have changed'
rm small/fill
status 0 kist-store tag good:1 other:1
