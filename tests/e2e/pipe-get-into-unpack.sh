# SPDX-License-Identifier: Apache-2.0
# kist-store get DIGEST | kist-layer unpack DIR --expect DIFF_ID
. "$KIST_SOURCE/tests/e2e/lib.sh"

need jq
busybox_layout
tar -C "$LAYOUT" -cf - . | kist-store load >/dev/null || fail 'load'
reference=$(kist-store ls | jq -r .reference)
status 0 kist-store inspect "$reference"
layer=$(jq -r '.manifest.layers[0].digest' "$T/out")
diff_id=$(jq -r '.config.rootfs.diff_ids[0]' "$T/out")
mkdir "$T/rootfs" "$T/wrong"
pipe "kist-store get $layer" "kist-layer unpack '$T/rootfs' --expect $diff_id"
[ "$PIPE" = "0 0" ] || fail "statuses $PIPE"
check 'the diff_id is told' test "$(jq -r .diff_id "$T/out")" = "$diff_id"
check 'the size is told' test "$(jq -r .size "$T/out")" -gt 1000000
check 'busybox is there' cmp "$T/rootfs/bin/busybox" /bin/busybox
check 'links are links' test "$(readlink "$T/rootfs/bin/ls")" = busybox
pipe "kist-store get $layer" "kist-layer unpack '$T/wrong' --expect sha256:$(printf '%064d' 0)"
[ "$PIPE" = "0 1" ] || fail "statuses $PIPE for a wrong diff_id"
complains "$diff_id"
[ ! -s "$T/out" ] || fail 'a failing unpack printed a result'
