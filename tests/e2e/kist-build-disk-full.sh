#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# U12: a full disk ends a build with a message that says so; with room again the next one gives
# the image of a clean build.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

need kist-runtime
mkdir "$T/small"
mount -t tmpfs -o size=20m tmpfs "$T/small"
on_exit "umount $T/small"
KIST_ROOT=$T/small/root
SOURCE_DATE_EPOCH=1000000000
export KIST_ROOT SOURCE_DATE_EPOCH
base_image
cp -a "$KIST_ROOT" "$T/clean"
head -c 30000000 /dev/urandom >"$T/context/big"

printf 'FROM busybox\nCOPY big /big\n' | dockerfile
status 1 kist-build -t app "$T/context"
complains 'No space left on device'
complains '2 | >>> COPY big'
printf 'FROM busybox\nRUN head -c 30000000 /dev/urandom > /big\n' | dockerfile
status 1 kist-build -t app "$T/context"
complains 'did not complete successfully: exit code: 1'
# in the middle of packing: the files fit, their blob does not
head -c 7000000 /dev/urandom >"$T/context/half"
printf 'FROM busybox\nCOPY half /1\nCOPY half /2\nRUN cat /1 /2 > /3\n' | dockerfile
status 1 kist-build -t app "$T/context"
complains 'No space left on device'
kist-store inspect app >/dev/null 2>&1 && fail "a failed build was tagged"
[ -z "$(find "$KIST_ROOT/cache/build" -name '.tmp-*')" ] || fail "a workspace is left"

kist-store gc >/dev/null || fail gc
printf "FROM busybox\nCOPY Dockerfile /f\nRUN cat /f > /g && touch -d '2001-01-01 00:00:00' /g /\n" | dockerfile
touch -d '2001-01-01' "$T/context/Dockerfile"
status 0 kist-build --root "$T/clean" -t app "$T/context"
clean=$(tail -n 1 "$T/out" | jq -r .digest)
status 0 kist-build -t app "$T/context"
[ "$(tail -n 1 "$T/out" | jq -r .digest)" = "$clean" ] || fail "not the image of a clean build"
[ "$(in_image app 'cat g')" = "$(cat "$T/context/Dockerfile")" ] || fail "wrong content"
