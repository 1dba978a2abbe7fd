# SPDX-License-Identifier: Apache-2.0
# kist-layer diff LOWER UPPER | zstd | kist-store put, and back.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need zstd jq
mkdir -p lower/kept lower/gone upper/kept upper/new
echo same >lower/kept/same
cp -p lower/kept/same upper/kept/same
touch -r lower/kept lower upper
echo old >lower/kept/changed
echo changed >upper/kept/changed
echo x >lower/gone/file
echo new >upper/new/file
pipe "kist-layer diff lower upper --info-fd 3 3>info" 'zstd -q -c' 'kist-store put'
[ "$PIPE" = "0 0 0" ] || fail "statuses $PIPE"
digest=$(cat "$T/out")
kist-store get "$digest" >blob || fail 'get'
check 'the digest is the blob' test "sha256:$(sha256sum <blob | cut -d' ' -f1)" = "$digest"
check 'info tells the diff_id' \
	test "$(jq -r .diff_id info)" = "sha256:$(zstd -dc <blob | sha256sum | cut -d' ' -f1)"
zstd -dc <blob | tar tf - | sort >names
grep -qx '.wh.gone' names || fail "no whiteout: $(cat names)"
grep -q 'kept/changed' names || fail "the change is missing: $(cat names)"
grep -q 'kept/same' names && fail 'an unchanged file is in the layer'
cp -a lower applied
kist-layer unpack applied <blob >/dev/null || fail 'unpack'
check 'the layer makes lower into upper' diff -r applied upper
