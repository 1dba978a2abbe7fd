#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A context as a tar on standard input, plain and compressed, and a Dockerfile alone.
. "$KIST_SOURCE/tests/e2e/lib.sh"
. "$KIST_SOURCE/tests/e2e/build.sh"

base_image
echo one >"$T/context/file"
mkdir -p "$T/context/dir/sub"
echo two >"$T/context/dir/sub/file"
dockerfile <<'EOF'
FROM scratch
COPY . /all/
EOF
check "from the directory" build
clean_id=$(jq -r '.annotations["org.kist.image.id"]' <"$T/out" | tail -n 1)
in_image app 'find all -type f | sort' >"$T/list"
printf 'all/Dockerfile\nall/dir/sub/file\nall/file\n' | cmp - "$T/list" || fail "wrong files"

for compress in cat gzip zstd bzip2 xz; do
	need "$compress"
	pipe "tar -C '$T/context' -c . | $compress" "kist-build -t app -"
	[ "$PIPE" = "0 0" ] || fail "$compress: statuses $PIPE"
	cached 1
	[ "$(jq -r '.annotations["org.kist.image.id"]' <"$T/out" | tail -n 1)" = "$clean_id" ] ||
		fail "$compress: another image"
done

printf 'FROM scratch\nCOPY <<E /f\nx\nE\n' >"$T/Dockerfile.alone"
status 0 kist-build -t alone - <"$T/Dockerfile.alone"
[ "$(in_image alone 'cat f')" = x ] || fail "a Dockerfile alone"
status 0 kist-build -t alone -f - "$T/context" <"$T/Dockerfile.alone"

# the stream ends early, or is something else
pipe "tar -C '$T/context' -c . | gzip | head -c 150" "kist-build -t broken -"
[ "${PIPE#* }" = 1 ] || fail "a truncated tar: statuses $PIPE"
status 1 kist-build -t broken - </dev/null
complains 'the Dockerfile cannot be empty'
pipe "tar -C '$T/context' -c . | xz | head -c 150" "kist-build -t broken -"
[ "${PIPE#* }" = 1 ] || fail "a truncated xz: statuses $PIPE"
kist-store inspect broken >/dev/null 2>&1 && fail "a broken context gave an image"
[ -z "$(find "$KIST_ROOT/cache/build" -name '.tmp-*')" ] || fail "a workspace is left"
