# SPDX-License-Identifier: Apache-2.0
# kist-pull -o - REF | kist-store load gives the same store as kist-pull REF.
. "$KIST_SOURCE/tests/e2e/lib.sh"

start_registry
push_busybox box:1
status 0 kist-pull "$REGISTRY/box:1"
tail -n 1 "$T/out" >"$T/direct"
pipe "kist-pull -o - $REGISTRY/box:1" "kist-store --root '$T/other' load"
[ "$PIPE" = "0 0" ] || fail "statuses $PIPE"
says "\"reference\":\"$REGISTRY/box:1\""
digest=$(jq -r .digest "$T/direct")
says "$digest"
status 0 kist-store inspect "$REGISTRY/box:1"
jq -S .config "$T/out" >"$T/config1"
status 0 kist-store --root "$T/other" inspect "$REGISTRY/box:1"
jq -S .config "$T/out" >"$T/config2"
check 'the same image config' cmp "$T/config1" "$T/config2"
status 0 kist-store --root "$T/other" get "$digest"
check 'the manifest has its digest' \
	test "$(sha256sum <"$T/out" | cut -d' ' -f1)" = "${digest#sha256:}"
