#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every hostile image through kist-pull (U01): refused or taken as it should be, the victim as it was.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/registry.sh"

need python3
need_shared tools/hostile_images.py
images=$SHARED_FILE
need_shared tools/hostile_registry.py
registry=$SHARED_FILE
mkdir victim
echo secret >victim/secret
chmod 750 victim
before=$(stat -c '%a %U %Y' victim victim/secret)
python3 "$images" "$T/images" "$T/victim" >/dev/null || fail 'hostile_images.py'
port=$(free_port)
python3 "$registry" "$T/images" "$port" "$T/registry.log" 2>/dev/null &
on_exit "kill $! 2>/dev/null; wait $! 2>/dev/null"
wait_for 10 curl -fs "http://127.0.0.1:$port/v2/"

unharmed() {
	check "$1: the victim is as it was" test "$(stat -c '%a %U %Y' victim victim/secret)" = "$before"
	check "$1: its secret, too" test "$(ls victim)$(cat victim/secret)" = secretsecret
}
taken() {
	for name; do
		rm -rf "$KIST_ROOT"
		status 0 kist-pull -q --timeout 5 "127.0.0.1:$port/$name:v1"
		unharmed "$name"
		[ "$(grep -rls '^secret' "$KIST_ROOT" | wc -l)" = 0 ] || fail "$name: the secret was copied"
	done
}
refused() {
	words=$1
	shift
	for name; do
		rm -rf "$KIST_ROOT"
		started=$(date +%s)
		status 1 kist-pull -q --timeout 5 "127.0.0.1:$port/$name:v1"
		check "$name: soon" test $(($(date +%s) - started)) -le 20
		complains "$words"
		check "$name: one line" test "$(wc -l <"$T/err")" = 1
		unharmed "$name"
		nothing_left
	done
}

# names that lead out, by any way
refused 'leads out of the layer' dotdot hardup
refused 'not in the layer' hardabs hardsym
refused 'not a directory' rootsym
taken abs symdir symdir2 symdirrel symfile hardtosym whsym opqsym whchmod passwdsym
# whiteouts
refused 'invalid whiteout name' whdotdot whdotdot2 whdot whempty
refused '0:0' chr00
# values that cannot be
refused 'impossible owner' uidneg
refused 'impossible size' sizeneg
refused 'larger than' sizehuge
refused 'at most 1048576' longpax
refused 'more than 4095 bytes' deep
# documents that are not what they say
refused 'deeper than 64 levels' jsondeep
refused 'other bytes than its digest says' badlayer
refused 'invalid digest' digtrav
refused 'and the manifest says' badsize
refused 'as expected' baddiffid
refused "does not belong beside 'layers'" ambig
refused 'at most 4194304' bigman
# odd, and allowed
taken rootdot000 fifoetc ansi dev cfglabels
check 'control characters are not printed' sh -c "! kist-store ls | grep -q '$(printf '\033')'"
xattrs() {
	python3 -c 'import os, sys
for top, dirs, files in os.walk(sys.argv[1]):
    for name in dirs + files:
        print(*os.listxattr(os.path.join(top, name), follow_symlinks=False))' "$KIST_ROOT/layers"
}
taken ovlxattr
check 'no xattr of overlayfs comes out of a layer' sh -c "! echo '$(xattrs)' | grep -q overlay"
taken caps
check 'setuid is kept' test -n "$(find "$KIST_ROOT/layers" -name suid -perm -6000)"
check 'capabilities are kept' sh -c "echo '$(xattrs)' | grep -q security.capability"

# a registry that misbehaves
for name in hang slow; do
	status 1 kist-pull -q --timeout 3 --root "$T/$name" "127.0.0.1:$port/$name-symdir:v1"
	complains 'no progress for 3 seconds'
done
status 1 kist-pull -q --timeout 3 --root "$T/trunc" "127.0.0.1:$port/trunc-symdir:v1"
complains 'connection lost'
refused 'the server sends more than' inf-symdir
taken redir-symdir

# 3 MB that become 3 GB, in a store of 300 MB
rm -rf "$KIST_ROOT"
mkdir small
mount -t tmpfs -o size=300m none small
on_exit "umount '$T/small'"
status 1 kist-pull -q --root "$T/small/root" "127.0.0.1:$port/bomb:v1"
complains 'No space left on device'
used=$(df -k --output=used small | tail -n 1)
check "nothing of the bomb is left ($used KiB)" test "$used" -le 64
unharmed bomb
