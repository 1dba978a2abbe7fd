# SPDX-License-Identifier: Apache-2.0
# diff of two directories and of an overlayfs upper directory; applied, it gives the merged tree.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need python3 umoci jq
mount -t tmpfs tmpfs "$T/home" || skip 'no tmpfs'
on_exit "umount -l '$T/home'"
cd "$T/home" || exit 99
mkdir -p lower/etc lower/gone/in lower/opaque lower/dir-to-file lower/keep upper work merged
echo a >lower/etc/conf
echo b >lower/gone/in/x
echo c >lower/opaque/old
echo d >lower/dir-to-file/x
echo e >lower/keep/e
echo f >lower/removed
ln lower/keep/e lower/keep/e2
chmod 711 lower upper
mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged || skip 'no overlayfs'
echo changed >merged/etc/conf
rm -r merged/gone merged/removed merged/opaque merged/dir-to-file
mkdir merged/opaque
echo new >merged/opaque/new
echo file >merged/dir-to-file
ln merged/opaque/new merged/opaque/again
ln -s target merged/link
chmod 4711 merged/keep/e
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("merged/sock")'
content() { (cd "$1" && find . -mindepth 1 ! -type s -printf '%P %y %m %U:%G %l %Ts\n' && find . -type f -exec cat {} +) | LC_ALL=C sort; }
names() { tar -tf "$1" | tr '\n' ' '; }

status 0 sh -c "kist-layer diff --overlay upper --info-fd 5 >o.tar 5>info"
check 'the socket was counted' test "$(jq .skipped info)" = 1
check 'whiteouts and opaque ones' test "$(names o.tar)" = \
	'./ dir-to-file etc/ etc/conf .wh.gone keep/ keep/e link opaque/ opaque/.wh..wh..opq opaque/again opaque/new .wh.removed '
status 0 sh -c "kist-layer diff lower merged >d.tar"
check 'the same found by comparison' test "$(names d.tar)" = \
	'./ dir-to-file etc/ etc/conf .wh.gone keep/ keep/e link opaque/ opaque/again opaque/new opaque/.wh.old .wh.removed '
for tar in o d; do
	cp -a lower applied-$tar
	status 0 sh -c "kist-layer unpack applied-$tar <$tar.tar"
	content merged >m.txt
	content applied-$tar >a.txt
	# copying one of two hard links up parts them; the other one's mode is the lower one's
	check "$tar.tar applied gives the merged tree" diff m.txt a.txt
done
umount merged
status 0 sh -c 'kist-layer unpack --whiteouts=overlay again <o.tar'
mount -t overlay overlay -o lowerdir=again:lower,workdir=work merged || fail 'cannot mount what was unpacked'
content merged >again.txt
umount merged
check 'kept in overlayfs form it mounts as the same' diff m.txt again.txt
status 0 sh -c 'kist-layer diff --overlay again | cmp - o.tar'

# without changes there is nothing, whatever was read
status 0 sh -c 'kist-layer diff lower lower | tar -t'
check 'an empty difference' test ! -s "$T/out"

# another tool applies it in the same way
umoci init --layout layout >/dev/null || fail "umoci init"
umoci new --image layout:x >/dev/null || fail "umoci new"
kist-layer pack lower >lower.tar
umoci raw add-layer --image layout:x lower.tar >/dev/null 2>&1 || fail 'umoci add-layer'
umoci raw add-layer --image layout:x o.tar >/dev/null 2>&1 || fail 'umoci add-layer'
umoci raw unpack --image layout:x theirs >/dev/null 2>&1 || fail 'umoci unpack'
content theirs | grep -v '^ ' | sed 's/ [0-9]*$//' >theirs.txt
sed 's/ [0-9]*$//' m.txt | grep -v '^ ' >ours.txt
check 'umoci makes the same tree of it' diff ours.txt theirs.txt

status 2 kist-layer diff lower
status 3 kist-layer diff lower missing
touch upper/.wh.name
status 1 kist-layer diff --overlay upper
complains "names with '.wh.' in front are whiteouts"
rm upper/.wh.name
python3 -c 'import os; os.setxattr("upper/keep", "trusted.overlay.redirect", b"/x")'
status 1 kist-layer diff --overlay upper
complains redirect_dir
