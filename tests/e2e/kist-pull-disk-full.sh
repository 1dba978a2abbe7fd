#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A full disk (P13): the message says so, the store is as before, the space comes back.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

small_layout
serve fast
mkdir "$T/tiny"
mount -t tmpfs -o size=400k none "$T/tiny"
on_exit "umount '$T/tiny'"
status 1 kist-pull -q --root "$T/tiny/root" "$SERVER/app:v1"
complains 'No space left on device'
used=$(df -k --output=used "$T/tiny" | tail -n 1)
check "the space comes back ($used KiB used)" test "$used" -le 64
status 0 kist-store --root "$T/tiny/root" ls
mount -o remount,size=20m "$T/tiny"
status 0 kist-pull -q --root "$T/tiny/root" "$SERVER/app:v1"
