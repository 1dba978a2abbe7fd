# SPDX-License-Identifier: Apache-2.0
# skopeo and umoci read ROOT/images as it stands.
. "$KIST_SOURCE/tests/e2e/lib.sh"

need skopeo umoci jq
start_registry
push_busybox library/box:1
kist-pull "$REGISTRY/library/box:1" >/dev/null || fail 'pull'
name=$REGISTRY/library/box:1
status 0 skopeo inspect "oci:$KIST_ROOT/images:$name"
check 'one layer' test "$(jq '.Layers | length' "$T/out")" -ge 1
status 0 skopeo copy -q "oci:$KIST_ROOT/images:$name" "docker-archive:$T/archive.tar:box:1"
status 0 umoci ls --layout "$KIST_ROOT/images"
says "$name"
