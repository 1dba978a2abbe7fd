# SPDX-License-Identifier: Apache-2.0
# pack and unpack give the same tree; GNU tar, as a second opinion, agrees in both directions.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need python3 jq zstd gzip
mkdir -p "$T/a/deep/er" "$T/a/empty"
echo one >"$T/a/file"
ln "$T/a/file" "$T/a/deep/other-name"
ln -s ../file "$T/a/deep/link"
ln -s /nowhere "$T/a/dangling"
head -c 3000000 /dev/urandom >"$T/a/deep/er/big"
: >"$T/a/deep/er/nothing"
mkfifo "$T/a/fifo"
mknod "$T/a/null" c 1 3
printf x >"$T/a/$(printf 'latin1-\351\377')"
printf x >"$T/a/Zażółć gęślą"
long=$(printf '%0200d' 7)
mkdir "$T/a/$long"
echo long >"$T/a/$long/$long"
chown 12345:3000000 "$T/a/file"
chmod 4755 "$T/a/file"
chmod 1777 "$T/a/empty"
chmod 2750 "$T/a/deep"
python3 - "$T/a" <<'END'
import os, sys
a = sys.argv[1]
os.setxattr(a + '/deep', 'user.on.dir', b'\0binary\n')
os.setxattr(a + '/deep/er/nothing', 'security.capability',
            b'\1\0\0\2\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0')
os.utime(a + '/deep/er/nothing', (1, -86400))
END
find "$T/a" -mindepth 1 -type d -exec touch -d '2001-02-03 04:05:06' {} +
touch -d '2002-02-03 04:05:06' "$T/a"
all() { (cd "$1" && find . -printf '%P %y %m %U:%G %l %Ts %n\n' | sed 's/\( d .*\) [0-9]*$/\1/' | LC_ALL=C sort); }
xattrs() {
	python3 -c 'import os, sys
for d, ds, fs in os.walk(sys.argv[1]):
    for n in sorted(ds + fs):
        p = d + "/" + n
        if not os.path.islink(p):
            for x in sorted(os.listxattr(p)): print(p[len(sys.argv[1]):], x, os.getxattr(p, x))' "$1" | LC_ALL=C sort
}
same() {
	[ "$(all "$T/a")" = "$(all "$1")" ] || { all "$T/a" >"$T/out"; all "$1" >"$T/err"; fail "$2: metadata differ"; }
	[ "$(xattrs "$T/a")" = "$(xattrs "$1")" ] || fail "$2: attributes differ"
	check "$2: content" diff -r --no-dereference --exclude=null --exclude=fifo "$T/a" "$1"
}

status 0 sh -c "kist-layer pack --info-fd 5 '$T/a' >'$T/1.tar' 5>'$T/info'"
diff_id=sha256:$(sha256sum <"$T/1.tar" | cut -d' ' -f1)
check 'the digest is told' test "$(jq -r .diff_id "$T/info")" = "$diff_id"
check 'the size is told' test "$(jq -r .size "$T/info")" = "$(stat -c %s "$T/1.tar")"
kist-layer pack "$T/a" | cmp - "$T/1.tar" || fail 'packing twice gave other bytes'

for how in cat gzip zstd; do
	status 0 sh -c "$how <'$T/1.tar' | kist-layer unpack '$T/$how' --expect $diff_id"
	check 'the result is told' test "$(jq -r '.diff_id' "$T/out")" = "$diff_id"
	same "$T/$how" "through $how"
	kist-layer pack "$T/$how" | cmp - "$T/1.tar" || fail "the tree from $how packs differently"
done

mkdir "$T/gnu"
tar -C "$T/gnu" --xattrs --xattrs-include='*' --numeric-owner -xpf "$T/1.tar" || fail 'GNU tar cannot read it'
same "$T/gnu" 'read by GNU tar'
for format in gnu pax; do
	tar -C "$T/a" --format=$format --xattrs --xattrs-include='*' -cf "$T/$format.tar" . ||
		fail "GNU tar cannot write $format"
	status 0 sh -c "kist-layer unpack '$T/from-$format' <'$T/$format.tar'"
	[ "$(all "$T/a")" = "$(all "$T/from-$format")" ] || fail "written by GNU tar as $format: metadata differ"
	check "written by GNU tar as $format" diff -r --no-dereference --exclude=null --exclude=fifo "$T/a" "$T/from-$format"
done
[ "$(xattrs "$T/a")" = "$(xattrs "$T/from-pax")" ] || fail 'attributes of a pax archive differ'

# sparse files, in all the forms there are
truncate -s 5M "$T/sparse"
printf data | dd of="$T/sparse" bs=1 seek=3000000 conv=notrunc 2>/dev/null
for form in '--format=gnu' '--format=pax --sparse-version=0.0' '--format=pax --sparse-version=0.1' '--format=pax --sparse-version=1.0'; do
	rm -rf "$T/sparse.d"
	# shellcheck disable=SC2086
	tar -C "$T" -S $form -cf "$T/sparse.tar" sparse
	status 0 sh -c "kist-layer unpack '$T/sparse.d' <'$T/sparse.tar'"
	check "sparse, $form" cmp "$T/sparse" "$T/sparse.d/sparse"
	check 'holes stay holes' test "$(stat -c %b "$T/sparse.d/sparse")" -lt 200
done
