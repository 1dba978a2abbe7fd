#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# While they read from a registry, kist-push and kist-pull -o have given up their rights; -o FILE is whole or not there.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need mkfifo
small_layout
serve slow pace=0.5
confined() {
	check "$1: no capability but DAC_OVERRIDE" grep -qE '^CapEff:[[:space:]]*0000000000000002$' "/proc/$2/status"
	check "$1: nor another to get" grep -qE '^CapPrm:[[:space:]]*0000000000000002$' "/proc/$2/status"
	check "$1: no new privileges" grep -qE '^NoNewPrivs:[[:space:]]*1$' "/proc/$2/status"
}

mkfifo fifo
kist-push -q -i - "$SERVER/app:2" <fifo >/dev/null 2>&1 &
pid=$!
exec 3>fifo
wait_for 5 grep -q '/v2/' "$LOG"
confined kist-push $pid
exec 3>&-
wait $pid && fail 'kist-push took an empty archive'

kist-pull -q -o file.tar "$SERVER/app:v1" >/dev/null 2>&1 &
pid=$!
wait_for 5 grep -q "$LAYER" "$LOG"
confined kist-pull $pid
[ ! -e file.tar ] || fail 'an unfinished file has its name'
kill $pid
wait $pid
[ "$(find . -maxdepth 1 -name 'file.tar*')" = '' ] || fail 'a killed pull left a file'
status 0 kist-pull -q -o file.tar "$SERVER/app:v1"
check 'the archive is whole' tar tf file.tar
echo old >file.tar
status 0 kist-pull -q -o file.tar "$SERVER/app:v1"
check 'it replaces what was there' tar tf file.tar
check 'nothing beside it' test "$(find . -maxdepth 1 -name 'file.tar*')" = ./file.tar
status 3 kist-pull -q -o nowhere/file.tar "$SERVER/app:v1"
status 1 sh -c "kist-pull -q -o - $SERVER/app:v1 >/dev/full"
complains 'No space left'
