# SPDX-License-Identifier: Apache-2.0
# put stores what it is given under its digest, and get never passes wrong bytes for right ones.
. "$KIST_SOURCE/tests/e2e/lib.sh"

hello=sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
zeros=sha256:$(printf '%064d' 0)
blobs=$KIST_ROOT/images/blobs/sha256

echo hello >in
status 0 kist-store put <in
says $hello
status 0 kist-store put --expect $hello <in
status 0 kist-store get $hello
check 'the same bytes' cmp "$T/out" in
head -c 20000000 /dev/urandom >large
digest=$(kist-store put <large) || fail 'put of 20 MB'
[ "$digest" = "sha256:$(sha256sum large | cut -d' ' -f1)" ] || fail "digest $digest"
kist-store get "$digest" | cmp - large || fail 'get of 20 MB'
digest=$(kist-store put </dev/null) || fail 'put of nothing'
kist-store get "$digest" | cmp - /dev/null || fail 'get of nothing'

# the wrong bytes: nothing is kept
before=$(ls -A "$blobs")
echo other >other
status 1 kist-store put --expect "$zeros" <other
complains 'has other bytes than its digest says'
[ "$(ls -A "$blobs")" = "$before" ] || fail 'a blob with wrong bytes was kept'

# a blob that has gone bad on disk
printf x | dd of="$blobs/${hello#sha256:}" bs=1 conv=notrunc 2>/dev/null
status 1 kist-store get $hello
complains 'is corrupt'

status 3 kist-store get "$zeros"
complains 'no such blob'
for bad in hello sha256:abc "sha256:../../../index.json" "sha512:$(printf '%064d' 0)"; do
	status 2 kist-store get "$bad"
	status 2 kist-store put --expect "$bad" <in
done
status 2 kist-store get
status 2 kist-store nosuch
status 0 kist-store --help
status 0 kist-store put --help
# stdout that cannot be written is a failure
kist-store get "$(kist-store put <large)" >/dev/full 2>"$T/err" && fail 'a full disk at stdout went unnoticed'
complains 'No space left'
