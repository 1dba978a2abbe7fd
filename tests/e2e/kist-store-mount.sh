# SPDX-License-Identifier: Apache-2.0
# mount merges any number of layers, keeps what is written, and leaves nothing mounted.
. "$KIST_SOURCE/tests/e2e/lib.sh"

layers=200
# before 6.5 the layers' names share one option of 255 bytes
if [ "$(printf '6.5\n%s\n' "$(uname -r)" | sort -V | head -n 1)" != 6.5 ]; then
	layers=128
	python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar 129 || fail archive.py
	kist-store load <good.tar >/dev/null || fail 'load'
	status 0 kist-store create "$(printf '3%063d' 0)" good:1
	mkdir mnt
	status 1 kist-store mount "$(printf '3%063d' 0)" mnt -- true
	complains '129 layers need Linux 6.5 or later'
	rmdir mnt
fi
python3 "$KIST_SOURCE/tests/e2e/archive.py" good good.tar $layers || fail archive.py
kist-store load <good.tar >/dev/null || fail 'load'
c=$(printf '%064d' 1)
status 0 kist-store create "$c" good:1
says "$KIST_ROOT/containers/$c"
mkdir mnt
status 0 kist-store mount "$c" mnt -- sh -c 'ls mnt/d | wc -l; echo kept > mnt/d/new; rm mnt/d/f1'
says $((layers / 2)) # every second one was removed by the layer above it
[ -z "$(ls mnt)" ] || fail 'still mounted'
status 0 kist-store mount "$c" mnt -- sh -c 'cat mnt/d/new; ls mnt/d | wc -l'
says kept
says $((layers / 2))
# the command takes kist-store's place: its status, its descriptors, its ways to die
status 7 kist-store mount "$c" mnt -- sh -c 'exit 7'
status 127 kist-store mount "$c" mnt -- nosuch-program
complains nosuch-program
status 126 kist-store mount "$c" mnt -- "$T/good.tar"
echo through | kist-store mount "$c" mnt -- cat >"$T/out" || fail 'stdin'
says through
kist-store mount "$c" mnt -- sh -c 'yes | head -n 1' >"$T/out" 2>"$T/err" || fail 'SIGPIPE is ignored in the command'
[ ! -s "$T/err" ] || fail 'yes complains of its pipe'
# the image alone
status 1 kist-store mount --read-only "$c" mnt -- sh -c 'test ! -e mnt/d/new && touch mnt/x'
complains 'Read-only file system'
# nothing at all
e=$(printf '%064d' 2)
status 0 kist-store create --name empty "$e" scratch
status 0 kist-store mount empty mnt -- sh -c 'ls -A mnt; echo a > mnt/a'
[ ! -s "$T/out" ] || fail 'scratch is not empty'
status 0 kist-store mount --read-only empty mnt -- ls -A mnt
[ ! -s "$T/out" ] || fail 'the image of scratch is not empty'
# without a command it stays until it is unmounted
status 0 kist-store mount empty mnt
[ "$(cat mnt/a)" = a ] || fail 'not mounted'
umount mnt
status 3 kist-store mount empty "$T/nosuch"
complains nosuch
status 3 kist-store mount nosuch mnt
complains "there is no container 'nosuch'"

# a root whose path fits into no mount option
python3 "$KIST_SOURCE/tests/e2e/archive.py" good small.tar 3 || fail archive.py
for odd in 'a,b:c\d' "$(printf 'long%.0s' 1 2 3 4 5 6 7 8 9 10)/$(printf '%0200d' 0)"; do
	mkdir -p "$odd"
	kist-store --root "$T/$odd" load <small.tar >/dev/null || fail "load into '$odd'"
	status 0 kist-store --root "$T/$odd" create "$c" good:1
	status 0 kist-store --root "$T/$odd" mount "$c" mnt -- ls mnt/d
	says f2
done
