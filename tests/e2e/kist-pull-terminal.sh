#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# On a terminal: a bar per layer, what came of it, and no control character that a registry chose.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need script
small_layout
serve slow pace=0.1
short=$(printf %.12s "${LAYER#sha256:}")
on_terminal() { script -qec "stty cols ${columns:-80}; $*" /dev/null </dev/null >"$T/out" 2>&1; }

on_terminal "kist-pull $SERVER/app:v1" || fail 'kist-pull on a terminal'
says "$SERVER/app:v1: resolving"
says "$short: downloading ["
says "$short: done"
says "$SERVER/app:v1: pulled, $MANIFEST"
grep -q '"status"' out && fail 'JSON on a terminal'
columns=30
on_terminal "kist-pull --root narrow $SERVER/app:v1" || fail 'kist-pull on a narrow terminal'
tr '\r' '\n' <out | sed 's/\x1b\[[0-9]*[AK]//g' | grep downloading | awk 'length($0) > 29 {exit 1}' ||
	fail 'a line is wider than the terminal'
columns=80

# stdout is a pipe, stderr the terminal: JSON goes into the pipe
on_terminal "kist-pull --root piped $SERVER/app:v1 >$T/lines" || fail 'piped'
check 'JSON in the pipe' grep -q '"status":"downloading"' lines
check 'nothing on the terminal' test ! -s out
# the archive in the pipe, bars on the terminal
on_terminal "kist-pull -o - $SERVER/app:v1 >$T/archive" || fail 'archive'
says "$short: downloading ["
check 'the archive is whole' tar tf archive

on_terminal "kist-push -i archive $SERVER/copy:1" || fail 'kist-push on a terminal'
says "$SERVER/copy:1: pushing"
says "$short: is there"

# a failure leaves the bars and then says why, on a line of its own
serve rude error='\x1b]0;pwned\x07' code=500
on_terminal "kist-pull --root failed $SERVER/app:v1" && fail 'it should fail'
says '\x1b]0;pwned\x07'
grep -q "$(printf '\033]')" out && fail 'an escape sequence reached the terminal'
exit 0
